"""The time lock: where the cursor goes, and how much of the time is in sight."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from flowtui.ui.time_lock import MOST_ZOOM, TimeLock
from flowtui.ui.timeline import Axis

START = datetime(2026, 11, 20, 3, 0, tzinfo=timezone.utc)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


WHOLE = Axis(START, at(1000), 100, now=at(800))
"""Ten seconds a cell."""


def test_the_cursor_enters_where_now_is_and_goes_no_further() -> None:
    lock = TimeLock().moved(WHOLE, -1)
    assert lock.cursor == at(790)
    assert lock.moved(WHOLE, 50).cursor == at(800)
    assert lock.moved(WHOLE, -500).cursor == START


def test_a_finished_run_is_entered_at_its_end() -> None:
    assert TimeLock().moved(Axis(START, at(1000), 100), -3).cursor == at(970)


def test_zooming_halves_what_is_in_sight_around_the_cursor() -> None:
    lock = TimeLock(at(400)).zoomed(WHOLE, 1)
    axis = lock.seen_of(WHOLE)
    assert (axis.start, axis.end, axis.cursor) == (at(150), at(650), at(400))
    assert lock.zoomed(WHOLE, 50).zoom == MOST_ZOOM
    assert lock.zoomed(WHOLE, -1).seen_of(WHOLE).start == START


def test_what_is_in_sight_never_leaves_the_run() -> None:
    early, late = TimeLock(START).zoomed(WHOLE, 2), TimeLock(at(1000)).zoomed(WHOLE, 2)
    assert early.seen_of(WHOLE).start == START
    assert late.seen_of(WHOLE).end == at(1000)
    assert late.panned(WHOLE, 5).seen_of(WHOLE).end == at(1000)
    assert early.panned(WHOLE, -5).seen_of(WHOLE).start == START


def test_panning_moves_by_half_of_what_is_in_sight() -> None:
    lock = TimeLock(at(500)).zoomed(WHOLE, 1).panned(WHOLE, 0.5)
    assert lock.seen_of(WHOLE).start == at(500)
    assert TimeLock(at(500)).panned(WHOLE, 0.5) == TimeLock(at(500))


def test_a_cursor_that_leaves_the_view_takes_it_along() -> None:
    lock = TimeLock(at(100)).zoomed(WHOLE, 2)
    far = lock.at(at(700), WHOLE)
    assert far.seen_of(WHOLE).cell(at(700)) is not None
    assert lock.at(at(120), WHOLE).seen_of(WHOLE).start == lock.seen_of(WHOLE).start
