"""A log to read in: from hit to hit, from error to error, with long messages folded."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from textual.strip import Strip

from flowtui.models.logs import LogLine
from flowtui.models.text import cells
from flowtui.ui.ink import Piece, blank, fit_pieces, skip_pieces, strip, width_of
from flowtui.ui.log_arrangement import Fold
from flowtui.ui.log_rows import fold_pieces, folded_pieces, marked_pieces
from flowtui.ui.loglines import MARGIN, Row, head_pieces, message_rows, message_token
from flowtui.ui.themes import palette_of
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.sliced_log import FOLDED, Item, SlicedLog


class LogReader(SlicedLog):
    """The log of a run, and the keys' work on it."""

    folds_long = True

    # Moving -------------------------------------------------------------------------------------

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
        row = self._row_at(place, item, offset)
        found = self.search.places(item.message)
        if self.current is not None and self._marked is not None and self._marked[0] == place:
            _, line, start = self._marked
            if line == row.line and row.start <= start < row.start + max(1, len(row.text)):
                return self.current + step
        earlier = sum(1 for line, start, _ in found if (line, start) < (row.line, row.start))
        return before + earlier if step > 0 else before + earlier - 1

    def search_went_on(self, complete: bool) -> None:
        """Go to the first hit from where the search began; once all is searched, to the last; and
        back to where it began when there is none."""
        total, since = self.hits.total, self._search_from
        if since is None or self.current is not None:
            return
        if not total:
            if complete and self.search is not None and self.place != since:
                self.go_to_place(since)  # where what was typed so far has led to says nothing now
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
        last = self._all.rows[place] - 1
        if self._is_folded(place) and 0 < message_line < last:
            self._toggled ^= {place}
            self._index.change(item, self._rows_at(place))
            self._set_height()
        offset = self._offset_of(place, message_line, start)
        text = message_rows(line.message)[message_line].text
        self._bring_into_sight(cells(text[:start]), cells(text[:end]))
        self._stand_on(self._index.first_row(item) + offset)
        self.refresh()
        self.post_message(self.Changed(self))

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

    def toggle_fold(self) -> bool:
        """Open or close what one stands on; whether there is anything to open or close."""
        if not self._lines:
            return False
        number, _ = self._index.find(self._cursor)
        place = self._arrangement.origin(number)
        if self._arrangement.folded(number):
            self._opened.add(place)
            self._start(arrange=True)
            return True
        if self._all.rows[place] <= FOLDED:
            return False
        self._toggled ^= {place}
        first, top = self._index.first_row(number), self.scroll_offset.y
        rows = self._rows_at(place)
        self._index.change(number, rows)
        self._set_height()
        self._go(first, pause=True)
        below = first + rows - self._page
        self._scroll_to_row(min(first, max(top, below)))
        self.refresh()
        return True

    # Rows ----------------------------------------------------------------------------------------

    def _row_at(self, place: int, line: LogLine, offset: int) -> Row:
        if self._is_folded(place):
            rows = message_rows(line.message)
            return rows[(0, 1, -1)[min(offset, 2)]]
        rows = self._layout.rows(line)
        return rows[min(offset, len(rows) - 1)]

    def _offset_of(self, place: int, message_line: int, start: int) -> int:
        """Which row of a line shows that character of it."""
        if self._is_folded(place):
            return 0 if message_line == 0 else FOLDED - 1
        rows = self._layout.rows(self._all[place])
        return bisect_right(rows, (message_line, start), key=lambda row: (row.line, row.start)) - 1

    # Painting -----------------------------------------------------------------------------------

    def _pieces_of(self, number: int, offset: int, palette: Palette, here: bool) -> list[Piece]:
        item, layout = self._lines[number], self._layout
        if isinstance(item, Fold):
            return fold_pieces(item, layout, palette)
        place = self._arrangement.origin(number)
        who = self._source(item) if offset == 0 else ""
        time = self.times.text(item.timestamp, layout.wide)
        head = head_pieces(item, offset, layout, palette, time, who, here)
        if offset == 1 and self._is_folded(place):
            return [*head, *folded_pieces(self._all.rows[place] - 2, palette)]
        row, token = self._row_at(place, item, offset), message_token(item, offset)
        if self.search is None:
            pieces = [Piece(row.text, token)]
        else:
            marked = self._marked
            current = marked[2] if marked is not None and marked[:2] == (place, row.line) else None
            reversed_row = here and self.has_focus and palette.depth != "full"
            whole = message_rows(item.message)[row.line].text
            pieces = marked_pieces(row, whole, self.search, current, palette, token, reversed_row)
        pieces = skip_pieces(pieces, layout.left)
        room = layout.room - self._has_track
        if width_of(pieces) > room:
            pieces = fit_pieces(pieces, room, ellipsis=palette.ellipsis)
        return [*head, *pieces]

    @property
    def _has_track(self) -> bool:
        """Whether the hits of a search are drawn at the edge: not where all rows are in sight."""
        fits = self._index.rows <= self._page
        return bool(self.search and self.hits.total) and not fits and self.size.width >= 4 * MARGIN

    @property
    def moves_whole(self) -> bool:
        return not self._has_track

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        if not self._has_track:
            return line
        width = self.size.width
        palette = palette_of(self)
        track = strip([self._track(y, palette), blank(1)], palette, "bg0", MARGIN)
        return Strip.join([line.crop(0, width - MARGIN), track])

    def _track(self, y: int, palette: Palette) -> Piece:
        """A cell of the scroll track: where one is, else what is hit there, errors in red."""
        rows, height = self._index.rows, self._page
        first, end = y * rows // height, max(y * rows // height + 1, (y + 1) * rows // height)
        items = self._index.find(first)[0], self._index.find(min(rows, end) - 1)[0]
        places = self._arrangement.origin(items[0]), self._arrangement.origin(items[1]) + 1
        top = self.scroll_offset.y
        if first < top + height and end > top:
            return Piece(palette.glyph("cursor"), "fg1")
        if self.hits.between(*places):
            return Piece(
                palette.glyph("bar"), "failed" if self._hits_error(*places) else "scheduled"
            )
        return Piece(palette.glyph("hairline"), "line")

    def _grow(self, count: int, voices: Iterable[Item]) -> None:
        super()._grow(count, voices)
        if self._has_track:
            self.refresh()  # every cell of it stands for other rows now

    def _hits_error(self, first: int, end: int) -> bool:
        """Whether a line with a hit among these is an error."""
        errors = self.contents.errors
        among = errors[bisect_left(errors, first) : bisect_left(errors, end)]
        return any(self.hits.in_line(place) for place in among)
