"""The keys that move a run's page in time: timeline, log and tasks stand on the same moment.

Moving the time cursor takes the log along, moving in the log takes the cursor along, and while
there is a cursor, going to another task goes to the moment that tells of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from textual import on

from flowtui.models import states
from flowtui.ui.actions import action
from flowtui.ui.run_timeline import RunTimeline, telling_moment
from flowtui.ui.screens.listing import ListingScreen
from flowtui.ui.task_listing import TaskListing
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.widgets.log import LogView
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.sliced_log import SlicedLog
from flowtui.ui.widgets.table import RecordTable


def read(screen: Any) -> str | None:
    """The run has been read."""
    return None if screen.view is not None else "the run has not been read yet"


def zoomed(screen: Any) -> str | None:
    """Not all of the time is in sight."""
    return None if screen.timeline.lock.zoom else "all of the run's time is in sight; + zooms"


def timed(screen: Any) -> str | None:
    """There is time to move in."""
    if read(screen) is not None:
        return read(screen)
    begun = screen.timeline.whole() is not None
    return None if begun else "the run has not started, so there is no time to move in"


def stopped(screen: Any) -> str | None:
    """The page is not live: a time cursor, a part of the time, or a place in the log."""
    lock = screen.timeline.lock
    live = lock.cursor is None and not lock.zoom and screen.log_view.following
    return "you are at the end of the log" if live else None


class TimeKeys(ListingScreen):
    """A page with a timeline in the rows of its list, and a log under it."""

    def __init__(self) -> None:
        super().__init__()
        self.timeline = RunTimeline(
            self.shown_now,
            lambda: self.flowtui.zone,
            lambda: cast(TaskListing, self.listing).all_rows,
            lambda: self.tasks.rows,
        )
        self._at_task = ""
        """The key of the row the cursor was last seen on."""

    @property
    def tasks(self) -> RecordTable[TaskRow]:
        """The tasks of the run."""
        return self.query_one("#tasks", RecordTable)

    @property
    def log_view(self) -> SlicedLog:
        """The log of the run."""
        return self.query_one("#log", SlicedLog)

    @on(RecordTable.Highlighted)
    def _task_highlighted(self, event: RecordTable.Highlighted) -> None:
        self.task_changed()
        moved, self._at_task = event.record.key != self._at_task, event.record.key
        if moved and self.timeline.is_locked and self.tasks.has_focus:
            when = telling_moment(event.record, self.shown_now())
            if when is not None:
                self._lock_to(when, event.record)

    def task_changed(self) -> None:
        """Paint what speaks of the task under the cursor."""

    @on(LogView.Moved)
    def _log_moved(self) -> None:
        line = self.log_view.line
        if self.log_view.has_focus and line is not None:
            if self.log_view.following:
                self.timeline.release()
            else:
                self.timeline.go_to(line.timestamp)
            self._show_time()

    # The time one stands on

    def _lock_to(self, when: datetime, ended: TaskRow | None = None) -> None:
        """Stand on a moment, in the timeline and in the log; there on the error, where a task that
        ended with one ended then."""
        self.timeline.go_to(when)
        found = False
        if ended is not None and states.is_failed(ended.state) and ended.start is not None:
            writers = {ended.task.id, *(child.id for child in ended.children)}
            found = self.log_view.go_to_error_of(writers, ended.start, when)
        if not found:
            self.log_view.go_to_time(when)
        self._show_time()

    def _show_time(self) -> None:
        self.tasks.repaint()
        self.query_one("#log-title", Lines).repaint()
        self.show_keys()

    @action("h,left", "back in time", timed, pane="tasks")
    def earlier(self) -> None:
        """Move the time cursor a cell back; the log goes along."""
        self._move_time(-1)

    @action("right", "on in time", timed, bar=False, pane="tasks")
    def later(self) -> None:
        """Move the time cursor a cell on, also with l while there is one; the log goes along."""
        self._move_time(1)

    @action("ctrl+left", "far back in time", timed, bar=False, pane="tasks")
    def much_earlier(self) -> None:
        """Move the time cursor ten cells back."""
        self._move_time(-10)

    @action("ctrl+right", "far on in time", timed, bar=False, pane="tasks")
    def much_later(self) -> None:
        """Move the time cursor ten cells on."""
        self._move_time(10)

    def _move_time(self, cells: int) -> None:
        when = self.timeline.move(cells)
        if when is not None:
            self._lock_to(when)

    @action("plus,equals_sign", "zoom", read, bar=False, pane="tasks")
    def zoom_in(self) -> None:
        """See half as much of the run's time, around the time cursor."""
        self.timeline.zoom(1)
        self._show_time()

    @action("underscore", "zoom out", read, bar=False, pane="tasks")
    def zoom_out(self) -> None:
        """See twice as much of the run's time."""
        self.timeline.zoom(-1)
        self._show_time()

    @action("less_than_sign", "pan back", zoomed, bar=False, pane="tasks")
    def pan_back(self) -> None:
        """See the time before what is in sight."""
        self.timeline.pan(-0.5)
        self._show_time()

    @action("greater_than_sign", "pan on", zoomed, bar=False, pane="tasks")
    def pan_on(self) -> None:
        """See the time after what is in sight."""
        self.timeline.pan(0.5)
        self._show_time()

    def release_time(self) -> None:
        """Be live again: no time cursor, and the log followed."""
        self.timeline.release()
        self.log_view.action_follow()
        self._show_time()

    @action("escape,q", "back", bar=False)
    def go_back(self) -> None:
        """A step back: the time cursor, the filter, the page."""
        if self.timeline.is_locked or self.timeline.lock.zoom:
            self.release_time()
        else:
            super().go_back()
