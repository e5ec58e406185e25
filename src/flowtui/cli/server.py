"""`flowtui server`: our own backend, a Prefect Server in one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flowtui.cli.server_care import backup, keys, purge
from flowtui.cli.server_migrate import migrate
from flowtui.cli.server_settings import (
    database_of,
    settings_options,
    show_config,
    with_a_place,
)
from flowtui.server.configuration import Configured
from flowtui.server.settings import LOOPS, SETTINGS

if TYPE_CHECKING:
    from flowtui.errors import UsageProblem


@click.group()
def server() -> None:
    """A Prefect Server in one process.

    Every option can stand in the environment, as FLOWTUI_SERVER_<NAME>, and in the configuration
    file, in the table [server]; `flowtui server config` shows them all.
    """


for _command in (show_config, backup, purge, keys, migrate):
    server.add_command(_command)


@server.command()
@settings_options(*SETTINGS)
@click.option("--detach", is_flag=True, help="Go on in the background; the log lies beside --db.")
def start(configured: Configured, detach: bool) -> None:
    """Serve the API until told to stop (Ctrl-C or SIGTERM).

    Once it has a key (--api-key, or one made by `flowtui server keys create`), every client has to
    bring one.
    """
    with_a_place(configured)
    if detach:
        from flowtui.server.detached import log_path, start_detached

        settings = configured.settings
        started = start_detached(settings)
        named = settings.database_path or SETTINGS["db"].spelled(settings.database)
        click.echo(
            f"flowtui server ready at {started.url} (process {started.pid}, database {named}, "
            f"log {log_path(settings)})"
        )
        return
    from flowtui.server.process import run

    run(configured.settings)


@server.command()
@settings_options("db")
@click.option("--url", metavar="URL", help="Ask this address, such as http://127.0.0.1:4200.")
def status(configured: Configured, url: str | None) -> None:
    """Say where the server of a database is, or whether one answers at an address.

    Several servers may share a database of PostgreSQL, and none is found by it: name its address.
    """
    from flowtui.errors import ServerProblem
    from flowtui.server.address import running_server, version_at

    if url is not None:
        click.echo(f"flowtui server {version_at(url)} at {url}")
        return
    if configured.settings.on_postgres:
        raise _not_found_by_database("Ask one by its address: `flowtui server status --url URL`.")
    path = database_of(configured)
    found = running_server(path)
    if found is None:
        raise ServerProblem(f"No flowtui server runs on {path}.")
    where = f"at {found.url}" if found.url else "starting or ending"
    click.echo(f"flowtui server {where} (process {found.pid}, database {path})")


@server.command()
@settings_options("db")
def stop(configured: Configured) -> None:
    """Stop the server of a database, after its last answer."""
    from flowtui.server.address import stop_server

    if configured.settings.on_postgres:
        raise _not_found_by_database(
            "End its process (kill PID; --detach said which) or its service; it stops after its"
            " last answer."
        )
    path = database_of(configured)
    stopped = stop_server(path)
    click.echo(f"flowtui server stopped (process {stopped.pid}, database {path})")


def _not_found_by_database(hint: str) -> UsageProblem:
    from flowtui.errors import UsageProblem

    return UsageProblem(
        "Several servers may share a database of PostgreSQL, on any machine, so it does not lead to"
        " one of them.",
        hint,
    )


@server.command("run-once")
@click.argument("loop", type=click.Choice(LOOPS))
@settings_options(
    "db",
    "api_key",
    "scheduler_every",
    "lazarus_every",
    "lazarus_after",
    "lazarus_attempts",
    "zombie_killer_every",
    "zombie_after",
)
def run_once(configured: Configured, loop: str) -> None:
    """Make one pass of a loop now, and say what it did.

    When a server runs on the database, it makes the pass, with its own settings.
    """
    from flowtui.server.once import run_once

    with_a_place(configured)
    click.echo(run_once(configured.settings, loop))
