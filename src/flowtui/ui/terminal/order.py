"""The order in which pieces of a picture are drawn: colour by colour, not row by row.

A colour costs up to twenty bytes and a move about five. So everything in one colour is drawn
before the next colour is taken, and of what can follow always the cheapest does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flowtui.ui.terminal.sgr import Looks

_NEAR = 8
"""Columns to step over that are cheaper than coming back later."""
_AHEAD = 4
"""Runs of a colour that are weighed as the next one: more of them find hardly shorter ways."""
_PLACE = 7
"""Bytes that name a place, wherever the cursor is."""


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


def ordered(rows: Iterable[list[Piece]], pen: int | None, looks: Looks) -> list[Piece]:
    """All pieces, those of each row given from left to right, in the order to draw them."""
    colours: dict[str, list[Run]] = {}
    for row in rows:
        for run in _runs(row, looks):
            colours.setdefault(looks.colours[run.look], []).append(run)
    found: list[Piece] = []

    def cost(run: Run) -> int:
        first = run.pieces[0]
        look = 0 if pen is None else _change(first, pen, looks)
        return look + (_move(found[-1], first) if found else 0)

    def best(colour: str) -> int:
        return min(map(cost, colours[colour][:_AHEAD]))

    while colours:
        ground = None if pen is None else looks.on_blank[pen]
        here = [one for one in colours if looks.on_blank[colours[one][0].look] == ground]
        waiting = colours.pop(min(here or colours, key=best))
        while waiting:
            run = min(waiting[:_AHEAD], key=cost)
            waiting.remove(run)
            found.extend(run.pieces)
            pen = run.look
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


def _change(piece: Piece, pen: int, looks: Looks) -> int:
    """Bytes for the look of a piece, coming from another one."""
    if pen == piece.look or (piece.blank and looks.on_blank[pen] == looks.on_blank[piece.look]):
        return 0
    return len(looks.way(pen, piece.look))


def _move(last: Piece, piece: Piece) -> int:
    """Bytes from the end of a piece to the start of another: a guess, as it is made very often."""
    right, down = piece.start - last.end, piece.y - last.y
    across = min(-right, 4) if right <= 0 else 3 if right == 1 else 4
    rows = down if 0 <= down < 4 else 2 if down == -1 else 4
    return min(across + rows, _PLACE)
