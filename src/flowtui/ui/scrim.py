"""The page under a dialog: still there and still true, but nothing on it asks to be looked at."""

from __future__ import annotations

from collections.abc import Iterable

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from flowtui.ui.tokens import COLUMNS, EIGHTHS, Palette

_SHAPES = frozenset(COLUMNS[0][1:] + EIGHTHS[1:] + "━╸▔")
_PAGE = (
    *("bg0", "bg1", "bg2", "cursor", "cursor-idle", "scrim"),
    *("late-tint", "add-tint", "del-tint", "mark"),
)


def dimmed(segments: Iterable[Segment], palette: Palette) -> list[Segment]:
    """The same line with its text faint and its shapes as lines."""
    text_style = palette.style("fg3", "scrim")
    full = palette.depth == "full"
    line_style = palette.style("line", "scrim")
    block_style = palette.style("fg3", "line") if full else text_style
    page = {Color.parse(palette.inks[token]).name for token in _PAGE} if full else set()
    dim: list[Segment] = []
    for text, style, control in segments:
        if control:
            continue
        if not text.isspace():
            dim.append(Segment(text, line_style if text[0] in _SHAPES else text_style))
        else:
            dim.append(Segment(text, block_style if _is_shape(style, page) else text_style))
    return dim


def _is_shape(style: Style | None, page: set[str]) -> bool:
    ground = style.bgcolor if style else None
    return ground is not None and not ground.is_default and bool(page) and ground.name not in page
