"""Rows of a log that only a reader sees: folds, and hits that are marked."""

from __future__ import annotations

from flowtui.models.text import amount
from flowtui.ui.ink import Piece, blank
from flowtui.ui.log_arrangement import Fold
from flowtui.ui.log_search import Search
from flowtui.ui.loglines import Layout, Row, head_pieces
from flowtui.ui.tokens import Palette


def fold_pieces(fold: Fold, layout: Layout, palette: Palette) -> list[Piece]:
    """The row of lines that are not shown."""
    return [
        *head_pieces(fold, 1, layout, palette, "")[:2],
        Piece(palette.glyph("folded") * (12 if layout.wide else 8), "fg3"),
        blank(2),
        Piece(f"{amount(fold.count, 'line')} without a hit folded  enter unfold", "fg2"),
    ]


def folded_pieces(rows: int, palette: Palette) -> list[Piece]:
    """The row in a message that stands for so many of its own."""
    stroke = Piece(palette.glyph("folded") * 4, "fg3")
    return [stroke, Piece(f"  {amount(rows, 'row')} folded  enter unfold", "fg2")]


def marked_pieces(
    row: Row,
    line: str,
    search: Search,
    current: int | None,
    palette: Palette,
    token: str,
    on_reversed: bool = False,
) -> list[Piece]:
    """A row of a message with its hits marked.

    `line` is the whole line that the row is a part of; `current` is where in it the hit begins
    that one stands on. In a row that is reversed, hits are what is not.
    """
    pieces: list[Piece] = []
    at = 0
    for first, last in search.spans(line):
        start, end = max(0, first - row.start), min(len(row.text), last - row.start)
        if start < end:
            hit = Piece(row.text[start:end])
            is_current = first == current
            pieces += [
                Piece(row.text[at:start], token),
                _hit(hit, is_current, palette, on_reversed),
            ]
            at = end
    return [*pieces, Piece(row.text[at:], token)]


def _hit(piece: Piece, current: bool, palette: Palette, on_reversed: bool) -> Piece:
    if palette.depth != "full":
        return piece._replace(fg="fg0", bg="bg0" if on_reversed else "mark", bold=current)
    if current:
        return piece._replace(fg="bg0", bg="accent", bold=True)
    return piece._replace(fg="fg0", bg="mark")
