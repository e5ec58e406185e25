"""Log lines as rows of cells: a gutter that says how bad, the time, the level, who, and what.

A line of a log may have many rows (a traceback), and there may be a million lines, so how many rows
each takes is all that is kept; a row becomes pieces when it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from functools import cached_property, lru_cache
from typing import Generic, NamedTuple, Protocol, TypeVar

from flowtui.frozen import frozen
from flowtui.models.text import clock, count_lines, cut, cut_middle, fit, plain, plain_lines, skip
from flowtui.models.text import wrap as wrapped
from flowtui.ui.ink import Piece, blank
from flowtui.ui.sums import Sums
from flowtui.ui.tokens import Palette

MARGIN = 2
WIDE = 100
"""Cells from which on milliseconds and the task are shown."""


class Entry(Protocol):
    """A line of a log, as far as it is shown."""

    @property
    def timestamp(self) -> datetime: ...

    @property
    def level(self) -> str: ...

    @property
    def message(self) -> str: ...


E = TypeVar("E", bound=Entry)


@frozen
class LevelLook:
    """How a level is shown: its word, and the gutter that runs down all its rows."""

    word: str
    token: str
    gutter: str
    gutter_token: str
    message: str
    bold: bool = False


_INFO = LevelLook("info", "fg2", "hairline", "line", "fg1")
_ERROR = LevelLook("ERR", "failed", "error", "failed", "fg0", bold=True)
LEVELS = {
    "DEBUG": LevelLook("dbg", "fg2", "hairline", "line", "fg2"),
    "INFO": _INFO,
    "WARNING": LevelLook("WARN", "scheduled", "warning", "scheduled", "fg1"),
    "ERROR": _ERROR,
    "CRITICAL": LevelLook("CRIT", "failed", "error", "failed", "fg0", bold=True),
}


def level_of(level: str) -> LevelLook:
    """How a level is shown; one nobody has heard of is information."""
    return LEVELS.get(level.upper(), _INFO)


class RowIndex(Generic[E]):
    """Which rows belong to which line, for lines that only ever come at the end."""

    def __init__(self, rows_of: Callable[[E], int]) -> None:
        self._rows_of = rows_of
        self.sums = Sums()

    def extend(self, lines: Iterable[E]) -> None:
        """Count the rows of more lines."""
        self.sums.extend(map(self._rows_of, lines))

    @property
    def rows(self) -> int:
        """How many there are in all."""
        return self.sums.total

    def cut(self, lines: int) -> None:
        """Forget all but the first so many lines."""
        self.sums.cut(lines)

    def change(self, line: int, rows: int) -> None:
        """Let a line have so many rows from now on."""
        self.sums.change(line, rows)

    def find(self, row: int) -> tuple[int, int]:
        """The line a row belongs to, and which of its rows it is."""
        return self.sums.find(row)

    def first_row(self, line: int) -> int:
        """Where a line begins."""
        return self.sums.before(line)


@frozen
class Layout:
    """Where the columns of a log stand at a width."""

    width: int
    source: int = 0
    """Cells for who wrote it; the widest seen so far."""
    wrap: bool = False
    left: int = 0
    """Columns of the messages that are out of sight, to the left."""

    @property
    def wide(self) -> bool:
        """Whether there is room for milliseconds and the task."""
        return self.width >= WIDE

    @property
    def message_at(self) -> int:
        """The cell where messages begin."""
        if not self.wide:
            return MARGIN + 2 + 8 + 2 + 4 + 2
        return MARGIN + 2 + 12 + 2 + 4 + 2 + (self.source + 1 if self.source else 0)

    @cached_property
    def room(self) -> int:
        """Cells for a message."""
        return max(1, self.width - MARGIN - self.message_at)

    def rows_of(self, line: Entry) -> int:
        """How many rows a line takes."""
        return self.rows_in(line.message)

    def rows_in(self, message: str) -> int:
        """How many rows a message takes."""
        if not self.wrap:
            return count_lines(message)
        if message.isascii() and message.isprintable() and self.room > 1:
            return max(1, -(-len(message) // self.room))
        return len(message_rows(message, self.room))

    def rows(self, line: Entry) -> tuple[Row, ...]:
        """The rows of a line's message."""
        return message_rows(line.message, self.room if self.wrap else 0)


class Row(NamedTuple):
    """A row of a message, and where in the message it comes from."""

    text: str
    line: int = 0
    """Which of the message's own lines it is, or is a part of."""
    start: int = 0
    """The character of that line it begins with."""


@lru_cache(maxsize=512)
def message_rows(message: str, wrap_at: int = 0) -> tuple[Row, ...]:
    """A message as harmless rows; its lines go on in the next row where they are to be wrapped."""
    rows: list[Row] = []
    for number, line in enumerate(plain_lines(message)):
        start = 0
        for piece in wrapped(line, wrap_at) if wrap_at else (line,):
            rows.append(Row(piece, number, start))
            start += len(piece)
    return tuple(rows)


def head_pieces(
    line: Entry,
    row: int,
    layout: Layout,
    palette: Palette,
    time: str,
    source: str = "",
    at_cursor: bool = False,
) -> list[Piece]:
    """What stands before the message in one row of a line, from the gutter on."""
    look = level_of(line.level)
    pieces = [Piece(palette.glyph(look.gutter), look.gutter_token, bold=look.bold), blank(1)]
    if row:
        return [*pieces, blank(layout.message_at - MARGIN - 2)]
    pieces += [
        Piece(time, "accent" if at_cursor else "fg2"),
        blank(2),
        Piece(look.word.ljust(4), look.token, bold=look.bold),
        blank(2),
    ]
    if layout.wide and layout.source:
        who = cut_middle(plain(source), layout.source, palette.ellipsis)
        pieces.append(Piece(fit(who, layout.source + 1), "fg2"))
    return pieces


def message_token(line: Entry, row: int) -> str:
    """The colour of a row of a message: the first one of what is wrong is the brightest."""
    token = level_of(line.level).message
    return token if row == 0 or token == "fg2" else "fg1"


def row_pieces(
    line: Entry,
    row: int,
    layout: Layout,
    palette: Palette,
    zone: tzinfo | None,
    source: str = "",
    at_cursor: bool = False,
) -> list[Piece]:
    """One row of a line, from the gutter to the end of the message."""
    time = clock(line.timestamp, zone, milliseconds=layout.wide)
    rows = layout.rows(line)
    text = skip(rows[min(row, len(rows) - 1)].text, layout.left)
    shown = Piece(cut(text, layout.room, palette.ellipsis), message_token(line, row))
    return [*head_pieces(line, row, layout, palette, time, source, at_cursor), shown]
