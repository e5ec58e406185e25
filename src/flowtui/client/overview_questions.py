"""What the overview asks besides of all runs, each in one question: few rows, or a few numbers."""

from __future__ import annotations

from collections.abc import Iterable

from flowtui.client import reading
from flowtui.client.connection import Connection
from flowtui.client.reading import Json
from flowtui.models import states
from flowtui.models.at_work import AtWork, RunningTask, at_work
from flowtui.models.ids import FlowRunId

TASKS = 20
"""Running tasks of a run that are looked at."""
BUSY = sorted(states.RUNNING | {"Paused", "Retrying"})
"""States of a task that say what its run is at."""


class OverviewQuestions:
    """Questions about how things go, in all flows at once."""

    connection: Connection

    async def running_tasks(self, runs: Iterable[FlowRunId]) -> dict[FlowRunId, AtWork]:
        """What is being done in each of these runs; one in which nothing is done is left out."""
        wanted = list(runs)
        if not wanted:
            return {}
        answer = await self.connection.execute(
            "running_tasks", runs=wanted, states=BUSY, limit=TASKS
        )
        found: dict[FlowRunId, AtWork] = {}
        with reading.understood("running tasks"):
            for row in answer["flow_run"]:
                tasks = [_running_task(one, row["id"]) for one in row["task_runs"]]
                told = at_work(tasks, more=len(tasks) == TASKS)
                if told is not None:
                    found[FlowRunId(reading.identity(row["id"]))] = told
        return found


def _running_task(row: Json, run_id: str) -> RunningTask:
    task = row["task"]
    mapped = [one["serialized_state"] for one in task["task_runs"] if one["flow_run_id"] == run_id]
    children = mapped[0].get("n_map_states") if mapped and isinstance(mapped[0], dict) else None
    return RunningTask(
        task["name"] or task["slug"] or "",
        row["state"] or "Running",
        int(row["map_index"]),
        children if isinstance(children, int) else 0,
    )
