"""Which index answers which question: a page must not cost more because the past is long.

The planner knows nothing of a database but what it was told when the tables were made, so what it
plans here, where there is hardly a row, it plans for a million.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from flowtui.client.connection import operation_text
from flowtui.server.query import Documents
from flowtui.server.schema import served_schema
from flowtui.server.storage import open_storage
from flowtui.server.storage.dialect import SQLITE
from flowtui.server.storage.functions import bring_functions
from flowtui.server.storage.schema import create_table
from flowtui.server.storage.values import by_number
from tests.server.query.asked import (
    IDS,
    asked_by_client,
    asked_by_dashboard,
    dashboard_queries,
)
from tests.server.query.conftest import CountingStorage, World

SOMEBODY = "00000000-0000-4000-8000-000000000000"

PLANS = {
    "the newest runs": (
        "{ flow_run(order_by: {scheduled_start_time: desc}, limit: 50) { id } }",
        "flow_run_by_scheduled_start_time",
    ),
    "the newest runs, by a condition whose variable is null": (
        "{ flow_run(where: {flow: {flow_group_id: {_eq: null}}},"
        " order_by: {scheduled_start_time: desc}, limit: 50) { id } }",
        "flow_run_by_scheduled_start_time",
    ),
    "the newest runs in a state": (
        '{ flow_run(where: {state: {_eq: "Failed"}},'
        " order_by: {scheduled_start_time: desc}, limit: 50) { id } }",
        "flow_run_by_state_and_scheduled_start_time",
    ),
    "runs as they started": (
        "{ flow_run(order_by: {start_time: desc_nulls_last}, limit: 50) { id } }",
        "flow_run_by_start_time",
    ),
    "runs that are late": (
        '{ flow_run(where: {state: {_eq: "Scheduled"}, state_start_time: {_lt: "2026-01-01"}},'
        " order_by: {state_start_time: asc}) { id } }",
        "flow_run_by_state_and_state_start_time",
    ),
    "what changed of late": (
        '{ flow_run(where: {updated: {_gt: "2026-01-01"}}, order_by: {updated: asc}) { id } }',
        "flow_run_by_updated",
    ),
    "a run by its name": (
        '{ flow_run(where: {name: {_eq: "x"}}) { id } }',
        "flow_run_by_name",
    ),
    "the last runs of each flow": (
        "{ flow { flow_runs(order_by: {scheduled_start_time: desc}, limit: 10) { id } } }",
        "flow_run_by_flow_id_and_scheduled_start_time",
    ),
    "the next run of each flow": (
        '{ flow { flow_runs(where: {state: {_eq: "Scheduled"}},'
        " order_by: {scheduled_start_time: asc}, limit: 1) { id } } }",
        "flow_run_by_flow_id_and_state_and_scheduled_start_time",
    ),
    "the runs of a flow group": (
        f'{{ flow_run_aggregate(where: {{flow: {{flow_group_id: {{_eq: "{SOMEBODY}"}}}}}})'
        " { aggregate { count } } }",
        "flow_run_by_flow_id_and_scheduled_start_time",
    ),
    "the failed tasks of each run": (
        '{ flow_run { task_runs_aggregate(where: {state: {_eq: "Failed"}})'
        " { aggregate { count } } } }",
        "sqlite_autoindex_task_run_2",
    ),
    "the log of a run, from a place on": (
        f'{{ log(where: {{flow_run_id: {{_eq: "{SOMEBODY}"}}, timestamp: {{_gte: "2026-01-01"}}}},'
        " order_by: [{timestamp: asc}, {id: asc}], limit: 500) { id } }",
        "log_by_flow_run_id_and_timestamp",
    ),
    "the states of each run": (
        "{ flow_run { states(order_by: {timestamp: asc}) { state } } }",
        "flow_run_state_by_flow_run_id_and_timestamp",
    ),
}


@pytest.mark.parametrize("name", PLANS)
async def test_an_index_answers(schema, tmp_path, name):
    text, index = PLANS[name]
    storage = await open_storage(str(tmp_path / "prefect.db"))
    world = World(CountingStorage(storage), Documents(schema))
    await world.ask(text)
    await storage.close()

    connection = sqlite3.connect(tmp_path / "prefect.db")
    bring_functions(connection)
    ((sql, parameters),) = world.storage.questions
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", by_number(sql, parameters)).fetchall()
    connection.close()

    steps = [step for *_, step in plan]
    assert any(re.search(rf"INDEX {index}\b", step) for step in steps), steps


GROWING = {"flow_run", "task_run", "flow_run_state", "task_run_state", "log"}

READ_THROUGH = {
    "count_runs: all": "all are counted, in the smallest index",
    "search_names": "a part of a name is found by reading names, the newest in front",
    "runs listed": "a page of all, in the order of an index",
}
"""What may read through a table that grows, and why that is right."""


@dataclass(frozen=True)
class Step:
    """A table that a plan reads, and how."""

    table: str
    how: str


def steps_of(sql: str, plan: list[tuple[int, int, int, str]]) -> Iterator[Step]:
    """What a plan reads from tables; subselects that are read stand for what they read."""
    tables = {alias: name for name, alias in re.findall(r'"(\w+)" AS (t\d+)', sql)}
    made = {
        (above, detail.split()[-1])
        for _, above, _, detail in plan
        if detail.startswith(("CO-ROUTINE", "MATERIALIZE"))
    }
    for _, above, _, detail in plan:
        match = re.match(r"(SCAN|SEARCH) (\w+)", detail)
        if match and (above, match[2]) not in made:
            yield Step(tables.get(match[2], match[2]), detail)


def read_through(sql: str, plan: list[tuple[int, int, int, str]]) -> list[str]:
    """The steps that read a table through that grows."""
    return [
        one.how
        for one in steps_of(sql, plan)
        if one.table in GROWING and one.how.startswith("SCAN")
    ]


IDENTITIES = {name: f"00000000-0000-4000-8000-{nth:012}" for nth, name in enumerate(IDS)}


async def test_no_question_reads_the_past_through(tmp_path):
    now = datetime.now(timezone.utc)
    asked = (*asked_by_dashboard(IDENTITIES, now), *asked_by_client(IDENTITIES, now))
    storage = CountingStorage(await open_storage(str(tmp_path / "prefect.db")))
    world = World(storage, Documents(served_schema()))
    connection = sqlite3.connect(tmp_path / "prefect.db")
    bring_functions(connection)
    found = {}
    for one in asked:
        await world.ask(one.text, one.variables)
        sql, parameters = storage.questions.pop()
        plan = connection.execute(
            f"EXPLAIN QUERY PLAN {sql}", by_number(sql, parameters)
        ).fetchall()
        found[one.name] = read_through(sql, plan)
    connection.close()
    await storage.close()
    assert {name for name, steps in found.items() if steps} == READ_THROUGH.keys(), found


async def how_found(folder: Path, operation: str, table: str, variables: Mapping[str, Any]):
    """How SQLite finds the rows of a table for an operation of the dashboard."""
    storage = CountingStorage(await open_storage(str(folder / "prefect.db")))
    await World(storage, Documents(served_schema())).ask(operation_text(operation), variables)
    await storage.close()
    ((sql, parameters),) = storage.questions
    connection = sqlite3.connect(folder / "prefect.db")
    bring_functions(connection)
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", by_number(sql, parameters)).fetchall()
    connection.close()
    return [one.how for one in steps_of(sql, plan) if one.table == table]


async def test_a_page_of_a_flow_is_found_in_an_index_alone(tmp_path):
    """Sorting all its runs is cheap; fetching each of them first is not."""
    steps = await how_found(tmp_path, "flow_runs", "flow_run", {"group": SOMEBODY, "limit": 50})
    assert [step.partition(" (")[0] for step in steps] == [
        "SEARCH t1 USING INTEGER PRIMARY KEY",
        "SEARCH t1 USING COVERING INDEX flow_run_by_flow_id_and_scheduled_start_time",
    ]


async def test_what_runs_is_found_among_the_many_task_runs_of_a_run(tmp_path):
    """One run may have a hundred thousand that have ended."""
    some = {"flows": [SOMEBODY] * 20, "runs": [SOMEBODY] * 20, "states": ["Running"], "limit": 20}
    steps = await how_found(tmp_path, "running_tasks", "task_run", some)
    assert {step.partition("INDEX ")[2] for step in steps} == {
        "task_run_by_task_id_and_state_and_state_timestamp (task_id=? AND state=?)",
        "sqlite_autoindex_task_run_2 (flow_run_id=? AND task_id=? AND map_index=?)",
    }


def test_every_query_of_the_dashboard_is_asked():
    now = datetime.now(timezone.utc)
    asked = {one.text for one in asked_by_dashboard(IDENTITIES, now)}
    assert asked == {operation_text(name) for name in dashboard_queries()}
    assert len(asked) > 30


def test_what_reads_the_past_through_is_seen():
    connection = sqlite3.connect(":memory:")
    for statement in create_table("flow_run", SQLITE):
        connection.execute(statement)
    sql = 'SELECT count(*) FROM (SELECT * FROM "flow_run" AS t1 WHERE "context" = 1 LIMIT 9) AS t1'
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    connection.close()
    assert len(read_through(sql, plan)) == 1
