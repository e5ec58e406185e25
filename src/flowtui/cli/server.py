"""`flowtui server`: our own backend, a Prefect Server in one process."""

from __future__ import annotations

import click

DATABASE = "server.db"
"""The database's name in the user's data folder."""


@click.group()
def server() -> None:
    """A Prefect Server in one process."""


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


def _default_database() -> str:
    from flowtui.config import data_folder

    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder / DATABASE)
