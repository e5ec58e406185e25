"""Following one run: asks the backend until the run has ended, and through its absences.

The state is read before the log, and after the end the log is read again until nothing more
comes: the lines a client sends last arrive after the state that it sends last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Protocol

from flowtui.errors import BackendError, NotFound, Unauthorized
from flowtui.frozen import frozen
from flowtui.models.agents import Agent
from flowtui.models.ids import FlowRunId
from flowtui.models.logs import LogCursor, LogLine, LogPage
from flowtui.models.runs import FlowRunDetail
from flowtui.models.tasks import TaskRun
from flowtui.models.text import duration
from flowtui.watch.story import Happening, Remark, Snapshot, Story
from flowtui.watch.waiting import is_overdue, why_waiting


def _now() -> datetime:
    return datetime.now(timezone.utc)


class Source(Protocol):
    """What is asked of a backend here."""

    async def run(self, run_id: FlowRunId) -> FlowRunDetail: ...

    async def task_runs(
        self, run_id: FlowRunId, updated_after: datetime | None = None
    ) -> list[TaskRun]: ...

    async def logs(self, run_id: FlowRunId, after: LogCursor | None = None) -> LogPage: ...

    async def agents(self) -> list[Agent]: ...


class SteeredSource(Source, Protocol):
    """A backend that can also be asked to cancel."""

    async def cancel_flow_run(self, run_id: FlowRunId) -> str: ...


@frozen
class Pace:
    """How often to ask, in seconds."""

    shortest: float = 1.0
    longest: float = 5.0
    growth: float = 1.3
    """Each question without news makes the next pause longer by this."""
    last_looks: float = 2.0
    """Between the end of a run and another look at its log."""
    longest_absence: float = 15.0
    """Between two attempts to reach a backend that does not answer."""


LAST_LOOKS = 5
"""More often than this nobody looks at the log of a run that has ended."""
LONG_OVER = timedelta(minutes=1)
"""A run that ended so long ago has sent all its lines."""


Tell = Callable[[Snapshot, Sequence[Happening]], None]


class Follower:
    """Asks about one run and tells what is new, each thing once."""

    def __init__(
        self,
        source: Source,
        run_id: FlowRunId,
        tell: Tell,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._source = source
        self._run_id = run_id
        self._tell = tell
        self._pace = pace or Pace()
        self._clock = clock
        self._story = Story()
        self._cursor: LogCursor | None = None
        self._changed: datetime | None = None
        """When the youngest of the known task runs changed."""
        self._snapshot: Snapshot | None = None
        self._reason = ""
        """Why nobody takes the run, as it was last told."""
        self._hurry = asyncio.Event()

    def hurry(self) -> None:
        """Ask again without waiting: somebody has just changed something."""
        self._hurry.set()

    async def first(self) -> Snapshot:
        """Ask for the first time; here a backend that does not answer is an error."""
        await self._ask()
        assert self._snapshot is not None
        return self._snapshot

    async def follow(self) -> Snapshot:
        """Ask until the run has ended and said its last; returns how it ended."""
        pause = self._pace.shortest
        looks = 0
        while True:
            assert self._snapshot is not None
            if self._snapshot.run.is_finished:
                long_over = self._is_long_over()
                news = await self._ask_patiently(0.0 if long_over else self._pace.last_looks)
                looks += 1
                if self._snapshot.run.is_finished and (not news or looks >= LAST_LOOKS):
                    return self._snapshot
            else:
                looks = 0
                news = await self._ask_patiently(pause)
                grown = min(pause * self._pace.growth, self._pace.longest)
                pause = self._pace.shortest if news else grown

    def _is_long_over(self) -> bool:
        assert self._snapshot is not None
        ended = self._snapshot.run.state.timestamp
        return ended is not None and self._clock() - ended > LONG_OVER

    async def _ask_patiently(self, pause: float) -> bool:
        """Ask after a pause, until there is an answer; whether there was news."""
        failures = 0
        while True:
            await self._rest(pause)
            try:
                news = await self._ask()
            except (NotFound, Unauthorized):
                raise
            except BackendError as error:
                failures += 1
                pause = min(2.0 ** (failures - 1) * self._pace.shortest, self._pace.longest_absence)
                if failures == 1:
                    self._lost(error)
            else:
                return news or failures > 0

    async def _rest(self, pause: float) -> None:
        if pause:
            try:
                await asyncio.wait_for(self._hurry.wait(), pause)
            except asyncio.TimeoutError:
                return
            self._hurry.clear()

    def _lost(self, error: BackendError) -> None:
        assert self._snapshot is not None
        self._snapshot = Snapshot(self._snapshot.detail, self._snapshot.tasks, self._clock())
        remark = Remark(self._clock(), f"The backend is gone, trying again. {error.message}")
        self._tell(self._snapshot, [remark])

    async def _ask(self) -> bool:
        """One round of questions; nothing is remembered of a round that was cut off."""
        detail = await self._source.run(self._run_id)
        changed = await self._source.task_runs(self._run_id, self._changed)
        cursor, lines = await self._new_lines()
        reason = await self._reason_to_wait(detail)

        happenings: list[Happening] = []
        silent_since = self._snapshot.silent_since if self._snapshot else None
        if silent_since is not None:
            spent = duration(self._clock() - silent_since)
            happenings.append(Remark(self._clock(), f"The backend is back after {spent}.", False))
        happenings += self._story.run_changes(detail)
        happenings += self._story.task_changes(changed)
        happenings += self._story.finished_maps()
        happenings += self._story.entries(lines)
        if reason not in ("", self._reason):
            happenings.append(Remark(self._clock(), reason))
            self._reason = reason
        self._cursor = cursor
        self._changed = max(
            (t.updated for t in changed if t.updated is not None), default=self._changed
        )
        self._snapshot = Snapshot(detail, tuple(self._story.tasks.values()))
        self._tell(self._snapshot, happenings)
        return bool(happenings)

    async def _reason_to_wait(self, detail: FlowRunDetail) -> str:
        if not is_overdue(detail.run, self._clock()):
            return ""
        return why_waiting(detail.run, await self._source.agents(), self._clock())

    async def _new_lines(self) -> tuple[LogCursor | None, list[LogLine]]:
        cursor, lines = self._cursor, list[LogLine]()
        while True:
            page = await self._source.logs(self._run_id, cursor)
            lines += page.lines
            cursor = page.cursor or cursor
            if page.complete:
                return cursor, lines
