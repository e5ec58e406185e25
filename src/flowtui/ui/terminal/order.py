"""The order in which pieces of a picture are drawn: look by look, not row by row.

A colour costs up to twenty bytes and a move about five. So everything in one colour is drawn
before the next colour is taken, except where a piece follows its neighbour with hardly a change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flowtui.ui.terminal.moves import way
from flowtui.ui.terminal.sgr import Looks

_CLOSE = 6
"""Bytes for a change of look that are cheaper than coming back later."""
_NEAR = 8
"""Columns to step over that are cheaper than coming back later."""


class Piece(NamedTuple):
    """Columns of a row in one look, to write or to erase."""

    y: int
    start: int
    end: int
    look: int
    blank: bool = False
    """Only the background matters."""
    erased: bool = False


Chain = list[Piece]
"""Pieces that are drawn one after the other."""


def ordered(rows: Iterable[list[Piece]], pen: int | None, looks: Looks) -> list[Piece]:
    """All pieces, those of each row given from left to right, in the order to draw them."""
    groups: dict[int, list[Chain]] = {}
    for row in rows:
        for chain in _chains(row, looks):
            groups.setdefault(_key(chain, looks), []).append(chain)
    first = looks.on_blank[pen] if pen is not None else -1

    def rank(look: int) -> tuple[bool, int, bool]:
        background = looks.on_blank[look]
        return background != first, background, look != pen

    found: list[Piece] = []
    for look in sorted(groups, key=rank):
        for chain in _by_row_or_column(groups[look]):
            found.extend(chain)
    return found


def _by_row_or_column(chains: list[Chain]) -> list[Chain]:
    """The order with the shorter ways: a column of signs is drawn downwards."""
    if chains[0][0].y == chains[-1][0].y:
        return chains
    by_column = sorted(chains, key=lambda chain: (chain[0].start, chain[0].y))
    return min(chains, by_column, key=_ways)


def _ways(chains: list[Chain]) -> int:
    """Bytes for the moves between chains."""
    total, last = 0, chains[0][-1]
    for chain in chains[1:]:
        first = chain[0]
        total += len(way(last.end, first.start, first.y, first.y - last.y))
        last = chain[-1]
    return total


def _chains(row: list[Piece], looks: Looks) -> list[Chain]:
    chains: list[Chain] = []
    look = -1
    for piece in row:
        alike = look >= 0 and (
            looks.on_blank[piece.look] == looks.on_blank[look]
            if piece.blank
            else len(looks.way(look, piece.look)) <= _CLOSE
        )
        if alike and piece.start - chains[-1][-1].end <= _NEAR:
            chains[-1].append(piece)
        else:
            chains.append([piece])
            look = -1
        if look < 0 or not piece.blank:
            look = piece.look
    return chains


def _key(chain: Chain, looks: Looks) -> int:
    for piece in chain:
        if not piece.blank:
            return piece.look
    return looks.on_blank[chain[0].look]
