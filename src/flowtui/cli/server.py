"""`flowtui server`: our own backend, a Prefect Server in one process."""

from __future__ import annotations

from pathlib import Path

import click

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
@click.option(
    "--db",
    "database",
    envvar="FLOWTUI_SERVER_DB",
    metavar="PATH",
    help="The database file, made when it is new; `:memory:` keeps nothing.",
)
@click.option(
    "--api-key", envvar="FLOWTUI_SERVER_API_KEY", metavar="KEY", help="What clients must bring."
)
@click.option(
    "--no-loops", envvar="FLOWTUI_SERVER_NO_LOOPS", is_flag=True, help="Schedule nothing."
)
@click.option(
    "--insecure",
    envvar="FLOWTUI_SERVER_INSECURE",
    is_flag=True,
    help="Listen beyond this machine without a key.",
)
def start(
    host: str, port: int, database: str | None, api_key: str | None, no_loops: bool, insecure: bool
) -> None:
    """Serve the API until told to stop (Ctrl-C or SIGTERM).

    With a key (--api-key, or FLOWTUI_SERVER_API_KEY) every client has to bring it.
    """
    from flowtui.server.process import run
    from flowtui.server.settings import ServerSettings

    run(
        ServerSettings(
            host=host,
            port=port,
            database=database or _default_database(),
            api_key=api_key or None,
            insecure=insecure,
            loops=not no_loops,
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
