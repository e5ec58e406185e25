"""The backend's settings as options of its commands, and `flowtui server config`."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from flowtui.server.configuration import FILE_VARIABLE, TABLE, Configured, configured
from flowtui.server.kinds import SWITCH
from flowtui.server.settings import SETTINGS, Setting

DATABASE = "server.db"
"""The database's name in the user's data folder."""

Command = Callable[..., Any]


def _reader(setting: Setting) -> Callable[[str], Any]:
    """Reads a setting's value on the command line; click says what is refused."""

    def read(text: str) -> Any:
        try:
            return setting.kind.read(text)
        except ValueError as problem:
            raise click.BadParameter(str(problem)) from problem

    return read


def settings_options(*names: str) -> Callable[[Command], Command]:
    """Give a command an option for each setting named, and hand it all of them as `configured`."""

    def decorate(command: Command) -> Command:
        @wraps(command)
        def with_settings(*arguments: Any, config: str | None, **given: Any) -> Any:
            flags = {name: given.pop(SETTINGS[name].attribute) for name in names}
            for name in names:
                off = SETTINGS[name].off
                if off and given.pop(off):
                    flags[name] = ()
            found = configured(flags, file=config, defaults={"db": str(_default_database())})
            return command(*arguments, configured=found, **given)

        options = [_option(SETTINGS[name]) for name in names]
        options += [
            click.option(f"--{off.replace('_', '-')}", off, is_flag=True, help="Nothing of that.")
            for off in (SETTINGS[name].off for name in names)
            if off
        ]
        options.append(
            click.option(
                "--config",
                metavar="FILE",
                help=f"A TOML file with a table [{TABLE}]; else {FILE_VARIABLE} names it.",
            )
        )
        optioned: Command = with_settings
        for option in reversed(options):
            optioned = option(optioned)
        return optioned

    return decorate


def _option(setting: Setting) -> Callable[[Command], Command]:
    if setting.kind is SWITCH:
        return click.option(
            setting.flag, setting.attribute, is_flag=True, default=None, help=setting.text
        )
    default = "" if setting.name == "db" else setting.spelled(setting.default)
    text = f"{setting.text}  [{default}]" if default else setting.text
    return click.option(
        setting.flag,
        setting.attribute,
        type=_reader(setting),
        metavar=setting.kind.word,
        help=text,
    )


def _default_database() -> Path:
    from flowtui.config import data_folder

    return data_folder() / DATABASE


def database_of(found: Configured) -> Path:
    """The file of the database in use; raises UsageProblem where there is none."""
    from flowtui.errors import UsageProblem

    if found.settings.on_postgres:
        raise UsageProblem(
            "This is for databases in files; several servers may share one of PostgreSQL.",
            "Stop a server by its process, and copy its database with pg_dump.",
        )
    path = found.settings.database_path
    if path is None:
        raise UsageProblem("Rows in memory are their server's own.", "Name a file with --db.")
    return path


def with_a_place(found: Configured) -> Configured:
    """The same settings, with the folder of the default database made."""
    from flowtui.errors import ServerProblem

    folder = _default_database().parent
    if found.settings.database != str(_default_database()):
        return found
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ServerProblem(
            f"There is no place for the database: {folder} cannot be made ({problem.strerror}).",
            "Name a file with --db.",
        ) from problem
    return found


@click.command("config")
@click.option(
    "-o", "form", type=click.Choice(["table", "toml", "json"]), default="table", show_default=True
)
@settings_options(*SETTINGS)
def show_config(configured: Configured, form: str) -> None:
    """Print every setting, its value, where it came from, and what it means."""
    click.echo({"table": _table, "toml": _toml, "json": _json}[form](configured))


def _rows(found: Configured) -> list[tuple[Setting, str, str]]:
    return [
        (
            setting,
            setting.spelled(getattr(found.settings, setting.attribute)),
            found.sources.get(setting.name, "default"),
        )
        for setting in SETTINGS.values()
    ]


def _table(found: Configured) -> str:
    cells = [(setting.name, value, source, setting.text) for setting, value, source in _rows(found)]
    cells.insert(0, ("setting", "value", "from", "what it means"))
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    return "\n".join(
        "  ".join([*(row[column].ljust(widths[column]) for column in range(3)), row[3]])
        for row in cells
    )


def _toml(found: Configured) -> str:
    lines = [f"[{TABLE}]"]
    for setting, value, source in _rows(found):
        # A secret is not written anywhere, and a default need not be.
        mark = "# " if source == "default" or setting.secret else ""
        lines += ["", f"# {setting.text}", f"# From: {source}"]
        lines.append(f"{mark}{setting.name} = {_toml_value(found, setting, value)}")
    return "\n".join(lines)


def _toml_value(found: Configured, setting: Setting, spelled: str) -> str:
    value = getattr(found.settings, setting.attribute)
    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    if isinstance(value, (bool, int)):
        return spelled if isinstance(value, bool) or spelled == str(value) else json.dumps(spelled)
    return json.dumps(spelled, ensure_ascii=False)


def _json(found: Configured) -> str:
    settings = {
        setting.name: {
            "value": list(value) if isinstance(value, tuple) else spelled,
            "from": source,
            "default": setting.spelled(setting.default),
            "flag": setting.flag,
            "variable": setting.variable,
            "means": setting.text,
        }
        for setting, spelled, source in _rows(found)
        for value in [getattr(found.settings, setting.attribute)]
    }
    return json.dumps({"settings": settings}, indent=2, ensure_ascii=False)
