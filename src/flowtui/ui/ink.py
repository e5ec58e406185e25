"""A line of the screen as pieces: text, and tokens that say what it is.

Graphics and tables make pieces, which tests can read; `strip` alone turns them into what Textual
paints. It is also the last gate: whatever a piece says, no control character passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from rich.style import Style

from flowtui.models.text import cells, cut, plain, skip
from flowtui.ui.tokens import COLUMNS, EIGHTHS, Palette

if TYPE_CHECKING:
    from textual.strip import Strip

BEHIND = "behind"
"""The colour of what the piece stands on: the left edge of a bar is drawn with it."""

_BLOCKS = frozenset(COLUMNS[0][1:] + EIGHTHS[1:])
"""Shapes keep their colour in a reversed row: there is nothing to read in them."""


class Piece(NamedTuple):
    """A stretch of a line that looks the same from end to end."""

    text: str
    fg: str = "fg1"
    bg: str = ""
    """Empty is the background of the row it stands in."""
    bold: bool = False
    strike: bool = False


def text_of(pieces: Iterable[Piece]) -> str:
    """What the pieces say."""
    return "".join(piece.text for piece in pieces)


def width_of(pieces: Iterable[Piece]) -> int:
    """How many cells the pieces take."""
    return sum(cells(piece.text) for piece in pieces)


def blank(width: int) -> Piece:
    """So many empty cells."""
    return Piece(" " * width)


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces; those side by side that look alike are one."""
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1][1:] == piece[1:]:
            piece = piece._replace(text=found.pop().text + piece.text)
        found.append(piece)
    return found


def fit_pieces(
    pieces: Sequence[Piece], width: int, right: bool = False, ellipsis: str = "…"
) -> list[Piece]:
    """The pieces in exactly `width` cells, cut or filled with blanks."""
    room = width - width_of(pieces)
    if room >= 0:
        filling = [blank(room)] if room else []
        return [*filling, *pieces] if right else [*pieces, *filling]
    kept: list[Piece] = []
    left = width
    for piece in pieces:
        size = cells(piece.text)
        if size > left or (size == left and piece is not pieces[-1]):
            kept.append(piece._replace(text=cut(piece.text + ellipsis, left, ellipsis)))
            left -= cells(kept[-1].text)
            break
        kept.append(piece)
        left -= size
    return [*kept, blank(left)] if left else kept


def skip_pieces(pieces: Iterable[Piece], columns: int) -> list[Piece]:
    """The pieces from a column on."""
    kept: list[Piece] = []
    for piece in pieces:
        size = cells(piece.text)
        if size > columns:
            kept.append(piece._replace(text=skip(piece.text, columns)) if columns else piece)
        columns = max(0, columns - size)
    return kept


def between(left: Sequence[Piece], right: Sequence[Piece], width: int) -> list[Piece]:
    """Two groups at the ends of a line; where there is no room for both, the right one goes."""
    gap = width - width_of(left) - width_of(right)
    if gap < 2 and right:
        return between(left, (), width)
    return fit_pieces([*left, blank(gap), *right] if gap > 0 else left, width)


def cut_before(
    left: Sequence[Piece], right: Sequence[Piece], width: int, ellipsis: str
) -> list[Piece]:
    """Two groups at the ends of a line; where there is no room for both, the left one is cut."""
    return between(fit_pieces(left, width - width_of(right) - 2, ellipsis=ellipsis), right, width)


def in_a_gap(line: Sequence[Piece], said: Sequence[Piece], width: int) -> list[Piece]:
    """The line with something said where it is empty behind its first words; where it is empty
    nowhere within `width` cells, its end gives way."""
    size = width_of(said)
    if not size or size + 4 > width:
        return list(line)
    whole = fit_pieces(line, width)
    text = text_of(whole)
    for gap in re.finditer(r"(?<=\S) {2,}", text):
        at, room = cells(text[: gap.start()]), gap.end() - gap.start()
        if room >= size + (2 if gap.end() == len(text) else 4):
            return [*_first(whole, at), blank(2), *said, *skip_pieces(whole, at + 2 + size)]
    return [*fit_pieces(line, width - size - 2), blank(2), *said]


def _first(pieces: Iterable[Piece], columns: int) -> list[Piece]:
    """The pieces up to a column."""
    kept: list[Piece] = []
    for piece in pieces:
        size = cells(piece.text)
        kept.append(piece if size <= columns else piece._replace(text=cut(piece.text, columns, "")))
        columns -= min(size, columns)
        if not columns:
            break
    return kept


def strip(
    pieces: Iterable[Piece], palette: Palette, background: str = "bg0", width: int | None = None
) -> Strip:
    """The pieces as Textual paints them, on a background, filled to a width."""
    from flowtui.ui.lean import LeanStrip  # here, because `--watch` shows pieces without Textual

    coloured_reverse = palette.depth == "ansi" and palette.inks.get(background) == "reverse"
    runs: list[tuple[str, Style]] = []
    last_ground = ""
    total = 0
    for text, fg, bg, bold, strike in _filled(pieces, width):
        ground = bg or background
        if coloured_reverse and text[0] in _BLOCKS:
            ground = "bg0"
        style = palette.style(background if fg == BEHIND else fg, ground, bold, strike)
        if runs and ground == last_ground and _joins(text, style, runs[-1][1]):
            before, style = runs.pop()  # every change of style is forty bytes on the line
            runs.append((before + text, style))
        else:
            runs.append((text, style))
        last_ground = ground
        total += cells(text)
    line = LeanStrip([Segment(text, style) for text, style in runs], total)
    return line if width is None or total <= width else line.crop(0, width)


def _joins(text: str, style: Style, before: Style) -> bool:
    """Whether text can go on in the style before it without looking different."""
    return style == before or (text.isspace() and not before.strike)


def _filled(pieces: Iterable[Piece], width: int | None) -> Iterable[Piece]:
    """The pieces that say something, made harmless, and blanks up to the width."""
    total = 0
    for piece in pieces:
        if not piece.text.isprintable():
            piece = piece._replace(text=plain(piece.text))
        if piece.text:
            total += cells(piece.text)
            yield piece
    if width is not None and total < width:
        yield blank(width - total)
