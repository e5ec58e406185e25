"""What the overview asks besides of all runs, each in one question: few rows, or a few numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from sys import intern
from typing import Any

from flowtui.client import reading
from flowtui.client.connection import Connection
from flowtui.client.reading import Json
from flowtui.models import states
from flowtui.models.at_work import AtWork, RunningTask, at_work
from flowtui.models.ids import FlowGroupId, FlowRunId
from flowtui.models.outcomes import DayOutcome, PastRun, ProjectOutcome
from flowtui.models.runs import FlowRun, run_seconds
from flowtui.models.states import RunState
from flowtui.models.times import iso, told_time

CHILDREN = 8
"""Children of a mapped task in a run that are looked at: those that started last tell how far it
is."""
BUSY = sorted(states.RUNNING | {"Paused", "Retrying"})
"""States of a task that say what its run is at."""
ENDED = sorted(states.ENDED)
"""States of a run that is counted as over."""
DAYS = 14
"""As many as the document of days asks for."""
_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)


class OverviewQuestions:
    """Questions about how things go, in all flows at once."""

    connection: Connection

    async def running_tasks(self, runs: Iterable[FlowRun]) -> dict[FlowRunId, AtWork]:
        """What is being done in each of these runs; one in which nothing is done is left out."""
        wanted = {run.id: run.flow_id for run in runs if run.flow_id is not None}
        if not wanted:
            return {}
        flows = Counter(wanted.values())
        answer = await self.connection.execute(
            "running_tasks",
            flows=sorted(flows),
            runs=sorted(wanted),
            states=BUSY,
            limit=CHILDREN * max(flows.values()),
        )
        found: dict[FlowRunId, AtWork] = {}
        with reading.understood("running tasks"):
            for run_id, tasks in _by_run(answer["flow"]).items():
                told = at_work(tasks)
                if told is not None:
                    found[run_id] = told
        return found

    async def success_by_day(self, today: datetime, project: str | None = None) -> list[DayOutcome]:
        """How the runs of the last days went, of a project or of all; the last is the day of that
        moment, in its zone."""
        starts = last_days(today)
        answer = await self.connection.execute(
            "success_by_day",
            **{f"day_{index}": iso(start) for index, start in enumerate(starts)},
            project=project,
            succeeded=sorted(states.SUCCESS),
            ended=ENDED,
        )
        with reading.understood("how days went"):
            return [
                DayOutcome(
                    start,
                    reading.count(answer[f"succeeded_{index}"]),
                    reading.count(answer[f"ended_{index}"]),
                )
                for index, start in enumerate(starts[:-1])
            ]

    async def outcomes_by_project(self, since: datetime) -> list[ProjectOutcome]:
        """How the runs since a moment went in each project that had any, by name."""
        answer = await self.connection.execute(
            "outcomes_by_flow", since=iso(since), failed=sorted(states.FAILURES), ended=ENDED
        )
        counts: dict[str, tuple[int, int]] = {}
        with reading.understood("how projects went"):
            for row in answer["flow"]:
                name = reading.text((row["project"] or {}).get("name"))
                failed, ended = counts.get(name, (0, 0))
                counts[name] = (
                    failed + reading.count(row["failed"]),
                    ended + reading.count(row["ended"]),
                )
        return [ProjectOutcome(name, *counts[name]) for name in sorted(counts)]

    async def past_runs(
        self, groups: Iterable[FlowGroupId], now: datetime, limit: int
    ) -> dict[FlowGroupId, list[PastRun]]:
        """How the last runs of each of these flows went, the newest first."""
        answer = await self.connection.execute("past_runs", groups=list(groups), limit=limit)
        found: dict[FlowGroupId, list[PastRun]] = {}
        with reading.understood("past runs"):
            for row in answer["flow_group"]:
                runs = [_past_run(run, now) for one in row["flows"] for run in one["flow_runs"]]
                runs.sort(key=lambda run: run.due, reverse=True)
                found[FlowGroupId(reading.identity(row["id"]))] = runs[:limit]
        return found


def last_days(today: datetime) -> list[datetime]:
    """When each of the last fourteen days began, on the wall of whoever looks, and when the last
    one ends."""
    morning = today.replace(hour=0, minute=0, second=0, microsecond=0)
    return [(morning + timedelta(days=number)).replace(fold=0) for number in range(1 - DAYS, 2)]


def _past_run(row: Json, now: datetime) -> PastRun:
    state = RunState(reading.text(row["state"]) or "Pending", 0)
    start, end = reading.moment(row["start_time"]), reading.moment(row["end_time"])
    due = told_time(row["scheduled_start_time"])
    return PastRun(intern(state.type), due, run_seconds(state, start, end, now))


def _by_run(flows: Iterable[Json]) -> dict[FlowRunId, list[RunningTask]]:
    """The running tasks of each run, the one that started last first."""
    started: dict[FlowRunId, list[tuple[datetime | None, RunningTask]]] = {}
    for task in (task for flow in flows for task in flow["tasks"]):
        children = {one["flow_run_id"]: one["n_map_states"] for one in task["mapped"]}
        for one in task["task_runs"]:
            run_id = FlowRunId(reading.identity(one["flow_run_id"]))
            running = _running_task(task, one, children.get(run_id))
            start = reading.moment(one["start_time"])
            started.setdefault(run_id, []).append((start, running))
    for found in started.values():
        found.sort(key=lambda one: (one[0] is None, one[0] or _LONG_AGO), reverse=True)
    return {run_id: [task for _, task in found] for run_id, found in started.items()}


def _running_task(task: Json, row: Json, children: Any) -> RunningTask:
    return RunningTask(
        reading.text(task["name"] or task["slug"]),
        reading.text(row["state"]) or "Running",
        int(row["map_index"]),
        children if isinstance(children, int) else 0,
    )
