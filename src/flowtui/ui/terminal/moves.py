"""The cheapest way for a cursor from one place to another.

A line feed goes a row down and stays in its column: the terminal is told nothing else by a tty that
leaves output as it is.
"""

from __future__ import annotations

from functools import lru_cache


def way(start: int | None, x: int, y: int, down: int | None) -> str:
    """What to send to get to a place from a column and so many rows above it; None is unknown."""
    place = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
    if down is None:
        return place
    near = _near(start, x, down)
    return near if len(near) <= len(place) else place


@lru_cache(1024)
def _near(start: int | None, x: int, down: int) -> str:
    """The way that starts where the cursor is."""
    rows = _rows(down)
    first = "\r" + rows + _sideways(0, x)
    along = rows + (f"\x1b[{x + 1}G" if start is None else _sideways(start, x))
    return min(along, first, key=len)


def _rows(down: int) -> str:
    if not down:
        return ""
    if down > 0:
        return "\n" * down if down <= 3 else f"\x1b[{down}B"
    return "\x1bM" * -down if down >= -2 else f"\x1b[{-down}A"


def _sideways(start: int, end: int) -> str:
    if end == start:
        return ""
    if end > start:
        return "\x1b[C" if end - start == 1 else f"\x1b[{end - start}C"
    return min("\b" * (start - end), f"\x1b[{end + 1}G", f"\x1b[{start - end}D", key=len)
