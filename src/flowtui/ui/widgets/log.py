"""The log: lines that come at the end, followed until one scrolls up to read.

Nothing is done for a line but counting its rows; what one sees is made when it is painted. Lines
come in batches, and one batch is one change of the screen. While following is paused, new lines
cost nothing but their number.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any, ClassVar, Generic

from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Offset, Region, Size
from textual.message import Message

from flowtui.models.text import cells, cut, plain
from flowtui.ui.ink import Piece, blank
from flowtui.ui.loglines import MARGIN, E, Layout, RowIndex, row_pieces
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.cursor_row import cursor_row
from flowtui.ui.widgets.moving import MovingLines, Painted

_SOURCE_MOST = 19
_SIDEWAYS = 16


def _time_of(line: Any) -> datetime:
    when: datetime = line.timestamp
    return when


class LogView(MovingLines, Generic[E], can_focus=True):
    """A log that is read from its end."""

    DEFAULT_CSS = """
    LogView {
        background: $bg0; color: $fg1; height: 1fr; width: 1fr; overflow: hidden hidden;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "down", show=False, id="log.down"),
        Binding("up,k", "move(-1)", "up", show=False, id="log.up"),
        Binding("home,g", "first", "first", show=False, id="log.first"),
        Binding("end,G,F", "follow", "follow", show=False, id="log.follow"),
        Binding("ctrl+d", "page(0.5)", "half a page down", show=False, id="log.half_down"),
        Binding("ctrl+u", "page(-0.5)", "half a page up", show=False, id="log.half_up"),
        Binding("pagedown,ctrl+f", "page(1.0)", "page down", show=False, id="log.page_down"),
        Binding("pageup", "page(-1.0)", "page up", show=False, id="log.page_up"),
        Binding("left,h", "sideways(-1)", "left", show=False, id="log.left"),
        Binding("right,l", "sideways(1)", "right", show=False, id="log.right"),
        Binding("w", "wrap", "wrap", show=False, id="log.wrap"),
    ]

    class Changed(Message):
        """Following, or the number of lines not seen yet, has changed."""

        def __init__(self, log: LogView[Any]) -> None:
            super().__init__()
            self.log_view = log

        @property
        def control(self) -> LogView[Any]:
            """The log it comes from."""
            return self.log_view

    class Moved(Message):
        """One stands on another row."""

        def __init__(self, log: LogView[Any]) -> None:
            super().__init__()
            self.log_view = log

        @property
        def control(self) -> LogView[Any]:
            """The log it comes from."""
            return self.log_view

    def __init__(
        self,
        *,
        zone: tzinfo | None = None,
        source: Callable[[E], str] | None = None,
        sentence: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.zone = zone
        self._source = source or (lambda line: "")
        self._sentence = sentence
        self._held: list[E] = []
        self._lines: Sequence[E] = self._held
        self._layout = Layout(0)
        self._wanted: Layout | None = None
        """The layout to come, while rows are still counted for it."""
        self._index: RowIndex[E] = RowIndex(self._rows_of)
        self._cursor = 0
        self._following = True
        self._unseen = 0

    # What it shows ------------------------------------------------------------------------------

    @property
    def lines(self) -> Sequence[E]:
        """All lines, oldest first."""
        return self._lines

    @property
    def following(self) -> bool:
        """Whether new lines scroll into view."""
        return self._following

    @property
    def unseen(self) -> int:
        """Lines that came since following was paused."""
        return self._unseen

    @property
    def wraps(self) -> bool:
        """Whether long messages go on in the next row."""
        return self._layout.wrap

    @property
    def line(self) -> E | None:
        """The line one stands on."""
        return self._lines[self._index.find(self._cursor)[0]] if self._lines else None

    def extend(self, lines: Sequence[E]) -> None:
        """Add these at the end."""
        if lines:
            self._held.extend(lines)
            self._grow(len(lines), lines)

    def _grow(self, count: int, voices: Iterable[E]) -> None:
        """Show so many lines at the end that are new, written by these or others."""
        old_cursor, old_rows = self._cursor, self._index.rows
        widened = self._widen(voices, len(self._lines) - count)
        self._count(self._index, len(self._lines) - count, len(self._lines))
        self._set_height()
        if self._following:
            self._cursor = self._index.rows - 1
            self._scroll_to_row(self._bottom)
            self._refresh_rows(old_cursor, old_cursor + 1)
        else:
            self._unseen += count
            self.post_message(self.Changed(self))
        self._refresh_rows(old_rows, self._index.rows)
        if widened:
            self.refresh()

    def show(self, lines: Sequence[E]) -> None:
        """Show these and no others; what has only grown at its end is only extended."""
        known = len(self._lines)
        grown = 0 < known <= len(lines) and lines[0] == self._lines[0]
        if grown and lines[known - 1] == self._lines[-1]:
            self.extend(lines[known:])
            return
        here, top = self.line, self._top_line()
        self._lines = self._held = list(lines)
        self._widen(lines, 0)
        self._count_again()
        if self._following:
            self._cursor = max(0, self._index.rows - 1)
            self._scroll_to_row(self._bottom)
        else:
            self._cursor = self._row_of(here)
            self._scroll_to_row(self._row_of(top))
        self.refresh()

    def say(self, sentence: str) -> None:
        """What to read where there are no lines."""
        self._sentence = sentence
        if not self._lines:
            self.refresh()

    def go_to_time(self, when: datetime) -> None:
        """Stand on the last line written by then, with what was before it in sight; following
        pauses."""
        after = bisect_right(self._lines, when, key=_time_of)
        if not self._lines:
            return
        self._stand_near(self._index.first_row(max(0, after - 1)))

    def _stand_near(self, row: int) -> None:
        """Stand on a row, with what was before it in sight; following pauses."""
        if not self.scroll_offset.y <= row < self.scroll_offset.y + self._page:
            self._scroll_to_row(row - self._page // 3)
        self._go(row, pause=True)

    # Rows ---------------------------------------------------------------------------------------

    @property
    def _page(self) -> int:
        return max(1, self.size.height)

    @property
    def _bottom(self) -> int:
        return max(0, self._index.rows - self._page)

    def _top_line(self) -> E | None:
        if not self._lines:
            return None
        return self._lines[self._index.find(min(self.scroll_offset.y, self._index.rows - 1))[0]]

    def _rows_of(self, line: E) -> int:
        """How many rows a line takes."""
        return self._layout.rows_of(line)

    def _count(self, index: RowIndex[E], first: int, end: int) -> None:
        """Add the rows of these lines to an index that has those before."""
        index.extend(self._lines[first:end])

    def _row_of(self, line: E | None) -> int:
        for index, each in enumerate(self._lines):
            if each == line:
                return self._index.first_row(index)
        return 0

    def _widen(self, voices: Iterable[E], known: int) -> bool:
        """Make room for who wrote these; whether that moved the messages of lines known before."""
        names = {self._source(line) for line in voices}
        widest = max((min(cells(plain(name)), _SOURCE_MOST) for name in names), default=0)
        if widest <= self._layout.source:
            return False
        layout = replace(self._wanted or self._layout, source=widest)
        if layout.wrap and self._counts_slowly:
            self._lay_out(layout)
            return False
        self._layout = layout
        if layout.wrap:
            self._count_again(known)
        return layout.wide

    def _count_again(self, count: int | None = None) -> None:
        """Count all rows: the width, the wrapping or the lines are others than before."""
        self._index = RowIndex(self._rows_of)
        self._count(self._index, 0, len(self._lines) if count is None else count)
        self._set_height()

    def _set_height(self) -> None:
        """Tell how far one can scroll, without the layout of the screen that comes with telling."""
        self.set_reactive(LogView.virtual_size, Size(0, self._index.rows))

    @property
    def _counts_slowly(self) -> bool:
        """Whether there are so many lines that their rows are counted between two keys."""
        return False

    def _lay_out(self, layout: Layout) -> None:
        """Take another layout."""
        recount = layout.wrap != self._layout.wrap or (layout.wrap and layout != self._layout)
        if recount and self._counts_slowly:
            self._wanted = layout
            self._count_slowly()
        else:
            self._wanted = None
            self._take_layout(layout, recount)

    def _count_slowly(self) -> None:
        """Count the rows for the layout that is wanted, and take it then."""

    def _take_layout(self, layout: Layout, recount: bool, index: RowIndex[E] | None = None) -> None:
        """Have another layout, whose rows may have been counted; stay on the line one reads."""
        row, offset = self._index.find(self._cursor) if self._lines else (0, 0)
        above = self._cursor - self.scroll_offset.y
        self._layout = layout
        if recount:
            if index is None:
                self._count_again()
            else:
                self._index = index
                self._set_height()
            end = self._index.rows - 1
            self._cursor = min(self._index.first_row(row) + offset, max(0, end))
            if self._following:
                self._cursor = max(0, end)
        top = self._bottom if self._following else self._cursor - min(above, self._page - 1)
        self._scroll_to_row(top)
        self.refresh()

    # Painting -----------------------------------------------------------------------------------

    def paint_line(self, y: int, palette: Palette) -> Painted:
        width, row = self.size.width, self.scroll_offset.y + y
        if row >= self._index.rows:
            said = cut(plain(self._sentence), max(0, width - 2 * MARGIN)) if not row else ""
            return "bg0", (blank(MARGIN), Piece(said, "fg2"))
        here = row == self._cursor and (self.has_focus or not self._following)
        pieces = self._pieces_of(*self._index.find(row), palette, here)
        if not here:
            return "bg0", (blank(MARGIN), *pieces)
        margin = Piece(" ", bg="bg0")
        return cursor_row(margin, pieces, width, palette, focused=self.has_focus, ground="bg0")

    def _pieces_of(self, number: int, offset: int, palette: Palette, here: bool) -> list[Piece]:
        """One row of a line."""
        line = self._lines[number]
        who = self._source(line) if offset == 0 else ""
        return row_pieces(line, offset, self._layout, palette, self.zone, who, here)

    def stands_at(self) -> Offset:
        """Where the bar before the cursor's row is on the screen."""
        return self.region.offset + Offset(1, self._cursor - self.scroll_offset.y)

    def _refresh_rows(self, first: int, last: int) -> None:
        """Paint these rows again, as far as they are in sight."""
        top = max(0, first - self.scroll_offset.y)
        bottom = min(self.size.height, last - self.scroll_offset.y)
        if bottom > top:
            self.refresh(Region(0, top, self.size.width, bottom - top))

    def on_resize(self, event: Resize) -> None:
        self._lay_out(replace(self._wanted or self._layout, width=self.size.width))

    def on_focus(self) -> None:
        self._refresh_rows(self._cursor, self._cursor + 1)

    def on_blur(self) -> None:
        self._refresh_rows(self._cursor, self._cursor + 1)

    # Moving -------------------------------------------------------------------------------------

    def _scroll_to_row(self, row: int) -> None:
        """Have that row at the top."""
        top = max(0, min(row, self._bottom))
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, immediate=True, force=True)

    def _go(self, row: int, pause: bool) -> None:
        if not self._lines:
            return
        before, self._cursor = self._cursor, max(0, min(row, self._index.rows - 1))
        if pause and self._following:
            self._following = False
            self.post_message(self.Changed(self))
        top = self.scroll_offset.y
        if self._cursor < top:
            self._scroll_to_row(self._cursor)
        elif self._cursor >= top + self._page:
            self._scroll_to_row(self._cursor - self._page + 1)
        self._refresh_rows(before, before + 1)
        self._refresh_rows(self._cursor, self._cursor + 1)
        if before != self._cursor:
            self.post_message(self.Moved(self))

    def action_move(self, rows: int) -> None:
        """Go some rows down, or up, which pauses following."""
        self._go(self._cursor + rows, pause=rows < 0)

    def action_page(self, pages: float) -> None:
        """Go a page, or half a page, down or up; the view moves along."""
        rows = int(self._page * pages)
        self._scroll_to_row(self.scroll_offset.y + rows)
        self._go(self._cursor + rows, pause=rows < 0)

    def action_first(self) -> None:
        """Go to the first row."""
        self._go(0, pause=True)

    def action_follow(self) -> None:
        """Go to the end, and stay there as lines come."""
        changed = not self._following or self._unseen
        self._following, self._unseen = True, 0
        self._go(self._index.rows - 1, pause=False)
        self._scroll_to_row(self._bottom)
        if changed:
            self.post_message(self.Changed(self))

    def action_sideways(self, steps: int) -> None:
        """See what long messages hide."""
        if not self._layout.wrap:
            left = max(0, self._layout.left + steps * _SIDEWAYS)
            if left != self._layout.left:
                self._lay_out(replace(self._layout, left=left))

    def action_wrap(self) -> None:
        """Let long messages go on in the next row, or not."""
        layout = self._wanted or self._layout
        self._lay_out(replace(layout, wrap=not layout.wrap, left=0))

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        event.stop().prevent_default()
        self.action_move(-3)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        event.stop().prevent_default()
        self.action_move(3)

    def on_click(self, event: Click) -> None:
        self._go(self.scroll_offset.y + event.y, pause=True)
