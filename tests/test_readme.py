"""README says what is so: its keys, its pictures, its commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from flowtui.cli.main import cli
from tests.readme import README, with_keys

TEXT = README.read_text("utf-8")


def commands_of(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """The commands below a group, however deep, with their names."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from commands_of(command, context)


def test_the_table_of_keys_is_that_of_the_declared_actions() -> None:
    assert with_keys(TEXT) == TEXT, "write it again with: python -m tests.readme"


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)", TEXT)
    assert pictures
    assert [one for one in pictures if not (README.parent / one).exists()] == []


def test_every_command_and_option_that_is_named_exists() -> None:
    known = {option for one in cli.params for option in one.opts}
    with click.Context(cli) as context:
        for name, command in commands_of(cli, context):
            assert name in TEXT
            known |= {option for one in command.params for option in one.opts}
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", TEXT, re.S))
    ours = [line for line in shell.splitlines() if "flowtui" in line]
    named = {word for line in ours for word in re.findall(r"--[a-z-]+", line.split("#")[0])}
    assert named - known <= {"--quiet"}
