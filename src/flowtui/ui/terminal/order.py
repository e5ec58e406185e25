"""The order in which pieces of a picture are drawn: colour by colour, not row by row.

A colour costs up to twenty bytes and a move about five. So everything in one colour is drawn
before the next colour is taken, and of what can follow always the cheapest does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flowtui.ui.terminal.sgr import Looks

_NEAR = 8
"""Columns to step over that are cheaper than coming back later."""
_AHEAD = 4
"""Runs of a colour that are weighed as the next one: more of them find hardly shorter ways."""
_PLACE = 7
"""Bytes that name a place, wherever the cursor is."""
_NEVER = 1_000_000
"""More bytes than anything costs."""


class Piece(NamedTuple):
    """Columns of a row in one look, to write or to erase."""

    y: int
    start: int
    end: int
    look: int
    blank: bool = False
    """Only the background matters."""
    erased: bool = False


class Run(NamedTuple):
    """A piece, and the blanks behind it."""

    pieces: list[Piece]
    look: int
    """What the pen is when it is drawn."""


def ordered(rows: Iterable[list[Piece]], pen: int | None, looks: Looks) -> list[Piece]:
    """All pieces, those of each row given from left to right, in the order to draw them."""
    colours: dict[str, list[Run]] = {}
    for row in rows:
        for run in _runs(row, looks):
            colours.setdefault(looks.colours[run.look], []).append(run)
    found: list[Piece] = []
    place: Piece | None = None
    while colours:
        ground = None if pen is None else looks.on_blank[pen]
        alike = [one for one in colours.values() if looks.on_blank[one[0].look] == ground]
        ahead = [run for waiting in alike or colours.values() for run in waiting[:_AHEAD]]
        waiting = colours.pop(looks.colours[_cheapest(ahead, place, pen, looks).look])
        while waiting:
            run = _cheapest(waiting[:_AHEAD], place, pen, looks)
            waiting.remove(run)
            found += run.pieces
            pen, place = run.look, run.pieces[-1]
    return found


def _runs(row: list[Piece], looks: Looks) -> list[Run]:
    runs: list[Run] = []
    for piece in row:
        ground = looks.on_blank[piece.look]
        if piece.blank and runs:
            last = runs[-1]
            near = piece.start - last.pieces[-1].end <= _NEAR
            if near and ground == looks.on_blank[last.look]:
                last.pieces.append(piece)
                continue
        runs.append(Run([piece], ground if piece.blank else piece.look))
    return runs


def _cheapest(runs: Sequence[Run], last: Piece | None, pen: int | None, looks: Looks) -> Run:
    """The run that is the fewest bytes away, the first of those: for its look, and the way there.

    The way is a guess, and all of it is written out here, as it is made hundreds of times a key.
    """
    if len(runs) == 1:
        return runs[0]
    found, least = runs[0], _NEVER
    on_blank, way = looks.on_blank, looks.way
    for run in runs:
        y, start, _, look, blank, _ = run.pieces[0]
        cost = 0
        if pen is not None and look != pen and not (blank and on_blank[look] == on_blank[pen]):
            cost = len(way(pen, look))
        if last is not None:
            right, down = start - last.end, y - last.y
            across = min(-right, 4) if right <= 0 else 3 if right == 1 else 4
            move = across + (down if 0 <= down < 4 else 2 if down == -1 else 4)
            cost += move if move < _PLACE else _PLACE
        if cost < least:
            found, least = run, cost
    return found
