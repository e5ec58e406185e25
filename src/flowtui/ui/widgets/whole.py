"""What a list had to cut, said whole: the sentence of the row that one stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flowtui.models.text import cells, plain
from flowtui.ui.ink import Piece
from flowtui.ui.paint import wrapped
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Line, Painted
from flowtui.ui.widgets.table import RecordTable

EDGE = 3
"""Blank cells at its left and right, as in the dialog it stands in."""


class Whole(Painted):
    """Stands under a table; it has rows only where the table cuts a sentence at all."""

    ground = "bg1"
    DEFAULT_CSS = """
    Whole { display: none; background: $bg1; padding: 0 3; margin-bottom: 1; }
    """

    def __init__(
        self, table: RecordTable[Any], column: str, sentence: Callable[[Any], str]
    ) -> None:
        super().__init__()
        self._table = table
        self._column = column
        self._sentence = sentence

    def fit(self, records: Iterable[Any], width: int) -> int:
        """Take the rows that the longest of these needs beside a table that wide; how many the
        screen has less by that."""
        said = [self._cut(record, width) for record in records]
        rows = max((len(self._rows(text, width - 2 * EDGE)) for text in said), default=0)
        self.display = rows > 0
        self.styles.height = rows
        return rows + 1 if rows else 0

    def paint(self, palette: Palette, width: int) -> Sequence[Line]:
        record = self._table.record
        text = "" if record is None else self._cut(record, self._table.size.width)
        return [[Piece(row, "fg1")] for row in self._rows(text, width)]

    def _cut(self, record: Any, width: int) -> str:
        """The sentence of a record, if it does not fit into its column."""
        place, text = self._table.place_of(self._column, width), plain(self._sentence(record))
        return text if place is not None and cells(text) > place[1] else ""

    def _rows(self, text: str, width: int) -> list[str]:
        return wrapped(text, width) if text else []
