"""The timeline of a run's page: what its rows draw, and the moment it is locked to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from flowtui.models.course import Course
from flowtui.models.states import StateRecord
from flowtui.ui.ink import Piece
from flowtui.ui.live_run import RunView
from flowtui.ui.task_rows import TaskRow, axis_of, bars_of
from flowtui.ui.time_lock import TimeLock
from flowtui.ui.timeline import Axis, Moment, axis_line, gantt
from flowtui.ui.tokens import Palette

LEAST = 12
"""Cells below which a timeline says nothing."""

BREAKS = ("Scheduled", "Retrying", "Paused", "Resume", "Cancelling")
"""States that interrupt a run."""


class RunTimeline:
    """Draws the rows of one run on one axis, all of it or a part.

    All its rows give the axis, and the places of those that are shown their colours.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        zone: Callable[[], tzinfo | None],
        rows: Callable[[], Sequence[TaskRow]],
        shown: Callable[[], Sequence[TaskRow]],
    ) -> None:
        self._now = now
        self._zone = zone
        self._rows = rows
        self._shown = shown
        self._view: RunView | None = None
        self._placed: Sequence[TaskRow] = ()
        self._places: dict[str, int] = {}
        self._width = 60
        self._known: tuple[datetime, int, Axis | None] | None = None
        self.lock = TimeLock()

    @property
    def is_locked(self) -> bool:
        """Whether somebody stands on a moment."""
        return self.lock.cursor is not None

    def show(self, view: RunView) -> None:
        """Draw this run from now on; its rows are asked for when they are drawn."""
        self._view, self._known = view, None

    def whole(self) -> Axis | None:
        """All of the run's time, as wide as it was last drawn."""
        return self._axis(self._width)

    def _axis(self, width: int) -> Axis | None:
        now = self._now()
        if self._view is None or width < LEAST:
            return None
        if self._known is None or self._known[:2] != (now, width):
            self._known = now, width, axis_of(self._view.detail, self._rows(), now, width)
        return self._known[2]

    def paint_axis(self, palette: Palette, width: int) -> list[Piece]:
        """The clocks above the rows."""
        if width >= LEAST:
            self._width = width
        axis = self._axis(width)
        if axis is None or self._view is None:
            return []
        breaks = breaks_of(self._view.detail.states)
        return axis_line(self.lock.seen_of(axis), palette, self._zone(), breaks)

    def paint_bar(self, row: TaskRow, palette: Palette, width: int) -> list[Piece]:
        """One row."""
        axis = self._axis(width)
        if axis is None:
            return []
        seen = self.lock.seen_of(axis)
        if row.is_strip:
            return gantt(seen, palette)
        bars, moments = bars_of(row, self._now())
        place = self._place_of(row)
        return gantt(seen, palette, bars, self._expected(row), moments=moments, row=place)

    def _place_of(self, row: TaskRow) -> int:
        shown = self._shown()
        if shown is not self._placed:
            self._placed = shown
            self._places = {one.key: place for place, one in enumerate(shown)}
        return self._places.get(row.key, 0)

    def _expected(self, row: TaskRow) -> tuple[datetime, datetime] | None:
        """When a task that is not over should run, going by the last time all went well."""
        assert self._view is not None
        run, course = self._view.detail.run, self._view.course or Course()
        over = row.end is not None or row.task.is_finished or row.task.is_child
        mapping = bool(row.children) and row.end is None
        if run.is_finished or run.start_time is None or (over and not mapping):
            return None
        return course.expected(row.task.task_slug, run.start_time, row.start, self._now())

    # What keys do

    def move(self, cells: int) -> datetime | None:
        """Move the cursor by cells; where it is then."""
        whole = self.whole()
        if whole is not None:
            self.lock = self.lock.moved(whole, cells)
        return self.lock.cursor

    def go_to(self, when: datetime) -> None:
        """Put the cursor on a moment."""
        self.lock = self.lock.at(when, self.whole())

    def zoom(self, steps: int) -> None:
        """See less of the time, or more."""
        whole = self.whole()
        if whole is not None:
            self.lock = self.lock.zoomed(whole, steps)

    def pan(self, views: float) -> None:
        """See what was before, or after."""
        whole = self.whole()
        if whole is not None:
            self.lock = self.lock.panned(whole, views)

    def release(self) -> None:
        """Be live again."""
        self.lock = self.lock.released()


def breaks_of(history: Sequence[StateRecord]) -> list[Moment]:
    """Where a run that was running was planned again, paused or told to end."""
    ran = next((i for i, one in enumerate(history) if one.type == "Running"), len(history))
    return [Moment(one.timestamp, one.type) for one in history[ran:] if one.type in BREAKS]


def telling_moment(row: TaskRow, now: datetime) -> datetime | None:
    """When what a row tells of happened: its end, else the last thing it did, else its start."""
    if row.end is not None:
        return row.end
    return row.start if row.start is None or row.start <= now else None
