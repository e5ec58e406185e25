"""The table: any number of records, of which only the visible lines cost anything.

A table is given rows and compares what it would paint with what it has painted; only lines that
differ are sent. The cursor belongs to a record, not to a place: when rows move it moves along.
Rows are looked at when they are painted, so a million of them open at once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, ClassVar, Generic

from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Offset, Size
from textual.message import Message

from flowtui.ui.columns import (
    MARGIN,
    Column,
    Placed,
    R,
    arrange,
    counts_seconds,
    heading_pieces,
    measure,
    row_pieces,
    titles,
)
from flowtui.ui.ink import Piece, blank, fit_pieces, in_a_gap
from flowtui.ui.places import index_of, same_place
from flowtui.ui.pulse import pulse_of
from flowtui.ui.themes import palette_of
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.cursor_row import cursor_row
from flowtui.ui.widgets.marks import Marks
from flowtui.ui.widgets.moving import MovingLines, Painted
from flowtui.ui.widgets.painted import is_looked_at

_SAMPLE = 200
"""Records that say how wide the columns want to be, besides those that come into view."""

WholeRow = Callable[[R, Palette, Sequence[Placed[R]]], "list[Piece] | None"]
"""Paints a record that does not keep to the columns, like a heat strip; None for one that does."""


class RecordTable(MovingLines, Generic[R], can_focus=True):
    """Rows of records under captions, with a cursor."""

    DEFAULT_CSS = """
    RecordTable {
        background: $bg0; color: $fg1; height: 1fr; width: 1fr; overflow: hidden hidden;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "down", show=False, id="table.down"),
        Binding("up,k", "move(-1)", "up", show=False, id="table.up"),
        Binding("home,g", "first", "first", show=False, id="table.first"),
        Binding("end,G", "last", "last", show=False, id="table.last"),
        Binding("ctrl+d", "page(0.5)", "half a page down", show=False, id="table.half_down"),
        Binding("ctrl+u", "page(-0.5)", "half a page up", show=False, id="table.half_up"),
        Binding("pagedown,ctrl+f", "page(1.0)", "page down", show=False, id="table.page_down"),
        Binding("pageup", "page(-1.0)", "page up", show=False, id="table.page_up"),
        Binding("enter", "open", "open", show=False, id="table.open"),
        Binding("space", "mark", "mark", show=False, id="table.mark"),
    ]

    class About(Message):
        """Something about one record."""

        def __init__(self, table: RecordTable[Any], record: Any) -> None:
            super().__init__()
            self.table = table
            self.record = record

        @property
        def control(self) -> RecordTable[Any]:
            """The table it comes from."""
            return self.table

    class Opened(About):
        """Enter was pressed on this record."""

    class Highlighted(About):
        """The cursor stands on this record now."""

    class Marked(About):
        """This record was marked or lost its mark; None stands for several at once."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        key: Callable[[R], Hashable],
        *,
        marks: bool = False,
        sentence: str = "",
        captions: bool = True,
        whole_row: WholeRow[R] | None = None,
        ground: str = "bg0",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.columns = tuple(columns)
        self.key = key
        self._whole_row = whole_row
        self.ground = ground
        """The token of the background: another in a dialog or a preview."""
        self.can_mark = marks
        """Whether records can be marked."""
        self._marks = Marks(key)
        self._sentence: tuple[Piece, ...] = (Piece(sentence, "fg2"),)
        self.still = int(captions)
        self._edge: Sequence[Piece] = ()
        self._rows: Sequence[R] = ()
        self._cursor = 0
        self._natural: tuple[int, ...] = ()
        self._placed: tuple[Placed[R], ...] = ()
        self._placed_for: tuple[int, tuple[int, ...]] | None = None
        self._cells: dict[int, Sequence[Piece]] = {}
        """What the rows in sight show, by their numbers."""

    # What it shows ------------------------------------------------------------------------------

    @property
    def rows(self) -> Sequence[R]:
        """The records, from top to bottom."""
        return self._rows

    @property
    def cursor(self) -> int:
        """The number of the row one stands on."""
        return self._cursor

    @property
    def record(self) -> R | None:
        """The record one stands on."""
        return self._rows[self._cursor] if self._rows else None

    @property
    def marked(self) -> list[R]:
        """The marked records, in the order they were marked."""
        return self._marks.records

    def show(self, rows: Sequence[R], empty: str = "") -> None:
        """Show these records; the cursor stays on its record, lines that are the same stay."""
        before, here = self._rows, self.record
        was_at = self._cursor
        self._rows = rows
        if empty:
            self._sentence = (Piece(empty, "fg2"),)
        if self._marks.renew(rows):
            self.post_message(self.Marked(self, None))
        self._measure(rows[:_SAMPLE])
        self._cursor = same_place(before, rows, self.key, was_at)
        self.set_reactive(RecordTable.virtual_size, Size(0, len(rows) + self.still))
        shift = self._cursor - was_at
        if shift and self.scroll_offset.y:
            self._scroll_to_row(self.scroll_offset.y + shift)
        if before:
            self._keep_cursor_visible()
        self.repaint()
        if self.record is not None and (
            here is None or self.key(here) != self.key(self.record) or here != self.record
        ):
            self.post_message(self.Highlighted(self, self.record))

    def say(self, sentence: str | Sequence[Piece], token: str = "fg2") -> None:
        """What to read where there are no rows: that they are on their way, or why not."""
        self._sentence = (Piece(sentence, token),) if isinstance(sentence, str) else tuple(sentence)
        self.repaint()

    def show_edge(self, said: Sequence[Piece]) -> None:
        """Say something between the captions: how old the rows are."""
        self._edge = said
        self.repaint()

    def show_columns(self, columns: Sequence[Column[R]]) -> None:
        """Show other columns of the same records."""
        self.columns = tuple(columns)
        self._natural = measure(self.columns, self._rows[:_SAMPLE])
        self._placed_for = None
        self.repaint()

    def has_room_for(self, column: Column[R]) -> bool:
        """Whether a column of that name is to be seen at this width."""
        return self.place_of(column.called) is not None

    def place_of(self, called: str, width: int = 0) -> tuple[int, int] | None:
        """The cell a column begins at and how many it has, if it is to be seen at that width."""
        at = MARGIN
        for one in self._columns_at(width or self.size.width):
            at += one.gap
            if one.column.called == called:
                return at, one.width
            at += one.width
        return None

    def go_to(self, key: Hashable) -> bool:
        """Put the cursor on the record with that key, if it is here."""
        index = index_of(self._rows, self.key, key, self._cursor)
        if index is not None:
            self._go(index)
        return index is not None

    def unmark_all(self) -> None:
        """Mark nothing."""
        self._marks.clear()
        self._tell_marks()

    def mark(self, records: Iterable[R]) -> None:
        """Mark these as well."""
        self._marks.add(records)
        self._tell_marks()

    def unmark(self, keys: Iterable[Hashable]) -> None:
        """Take the marks of these away."""
        self._marks.remove(keys)
        self._tell_marks()

    def mark_range(self) -> int:
        """Mark all from the last that was marked to the one one stands on; how many those are."""
        last = self._marks.last
        start = None if last is None else index_of(self._rows, self.key, last, self._cursor)
        start = self._cursor if start is None else start
        first, end = sorted((start, self._cursor))
        self.mark(self._rows[first : end + 1])
        return end + 1 - first

    @property
    def hidden_marks(self) -> list[R]:
        """Marked records that are not among the rows."""
        return self._marks.hidden(self._rows)

    def _tell_marks(self) -> None:
        self.repaint()
        self.post_message(self.Marked(self, None))

    # Painting -----------------------------------------------------------------------------------

    @property
    def page(self) -> int:
        """How many records there is room for."""
        return max(1, self.size.height - self.still)

    def _visible(self) -> range:
        first = self.scroll_offset.y
        return range(first, min(len(self._rows), first + self.page))

    def _columns_at(self, width: int) -> tuple[Placed[R], ...]:
        if self._placed_for != (width, self._natural):
            if not self._natural:
                self._natural = measure(self.columns, ())
            self._placed_for = (width, self._natural)
            self._placed = arrange(self.columns, self._natural, max(1, width - 2 * MARGIN))
        return self._placed

    def _measure(self, records: Sequence[R]) -> None:
        """Let columns grow to what these records want."""
        self._natural = measure(self.columns, records, self._natural)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Look at the records that come into view; the others are as they were."""
        before, after, page = round(old_value), round(new_value), self.page
        seen, last = range(before, before + page), min(after + page, len(self._rows))
        coming = [self._rows[row] for row in range(after, last) if row not in seen]
        columns = self._columns_at(self.size.width)
        self._measure(coming)
        super().watch_scroll_y(old_value, new_value)
        if self._columns_at(self.size.width) != columns:
            self.refresh()
        palette = palette_of(self)
        if any(counts_seconds(self._placed, record, palette) for record in coming):
            pulse_of(self).join(self, self._tick)

    def paint_line(self, y: int, palette: Palette) -> Painted:
        placed = self._columns_at(self.size.width)
        named = placed if self._rows else titles(placed)
        if y < self.still and named:
            line = (blank(MARGIN), *heading_pieces(named, palette))
            return self.ground, (*in_a_gap(line, self._edge, self.size.width - MARGIN),)
        row = self.scroll_offset.y + y - self.still
        if 0 <= row < len(self._rows):
            return self._row(row, placed, palette)
        if not self._rows and y == self.still * bool(named):
            said = fit_pieces(self._sentence, max(0, self.size.width - 2 * MARGIN))
            line, edge = (blank(MARGIN), *said), self._edge if y == 0 else ()
            return self.ground, (*in_a_gap(line, edge, self.size.width - MARGIN),)
        return self.ground, ()

    def _row(self, row: int, placed: Sequence[Placed[R]], palette: Palette) -> Painted:
        record = self._rows[row]
        cells = self._whole_row(record, palette, placed) if self._whole_row else None
        if cells is None:
            cells = row_pieces(placed, record, palette)
        if len(self._cells) > 2 * self.page:
            self._cells.clear()
        self._cells[row] = cells
        return self._dressed(row, cells, palette)

    def _dressed(self, row: int, cells: Sequence[Piece], palette: Palette) -> Painted:
        """Cells with what says whether one stands on them, and whether they are marked."""
        marked = self._rows[row] in self._marks
        margin = Piece(palette.glyph("mark") if marked else " ", "accent", self.ground)
        if row != self._cursor:
            return self.ground, (margin, Piece(" "), *cells)
        place = (margin, cells, self.size.width, palette)
        is_led = self.has_focus or self.has_class("-led")
        return cursor_row(*place, focused=is_led, ground=self.ground)

    def _dress_row(self, row: int) -> None:
        """Send a row that one has come to or left: its cells are as they were."""
        y, palette, cells = self._y_of(row), palette_of(self), self._cells.get(row)
        if cells is not None and y >= self.still and self.is_drawn(y, palette):
            self.replace_line(y, self._dressed(row, cells, palette), palette)
        else:
            self._refresh_row(row)

    def repaint(self) -> None:
        """Look at the visible records again, and send the lines that look different now."""
        if not self.is_attached or not self.size:
            return
        palette = palette_of(self)
        for y in range(self.size.height):
            self.refresh_changed(y, palette)
        self._keep_pulse()

    def stands_at(self) -> Offset:
        """Where the bar before the cursor's row is on the screen."""
        return self.region.offset + Offset(1, self._y_of(self._cursor))

    def _y_of(self, row: int) -> int:
        """The line of the widget that a row begins in."""
        return row - self.scroll_offset.y + self.still

    def _refresh_row(self, row: int) -> None:
        y = self._y_of(row)
        if self.still <= y < self.size.height:
            self.refresh_line(y)

    def on_resize(self, event: Resize) -> None:
        self._keep_cursor_visible()
        self._keep_pulse()

    def on_focus(self) -> None:
        self._refresh_row(self._cursor)

    def on_blur(self) -> None:
        self._refresh_row(self._cursor)

    # Ticking ------------------------------------------------------------------------------------

    def _keep_pulse(self) -> None:
        """Count seconds as long as any of them is to be seen."""
        if not self.is_attached:
            return
        palette, pulse = palette_of(self), pulse_of(self)
        rows = self._visible() if is_looked_at(self) else range(0)
        if any(counts_seconds(self._placed, self._rows[row], palette) for row in rows):
            pulse.join(self, self._tick)
        else:
            pulse.leave(self)

    def _tick(self) -> None:
        """Send the visible lines whose seconds have moved on."""
        palette = palette_of(self)
        for row in self._visible():
            if any(place.column.ticks_for(self._rows[row]) for place in self._placed):
                self.refresh_changed(self._y_of(row), palette)
        self._keep_pulse()

    # Moving -------------------------------------------------------------------------------------

    def _scroll_to_row(self, row: int) -> None:
        top = max(0, min(row, len(self._rows) - self.page))
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, immediate=True, force=True)

    def _keep_cursor_visible(self) -> None:
        top, further = self.scroll_offset.y, self.page // 3 if self.moves_dearly else 0
        if self._cursor < top:
            self._scroll_to_row(self._cursor - further)
        elif self._cursor >= top + self.page:
            self._scroll_to_row(self._cursor - self.page + 1 + further)
        elif top > max(0, len(self._rows) - self.page):
            self._scroll_to_row(top)

    def _go(self, row: int) -> None:
        row = max(0, min(row, len(self._rows) - 1))
        if row == self._cursor or not self._rows:
            return
        before, self._cursor = self._cursor, row
        self._keep_cursor_visible()
        self._dress_row(before)
        self._dress_row(row)
        self.post_message(self.Highlighted(self, self._rows[row]))

    def action_move(self, rows: int) -> None:
        """Go some rows down, or up."""
        self._go(self._cursor + rows)

    def action_page(self, pages: float) -> None:
        """Go a page, or half a page, down or up; the view moves along."""
        rows = int(self.page * pages)
        self._scroll_to_row(self.scroll_offset.y + rows)
        self._go(self._cursor + rows)

    def action_last(self) -> None:
        """Go to the last row."""
        self._go(len(self._rows) - 1)

    def action_first(self) -> None:
        """Go to the first row."""
        self._go(0)

    def action_open(self) -> None:
        """Open the record one stands on."""
        if self.record is not None:
            self.post_message(self.Opened(self, self.record))

    def action_mark(self) -> None:
        """Mark the record, or take its mark away, and go on to the next."""
        record = self.record
        if not self.can_mark or record is None:
            return
        self._marks.turn(record)
        self._refresh_row(self._cursor)
        self.post_message(self.Marked(self, record))
        self._go(self._cursor + 1)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        event.stop().prevent_default()
        self.action_move(3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        event.stop().prevent_default()
        self.action_move(-3)

    def on_click(self, event: Click) -> None:
        row = self.scroll_offset.y + event.y - self.still
        if event.y >= self.still and row < len(self._rows):
            self._go(row)
            if event.chain == 2:
                self.action_open()
