"""A run followed live: its state, its task runs and its log, each fetched once and then added to.

The state is read before the last page of the log, and everything is read once more after the end,
so that nothing a run says last is missed.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flowtui.errors import NotUnderstood, Refused
from flowtui.frozen import frozen
from flowtui.models.course import Course
from flowtui.models.ids import FlowRunId, TaskRunId
from flowtui.models.logs import LogLine
from flowtui.models.run_lists import RunNumber
from flowtui.models.runs import FlowRunDetail
from flowtui.models.task_pages import TaskPlace
from flowtui.models.tasks import TaskRun
from flowtui.ui.live_log import LiveLog
from flowtui.ui.log_book import LogBook

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

PAGES = 4
"""Pages of task runs a look takes at most, so that nothing else waits for many."""


@frozen
class RunView:
    """A run as it was at one look."""

    detail: FlowRunDetail
    tasks: tuple[TaskRun, ...]
    lines: int
    """How many log lines have been read."""

    is_complete: bool
    """Whether the end of the log was reached, and every task run was read."""

    is_settled: bool
    """Whether it was looked at again after it ended."""

    course: Course | None = None
    """How the flow's last run that went well went."""

    number: RunNumber | None = None
    """Which of its flow's runs it is, as far as that is known."""


class LiveRun:
    """Everything known of one run, and how to learn what is new."""

    def __init__(self, run_id: FlowRunId) -> None:
        self.run_id = run_id
        self.log = LiveLog(run_id)
        self._tasks: dict[TaskRunId, TaskRun] = {}
        self._place: TaskPlace | None = None
        self._failed_first = True
        """What went wrong is asked for before all else: there may be very many task runs."""
        self._looks_after_end = 0
        self._course: Course | None = None
        self._number: RunNumber | None = None

    @property
    def lines(self) -> LogBook:
        """The log in the order it was read; it only grows, until an older part is put before it."""
        return self.log.book

    @property
    def tasks(self) -> Mapping[TaskRunId, TaskRun]:
        """The task runs that were read."""
        return self._tasks

    def source_of(self, line: LogLine) -> str:
        """The task that wrote a line, else its logger."""
        task = self._tasks.get(line.task_run_id) if line.task_run_id else None
        return task.label if task is not None else line.logger.removeprefix("prefect.")

    async def look(self, backend: Backend) -> RunView:
        """Ask what is new since the last look."""
        detail = await backend.run(self.run_id)
        tasks_complete = await self._read_tasks(backend)
        complete = await self._read_log(backend) and tasks_complete
        if self._course is None:
            asked = self._usual_course(backend, detail), self._number_of(backend, detail)
            self._course, self._number = await gather(*asked)
        if not detail.run.is_finished:
            self._looks_after_end = 0
        elif complete:
            self._looks_after_end += 1
        return RunView(
            detail,
            tuple(self._tasks.values()),
            len(self.lines),
            complete,
            self._looks_after_end > 2,
            self._course,
            self._number,
        )

    async def _usual_course(self, backend: Backend, detail: FlowRunDetail) -> Course:
        """How it should go; a backend that cannot say costs the page no more than that."""
        try:
            return await backend.usual_course(detail.flow_group_id, self.run_id)
        except (Refused, NotUnderstood):
            return Course()

    async def _number_of(self, backend: Backend, detail: FlowRunDetail) -> RunNumber | None:
        """Which run it is, asked once; a backend that cannot say costs the page no more."""
        try:
            return await backend.run_number(detail.flow_group_id, detail.run)
        except (Refused, NotUnderstood):
            return None

    async def _read_tasks(self, backend: Backend) -> bool:
        """Read the task runs that changed, a few pages at a time; whether those were all."""
        if self._failed_first:
            self._failed_first = False
            for task in await backend.failed_task_runs(self.run_id):
                self._tasks[task.id] = task
        for _ in range(PAGES):
            page = await backend.changed_task_runs(self.run_id, self._place)
            for task in page.tasks:
                self._tasks[task.id] = task
            self._place = page.place
            if page.complete:
                return True
        return False

    async def _read_log(self, backend: Backend) -> bool:
        return await self.log.look(backend)


def pause_after(view: RunView | None) -> float:
    """Seconds until the next look: short while there is more to read or it runs, then long."""
    if view is None:
        return 2.0
    if not view.is_complete:
        return 0.05
    return 20.0 if view.is_settled else 1.0
