"""All rows of one database in another, and nothing when something goes wrong."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flowtui.cli.main import cli
from flowtui.errors import ServerProblem
from flowtui.server import moving
from flowtui.server.catalogue import by_reference
from flowtui.server.embedded import backend
from flowtui.server.moving import Progress, move
from flowtui.server.query import Documents, read
from flowtui.server.schema import served_schema
from flowtui.server.settings import ServerSettings
from flowtui.server.storage import Row, Transaction, open_storage
from tests.postgres import Tables
from tests.server.installation import Client, SetClock, flow, hourly

NOW = datetime(2021, 5, 7, 12, 0, 0, 123456, tzinfo=timezone.utc)


@pytest.fixture
async def filled(tmp_path: Path) -> str:
    """A file with something in every table."""
    location = str(tmp_path / "full.db")
    clock = SetClock(NOW)
    async with backend(ServerSettings(database=location), clock=clock) as ours:
        client = Client(ours, clock)
        await client.register(flow("nightly", schedule=hourly()), await client.project())
        flow_id = await client.flow(tasks=[{"slug": "t", "retry_delay": 90}], edges=[])
        run = await client.run(flow_id, parameters={"ä": [1.5, None, "\N{BUG}"], "b": {"c": 2**60}})
        clock.advance(seconds=1.000001)
        await client.set_flow_run(run, {"type": "Running", "message": "Läuft"})
        await ours.storage.write(lambda tx: rest(tx, run))
        await client.http.aclose()
    return location


async def rest(tx: Transaction, run: str) -> None:
    """What no client makes in a few words."""
    tenant = await tx.first("tenant")
    task_run = await tx.first("task_run", {"flow_run_id": {"_eq": run}})
    assert tenant is not None
    assert task_run is not None
    ours = {"tenant_id": tenant["id"]}
    config: Row = {**ours, "name": "shared", "settings": {"x": 1}}
    await tx.insert("agent_config", [config])
    agent: Row = {**ours, "name": "agent", "agent_config_id": config["id"]}
    await tx.insert("agent", [agent])
    await tx.update("flow_run", {"id": {"_eq": run}}, {"agent_id": agent["id"]})
    lines = [{"flow_run_id": run, "message": f"line {n}", "timestamp": NOW} for n in range(2500)]
    await tx.insert("log", lines)
    await tx.insert("task_run_artifact", [{**ours, "task_run_id": task_run["id"], "kind": "link"}])
    hook: Row = {**ours, "type": "WEBHOOK", "states": ["Failed"]}
    await tx.insert("cloud_hook", [hook])
    await tx.insert("hook_call", [{"cloud_hook_id": hook["id"], "event": {"n": 1}}])
    await tx.insert("message", [{**ours, "text": "hello"}])
    for table in ("flow_concurrency_limit", "task_concurrency_limit"):
        await tx.insert(table, [{**ours, "name": "gpu", "limit": 3}])
    expiry = NOW + timedelta(days=1)
    await tx.insert("api_key", [{"name": "ci", "hash": "abc", "expires_at": expiry}])


async def everything(location: str) -> dict[str, list[Row]]:
    """Every row there is, by table."""

    async def found(tx: Transaction) -> dict[str, list[Row]]:
        return {
            table.name: await tx.find(table.name, order_by=(("id", "asc"),))
            for table in by_reference()
        }

    storage = await open_storage(location)
    try:
        return await storage.write(found)
    finally:
        await storage.close()


QUESTION = " ".join(
    f"{table.name}(order_by: {{id: asc}}) {{ {' '.join(table.column)} }}"
    f" {table.name}_aggregate {{ aggregate {{ count max {{ id created }} }} }}"
    for table in by_reference()
    if table.served
)


async def answered(location: str) -> Any:
    """Every row there is, as a client is told of it."""
    storage = await open_storage(location)
    documents = Documents(served_schema())
    document = documents.get(f"{{ {QUESTION} }}")
    try:
        answer = await read(storage, document, document.operation(None), {}, {}, storage)
    finally:
        await storage.close()
    found = json.loads(answer)
    assert "errors" not in found, found["errors"]
    return found["data"]


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_rows_go_to_postgresql_and_back_and_are_the_same(
    filled: str, postgres_tables: Tables, tmp_path: Path
) -> None:
    postgres_tables.empty()
    told: list[Progress] = []
    before = await everything(filled)
    assert all(before.values()), "there is something in every table"

    moved = await move(f"sqlite:{filled}", postgres_tables.location, told.append)
    assert moved == sum(map(len, before.values()))
    assert await everything(postgres_tables.location) == before
    assert await answered(postgres_tables.location) == await answered(filled)

    back = tmp_path / "back.db"
    await move(postgres_tables.location, f"sqlite://{back}", lambda progress: None)
    assert await everything(str(back)) == before
    assert names_in(tmp_path) == {"full.db", "full.db.lock", "back.db", "back.db.lock"}

    logs = [(one.moved, one.rows) for one in told if one.table == "log"]
    assert logs == [(1000, 2500), (2000, 2500), (2500, 2500)]


async def test_a_database_that_has_rows_is_left_as_it_is(
    filled: str, postgres_tables: Tables, tmp_path: Path
) -> None:
    postgres_tables.empty()
    storage = await open_storage(postgres_tables.location)
    await storage.write(lambda tx: tx.insert("tenant", [{"name": "a", "slug": "a"}]))
    await storage.close()
    with pytest.raises(ServerProblem, match=r"has rows already \(tenant\)"):
        await move(filled, postgres_tables.location, print)
    assert [len(rows) for rows in (await everything(postgres_tables.location)).values()].count(1)

    other = tmp_path / "other.db"
    other.write_text("mine")
    with pytest.raises(ServerProblem, match="exists already"):
        await move(postgres_tables.location, str(other), print)
    assert other.read_text() == "mine"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_what_is_broken_off_leaves_nothing(
    filled: str, postgres_tables: Tables, tmp_path: Path, kind: str
) -> None:
    postgres_tables.empty()
    target = tmp_path / "target.db"
    location = str(target) if kind == "sqlite" else postgres_tables.location

    def break_off(progress: Progress) -> None:
        if progress.table == "log":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await move(filled, location, break_off)
    if kind == "sqlite":
        assert names_in(tmp_path) == {"full.db", "full.db.lock"}
    else:
        assert not any((await everything(location)).values())
    assert await move(filled, location, lambda progress: None)


async def test_rows_that_do_not_arrive_are_noticed(
    filled: str, postgres_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres_tables.empty()
    whole = moving._addition

    def some(table: str, rows: list[Row]) -> Any:
        return whole(table, rows[:-1] if table == "log" else rows)

    monkeypatch.setattr(moving, "_addition", some)
    with pytest.raises(ServerProblem, match=r"Of 2500 rows of log only 2497 arrived"):
        await move(filled, postgres_tables.location, lambda progress: None)
    assert not any((await everything(postgres_tables.location)).values())


async def test_a_database_in_use_is_not_moved(filled: str, tmp_path: Path) -> None:
    storage = await open_storage(filled)
    with pytest.raises(ServerProblem, match=rf"in use by another .*process {os.getpid()}"):
        await move(filled, str(tmp_path / "new.db"), print)
    await storage.close()
    with pytest.raises(ServerProblem, match="There is no database"):
        await move(str(tmp_path / "nowhere.db"), str(tmp_path / "new.db"), print)


def test_the_command_says_how_far_it_is(tmp_path: Path, postgres_tables: Tables) -> None:
    postgres_tables.empty()
    run = CliRunner()
    url = postgres_tables.location
    made = run.invoke(cli, ["server", "keys", "create", "ci", "--db", str(tmp_path / "a.db")])
    assert made.exit_code == 0, made.output
    done = run.invoke(cli, ["server", "migrate", "--from", f"sqlite:{tmp_path}/a.db", "--to", url])
    assert done.exit_code == 0, done.output
    assert "api_key" in done.stderr
    assert "1 of 1" in done.stderr
    assert "2 rows moved from" in done.stdout
