"""A log that is read, searched and arranged in slices: between two of them keys are answered.

What is shown changes at once when a slice has been read; only another arrangement of the lines is
made aside and shown when it is complete.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any

from flowtui.models.logs import LogLine
from flowtui.models.text import count_lines
from flowtui.ui.log_arrangement import Arrangement, Fold
from flowtui.ui.log_search import Hits, Search
from flowtui.ui.log_times import Times
from flowtui.ui.log_volume import Contents, rank_of
from flowtui.ui.loglines import RowIndex
from flowtui.ui.widgets.log import LogView

SLICE = 2000
"""Lines that are read or searched before keys are looked after again."""
FOLDED = 3
"""Rows of a folded message: its first, how many are folded, its last."""
_LONG = 12
"""A message of more lines than that is folded until it is opened."""

Item = LogLine | Fold


class SlicedLog(LogView[Item]):
    """A log that grows, and is searched and arranged while keys are answered."""

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
        self._keeps: Callable[[LogLine], bool] | None = None
        """Which lines are shown; None is all."""
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
        search, least, keeps = self.search, self.least, self._keeps
        for place in range(first, end):
            line = self._all[place]
            if least and rank_of(line.level) < least:
                continue
            if keeps is not None and not keeps(line):
                continue
            count = search.count(line.message) if search is not None else 0
            if count:
                hits.add(place, count)
            yield place, line, bool(count)

    def _start(self, arrange: bool, search: bool = True) -> None:
        """Read everything again, in slices, beginning now."""
        self.is_reading = True
        self._must_arrange |= arrange
        read: Callable[[], Awaitable[None]] = partial(self._read_all, search)
        self.run_worker(read, group="reading", exclusive=True)

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
                self.search_went_on(complete=False)
                self.refresh()
            self.post_message(self.Changed(self))
            await asyncio.sleep(0)
        if arrange:
            self._arrange(arrangement, items, index if layout == self._layout else None)
        if marked is not None and hits.in_line(marked[0]) and self.search is not None:
            starts = [place[:2] for place in self.search.places(self._all[marked[0]].message)]
            self._marked, self.current = marked, hits.before(marked[0]) + starts.index(marked[1:])
        self.search_went_on(complete=True)
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

    def search_went_on(self, complete: bool) -> None:
        """More of the log was searched, or all of it."""

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

    def show_only(self, keeps: Callable[[LogLine], bool] | None) -> None:
        """Leave out the lines that this does not let through; None shows all."""
        self._keeps = keeps
        self._start(arrange=True)

    def show_times(self, times: Times) -> None:
        """Show times in that way."""
        self.times = times
        self.refresh()

    # Rows ---------------------------------------------------------------------------------------

    def _is_folded(self, line: LogLine) -> bool:
        if line.message.isprintable():
            return False
        count = count_lines(line.message)
        return count > FOLDED and (count > _LONG) != (line.id in self._toggled)

    def _rows_of(self, line: Item) -> int:
        if isinstance(line, Fold):
            return 1
        return FOLDED if self._is_folded(line) else self._layout.rows_of(line)

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

    @property
    def on_fold(self) -> bool:
        """Whether one stands on lines that are folded."""
        return isinstance(self.line, Fold)
