"""What the overview asks besides of all runs, each in one question: few rows, or a few numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from sys import intern

from flowtui.client import reading
from flowtui.client.connection import Connection
from flowtui.client.reading import Json
from flowtui.models import states
from flowtui.models.at_work import AtWork, RunningTask, at_work
from flowtui.models.ids import FlowGroupId, FlowRunId
from flowtui.models.outcomes import DayOutcome, PastRun, ProjectOutcome
from flowtui.models.runs import run_seconds
from flowtui.models.states import RunState
from flowtui.models.times import iso, parse_time

TASKS = 20
"""Running tasks of a run that are looked at."""
BUSY = sorted(states.RUNNING | {"Paused", "Retrying"})
"""States of a task that say what its run is at."""
ENDED = sorted(states.ENDED)
"""States of a run that is counted as over."""
DAYS = 14
"""As many as the document of days asks for."""


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
    due = parse_time(row["scheduled_start_time"])
    return PastRun(intern(state.type), due, run_seconds(state, start, end, now))


def _running_task(row: Json, run_id: str) -> RunningTask:
    task = row["task"]
    mapped = [one["serialized_state"] for one in task["task_runs"] if one["flow_run_id"] == run_id]
    children = mapped[0].get("n_map_states") if mapped and isinstance(mapped[0], dict) else None
    return RunningTask(
        reading.text(task["name"] or task["slug"]),
        reading.text(row["state"]) or "Running",
        int(row["map_index"]),
        children if isinstance(children, int) else 0,
    )
