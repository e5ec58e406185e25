"""What a page says when its backend does not answer: at first, and after a good answer."""

from __future__ import annotations

import math
from typing import Any

from flowtui.errors import FlowtuiError, Unreachable
from flowtui.models.text import cut, plain
from flowtui.ui.feeds import Feed
from flowtui.ui.ink import Piece, between, blank, width_of
from flowtui.ui.paint import Line, wrapped
from flowtui.ui.tokens import Palette


def problem_lines(problem: FlowtuiError, palette: Palette, width: int) -> list[Line]:
    """Why there is nothing to show yet, and what to do."""
    glyph = Piece(f"{palette.state_glyph('Failed')} ", "failed", bold=True)
    message, hint = plain(problem.message), plain(problem.hint)
    rows = [*wrapped(message, width - 2), *(wrapped(hint, width - 2) if hint else ())]
    return [
        [glyph, Piece(rows[0], "fg0", bold=True)],
        *([blank(2), Piece(row, "fg1")] for row in rows[1:]),
        [
            blank(2),
            Piece("flowtui goes on asking;  ", "fg2"),
            Piece("r", "fg0", bold=True),
            Piece("  asks now", "fg2"),
        ],
        *(_ways_out(palette, width) if isinstance(problem, Unreachable) else ()),
    ]


def _ways_out(palette: Palette, width: int) -> list[Line]:
    """What else there is to type where nobody answers; who was refused has somewhere to go."""
    from flowtui.ui.beginning import LOOK_AROUND, NEAR, typed_lines

    return [[], *typed_lines((*NEAR, *LOOK_AROUND), palette, width)]


def is_offline(feed: Feed[Any] | None) -> bool:
    """Whether what is shown is the last answer before the backend fell silent."""
    if feed is None:
        return False
    return feed.snapshot.value is not None and feed.snapshot.error is not None


def offline_line(feed: Feed[Any], is_paused: bool, palette: Palette, width: int) -> Line:
    """What went wrong, and when it is tried again."""
    due = math.ceil(feed.due_in)
    again = "paused" if is_paused else f"again in {due} s" if due else "trying …"
    right = [
        Piece(f"{again}  ", "fg1"),
        Piece("r", "fg0", bold=True),
        Piece(" now", "fg2"),
        blank(2),
    ]
    error = feed.snapshot.error
    message = plain(error.message) if error is not None else ""
    room = width - width_of(right) - 6
    glyph = Piece(palette.state_glyph("Late"), "late", bold=True)
    said = Piece(" " + cut(message, max(0, room), palette.ellipsis), "fg0")
    return between([blank(2), glyph, said], right, width)
