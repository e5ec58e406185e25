"""The columns of a bulk action: each target, what it is now, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flowtui.models.states import LATE, STATE_NAMES
from flowtui.models.text import away, cells
from flowtui.ui.bulk import (
    DONE,
    LEFT,
    MOVED,
    REFUSED,
    SENDING,
    UNKNOWN,
    WAITING,
    Bulk,
    Item,
    result_of,
)
from flowtui.ui.columns import Column, Paint
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, fit_pieces
from flowtui.ui.tokens import Palette

SIGNS = {
    DONE: ("Success", "success", "fg2"),
    MOVED: (LATE, "late", "late"),
    REFUSED: ("Failed", "failed", "failed"),
    UNKNOWN: (LATE, "late", "late"),
    SENDING: ("Running", "running", "running"),
}
"""Status → the state whose glyph it borrows, the colour of that, and of the word."""


def state_or_word(word: str, palette: Palette, width: int) -> list[Piece]:
    """A state with its glyph; any other word as it is."""
    if word in STATE_NAMES or word == LATE:
        return list(state_pieces(word, palette, width))
    return fit_pieces([Piece(word, "fg1")], width, ellipsis=palette.ellipsis)


def sign(status: str, palette: Palette, has_begun: bool = False) -> Piece:
    """The glyph of what has become of a target; before, of whether it is chosen."""
    if status in SIGNS:
        state, token, _ = SIGNS[status]
        return Piece(palette.state_glyph(state), token, bold=token in ("late", "failed"))
    if status == WAITING and has_begun:
        return Piece(palette.state_glyph("Scheduled"), "fg2")
    if status == WAITING:
        return Piece(palette.state_glyph("Success"), "accent")
    return Piece(palette.glyph("point"), "fg3")


def _signs(bulk: Bulk[Any]) -> Paint[Item[Any]]:
    return lambda item, palette, width: [sign(item.status, palette, bulk.has_begun)]


def bulk_columns(bulk: Bulk[Any], now: Callable[[], datetime]) -> list[Column[Item[Any]]]:
    """All there are; what they say of a target depends on how far it is."""
    kind = bulk.deed.kind

    def state(item: Item[Any]) -> str:
        return kind.state(item.record, now())

    def lasted(item: Item[Any]) -> str | None:
        seconds = kind.seconds(item.record, now())
        if seconds is None:
            return None
        return f"in {away(-seconds)}" if seconds < 0 else away(seconds)

    def version(item: Item[Any]) -> str | None:
        number = kind.version(item.record)
        return None if number is None else str(number)

    columns = [
        Column("", paint=_signs(bulk), least=1),
        Column(
            kind.noun.split()[-1],
            lambda item: kind.name(item.record),
            token=lambda item: "fg2" if item.status == LEFT else "fg0",
            least=10,
            most=22,
            raw=lambda item: kind.name(item.record),
            title=kind.noun,
            gap=1,
        ),
        Column(
            kind.owner or "–",
            lambda item: kind.belongs(item.record) or None,
            token="fg2",
            most=18,
            drop=2,
            raw=lambda item: kind.belongs(item.record),
        ),
        Column(
            kind.state_called,
            paint=lambda item, palette, width: state_or_word(state(item), palette, width),
            wants=lambda item: 2 + cells(state(item)),
            least=12,
            most=24,
            raw=state,
        ),
        Column("for", lasted, right=True, token="fg1", least=6, drop=1),
        Column("ver", version, right=True, token="fg2", title="version", raw=version),
        Column(
            "becomes",
            paint=_paint_result,
            wants=lambda item: 24,
            least=14,
            grows=True,
            title="result",
            raw=result_of,
        ),
    ]
    has_versions = any(kind.version(item.record) is not None for item in bulk.items)
    left_out = {"" if has_versions else "ver", "" if kind.owner else "–"}
    return [one for one in columns if one.name not in left_out - {""}]


def _room(item: Item[Any], width: int) -> int:
    """Cells for what it becomes: as many as a state takes, for longer words what is there."""
    return min(width, 14 if len(item.becomes.word) <= 12 else max(14, width - 8))


def _paint_result(item: Item[Any], palette: Palette, width: int) -> list[Piece]:
    if item.status in (WAITING, SENDING):
        pieces = state_or_word(item.becomes.word, palette, _room(item, width))
        if item.status == SENDING:
            pieces.append(Piece("sending", "running"))
        elif item.is_hidden:
            pieces.append(Piece("hidden", "late"))
        return pieces
    if item.status == LEFT:
        return [Piece(f"nothing, {item.said}" if item.said else "nothing", "fg2")]
    if item.status == DONE:
        pieces = state_or_word(item.becomes.word, palette, _room(item, width))
        return [*pieces, Piece("done" + (f", {item.said}" if item.said else ""), "fg2")]
    return [Piece(f"{item.status}: {item.said}", SIGNS[item.status][2])]
