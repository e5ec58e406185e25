"""What a run's timeline is locked to: a moment under the time cursor, and how much of it is seen.

A value of its own: what a key does to it can be read and tested without a screen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flowtui.frozen import frozen
from flowtui.ui.timeline import Axis

MOST_ZOOM = 10
"""How often the stretch of time can be halved."""


@frozen
class TimeLock:
    """The moment one stands on, None while the page is live; and the part of the axis in sight."""

    cursor: datetime | None = None
    zoom: int = 0
    """How often the whole stretch was halved."""

    middle: datetime | None = None
    """The middle of what is in sight, once not all of it is."""

    def seen_of(self, whole: Axis) -> Axis:
        """The part of the axis that is in sight, with the cursor on it."""
        if not self.zoom:
            return replace(whole, cursor=self.cursor)
        span = (whole.end - whole.start) / 2**self.zoom
        start = self._middle_of(whole) - span / 2
        start = max(whole.start, min(start, whole.end - span))
        return replace(whole, start=start, end=start + span, cursor=self.cursor)

    def moved(self, whole: Axis, cells: int) -> TimeLock:
        """The cursor some cells further; it enters where now is, and takes the view along."""
        axis = self.seen_of(whole)
        cell = (axis.end - axis.start) / max(1, axis.width)
        latest = min(whole.end, whole.now or whole.end)
        here = self.cursor or latest
        at = max(whole.start, min(latest, here + cell * cells))
        return self.at(at, whole)

    def at(self, when: datetime, whole: Axis | None) -> TimeLock:
        """The cursor on that moment, which is brought into sight."""
        moved = replace(self, cursor=when)
        if whole is not None and self.zoom and self.seen_of(whole).cell(when) is None:
            return replace(moved, middle=when)
        return moved

    def zoomed(self, whole: Axis, steps: int) -> TimeLock:
        """More of the time in sight, or less; the cursor, else now, stays in the middle."""
        zoom = max(0, min(MOST_ZOOM, self.zoom + steps))
        if not zoom:
            return replace(self, zoom=0, middle=None)
        return replace(self, zoom=zoom, middle=self.cursor or self._middle_of(whole))

    def panned(self, whole: Axis, views: float) -> TimeLock:
        """The view moved by so much of itself, earlier or later."""
        if not self.zoom:
            return self
        axis = self.seen_of(whole)
        span = axis.end - axis.start
        middle = axis.start + span / 2 + span * views
        first, last = whole.start + span / 2, whole.end - span / 2
        return replace(self, middle=max(first, min(last, middle)))

    def released(self) -> TimeLock:
        """Live again: no cursor, and all of the time in sight."""
        return TimeLock()

    def _middle_of(self, whole: Axis) -> datetime:
        return self.middle or whole.now or whole.start + (whole.end - whole.start) / 2
