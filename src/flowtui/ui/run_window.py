"""A window on a list of runs that may have a million: what is on, and a stretch of what has been.

The stretch grows where one scrolls to and loses what lies far behind; what is looked at is asked
for again and again, the rest is as it was when it was read. Where the backend cannot be asked for
all that a filter says, the stretch has only the runs that pass it, and knows how many it looked at.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flowtui.frozen import frozen
from flowtui.models.conditions import ANYTHING, every
from flowtui.models.filters import Filter
from flowtui.models.run_conditions import been
from flowtui.models.run_lists import RunKey, RunLists, key_of
from flowtui.models.runs import FlowRun
from flowtui.models.times import Clock

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

PAGE = 200
"""Runs that are asked for at a time."""
KEPT = 2000
"""Runs of the stretch that are kept; those farthest away go first."""

Meant = Callable[[datetime], Filter[FlowRun]]


@frozen
class RunCounts:
    """How many runs there are."""

    total: int
    matching: int | None
    """How many of them the filter lets through; None where the backend cannot say."""


class RunWindow:
    """What is held of the runs that pass one filter."""

    def __init__(self, meant: Meant, clock: Clock) -> None:
        self._meant = meant
        self._clock = clock
        self._lists = RunLists()
        self._to_come = PAGE
        self._seen: RunKey | None = None
        self._top: RunKey | None = None
        """Of the newest run that was looked at."""
        self._bottom: RunKey | None = None
        """Of the oldest one."""
        self.been: list[FlowRun] = []
        """The stretch, the newest first."""
        self.looked_at = 0
        """Runs of the past that were looked through."""
        self.goes_on_above = False
        """Newer ones were there and are no longer held."""
        self.goes_on_below = True
        """There are older ones."""

    # What it shows

    @property
    def runs(self) -> list[FlowRun]:
        """All that is held; what is to come stands behind the oldest run."""
        to_come: Sequence[FlowRun] = () if self.goes_on_below else self._lists.to_come
        # What was read long ago may be on by now, or planned again.
        moved = {run.id for run in (*self._lists.at_work, *to_come)}
        past = (run for run in self.been if run.id not in moved) if moved else self.been
        return [*self._lists.at_work, *past, *to_come]

    @property
    def is_whole(self) -> bool:
        """Whether every run that passes the filter is held."""
        cut = self.goes_on_above or self.goes_on_below
        return not cut and self._lists.to_come_is_last

    @property
    def has_more_below(self) -> bool:
        """Whether more can be read on at the end."""
        return self.goes_on_below or not self._lists.to_come_is_last

    def look_near(self, run: FlowRun) -> None:
        """Keep the part fresh in which this run stands."""
        self._seen = key_of(run)

    # Reading

    async def look(self, backend: Backend) -> RunWindow:
        """Ask again for what is looked at."""
        now = self._clock()
        meant = self._meant(now)
        start = self._start()
        lists = await backend.run_lists(meant.condition, now, start, PAGE, self._to_come)
        self._lists = lists
        if start is None or self._holds(start):
            self._replace(start, lists.been, lists.been_is_last, meant)
        return self

    async def count(self, backend: Backend) -> RunCounts:
        """How many runs there are, and how many of them pass."""
        meant = self._meant(self._clock())
        total = await backend.count_runs(ANYTHING)
        if meant.condition == ANYTHING:
            return RunCounts(total, total if meant.meaning.is_exact else None)
        if not meant.meaning.is_exact:
            return RunCounts(total, None)
        return RunCounts(total, await backend.count_runs(meant.condition))

    async def read_below(self, backend: Backend) -> None:
        """Read the next page at the end."""
        if not self.goes_on_below:
            self._to_come += PAGE
            await self.look(backend)
            return
        meant, bottom = self._meant(self._clock()), self._bottom
        page = await backend.runs_below(every((meant.condition, been())), bottom, PAGE)
        if bottom == self._bottom:
            self._append(page, meant)

    async def read_above(self, backend: Backend) -> None:
        """Read again what stood above, and was let go."""
        if not self.goes_on_above or not self.been:
            return
        meant, top = self._meant(self._clock()), self._top
        assert top is not None
        page = await backend.runs_above(every((meant.condition, been())), top, PAGE)
        if top != self._top:
            return
        self.goes_on_above = len(page) == PAGE
        self._top = key_of(page[0]) if page else top
        self.been = [*_passing(page, meant), *self.been]
        self._let_go_below()

    def go_to_the_top(self) -> None:
        """Let go of everything; the next look begins with the newest run."""
        self.been, self.looked_at = [], 0
        self._seen = self._top = self._bottom = None
        self.goes_on_above, self.goes_on_below = False, True

    # The stretch

    def _start(self) -> RunKey | None:
        """Where the part begins that is looked at: below this run, or None for the newest."""
        if self._seen is None or not self.been:
            return None
        place = self._place(self._seen) - PAGE // 2
        if place > 0:
            return key_of(self.been[place])
        return self._top if self.goes_on_above else None

    def _holds(self, key: RunKey) -> bool:
        """Whether a place is still within the stretch, which may have been let go meanwhile."""
        if self._top is None or self._bottom is None:
            return False
        return self._bottom <= key <= self._top

    def _place(self, key: RunKey) -> int:
        """Where in the stretch a key stands, or would."""
        return bisect_left(self.been, True, key=lambda run: key_of(run) <= key)

    def _replace(
        self, start: RunKey | None, page: Sequence[FlowRun], is_last: bool, meant: Filter[FlowRun]
    ) -> None:
        """Put a fresh page in the place of what was held of that part."""
        end = None if is_last or not page else key_of(page[-1])
        if start is None:
            if end is not None and self._top is not None and end > self._top:
                self.go_to_the_top()  # so many are new that nothing joins
            self.goes_on_above = False
            self._top = key_of(page[0]) if page else None
        above = [] if start is None else [run for run in self.been if key_of(run) >= start]
        below = [] if end is None else [run for run in self.been if key_of(run) < end]
        self.been = [*above, *_passing(page, meant), *below]
        if end is None:
            self._bottom, self.goes_on_below = key_of(page[-1]) if page else start, False
        elif self._bottom is None or end <= self._bottom:
            self._bottom, self.goes_on_below = end, True
        self.looked_at = max(self.looked_at, len(page))
        if start is None:
            self._let_go_below()

    def _let_go_below(self) -> None:
        if len(self.been) > KEPT:
            del self.been[KEPT:]
            self._bottom, self.goes_on_below = key_of(self.been[-1]), True

    def _append(self, page: Sequence[FlowRun], meant: Filter[FlowRun]) -> None:
        self.goes_on_below = len(page) == PAGE
        self.looked_at += len(page)
        if page:
            self._bottom = key_of(page[-1])
        self.been = [*self.been, *_passing(page, meant)]
        excess = len(self.been) - KEPT
        if excess > 0:
            del self.been[:excess]
            self._top, self.goes_on_above = key_of(self.been[0]), True


def _passing(page: Sequence[FlowRun], meant: Filter[FlowRun]) -> Sequence[FlowRun]:
    return page if meant.meaning.is_exact else [run for run in page if meant.matches(run)]
