"""What a backend can be asked of the task runs of one run, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flowtui.client import reading
from flowtui.client.conditions import where
from flowtui.client.connection import Connection
from flowtui.models import states
from flowtui.models.conditions import ANYTHING, Compared, Condition, either, every
from flowtui.models.ids import FlowRunId
from flowtui.models.task_pages import TaskPage, TaskPlace
from flowtui.models.tasks import TaskRun

TASKS = 500
"""Task runs a page."""

OVERLAP = timedelta(seconds=5)
"""How far before the newest change is read again: changes are written a little out of order."""

_FIRST_ID = "00000000-0000-0000-0000-000000000000"


class TaskRunQuestions:
    """Questions about the task runs of a run."""

    connection: Connection

    async def task_runs(
        self, run_id: FlowRunId, updated_after: datetime | None = None
    ) -> list[TaskRun]:
        """A run's task runs, or those that changed since a moment (and shortly before it)."""
        place = None if updated_after is None else TaskPlace(updated_after - OVERLAP, _FIRST_ID)
        found: list[TaskRun] = []
        while True:
            page = await self.changed_task_runs(run_id, place)
            found += page.tasks
            place = page.place
            if page.complete:
                return found

    async def changed_task_runs(
        self, run_id: FlowRunId, place: TaskPlace | None = None, limit: int = TASKS
    ) -> TaskPage:
        """The next task runs of a run that changed, behind a place; all of them from None on."""
        behind = ANYTHING if place is None else _behind(place)
        order = [{"updated": "asc"}, {"id": "asc"}]
        tasks = await self._task_runs(every((_of(run_id), behind)), order, limit)
        if len(tasks) == limit and tasks[-1].updated is not None:
            return TaskPage(tuple(tasks), TaskPlace(tasks[-1].updated, tasks[-1].id), False)
        newest = max((task.updated for task in tasks if task.updated), default=None)
        if newest is not None:
            place = TaskPlace(newest - OVERLAP, _FIRST_ID)
        return TaskPage(tuple(tasks), place)

    async def failed_task_runs(self, run_id: FlowRunId, limit: int = TASKS) -> list[TaskRun]:
        """The task runs of a run that ended badly, those that changed last."""
        failed = Compared("state", "in", tuple(sorted(states.FAILED)))
        order = [{"updated": "desc"}, {"id": "desc"}]
        return await self._task_runs(every((_of(run_id), failed)), order, limit)

    async def _task_runs(
        self, wanted: Condition, order: Sequence[Mapping[str, str]], limit: int
    ) -> list[TaskRun]:
        answer = await self.connection.execute(
            "task_runs", where=where(wanted), order=list(order), limit=limit
        )
        with reading.understood("task runs"):
            return [reading.task_run(row) for row in answer["task_run"]]


def _of(run_id: FlowRunId) -> Condition:
    return Compared("flow_run_id", "=", run_id, is_nullable=False)


def _behind(place: TaskPlace) -> Condition:
    then = [Compared("updated", relation, place.updated) for relation in (">=", ">")]
    return every((then[0], either((then[1], Compared("id", ">", place.id)))))
