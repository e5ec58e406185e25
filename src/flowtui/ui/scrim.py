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
    full = palette.depth == "full"
    page = {Color.parse(palette.inks[token]).name for token in _PAGE} if full else set()
    dim: list[Segment] = []
    for text, style, control in segments:
        if control or not text:  # a widget that has no width says something empty
            continue
        style = style or Style.null()
        ground = "line" if full and _is_drawn(style.bgcolor, page) else "scrim"
        ink = "fg3"
        if text[0] in _SHAPES:  # the left edge of a bar is drawn in the colour of the page
            ink = "line" if not full or _is_drawn(style.color, page) else "scrim"
        dim.append(Segment(text, palette.style(ink, ground)))
    return dim


def _is_drawn(colour: Color | None, page: set[str]) -> bool:
    """Whether a colour is something on the page, and not the page itself."""
    return colour is not None and not colour.is_default and colour.name not in page
