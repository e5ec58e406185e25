"""`flowtui server migrate`: all rows from one database into another."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flowtui.server.moving import Progress


@click.command()
@click.option(
    "--from", "source", metavar="DB", required=True, help="sqlite:PATH, or postgresql://…"
)
@click.option("--to", "target", metavar="DB", required=True, help="An empty one, of either kind.")
def migrate(source: str, target: str) -> None:
    """Copy all rows of a database into another, from SQLite to PostgreSQL or the other way.

    The target must be empty, and stays so when anything goes wrong; the source is left as it is.
    Stop the servers of both first: what is written meanwhile stays behind.
    """
    from flowtui.errors import UsageProblem
    from flowtui.server.moving import move
    from flowtui.server.storage.locations import without_password

    if source == target:
        raise UsageProblem("Both databases are the same.", "Name another one with --to.")
    moved = asyncio.run(move(source, target, _told))
    click.echo(
        f"{moved:,} rows moved from {without_password(source)} to {without_password(target)}; all"
        " are there."
    )


def _told(progress: Progress) -> None:
    line = f"{progress.table:<24} {progress.moved:>12,} of {progress.rows:,}"
    is_done = progress.moved == progress.rows
    if sys.stderr.isatty():
        click.echo(f"\r{line}", nl=is_done, err=True)
    elif is_done:
        click.echo(line, err=True)
