"""What PostgreSQL does with the questions of dashboards, clients and agents in a busy installation:
no page reads a table through that grows with the past.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import asyncpg
import pytest

from flowtui.server.query import Documents
from flowtui.server.schema import served_schema
from flowtui.server.storage import open_storage
from flowtui.server.storage.postgres_dialect import POSTGRES
from flowtui.server.storage.sentences import Sentences
from tests.postgres import Postgres
from tests.server.query.asked import IDS, Asked, asked_by_client, asked_by_dashboard
from tests.server.query.conftest import CountingStorage, World

GROWING = {"flow_run", "task_run", "flow_run_state", "task_run_state", "log"}

EVERY = "id, created, updated"

# Three versions of a hundred flows, and two weeks of runs; nearly all of them have ended. Runs are
# as broad as they are in life: in a small table it costs as much to read all of it as to look up
# some rows, and the order of random ids decides.
FILL = f"""
INSERT INTO tenant ({EVERY}, name, slug, settings)
SELECT gen_random_uuid(), now(), now(), 'Acme', 'acme', '{{}}';
INSERT INTO project ({EVERY}, tenant_id, name)
SELECT gen_random_uuid(), now(), now(), id, 'etl' FROM tenant;
INSERT INTO flow_group ({EVERY}, tenant_id, name, settings, default_parameters)
SELECT gen_random_uuid(), now(), now(), id, 'flow-' || n, '{{}}', '{{}}'
FROM tenant, generate_series(1, 100) AS n;
INSERT INTO flow ({EVERY}, tenant_id, project_id, flow_group_id, version, name, archived,
  is_schedule_active, settings)
SELECT gen_random_uuid(), now(), now(), own.tenant_id, project.id, own.id, version, own.name,
  version < 3, false, '{{}}'
FROM flow_group AS own, project, generate_series(1, 3) AS version;
INSERT INTO task ({EVERY}, flow_id, tenant_id, name, slug, tags, auto_generated, mapped,
  is_root_task, is_terminal_task, is_reference_task)
SELECT gen_random_uuid(), now(), now(), id, tenant_id, 'task-' || n, 'task-' || n, '[]', false,
  false, false, false, false
FROM flow, generate_series(1, 3) AS n;
INSERT INTO flow_run ({EVERY}, tenant_id, flow_id, name, labels, scheduled_start_time,
  auto_scheduled, version, state, state_start_time, state_timestamp, start_time, end_time,
  heartbeat, parameters)
SELECT gen_random_uuid(), at, at, tenant_id, id, 'run-' || n, '[]', at, true, 3,
  CASE WHEN n < 20 THEN 'Scheduled' WHEN n < 30 THEN 'Running' WHEN n % 10 = 0 THEN 'Failed'
    ELSE 'Success' END, at, at, at, at, at,
  jsonb_build_object('days', repeat('x', 600))
FROM (SELECT *, row_number() OVER () AS nth FROM flow) AS own,
  LATERAL (SELECT n, now() - n * interval '5 minutes' AS at
    FROM generate_series(nth, 4000, 300) AS n) AS made;
INSERT INTO task_run ({EVERY}, tenant_id, flow_run_id, task_id, map_index, version, state,
  state_start_time, state_timestamp)
SELECT gen_random_uuid(), run.created, run.created, run.tenant_id, run.id, task.id, -1, 3,
  run.state, run.created, run.created
FROM flow_run AS run JOIN task ON task.flow_id = run.flow_id;
INSERT INTO flow_run_state ({EVERY}, flow_run_id, timestamp, state, serialized_state, version)
SELECT gen_random_uuid(), created, created, id, created, was, '{{}}', 1
FROM flow_run, unnest(ARRAY['Scheduled', 'Running', 'Success']) AS was;
INSERT INTO task_run_state ({EVERY}, task_run_id, timestamp, state, serialized_state, version)
SELECT gen_random_uuid(), created, created, id, created, 'Success', '{{}}', 1 FROM task_run;
INSERT INTO log ({EVERY}, flow_run_id, timestamp, level, message)
SELECT gen_random_uuid(), created, created, id, created + n * interval '1 second', 'INFO',
  repeat('x', 60)
FROM flow_run, generate_series(1, 4) AS n;
ANALYZE
"""

SOMEBODY = "00000000-0000-4000-8000-000000000000"

A_PAGE = "order_by: {scheduled_start_time: desc}, limit: 50"

DOCUMENTS = {
    "the newest runs": f"{{ flow_run({A_PAGE}) {{ id flow {{ name project {{ name }} }} }} }}",
    "the newest runs in a stable order": (
        "{ flow_run(order_by: [{scheduled_start_time: desc}, {id: desc}], limit: 50) { id } }"
    ),
    "the newest runs in a state": (
        f'{{ flow_run(where: {{state: {{_eq: "Failed"}}}}, {A_PAGE}) {{ id }} }}'
    ),
    "the newest runs of a flow's every version": (
        f'{{ flow_run(where: {{flow: {{flow_group_id: {{_eq: "{SOMEBODY}"}}}}}}, {A_PAGE})'
        " { id } }"
    ),
    "the newest runs with what became of their tasks": (
        f"{{ flow_run({A_PAGE}) {{ id states(order_by: {{timestamp: asc}}) {{ state }}"
        ' failed: task_runs_aggregate(where: {state: {_eq: "Failed"}}) { aggregate { count } }'
        " task_runs_aggregate { aggregate { count } } } }"
    ),
    "runs as they started": (
        "{ flow_run(order_by: {start_time: desc_nulls_last}, limit: 50) { id } }"
    ),
    "runs that are late": (
        '{ flow_run(where: {state: {_eq: "Scheduled"}, state_start_time: {_lt: "2100-01-01"}},'
        " order_by: {state_start_time: asc}) { id } }"
    ),
    "how many runs are under way": (
        '{ flow_run_aggregate(where: {state: {_in: ["Running", "Cancelling"]}})'
        " { aggregate { count } } }"
    ),
    "what changed of late": (
        '{ flow_run(where: {updated: {_gt: "LATELY"}}, order_by: {updated: asc}) { id } }'
    ),
    "a run by its name": '{ flow_run(where: {name: {_eq: "run-7"}}) { id } }',
    "a run by its id": f'{{ flow_run_by_pk(id: "{SOMEBODY}") {{ id logs {{ message }} }} }}',
    "some runs by their ids": (
        f'{{ flow_run(where: {{id: {{_in: ["{SOMEBODY}"]}}}}) {{ id state version }} }}'
    ),
    "the last runs of each flow": (
        "{ flow { flow_runs(order_by: {scheduled_start_time: desc}, limit: 10) { id } } }"
    ),
    "the next run of each flow": (
        '{ flow { flow_runs(where: {state: {_eq: "Scheduled"}},'
        " order_by: {scheduled_start_time: asc}, limit: 1) { id } } }"
    ),
    "the log of a run, from a place on": (
        f'{{ log(where: {{flow_run_id: {{_eq: "{SOMEBODY}"}}, timestamp: {{_gte: "2026-01-01"}}}},'
        " order_by: [{timestamp: asc}, {id: asc}], limit: 500) { id message } }"
    ),
    "the log of a task run": (
        f'{{ log(where: {{task_run_id: {{_eq: "{SOMEBODY}"}}}}, order_by: {{timestamp: asc}})'
        " { id message } }"
    ),
    "the tasks of a run": (
        f'{{ task_run(where: {{flow_run_id: {{_eq: "{SOMEBODY}"}}}}) {{ id task {{ slug }} }} }}'
    ),
    "what a task run left in the cache": (
        '{ task_run(where: {state: {_eq: "Cached"}, cache_key: {_eq: "x"},'
        ' state_timestamp: {_gte: "2026-01-01"}}, order_by: {state_timestamp: desc}, limit: 100)'
        " { id } }"
    ),
}

READ_THROUGH = {
    # All are counted.
    "count_runs: all": {"flow_run"},
    # A part of a name is found by reading names.
    "search_names": {"flow_run"},
}
"""What may read through a table that grows, and which."""

LATELY = datetime.now(timezone.utc) - timedelta(minutes=20)

ARGUMENTS = {
    "tenant_id": SOMEBODY,
    "task_run_id": SOMEBODY,
    "states": ["Scheduled", "Retrying"],
    "before": datetime.now(timezone.utc),
    "labels": ["gpu"],
    "taken": ["Queued", "Submitted"],
    "limit": 25,
    "names": ["gpu"],
    "submitted": True,
    "since": LATELY,
    "under_way": ["Pending", "Running"],
}


@pytest.fixture(scope="module")
def busy(postgres_server: Postgres) -> Iterator[str]:
    """The location of a database with a past."""
    postgres_server.sql("CREATE DATABASE busy")
    yield postgres_server.url("busy")
    postgres_server.sql("DROP DATABASE busy WITH (FORCE)")


@pytest.fixture(scope="module")
def filled() -> list[str]:
    """The databases that have been filled."""
    return []


@pytest.fixture
async def explained(busy: str, filled: list[str]) -> AsyncIterator[Any]:
    """Says which tables a statement reads through."""
    connection = await asyncpg.connect(busy)
    if not filled:
        await (await open_storage(busy)).close()
        await connection.execute(FILL)
        filled.append(busy)

    async def scanned(sql: str, parameters: list[Any]) -> set[str]:
        (plan,) = json.loads(await connection.fetchval(f"EXPLAIN (FORMAT JSON) {sql}", *parameters))
        return set(_scanned(plan["Plan"]))

    yield scanned
    await connection.close()


def _scanned(step: dict[str, Any]) -> Iterator[str]:
    if step["Node Type"] == "Seq Scan":
        yield step["Relation Name"]
    for below in step.get("Plans", ()):
        yield from _scanned(below)


async def test_no_document_reads_the_past_through(busy: str, explained: Any) -> None:
    storage = CountingStorage(await open_storage(busy))
    world = World(storage, Documents(served_schema()))
    now = datetime.now(timezone.utc)
    ids = dict.fromkeys(IDS, SOMEBODY)
    asked = [
        Asked(name, text.replace("LATELY", LATELY.isoformat())) for name, text in DOCUMENTS.items()
    ]
    scans = {}
    for one in (*asked, *asked_by_dashboard(ids, now), *asked_by_client(ids, now)):
        await world.ask(one.text, one.variables)
        sql, parameters = storage.questions.pop()
        scans[one.name] = await explained(sql, parameters) & GROWING
    await storage.close()
    assert {name: tables for name, tables in scans.items() if tables} == READ_THROUGH


async def test_what_reads_it_through_is_seen(explained: Any) -> None:
    assert await explained("SELECT count(*) FROM flow_run WHERE context IS NOT NULL", []) == {
        "flow_run"
    }


@pytest.mark.parametrize(
    "question",
    [
        "runs_in_queue",
        "mapped_children",
        "places_by_label",
        "places_by_tag",
        "lost_flow_runs",
        "silent_task_runs",
        "silent_flow_runs",
    ],
)
async def test_no_agent_and_no_loop_reads_the_past_through(question: str, explained: Any) -> None:
    sql, parameters, _ = Sentences(POSTGRES).question(question, ARGUMENTS)
    assert not await explained(sql, parameters) & GROWING
