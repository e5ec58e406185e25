"""A table whose records may take a second line, where there is room: what is known besides."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from textual.events import Click, Resize
from textual.geometry import Region, Size

from flowtui.ui.columns import MARGIN, Column, Paint, R
from flowtui.ui.ink import Piece, blank, fit_pieces
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.cursor_row import cursor_row
from flowtui.ui.widgets.moving import Painted
from flowtui.ui.widgets.table import RecordTable


class TallTable(RecordTable[R]):
    """Rows of one line; of two where the second is told below; or of two and a blank one."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        key: Callable[[R], Hashable],
        below: Paint[R],
        under: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(columns, key, **kwargs)
        self._below = below
        self._under = under
        """The column at whose left edge the second line begins."""

    def give_each(self, lines: int) -> None:
        """Let every record have this many lines: one, two or three."""
        if lines != self.each:
            self.each = lines
            self._reach()
            self._keep_cursor_visible()
            self.repaint()

    def show(self, rows: Sequence[R], empty: str = "") -> None:
        super().show(rows, empty)
        self._reach()
        self._keep_cursor_visible()

    @property
    def page(self) -> int:
        return max(1, (self.size.height - self.still + max(0, self.each - 2)) // self.each)

    def _reach(self) -> None:
        """One scrolls by records: as far as to the last page of them."""
        hidden = max(0, len(self.rows) - self.page)
        self.set_reactive(TallTable.virtual_size, Size(0, hidden + self.size.height))

    def paint_line(self, y: int, palette: Palette) -> Painted:
        if y < self.still or not self.rows:
            return super().paint_line(y, palette)
        row, line = divmod(y - self.still, self.each)
        if line == 0 or self.scroll_offset.y + row >= len(self.rows):
            return super().paint_line(self.still + row, palette)
        return self._second(self.scroll_offset.y + row, palette) if line == 1 else (self.ground, ())

    def _second(self, row: int, palette: Palette) -> Painted:
        found = self.place_of(self._under)
        at = found[0] if found else MARGIN
        told = self._below(self.rows[row], palette, self.size.width - at - MARGIN)
        cells = [blank(at - MARGIN), *fit_pieces(told, max(0, self.size.width - at - MARGIN))]
        margin = Piece(" ", "accent", self.ground)
        if row != self.cursor:
            return self.ground, (margin, Piece(" "), *cells)
        place = (margin, cells, self.size.width, palette)
        return cursor_row(*place, focused=self.has_focus, ground=self.ground)

    def _y_of(self, row: int) -> int:
        return (row - self.scroll_offset.y) * self.each + self.still

    def _refresh_row(self, row: int) -> None:
        y = self._y_of(row)
        if self.still <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, min(2, self.each)))

    def _dress_row(self, row: int) -> None:
        self._refresh_row(row)

    def _tick(self) -> None:
        self.repaint()

    def on_resize(self, event: Resize) -> None:
        self._reach()

    def on_click(self, event: Click) -> None:
        event.prevent_default()
        row = self.scroll_offset.y + (event.y - self.still) // self.each
        if event.y >= self.still and row < len(self.rows):
            self._go(row)
            if event.chain == 2:
                self.action_open()
