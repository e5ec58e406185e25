"""Markdown as lines of pieces: headings, lists, code, quotes and tables, set to a width.

What stands in it was written by anybody: all of it passes through `plain`, links show where they
lead, and nothing in it can be clicked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from flowtui.models.text import cells, plain, plain_lines, wrap
from flowtui.ui.ink import Piece, blank, fit_pieces, width_of
from flowtui.ui.paint import Line
from flowtui.ui.tokens import Palette

CODE = "bg2"
"""The ground of code."""


@cache
def _reader() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")


def markdown_lines(text: str, palette: Palette, width: int) -> list[Line]:
    """The text as it reads."""
    painter = _Painter(palette, max(10, width))
    harmless = "\n".join(plain_lines(text))
    for token in _reader().parse(harmless):
        painter.take(token)
    while painter.lines and not painter.lines[-1]:
        painter.lines.pop()
    return painter.lines


class _Painter:
    """Takes the tokens of a document one after the other."""

    def __init__(self, palette: Palette, width: int) -> None:
        self.lines: list[Line] = []
        self._palette = palette
        self._width = width
        self._indent = 0
        self._quoted = 0
        self._lists: list[int | None] = []
        """The next number of each list one is in; None where it has none."""
        self._mark = ""
        self._is_heading = False
        self._table: list[list[str]] = []
        self._is_in_table = False

    def take(self, token: Any) -> None:
        """Paint what a token opens, holds or ends."""
        kind = token.type
        if kind == "inline":
            self._inline(token)
        elif kind in ("fence", "code_block"):
            self._code(token.content)
        elif kind == "hr":
            self._add([Piece(self._palette.glyph("folded") * self._room, "fg3")])
            self.lines.append([])
        elif kind in ("heading_open", "heading_close"):
            self._is_heading = kind == "heading_open"
        else:
            self._structure(kind, token)
        if kind in ("paragraph_close", "heading_close") and not (token.hidden or self._lists):
            self.lines.append([])

    def _structure(self, kind: str, token: Any) -> None:
        """Lists, quotes and tables."""
        if kind in ("bullet_list_open", "ordered_list_open"):
            first = token.attrGet("start") if kind.startswith("ordered") else None
            self._lists.append(int(first or 1) if kind.startswith("ordered") else None)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
            if not self._lists:
                self.lines.append([])
        elif kind == "list_item_open":
            number = self._lists[-1]
            self._mark = f"{number}. " if number is not None else self._palette.glyph("point") + " "
            if number is not None:
                self._lists[-1] = number + 1
            self._indent += self._step
        elif kind == "list_item_close":
            self._indent -= self._step
        elif kind in ("blockquote_open", "blockquote_close"):
            self._quoted += 1 if kind.endswith("open") else -1
        elif kind == "tr_open":
            self._table.append([])
        elif kind in ("table_open", "table_close"):
            self._is_in_table = kind == "table_open"
            if not self._is_in_table:
                self._table_rows()

    @property
    def _step(self) -> int:
        """Cells an item of the innermost list stands further in: its mark and a blank."""
        return 2 if self._lists[-1] is None else 3

    @property
    def _room(self) -> int:
        return max(8, self._width - self._indent - 2 * self._quoted)

    def _add(self, pieces: Sequence[Piece]) -> None:
        """A line behind its indent, its quote bar and the mark of its list item."""
        quote = [Piece(self._palette.glyph("hairline") + " ", "fg3")] * self._quoted
        indent = [blank(self._indent)] if self._indent else []
        if self._mark and self._indent:
            room = max(0, self._indent - cells(self._mark))
            indent = [blank(room), Piece(self._mark, "fg2")]
        self._mark = ""
        self.lines.append(fit_pieces([*quote, *indent, *pieces], self._width))

    def _inline(self, token: Any) -> None:
        pieces = list(self._inline_pieces(token.children or ()))
        if self._is_in_table:
            self._table[-1].append("".join(piece.text for piece in pieces))
            return
        if self._is_heading:
            pieces = [piece._replace(fg="fg0", bold=True) for piece in pieces]
        for line in wrapped_pieces(pieces, self._room):
            self._add(line)

    def _inline_pieces(self, tokens: Iterable[Any]) -> Iterable[Piece]:
        bold, strike, link = False, False, ""
        for token in tokens:
            kind = token.type
            if kind == "text":
                yield Piece(
                    plain(token.content), "fg0" if bold else "fg1", bold=bold, strike=strike
                )
            elif kind == "code_inline":
                yield Piece(plain(token.content), "fg0", CODE)
            elif kind in ("softbreak", "hardbreak"):
                yield Piece("\n" if kind == "hardbreak" else " ")
            elif kind in ("strong_open", "strong_close", "em_open", "em_close"):
                bold = kind.endswith("open")
            elif kind in ("s_open", "s_close"):
                strike = kind == "s_open"
            elif kind == "link_open":
                link = plain(str(token.attrGet("href") or ""))
            elif kind == "link_close":
                yield Piece(f" ({link})", "fg2")
            elif kind == "image":
                yield Piece(f"[picture: {plain(token.content)}]", "fg2")

    def _code(self, text: str) -> None:
        for line in text.rstrip("\n").split("\n"):
            for row in wrap(plain(line.expandtabs(4)), max(2, self._room - 2)):
                self._add(fit_pieces([Piece(f" {row} ", "fg1", CODE)], self._room)[:1])
        self.lines.append([])

    def _table_rows(self) -> None:
        """The rows of a table, its captions quieter; columns as wide as they must be, or alike."""
        rows, self._table = self._table, []
        count = max(map(len, rows), default=0)
        wanted = [max(cells(row[at]) for row in rows if at < len(row)) for at in range(count)]
        share = max(4, (self._room - 2 * (count - 1)) // max(1, count))
        if sum(wanted) + 2 * (count - 1) > self._room:
            wanted = [min(width, share) for width in wanted]
        for number, row in enumerate(rows):
            pieces: list[Piece] = []
            for cell, width in zip(row, wanted, strict=False):
                piece = Piece(cell, "fg2" if number == 0 else "fg1")
                pieces += [*fit_pieces([piece], width, ellipsis=self._palette.ellipsis), blank(2)]
            self._add(pieces[:-1])
        self.lines.append([])


def wrapped_pieces(pieces: Sequence[Piece], width: int) -> list[Line]:
    """Pieces in lines of at most `width` cells, broken between words where that is possible."""
    lines: list[Line] = [[]]
    for word in _words(pieces):
        if word.text == "\n":
            lines.append([])
            continue
        if width_of(lines[-1]) + cells(word.text.rstrip()) > width and lines[-1]:
            lines.append([])
        if not lines[-1] and not word.text.strip():
            continue
        for row in wrap(word.text, width):
            if width_of(lines[-1]) + cells(row.rstrip()) > width and lines[-1]:
                lines.append([])
            at_the_edge = width_of(lines[-1]) + cells(row) > width
            lines[-1].append(word._replace(text=row.rstrip() if at_the_edge else row))
    return lines


def _words(pieces: Sequence[Piece]) -> Iterable[Piece]:
    """Each word with the blank behind it, in its own style."""
    for piece in pieces:
        start = 0
        for place, sign in enumerate(piece.text):
            if sign in " \n":
                if place > start or sign == " ":
                    yield piece._replace(text=piece.text[start : place + (sign == " ")])
                if sign == "\n":
                    yield piece._replace(text="\n")
                start = place + 1
        if start < len(piece.text):
            yield piece._replace(text=piece.text[start:])
