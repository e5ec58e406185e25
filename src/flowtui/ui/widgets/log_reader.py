"""A whole log to read in: searched, filtered and folded, without waiting for any of it.

Lines are taken in slices, and so is a search: between two slices keys are answered. What is shown
changes at once when a slice has been read; only another arrangement of the lines is made aside
and shown when it is complete.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from textual.strip import Strip

from flowtui.models.logs import LogLine
from flowtui.models.text import cells, count_lines
from flowtui.ui.ink import Piece, blank, fit_pieces, skip_pieces, strip, width_of
from flowtui.ui.log_arrangement import Arrangement, Fold
from flowtui.ui.log_rows import fold_pieces, folded_pieces, marked_pieces
from flowtui.ui.log_search import Hits, Search
from flowtui.ui.log_times import Times
from flowtui.ui.log_volume import Contents, rank_of
from flowtui.ui.loglines import MARGIN, Row, RowIndex, head_pieces, message_rows, message_token
from flowtui.ui.themes import palette_of
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.log import LogView

SLICE = 2000
"""Lines that are read or searched before keys are looked after again."""
_LONG = 12
"""A message of more lines than that is folded until it is opened."""
_FOLDED = 3
"""Rows of a folded message: its first, how many are folded, its last."""

Item = LogLine | Fold


class LogReader(LogView[Item]):
    """A log that is searched, filtered and folded."""

    def __init__(
        self,
        *,
        zone: tzinfo | None = None,
        source: Callable[[LogLine], str],
        sentence: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(
            source=lambda item: source(item) if isinstance(item, LogLine) else "",
            sentence=sentence,
            **kwargs,
        )
        self.contents = Contents()
        self.times = Times(zone)
        self.search: Search | None = None
        self.hits = Hits()
        self.current: int | None = None
        """The hit one stands on, counted from 0."""
        self.only_hits = False
        self.least = 0
        """The rank of the least level shown."""
        self._all: Sequence[LogLine] = ()
        self._known = 0
        self._searched = 0
        self.is_reading = False
        """Whether lines wait to be taken, searched or arranged."""
        self._must_arrange = False
        """What is shown is not what was asked for last."""
        self._arrangement: Arrangement[LogLine] = Arrangement()
        self._toggled: set[str] = set()
        self._opened: set[int] = set()
        self._marked: tuple[int, int, int] | None = None
        """Where the current hit is: its line's place in the log, line of the message, column."""
        self._searched_for: Search | None = None
        self._search_from: int | None = None

    # Reading ------------------------------------------------------------------------------------

    @property
    def is_searching(self) -> bool:
        """Whether part of the log has not been searched yet."""
        return self.search is not None and self._searched < len(self._all)

    def take(self, lines: Sequence[LogLine]) -> None:
        """Read on in this log, which is the one known so far and what was added to it."""
        self._all = lines
        if self.is_reading:
            return
        if len(lines) - self._known <= SLICE:
            self._read_on(len(lines))
        else:
            self._start(arrange=False, search=False)

    def _read_on(self, end: int) -> None:
        if end <= self._known:
            return
        self.contents.add(self._all[self.contents.lines : end])
        unseen = self._unseen
        judged = list(self._judged(self._known, end, self.hits))
        change = self._arrangement.feed(judged)
        if change.keep < len(self._lines):
            del self._lines[change.keep :]
            self._index.cut(change.keep)
            self.refresh()
        self._known = self._searched = end
        self.extend(change.items)
        self._unseen = 0 if self._following else unseen + len(judged)
        self.post_message(self.Changed(self))

    def _judged(self, first: int, end: int, hits: Hits) -> Iterator[tuple[int, LogLine, bool]]:
        """The lines of a slice that are bad enough to be shown; their hits are counted."""
        search, least = self.search, self.least
        for place in range(first, end):
            line = self._all[place]
            if least and rank_of(line.level) < least:
                continue
            count = search.count(line.message) if search is not None else 0
            if count:
                hits.add(place, count)
            yield place, line, bool(count)

    def _start(self, arrange: bool, search: bool = True) -> None:
        """Read everything again, in slices, beginning now."""
        self.is_reading = True
        self._must_arrange |= arrange
        self.run_worker(partial(self._read_all, search), group="reading", exclusive=True)

    async def _read_all(self, search: bool) -> None:
        try:
            if search:
                await self._search_all(self._must_arrange)
                self._must_arrange = False
            while self._known < len(self._all):
                self._read_on(min(len(self._all), self._known + SLICE))
                await asyncio.sleep(0)
            self.is_reading = False
        finally:
            self.post_message(self.Changed(self))

    async def _search_all(self, arrange: bool) -> None:
        """Search what is known; with `arrange`, put what is shown into a new order too."""
        hits = self.hits = Hits()
        marked = self._marked if self.search == self._searched_for else None
        self._searched_for = self.search
        self.current = self._marked = None
        arrangement: Arrangement[LogLine] = Arrangement(
            self.only_hits and self.search is not None, frozenset(self._opened)
        )
        items: list[Item] = []
        index: RowIndex[Item] = RowIndex(self._rows_of)
        layout = self._layout
        self._searched = 0
        while self._searched < self._known:
            end = min(self._known, self._searched + SLICE)
            judged = self._judged(self._searched, end, hits)
            if arrange:
                change = arrangement.feed(judged)
                del items[change.keep :]
                index.cut(change.keep)
                items += change.items
                index.extend(change.items)
            else:
                deque(judged, maxlen=0)
            self._searched = end
            if not arrange:
                self._go_to_wanted()
                self.refresh()
            self.post_message(self.Changed(self))
            await asyncio.sleep(0)
        if arrange:
            self._arrange(arrangement, items, index if layout == self._layout else None)
        if marked is not None and hits.in_line(marked[0]) and self.search is not None:
            starts = [place[:2] for place in self.search.places(self._all[marked[0]].message)]
            self._marked, self.current = marked, hits.before(marked[0]) + starts.index(marked[1:])
        self._go_to_wanted(complete=True)
        self.refresh()

    def _arrange(
        self, arrangement: Arrangement[LogLine], items: list[Item], index: RowIndex[Item] | None
    ) -> None:
        """Show other items, and stay where one is."""
        place, offset, above = 0, 0, self._cursor - self.scroll_offset.y
        if self._lines:
            item, offset = self._index.find(self._cursor)
            place = self._arrangement.origin(item)
        self._arrangement, self._lines = arrangement, items
        if index is None:
            self._count_again()
        else:
            self._index = index
            self._set_height()
        if self._following:
            self._cursor = max(0, self._index.rows - 1)
            self._scroll_to_row(self._bottom)
        elif items:
            item = arrangement.item_of(place)
            rows = self._rows_of(items[item])
            self._cursor = self._index.first_row(item) + min(offset, rows - 1)
            self._scroll_to_row(self._cursor - min(above, self._page - 1))
        else:
            self._cursor = 0
        self.refresh()

    # Choosing what is shown ---------------------------------------------------------------------

    def look_for(self, search: Search | None) -> None:
        """Search for this from where one is; None is for nothing."""
        if search == self.search:
            return
        self.search = search
        if self._search_from is None:
            self._search_from = self.place
        self._start(arrange=self.only_hits or self._arrangement.folds)

    def stay(self) -> None:
        """Let the next search begin where one is now."""
        self._search_from = None

    def show_only_hits(self, only: bool) -> None:
        """Fold what has no hit, or show it again."""
        self.only_hits = only
        self._opened.clear()
        self._start(arrange=True)

    def show_from_level(self, least: int) -> None:
        """Leave out what is not as bad."""
        self.least = least
        self._start(arrange=True)

    def show_times(self, times: Times) -> None:
        """Show times in that way."""
        self.times = times
        self.refresh()

    def toggle_fold(self) -> bool:
        """Open or close what one stands on; whether there is anything to open or close."""
        if not self._lines:
            return False
        number, _ = self._index.find(self._cursor)
        item = self._lines[number]
        if isinstance(item, Fold):
            self._opened.add(self._arrangement.origin(number))
            self._start(arrange=True)
            return True
        if count_lines(item.message) <= _FOLDED:
            return False
        self._toggled ^= {item.id}
        first, top = self._index.first_row(number), self.scroll_offset.y
        rows = self._rows_of(item)
        self._index.change(number, rows)
        self._set_height()
        self._go(first, pause=True)
        below = first + rows - self._page
        self._scroll_to_row(min(first, max(top, below)))
        self.refresh()
        return True

    # Moving -------------------------------------------------------------------------------------

    @property
    def place(self) -> int:
        """The place in the log of the line one stands on."""
        if not self._lines:
            return 0
        return self._arrangement.origin(self._index.find(self._cursor)[0])

    @property
    def whole_line(self) -> LogLine | None:
        """The line one stands on; of a fold, the first one in it."""
        return self._all[self.place] if self._lines else None

    def go_to_place(self, place: int) -> None:
        """Stand on the line at that place of the log; following pauses."""
        if self._lines:
            self._stand_on(self._index.first_row(self._arrangement.item_of(place)))

    def go_to_time(self, when: datetime) -> None:
        after = bisect_right(self._lines, when, key=lambda item: item.timestamp)
        if self._lines:
            self._stand_on(self._index.first_row(max(0, after - 1)))

    def go_to_error(self, step: int) -> bool | None:
        """Stand on the next error, or on the one before; None if there are none, and False if it
        went on from the other end."""
        errors = self.contents.errors
        if not errors or not self._lines:
            return None
        here = self._arrangement.covers(self._index.find(self._cursor)[0])
        at = bisect_left(errors, here.stop) if step > 0 else bisect_left(errors, here.start) - 1
        on_the_way = 0 <= at < len(errors)
        self.go_to_place(errors[at % len(errors)])
        return on_the_way

    def go_to_next_hit(self, step: int) -> bool | None:
        """Stand on the next hit, or on the one before; as `go_to_error`."""
        total = self.hits.total
        if self.search is None or not total or not self._lines:
            return None
        wanted = self._hit_from_here(step)
        self._go_to_hit(wanted % total)
        return 0 <= wanted < total

    def _hit_from_here(self, step: int) -> int:
        assert self.search is not None
        number, offset = self._index.find(self._cursor)
        place, item = self._arrangement.origin(number), self._lines[number]
        before = self.hits.before(place)
        if isinstance(item, Fold):
            return before if step > 0 else before - 1
        row = self._row_at(item, offset)
        found = self.search.places(item.message)
        if self.current is not None and self._marked is not None and self._marked[0] == place:
            _, line, start = self._marked
            if line == row.line and row.start <= start < row.start + max(1, len(row.text)):
                return self.current + step
        earlier = sum(1 for line, start, _ in found if (line, start) < (row.line, row.start))
        return before + earlier if step > 0 else before + earlier - 1

    def _go_to_wanted(self, complete: bool = False) -> None:
        """Go to the first hit from where the search began; once all is searched, to the last."""
        total, since = self.hits.total, self._search_from
        if since is None or self.current is not None or not total:
            return
        first = self.hits.before(since)
        if first < total:
            self._go_to_hit(first)
        elif complete:
            self._go_to_hit(total - 1)

    def _go_to_hit(self, number: int) -> None:
        assert self.search is not None
        place, which = self.hits.place(number)
        line = self._all[place]
        message_line, start, end = self.search.places(line.message)[which]
        self.current, self._marked = number, (place, message_line, start)
        item = self._arrangement.item_of(place)
        last = count_lines(line.message) - 1
        if self._is_folded(line) and 0 < message_line < last:
            self._toggled ^= {line.id}
            self._index.change(item, self._rows_of(line))
            self._set_height()
        offset = self._offset_of(line, message_line, start)
        text = message_rows(line.message)[message_line].text
        self._bring_into_sight(cells(text[:start]), cells(text[:end]))
        self._stand_on(self._index.first_row(item) + offset)
        self.refresh()

    def _bring_into_sight(self, start: int, end: int) -> None:
        layout = self._layout
        if not layout.wrap and not layout.left <= start <= end < layout.left + layout.room:
            left = 0 if end < layout.room else max(0, start - layout.room // 3)
            if left != layout.left:
                self._lay_out(replace(layout, left=left))

    def _stand_on(self, row: int) -> None:
        """Go to a row; one that was out of sight comes to the middle."""
        if not self.scroll_offset.y <= row < self.scroll_offset.y + self._page:
            self._scroll_to_row(row - self._page // 2)
        self._go(row, pause=True)

    def _go(self, row: int, pause: bool) -> None:
        super()._go(row, pause)
        self.post_message(self.Changed(self))

    # Rows ---------------------------------------------------------------------------------------

    def _is_folded(self, line: LogLine) -> bool:
        if line.message.isprintable():
            return False
        count = count_lines(line.message)
        return count > _FOLDED and (count > _LONG) != (line.id in self._toggled)

    def _rows_of(self, line: Item) -> int:
        if isinstance(line, Fold):
            return 1
        return _FOLDED if self._is_folded(line) else self._layout.rows_of(line)

    def _row_at(self, line: LogLine, offset: int) -> Row:
        if self._is_folded(line):
            rows = message_rows(line.message)
            return rows[(0, 1, -1)[min(offset, 2)]]
        rows = self._layout.rows(line)
        return rows[min(offset, len(rows) - 1)]

    def _offset_of(self, line: LogLine, message_line: int, start: int) -> int:
        """Which row of a line shows that character of it."""
        if self._is_folded(line):
            return 0 if message_line == 0 else _FOLDED - 1
        rows = self._layout.rows(line)
        return bisect_right(rows, (message_line, start), key=lambda row: (row.line, row.start)) - 1

    # Painting -----------------------------------------------------------------------------------

    def _pieces_of(self, number: int, offset: int, palette: Palette, here: bool) -> list[Piece]:
        item, layout = self._lines[number], self._layout
        if isinstance(item, Fold):
            return fold_pieces(item, layout, palette)
        who = self._source(item) if offset == 0 else ""
        time = self.times.text(item.timestamp, layout.wide)
        head = head_pieces(item, offset, layout, palette, time, who, here)
        if offset == 1 and self._is_folded(item):
            return [*head, *folded_pieces(count_lines(item.message) - 2, palette)]
        row, token = self._row_at(item, offset), message_token(item, offset)
        if self.search is None:
            pieces = [Piece(row.text, token)]
        else:
            marked, place = self._marked, self._arrangement.origin(number)
            current = marked[2] if marked is not None and marked[:2] == (place, row.line) else None
            reversed_row = here and self.has_focus and palette.depth != "full"
            whole = message_rows(item.message)[row.line].text
            pieces = marked_pieces(row, whole, self.search, current, palette, token, reversed_row)
        pieces = skip_pieces(pieces, layout.left)
        if width_of(pieces) > layout.room:
            pieces = fit_pieces(pieces, layout.room, ellipsis=palette.ellipsis)
        return [*head, *pieces]

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        width = self.size.width
        fits = self._index.rows <= self._page
        if fits or self.search is None or not self.hits.total or width < 4 * MARGIN:
            return line
        palette = palette_of(self)
        track = strip([self._track(y, palette), blank(1)], palette, "bg0", MARGIN)
        return Strip.join([line.crop(0, width - MARGIN), track])

    def _track(self, y: int, palette: Palette) -> Piece:
        """A cell of the scroll track: what is hit there, else where one is."""
        rows, height = self._index.rows, self._page
        first, end = y * rows // height, max(y * rows // height + 1, (y + 1) * rows // height)
        items = self._index.find(first)[0], self._index.find(min(rows, end) - 1)[0]
        places = self._arrangement.origin(items[0]), self._arrangement.origin(items[1]) + 1
        if self.hits.between(*places):
            return Piece(palette.glyph("bar"), "scheduled")
        top = self.scroll_offset.y
        if first < top + height and end > top:
            return Piece(palette.glyph("cursor"), "fg1")
        return Piece(palette.glyph("hairline"), "line")
