"""Which index answers the questions that loops and limits ask: they must not cost more because the
past is long.

The planner knows nothing of a database but what it was told when the tables were made, so what it
plans here, where there is no row, it plans for a million.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from flowtui.server.storage import Storage
from flowtui.server.storage.dialect import SQLITE
from flowtui.server.storage.functions import bring_functions
from flowtui.server.storage.sentences import Sentences
from flowtui.server.storage.values import by_number

BY_STATE = {
    "places_by_label": "SEARCH run USING INDEX flow_run_by_state_and_",
    "places_by_tag": "SEARCH part USING INDEX task_run_by_state_and_",
    "lost_flow_runs": "SEARCH run USING INDEX flow_run_by_state_and_",
    "silent_flow_runs": "SEARCH run USING INDEX flow_run_by_state_and_",
    "silent_task_runs": "SEARCH part USING INDEX task_run_by_state_and_",
}
"""Those that begin with the few runs in a state and find all else by keys."""

ARGUMENTS = {
    "since": "2026-01-01",
    "under_way": [],
    "taken": [],
    "limit": 50,
    "submitted": True,
    "names": [],
    "tenant_id": "00000000-0000-4000-8000-000000000000",
}


@pytest.mark.parametrize("name", BY_STATE)
async def test_the_few_runs_in_a_state_are_found_first(
    storage: Storage, path: Path, name: str
) -> None:
    connection = sqlite3.connect(path)
    bring_functions(connection)
    sql, parameters, _ = Sentences(SQLITE).question(name, ARGUMENTS)
    steps = [
        step
        for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", by_number(sql, parameters))
    ]
    connection.close()
    assert steps[0].startswith(BY_STATE[name]), steps
    tables = [step for step in steps if step.startswith(("SCAN", "SEARCH"))]
    scanned = {step for step in tables if step.startswith("SCAN")}
    # What is listed in one row, or given as an argument.
    assert all(step.endswith(" VIRTUAL TABLE INDEX 1:") for step in scanned), steps
