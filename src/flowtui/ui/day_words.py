"""What a day and a moment of it are, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from flowtui.models import states
from flowtui.models.calendar import Day, FlowDay, Stay
from flowtui.models.text import amount, away, clock, countdown, cut, duration, plain
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, blank
from flowtui.ui.tokens import Palette

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_name(day: Day, zone: tzinfo | None) -> str:
    """`Friday, 20 November 2026`."""
    local = (day.start + timedelta(hours=12)).astimezone(zone)
    return f"{_WEEKDAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]} {local.year}"


def day_distance(day: Day, today: Day) -> str:
    """`today`, `yesterday`, `in 3 days`."""
    days = round((day.start - today.start) / timedelta(days=1))
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}
    return near.get(days, f"in {days} days" if days > 0 else f"{-days} days ago")


def tally_of(rows: Sequence[FlowDay]) -> list[tuple[str, int, str]]:
    """How many runs there are of each kind that matters: state, count, word."""
    stays = [stay for row in rows for stay in row.stays]
    counts = (
        ("Late", sum(stay.state == states.LATE for stay in stays), "late"),
        ("Failed", sum(states.is_failed(stay.state) for stay in stays), "failed"),
        ("Running", sum(states.is_running(stay.state) for stay in stays), "running"),
        ("Success", sum(states.is_success(stay.state) for stay in stays), "ok"),
        ("Scheduled", sum(stay.is_planned for stay in stays), "planned"),
    )
    return [one for one in counts if one[1]]


def under(stays: Sequence[Stay], start: datetime, end: datetime) -> list[Stay]:
    """What lies between two moments, what most wants to be seen in front."""
    found = [stay for stay in stays if stay.covers(start, end)]
    order = (states.LATE, *sorted(states.FAILED))
    return sorted(
        found,
        key=lambda stay: (stay.state not in order, not states.is_running(stay.state), stay.start),
    )


NAME = 32
"""Cells of a flow's name, so that there is room for what is told."""


def told(
    row: FlowDay, found: Sequence[Stay], now: datetime, zone: tzinfo | None, palette: Palette
) -> list[Piece]:
    """What the cursor is on, in one line; or what comes before and after where there is nothing."""
    name = Piece(cut(plain(row.name), NAME, palette.ellipsis), "fg0", bold=True)
    if not found:
        return [name, blank(2), Piece("nothing here", "fg2")]
    stay = found[0]
    also = f"; {amount(len(found) - 1, 'other')} here too" if len(found) > 1 else ""
    if stay.run is None:
        due = countdown(stay.start - now)
        usual = duration(stay.end - stay.start)
        return [
            *(name, blank(2)),
            *state_pieces("Scheduled", palette),
            Piece(f" for {_at(stay.start, zone)}, {due}: its clock says so", "fg1"),
            Piece(f"; usually {usual}{also}", "fg2"),
        ]
    said = [name, blank(2), *state_pieces(stay.state, palette), blank(1)]
    return [
        *said,
        Piece(_times(stay, now, zone), "fg1"),
        Piece(f"  {plain(stay.run.name)}{also}", "fg2"),
    ]


def _times(stay: Stay, now: datetime, zone: tzinfo | None) -> str:
    if stay.state == states.LATE:
        return f"since {_at(stay.start, zone)}, for {away(now - stay.start)}"
    if stay.is_planned:
        due = countdown(stay.start - now)
        return f"for {_at(stay.start, zone)}, {due}; usually {duration(stay.end - stay.start)}"
    if states.is_running(stay.state):
        return f"since {_at(stay.start, zone)}, for {duration(now - stay.start)}"
    span = f"{_at(stay.start, zone)} to {_at(stay.end, zone)}"
    return f"{span}, {duration(stay.end - stay.start)}"


def _at(when: datetime, zone: tzinfo | None) -> str:
    return clock(when, zone, seconds=False)


def peak_says(count: int, when: datetime | None, zone: tzinfo | None) -> str:
    """`most 6 at 03:00`; nothing where nothing ever runs."""
    return f"most {count} at {_at(when, zone)}" if when is not None else ""
