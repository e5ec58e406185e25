"""When a schedule fires next, in lines: the zone one reads in, and how long until then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models.text import countdown, day
from flowtui.ui.ink import Piece, between
from flowtui.ui.paint import Line, zoned_clock
from flowtui.ui.tokens import Palette

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def time_lines(
    times: Sequence[datetime], now: datetime, palette: Palette, width: int, zone: tzinfo | None
) -> list[Line]:
    """A time a line."""
    if not times:
        return [[Piece("It does not fire any more.", "late")]]
    lines: list[Line] = []
    for when in times:
        weekday = _DAYS[when.astimezone(zone).weekday()]
        dated = f"{day(when, zone)} {zoned_clock(when, zone, seconds=False)}"
        left = [Piece(f"{weekday}  ", "fg2"), Piece(dated, "fg1")]
        due = Piece(countdown((when - now).total_seconds()), "fg2")
        lines.append(between(left, [due], min(width, 46)))
    return lines
