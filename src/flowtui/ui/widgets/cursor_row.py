"""The row one stands on, the same in tables and logs: a bar, and a ground that says who listens."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.ui.ink import Piece, fit_pieces
from flowtui.ui.tokens import Palette


def cursor_row(
    margin: Piece,
    pieces: Sequence[Piece],
    width: int,
    palette: Palette,
    *,
    focused: bool,
    ground: str,
) -> tuple[str, tuple[Piece, ...]]:
    """Background token and pieces of that row; the outermost cells stay on the ground around it."""
    row_ground = "cursor" if focused else "cursor-idle"
    bar_ground = ground if palette.depth == "ansi" else row_ground
    bar = Piece(palette.glyph("focus"), "accent" if focused else "fg3", bar_ground)
    inner = fit_pieces(pieces, max(0, width - 3), ellipsis=palette.ellipsis)
    return row_ground, (margin, bar, *inner, Piece(" ", bg=ground))
