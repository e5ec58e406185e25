"""README says what is so: its keys, its pictures, its commands."""

from __future__ import annotations

import re

import click

from flowtui.cli.main import cli
from tests.readme import README, with_keys

TEXT = README.read_text("utf-8")


def test_the_table_of_keys_is_that_of_the_declared_actions() -> None:
    assert with_keys(TEXT) == TEXT, "write it again with: python -m tests.readme"


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)", TEXT)
    assert pictures
    assert [one for one in pictures if not (README.parent / one).exists()] == []


def test_every_command_and_option_that_is_named_exists() -> None:
    with click.Context(cli) as context:
        known = {option for one in cli.params for option in one.opts}
        for name in cli.list_commands(context):
            command = cli.get_command(context, name)
            assert command is not None
            assert name in TEXT
            known |= {option for one in command.params for option in one.opts}
            if isinstance(command, click.Group):
                for inner in command.commands.values():
                    known |= {option for one in inner.params for option in one.opts}
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", TEXT, re.S))
    ours = [line for line in shell.splitlines() if "flowtui" in line]
    named = {word for line in ours for word in re.findall(r"--[a-z-]+", line.split("#")[0])}
    assert named - known <= {"--quiet"}
