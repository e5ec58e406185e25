"""What is said of a task beside its row."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from flowtui.models.states import RunState, StateRecord
from flowtui.models.tasks import TaskRun
from flowtui.ui.task_facts import attempts_told

NOW = datetime(2026, 11, 20, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("starts", "told"), [(0, "1 of 2"), (1, "1 of 2"), (2, "2 of 2"), (4, "4")]
)
def test_after_restarts_there_may_be_more_attempts_than_retries(starts: int, told: str) -> None:
    ran = tuple(StateRecord("Running", NOW) for _ in range(starts))
    state = RunState("Running", 1)
    task = TaskRun("id", "run", "task", "load", "load-1", state, max_retries=1, states=ran)
    assert attempts_told(task, " of ") == told
