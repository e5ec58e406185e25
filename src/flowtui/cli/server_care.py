"""`flowtui server backup`, `purge` and `keys`: looking after a database."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from flowtui.cli.server_settings import database_of, settings_options, with_a_place
from flowtui.server.configuration import Configured
from flowtui.server.kinds import span, spelled

PARTS = ("flow runs", "task runs", "states", "log lines", "artifacts")
"""What a purge counts."""


def _span(text: str) -> float:
    try:
        return span(text)
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from problem


@click.command()
@settings_options("db")
@click.option(
    "--to", "target", metavar="FILE", help="Where to; beside the database, with the time."
)
def backup(configured: Configured, target: str | None) -> None:
    """Copy the database to a file, whole and checked, also while a server runs on it."""
    from datetime import datetime, timezone

    from flowtui.errors import ServerProblem
    from flowtui.server.storage.backup import copy_database

    path = database_of(configured)
    now = datetime.now(timezone.utc)
    named = target or str(path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%SZ}.backup"))
    to = Path(named).expanduser().absolute()
    if to.is_dir():
        to = to / f"{path.name}.{now:%Y%m%dT%H%M%SZ}.backup"
    if to.exists():
        raise ServerProblem(f"{to} exists already; it was left as it is.", "Name another file.")
    size = copy_database(path, to)
    click.echo(f"{to} ({size:,} bytes, checked)")


@click.command()
@settings_options("db", "api_key")
@click.option(
    "--older-than", type=_span, metavar="TIME", required=True, help="Since the run ended: 90d."
)
@click.option("--dry-run", is_flag=True, help="Count what would go, and leave it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(configured: Configured, older_than: float, dry_run: bool, yes: bool) -> None:
    """Remove runs that ended long ago, with their task runs, states, logs and artifacts.

    What has not finished stays, however old it is. The file keeps its size; new rows fill the room.
    """
    from flowtui.server.once import perform

    settings = configured.settings
    wishes: dict[str, Any] = {"older_than": older_than}
    weight: Counter[str] = Counter()
    weighed: dict[str, Any] = {"after": None}
    while True:
        weighed = dict(perform(settings, "weigh", {**wishes, "after": weighed["after"]}))
        weight.update(weighed["rows"])
        if weighed["after"] is None:
            break
    click.echo(f"Runs that ended before {weighed['before']} ({spelled(older_than)} ago):")
    click.echo(_counts(weight))
    if dry_run or not weight["flow runs"]:
        return
    if not yes and sys.stdin.isatty():
        click.confirm("Remove them for good?", abort=True)
    gone: Counter[str] = Counter()
    more = True
    while more:
        step = perform(settings, "purge", wishes)
        gone.update(step["rows"])
        more = step["more"]
    click.echo("Removed:")
    click.echo(_counts(gone))


def _counts(rows: Counter[str]) -> str:
    return "\n".join(f"  {part:<10} {rows[part]:>12,}" for part in PARTS)


@click.group()
def keys() -> None:
    """API keys: who may ask the server.

    From the first key on, every request has to bring one; the keys themselves are kept nowhere.
    """


@keys.command()
@click.argument("name")
@settings_options("db", "api_key")
@click.option("--expires-in", type=_span, metavar="TIME", help="How long it is good: 90d.")
@click.option("-o", "form", type=click.Choice(["text", "json"]), default="text")
def create(configured: Configured, name: str, expires_in: float | None, form: str) -> None:
    """Make a key and show it, once."""
    from flowtui.server.once import perform

    with_a_place(configured)
    wishes = {"name": name, "lifetime": expires_in}
    made = perform(configured.settings, "create-key", wishes, new=True)
    if form == "json":
        click.echo(json.dumps(dict(made)))
        return
    click.echo(made["key"])
    until = f"good until {made['expires_at']}" if made["expires_at"] else "good until revoked"
    click.echo(
        f"Key {name!r}, {until}. It is not shown again; clients bring it as "
        "PREFECT__CLOUD__API_KEY.",
        err=True,
    )


@keys.command("list")
@settings_options("db", "api_key")
@click.option("-o", "form", type=click.Choice(["table", "json"]), default="table")
def list_keys(configured: Configured, form: str) -> None:
    """Say which keys there are."""
    from flowtui.models.text import plain
    from flowtui.server.once import perform

    found = perform(configured.settings, "list-keys", {})["keys"]
    if form == "json":
        click.echo(json.dumps(found))
        return
    for key in found:
        until = "expired" if key["expired"] else key["expires_at"] or "never expires"
        click.echo(f"{key['id']}  {key['created']}  {until:<32}  {plain(key['name'])}")


@keys.command()
@click.argument("key", metavar="NAME|ID")
@settings_options("db", "api_key")
def revoke(configured: Configured, key: str) -> None:
    """Let a key open nothing any more."""
    from flowtui.models.text import plain
    from flowtui.server.once import perform

    gone = perform(configured.settings, "revoke-key", {"key": key})
    click.echo(f"Revoked {plain(gone['name'])} ({gone['id']})")
