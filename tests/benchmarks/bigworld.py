"""A world of any size, for benchmarks only: a million runs in a minute instead of in days.

The database is made by the storage layer, and flows and tasks are written through it. The many rows
are then written by SQL, past every rule of the backend, in the spelling the storage layer has for
them. Nothing but a benchmark may do so.

    python -m tests.benchmarks.bigworld --runs 1000000 --db PATH
    python -m tests.benchmarks.bigworld --tasks 100000 --lines 1000000 --db PATH
    flowtui server start --db PATH --no-loops
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from flowtui.server.services.tenants import seed_default_tenant
from flowtui.server.storage import open_storage
from flowtui.server.storage.values import store_timestamp

FLOWS = 50
PROJECTS = 5
RUNNING = 20
LATE = 5
PLANNED = 200
MAPPED = 10
"""Mapped tasks that the task runs of the wide run are spread over."""
SPAN = timedelta(days=14)
WIDE = "wide-run"
CHATTY = "chatty-run"
CHATTY_ID = "fffffffd-0000-7000-8000-000000000001"


@dataclass(frozen=True)
class Size:
    """How large a world is."""

    runs: int = 0
    tasks: int = 0
    """Task runs of the run called `wide-run`."""
    lines: int = 0
    """Lines of the log of the run called `chatty-run`."""
    parts: int = 0
    """Task runs of each of the runs, which then have a history of states, too."""
    span: timedelta = SPAN
    """How long ago the oldest run was due."""

    @property
    def name(self) -> str:
        """A file name for such a world."""
        return f"world-{self.runs}-{self.tasks}-{self.lines}-{self.parts}.db"


def run_id(number: int) -> str:
    """The id of the run of that number, counted from the oldest."""
    return f"{number:08x}-0000-7000-8000-000000000001"


def build(path: Path, size: Size, now: datetime | None = None) -> Path:
    """Make a world in a new file."""
    now = now or datetime.now(timezone.utc)
    flows = asyncio.run(_flows(path))
    with _written(path) as connection:
        _runs(connection, flows, size, now)
        _parts(connection, size.parts)
        _wide(connection, flows[0], size.tasks, now)
        _chatty(connection, flows[1], size.lines, now)
    return path


async def _flows(path: Path) -> list[str]:
    storage = await open_storage(str(path), synchronous="OFF")

    async def write(tx: Any) -> list[str]:
        tenant = await seed_default_tenant(tx)
        projects = [{"tenant_id": tenant, "name": f"project-{n}"} for n in range(PROJECTS)]
        await tx.insert("project", projects)
        await tx.insert("agent", [{"tenant_id": tenant, "name": "agent", "type": "LocalAgent"}])
        flows = []
        for number in range(FLOWS):
            group = {"tenant_id": tenant, "name": f"flow-{number:02}"}
            await tx.insert("flow_group", [group])
            flow = {
                "tenant_id": tenant,
                "project_id": projects[number % PROJECTS]["id"],
                "flow_group_id": group["id"],
                "name": f"flow-{number:02}",
                "version": 1,
            }
            await tx.insert("flow", [flow])
            tasks = [
                {"flow_id": flow["id"], "slug": f"task-{n}", "name": f"task-{n}", "mapped": True}
                for n in range(MAPPED)
            ]
            await tx.insert("task", tasks)
            flows.append(flow["id"])
        return flows

    flows = await storage.write(write)
    await storage.close()
    return list(flows)


@contextmanager
def _written(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for very many rows; indexes are made anew behind them."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -400000")
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    expected = connection.execute("SELECT tbl, idx, stat FROM sqlite_stat1").fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    connection.execute("BEGIN")
    yield connection
    for _, sql in indexes:
        connection.execute(sql)
    # What the planner is to expect of an index goes with it.
    connection.execute("DELETE FROM sqlite_stat1")
    connection.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", expected)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)"


def _moment(number: str) -> str:
    """SQL for a moment in the spelling of the storage layer, from seconds since 1970."""
    return f"strftime('%Y-%m-%dT%H:%M:%f000', {number}, 'unixepoch')"


def _runs(connection: sqlite3.Connection, flows: list[str], size: Size, now: datetime) -> None:
    runs, span = size.runs, size.span.total_seconds()
    if runs <= 0:
        return
    connection.execute("CREATE TEMP TABLE known (number INTEGER PRIMARY KEY, id TEXT)")
    connection.executemany("INSERT INTO known VALUES (?, ?)", enumerate(flows))
    planned = "(CASE WHEN i < :past THEN :first + i * :step ELSE :now + (i - :past + 1) * 300 END)"
    state = """(CASE WHEN i >= :past + :late THEN 'Scheduled' WHEN i >= :past THEN 'Scheduled'
        WHEN i >= :past - :running THEN 'Running' WHEN i % 20 IN (3, 11) THEN 'Failed'
        WHEN i % 20 = 7 THEN 'Cancelled' ELSE 'Success' END)"""
    connection.execute(
        f"""{_NUMBERS}, made AS (SELECT i, {planned} AS t, {state} AS state FROM n)
        INSERT INTO flow_run (id, created, updated, tenant_id, agent_id, flow_id, name, parameters,
            labels, scheduled_start_time, auto_scheduled, times_resurrected, start_time, end_time,
            version, state, state_message, state_timestamp, state_start_time, serialized_state)
        SELECT printf('%08x-0000-7000-8000-000000000001', i), {_moment("t")}, {_moment("t")},
            (SELECT id FROM tenant), CASE i % 2 WHEN 1 THEN (SELECT id FROM agent) END, known.id,
            printf('run-%07d', i), printf('{{"day":"2026-11-%02d","n":%d}}', i % 28, i),
            CASE i % 4 WHEN 0 THEN '["prod"]' WHEN 1 THEN '["test","k8s"]' ELSE '[]' END,
            {_moment("t")}, i % 2, 0,
            CASE state WHEN 'Scheduled' THEN NULL ELSE {_moment("t + 2")} END,
            CASE WHEN state IN ('Scheduled', 'Running') THEN NULL ELSE
                {_moment("t + 2 + i % 900")} END,
            3, state, CASE state WHEN 'Failed' THEN 'Some reference tasks failed.'
                WHEN 'Running' THEN 'Running flow.' ELSE 'All reference tasks succeeded.' END,
            {_moment("t + 2 + i % 900")},
            CASE state WHEN 'Scheduled' THEN {_moment("t")} END,
            printf('{{"type":"%s"}}', state)
        FROM made JOIN known ON known.number = (i * 7) % :flows""",
        {
            "last": runs - 1,
            "past": max(1, runs - PLANNED),
            "late": 0,
            "running": RUNNING,
            "flows": len(flows),
            "first": now.timestamp() - span,
            "step": span / max(1, runs - PLANNED),
            "now": now.timestamp(),
        },
    )
    late = store_timestamp(now - timedelta(minutes=10))
    connection.execute(
        """UPDATE flow_run SET scheduled_start_time = ?, state_start_time = ?
        WHERE id IN (SELECT id FROM flow_run WHERE state = 'Scheduled' LIMIT ?)""",
        (late, late, LATE),
    )


def _parts(connection: sqlite3.Connection, parts: int) -> None:
    if parts <= 0:
        return
    connection.execute(
        """INSERT INTO flow_run_state (id, created, updated, flow_run_id, timestamp, state, message,
            version, serialized_state)
        SELECT replace(run.id, '-7000-', printf('-7%03d-', was.key)), run.created, run.updated,
            run.id, run.updated, was.value, 'A message.', was.key, run.serialized_state
        FROM flow_run AS run JOIN json_each('["Pending", "Scheduled", "Running", "Success"]') AS was
        WHERE was.key > 0"""
    )
    connection.execute(
        """WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        INSERT INTO task_run (id, created, updated, tenant_id, flow_run_id, task_id, map_index,
            start_time, end_time, version, state, state_message, state_timestamp, serialized_state)
        SELECT replace(run.id, '-7000-', printf('-7%03d-', 100 + i)), run.created, run.updated,
            run.tenant_id, run.id, task.id, -1, run.start_time, run.end_time, 3, run.state,
            run.state_message, run.state_timestamp, run.serialized_state
        FROM flow_run AS run CROSS JOIN n
        JOIN task ON task.flow_id = run.flow_id AND task.slug = 'task-' || i""",
        [parts - 1],
    )
    connection.execute(
        """INSERT INTO task_run_state (id, created, updated, task_run_id, timestamp, state, message,
            version, serialized_state)
        SELECT replace(id, '-71', '-72'), created, updated, id, updated, state, state_message, 3,
            serialized_state FROM task_run"""
    )


def _run(connection: sqlite3.Connection, id: str, name: str, flow: str, now: datetime) -> None:
    at = store_timestamp(now - timedelta(minutes=30))
    connection.execute(
        """INSERT INTO flow_run (id, created, updated, tenant_id, flow_id, name, parameters,
            labels, scheduled_start_time, auto_scheduled, start_time, version, state,
            state_message, state_timestamp, serialized_state, times_resurrected)
        VALUES (?, ?, ?, (SELECT id FROM tenant), ?, ?, '{}', '[]', ?, 0, ?, 3, 'Running',
            'Running flow.', ?, '{"type":"Running"}', 0)""",
        (id, at, at, flow, name, at, at, at),
    )
    connection.execute(
        """INSERT INTO flow_run_state (id, created, updated, flow_run_id, timestamp, state, message,
            version, serialized_state)
        VALUES (?, ?, ?, ?, ?, 'Running', 'Running flow.', 3, '{"type":"Running"}')""",
        (id.replace("-7000-", "-7001-"), at, at, id, at),
    )


def _wide(connection: sqlite3.Connection, flow: str, tasks: int, now: datetime) -> None:
    if tasks <= 0:
        return
    run = "ffffffff-0000-7000-8000-000000000001"
    _run(connection, run, WIDE, flow, now)
    slugs = connection.execute("SELECT id FROM task WHERE flow_id = ? ORDER BY slug", (flow,))
    connection.execute("CREATE TEMP TABLE mapped (number INTEGER PRIMARY KEY, id TEXT)")
    connection.executemany("INSERT INTO mapped VALUES (?, ?)", enumerate(one for (one,) in slugs))
    given = {
        "run": run,
        "last": tasks - 1,
        "mapped": MAPPED,
        "first": now.timestamp() - 1800,
        "step": 1700 / tasks,
    }
    index = "(i / :mapped - 1)"
    state = f"""(CASE WHEN {index} < 0 THEN 'Mapped' WHEN i % 997 = 5 THEN 'Failed'
        WHEN i > :last - 40 THEN 'Running' ELSE 'Success' END)"""
    at = _moment("t")
    end = _moment("t + i % 40")
    connection.execute(
        f"""{_NUMBERS}, made AS (
            SELECT i, {index} AS map_index, {state} AS state, :first + i * :step AS t FROM n)
        INSERT INTO task_run (id, created, updated, flow_run_id, task_id, map_index, name,
            start_time, end_time, version, state, state_message, state_timestamp, serialized_state)
        SELECT printf('fffffffe-0000-7000-8000-%012x', i), {at}, {end}, :run, mapped.id, map_index,
            NULL, {at}, CASE state WHEN 'Running' THEN NULL ELSE {end} END, 3, state,
            CASE state WHEN 'Failed' THEN 'KeyError: currency_code' ELSE 'Task run succeeded.' END,
            {end}, printf('{{"type":"%s"}}', state)
        FROM made JOIN mapped ON mapped.number = i % :mapped""",
        given,
    )
    connection.execute(
        """INSERT INTO task_run_state (id, created, updated, task_run_id, timestamp, state, message,
            version, serialized_state)
        SELECT replace(id, '-7000-', '-7001-'), created, updated, id, state_timestamp, state,
            state_message, 3, serialized_state FROM task_run WHERE flow_run_id = ?""",
        (run,),
    )


def _chatty(connection: sqlite3.Connection, flow: str, lines: int, now: datetime) -> None:
    if lines <= 0:
        return
    run = CHATTY_ID
    _run(connection, run, CHATTY, flow, now)
    at = _moment("(:first + i * :step)")
    connection.execute(
        f"""{_NUMBERS}
        INSERT INTO log (id, created, updated, flow_run_id, timestamp, name, level, message)
        SELECT printf('fffffffc-0000-7000-8000-%012x', i), {at}, {at}, :run, {at},
            'prefect.CloudTaskRunner',
            CASE WHEN i % 50021 = 7 THEN 'ERROR' WHEN i % 1009 = 3 THEN 'WARNING' ELSE 'INFO' END,
            printf('line %07d: copied %d rows into staging.orders_%d', i, i * 37 % 90001, i % 97)
        FROM n""",
        {
            "run": run,
            "last": lines - 1,
            "first": now.timestamp() - 1790,
            "step": 1780 / lines,
        },
    )


def main(arguments: list[str]) -> None:
    """Make a world and say what is in it."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.bigworld")
    parser.add_argument("--db", type=Path, required=True)
    for name in ("runs", "tasks", "lines", "parts"):
        parser.add_argument(f"--{name}", type=int, default=0)
    given = parser.parse_args(arguments)
    if given.db.exists():
        raise SystemExit(f"{given.db} is there already.")
    started = time.perf_counter()
    size = Size(given.runs, given.tasks, given.lines, given.parts)
    build(given.db, size)
    took = time.perf_counter() - started
    print(f"{size} in {given.db}: {given.db.stat().st_size / 1e6:.0f} MB, {took:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
