"""Which index answers which question: a page must not cost more because the past is long.

The planner knows nothing of a database but what it was told when the tables were made, so what it
plans here, where there is hardly a row, it plans for a million.
"""

from __future__ import annotations

import re
import sqlite3

import pytest

from flowtui.server.query import Documents
from flowtui.server.storage import open_storage
from flowtui.server.storage.functions import bring_functions
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
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
    connection.close()

    steps = [step for *_, step in plan]
    assert any(re.search(rf"INDEX {index}\b", step) for step in steps), steps
