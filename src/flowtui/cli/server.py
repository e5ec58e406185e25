"""`flowtui server`: our own backend, a Prefect Server in one process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from flowtui.cli.spans import span, spelled
from flowtui.server.settings import LOOPS, ServerSettings

DATABASE = "server.db"
"""The database's name in the user's data folder."""


@click.group()
def server() -> None:
    """A Prefect Server in one process."""


database_option = click.option(
    "--db",
    "database",
    envvar="FLOWTUI_SERVER_DB",
    metavar="PATH",
    help="The database file, made when it is new; `:memory:` keeps nothing.",
)

api_key_option = click.option(
    "--api-key", envvar="FLOWTUI_SERVER_API_KEY", metavar="KEY", help="What clients must bring."
)

Command = TypeVar("Command", bound=Callable[..., Any])


def loop_options(command: Command) -> Command:
    """Options for the times of the loops, named after the settings they set."""
    spans = {
        "scheduler_every": "From one pass of the scheduler to the next.",
        "lazarus_every": "From one pass of Lazarus to the next.",
        "lazarus_after": "Silence after which a run that nothing goes on with is lost.",
        "zombie_killer_every": "From one pass of the zombie killer to the next.",
        "zombie_after": "Silence after which a running run is dead; heartbeats come every 30s.",
    }
    command = click.option(
        "--lazarus-attempts",
        envvar="FLOWTUI_SERVER_LAZARUS_ATTEMPTS",
        type=click.IntRange(0),
        default=ServerSettings.lazarus_attempts,
        show_default=True,
        help="How often a lost run is scheduled again before it has failed.",
    )(command)
    for name, purpose in reversed(spans.items()):
        default: float = getattr(ServerSettings, name)
        command = click.option(
            f"--{name.replace('_', '-')}",
            envvar=f"FLOWTUI_SERVER_{name.upper()}",
            type=span,
            metavar="TIME",
            default=default,
            show_default=spelled(default),
            help=purpose,
        )(command)
    return command


@server.command()
@click.option("--host", envvar="FLOWTUI_SERVER_HOST", default="127.0.0.1", show_default=True)
@click.option(
    "--port",
    envvar="FLOWTUI_SERVER_PORT",
    type=click.IntRange(0, 65535),
    default=4200,
    show_default=True,
    help="0 takes any free port.",
)
@database_option
@api_key_option
@click.option(
    "--no-loops",
    envvar="FLOWTUI_SERVER_NO_LOOPS",
    is_flag=True,
    help="Schedule nothing, and help or end no run that is stuck.",
)
@loop_options
@click.option(
    "--insecure",
    envvar="FLOWTUI_SERVER_INSECURE",
    is_flag=True,
    help="Listen beyond this machine without a key.",
)
def start(
    host: str,
    port: int,
    database: str | None,
    api_key: str | None,
    no_loops: bool,
    insecure: bool,
    **loops: Any,
) -> None:
    """Serve the API until told to stop (Ctrl-C or SIGTERM).

    With a key (--api-key, or FLOWTUI_SERVER_API_KEY) every client has to bring it.
    """
    from flowtui.server.process import run

    run(
        ServerSettings(
            host=host,
            port=port,
            database=database or _default_database(),
            api_key=api_key or None,
            insecure=insecure,
            loops=() if no_loops else LOOPS,
            **loops,
        )
    )


@server.command()
@database_option
def status(database: str | None) -> None:
    """Say where the server of a database is."""
    from flowtui.errors import ServerProblem
    from flowtui.server.address import running_server

    path = _path(database)
    found = running_server(path)
    if found is None:
        raise ServerProblem(f"No flowtui server runs on {path}.")
    where = f"at {found.url}" if found.url else "starting or ending"
    click.echo(f"flowtui server {where} (process {found.pid}, database {path})")


@server.command()
@database_option
def stop(database: str | None) -> None:
    """Stop the server of a database, after its last answer."""
    from flowtui.server.address import stop_server

    path = _path(database)
    stopped = stop_server(path)
    click.echo(f"flowtui server stopped (process {stopped.pid}, database {path})")


@server.command("run-once")
@click.argument("loop", type=click.Choice(LOOPS))
@database_option
@api_key_option
@loop_options
def run_once(loop: str, database: str | None, api_key: str | None, **loops: Any) -> None:
    """Make one pass of a loop now, and say what it did.

    When a server runs on the database, it makes the pass, with its own settings.
    """
    from flowtui.server.once import run_once

    settings = ServerSettings(
        database=database or _default_database(), api_key=api_key or None, **loops
    )
    click.echo(run_once(settings, loop))


def _path(database: str | None) -> Path:
    return Path(database or _default_database()).expanduser().absolute()


def _default_database() -> str:
    from flowtui.config import data_folder
    from flowtui.errors import ServerProblem

    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ServerProblem(
            f"There is no place for the database: {folder} cannot be made ({problem.strerror}).",
            "Name a file with --db.",
        ) from problem
    return str(folder / DATABASE)
