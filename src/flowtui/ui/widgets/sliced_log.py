"""The log of a run, of any length: as it is, or searched and with lines left out.

Without a search or a filter nothing is done for a line but looking at it. A search, and another
arrangement of the lines, take them in slices: between two of them keys are answered. Hits show as
they are found; an arrangement is made aside, and shown when it is complete.
"""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import repeat
from typing import Any, ClassVar

from flowtui.models.logs import LogLine
from flowtui.ui.log_arrangement import Arranged, Arrangement, Fold, Unread
from flowtui.ui.log_book import VOICES, LogBook
from flowtui.ui.log_search import Hits, Search
from flowtui.ui.log_times import Times
from flowtui.ui.log_volume import Contents, rank_of
from flowtui.ui.loglines import Layout, RowIndex
from flowtui.ui.typed_ahead import BEHIND
from flowtui.ui.widgets.log import LogView

SLICE = 2000
"""Lines that are searched or arranged before keys are looked after again."""
FOLDED = 3
"""Rows of a folded message: its first, how many are folded, its last."""
MANY = 20_000
"""Lines whose rows are not counted at once when the way they are shown changes."""
_REST = 0.002
"""Seconds between two slices: a key passes many hands, which all have to have a turn."""
_SHOWING = 0.1
"""Seconds between two looks at how far a search has come."""
LOOKED_AT = 50
"""Errors that are looked at for one of a certain task run."""
_LONG = 12
"""A message of more lines than that is folded until it is opened."""

Item = LogLine | Fold


class SlicedLog(LogView[Item]):
    """A log that grows, and is searched and arranged while keys are answered."""

    folds_long: ClassVar[bool] = False
    """Whether messages of many lines are folded until they are opened."""

    def __init__(
        self,
        *,
        zone: tzinfo | None = None,
        source: Callable[[LogLine], str],
        sentence: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(
            zone=zone,
            source=lambda item: source(item) if isinstance(item, LogLine) else "",
            sentence=sentence,
            **kwargs,
        )
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
        self._all = LogBook()
        self._known = self._heard = 0
        self._voices: dict[tuple[str, str | None], LogLine] = {}
        """A line of everybody who wrote any of those that are shown, where not all are."""
        self._searched = 0
        self.is_reading = False
        """Whether lines wait to be taken, searched or arranged."""
        self._must_arrange = self._must_search = False
        """What is shown, or what was searched for, is not what was asked for last."""
        self._arrangement: Arrangement[Unread] = Arrangement()
        self._lines = Arranged(self._all, self._arrangement)
        self._toggled: set[int] = set()
        """The places of lines that were opened or folded by hand."""
        self._opened: set[int] = set()
        self._marked: tuple[int, int, int] | None = None
        """Where the current hit is: its line's place in the log, line of the message, column."""
        self._searched_for: Search | None = None
        self._shown = 0.0
        """When it was last shown how far a search has come."""
        self._search_from: int | None = None

    # Reading ------------------------------------------------------------------------------------

    @property
    def contents(self) -> Contents:
        """What there is in the log."""
        return self._all.contents

    @property
    def lines_read(self) -> int:
        """How many lines of the log it knows, shown or not."""
        return self._known

    @property
    def is_searching(self) -> bool:
        """Whether part of the log has not been searched yet."""
        return self.search is not None and self._searched < len(self._all)

    @property
    def _shows_all(self) -> bool:
        """Whether no line is left out or folded away."""
        folds = self.only_hits and self.search is not None
        return not self.least and self._keeps is None and not folds

    def take(self, book: LogBook) -> None:
        """Read on in this log, which is the one known so far and what was added to it."""
        if book is not self._all:
            self._turn_to(book)
        if self.is_reading:
            return
        if len(book) - self._known <= SLICE or (self._shows_all and self.search is None):
            self._read_on(len(book))
        else:
            self._start(arrange=False, search=False)

    def _turn_to(self, book: LogBook) -> None:
        """Take a book in which there is more before what is known; stay where one is in it."""
        shift = book.shift if self._known else 0
        self._all, self._lines = book, Arranged(book, self._arrangement)
        if not shift:
            return
        self._arrangement.shift += shift
        self._known, self._heard = self._known + shift, 0
        self._toggled = {place + shift for place in self._toggled}
        self._opened = {place + shift for place in self._opened}
        if self._search_from is not None:
            self._search_from += shift
        if self._marked is not None:
            place, line, start = self._marked
            self._marked = place + shift, line, start
        slow = self._layout.wrap and self._counts_slowly
        if self._shows_all and self.search is None and not self.is_reading and not slow:
            self._arrange(self._straight_one(), None)
        else:
            self._start(arrange=True)

    def _straight_one(self) -> Arrangement[Unread]:
        """All lines that are known, as they are."""
        arrangement: Arrangement[Unread] = Arrangement()
        arrangement.go_straight(self._known)
        return arrangement

    def _read_on(self, end: int) -> None:
        if end <= self._known:
            return
        unseen, new = self._unseen, end - self._known
        voices: Sequence[Item]
        if self._shows_all:
            voices = self._all.voices[self._heard :]
            self._heard += len(voices)
            self._count_hits(self._known, end, self.hits)
            self._arrangement.go_straight(end)
        else:
            judged = list(self._judged(self._known, end, self.hits))
            keep = self._arrangement.feed(judged).keep
            if keep < len(self._index.sums):
                self._index.cut(keep)
                self.refresh()
            voices, new = list(self._voices.values()), len(judged)
        self._known = self._searched = end
        grown = len(self._lines) - len(self._index.sums)
        if grown:
            self._grow(grown, voices)
        self._unseen = 0 if self._following else unseen + new
        self.post_message(self.Changed(self))

    def _count_hits(self, first: int, end: int, hits: Hits) -> None:
        if self.search is not None:
            for place, message in enumerate(self._all.messages(first, end), first):
                count = self.search.count(message)
                if count:
                    hits.add(place, count)

    def _judged(self, first: int, end: int, hits: Hits) -> Iterator[tuple[int, Unread, bool]]:
        """The lines of a slice that are to be shown; their hits are counted."""
        book, search, least, keeps = self._all, self.search, self.least, self._keeps
        lines = book.between(first, end) if keeps is not None else repeat(None)
        texts = enumerate(book.texts(first, end), first)
        for (place, (level, message, logger, task_run)), line in zip(texts, lines, strict=False):
            if least and rank_of(level) < least:
                continue
            if keeps is not None and line is not None and not keeps(line):
                continue
            count = search.count(message) if search is not None else 0
            if count:
                hits.add(place, count)
            voice = logger, task_run
            if voice not in self._voices and len(self._voices) < VOICES:
                self._voices[voice] = book[place]
            yield place, Unread(book, place), bool(count)

    def _start(self, arrange: bool, search: bool = True) -> None:
        """Read everything again, in slices, beginning now."""
        self.is_reading = True
        self._must_arrange |= arrange
        self._must_search |= search
        read: Callable[[], Awaitable[None]] = self._read_all
        self.run_worker(read, group=BEHIND, exclusive=True)

    async def _read_all(self) -> None:
        try:
            if self._must_search:
                await self._search_all(self._must_arrange)
                self._must_arrange = self._must_search = False
            if self._wanted is not None:
                wanted, index = self._wanted, RowIndex[Item](self._rows_of)
                await self._count_in_slices(self._arrangement, index, wanted)
                self._wanted = None
                self._take_layout(wanted, True, index)
            while self._known < len(self._all):
                self._read_on(min(len(self._all), self._known + SLICE))
                if self._known < len(self._all):
                    await self._give_way()
            self.is_reading = False
        finally:
            self.post_message(self.Changed(self))

    async def _give_way(self) -> None:
        """Let keys be answered, and now and then show how far it has come."""
        now = time.monotonic()
        if now - self._shown > _SHOWING:
            self._shown = now
            self.refresh()
            self.post_message(self.Changed(self))
        await asyncio.sleep(_REST)

    async def _search_all(self, arrange: bool) -> None:
        """Search what is known; with `arrange`, put what is shown into a new order too."""
        hits = self.hits = Hits()
        marked = self._marked if self.search == self._searched_for else None
        self._searched_for = self.search
        self._voices.clear()
        self.current = self._marked = None
        arrangement: Arrangement[Unread] = Arrangement(
            self.only_hits and self.search is not None, frozenset(self._opened)
        )
        index: RowIndex[Item] = RowIndex(self._rows_of)
        if self._shows_all:
            arrangement = self._straight_one()
        layout = self._layout
        self._searched = 0
        while self._searched < self._known:
            if self._shows_all and self.search is None:
                self._searched = self._known
                break
            end = min(self._known, self._searched + SLICE)
            if self._shows_all:
                self._count_hits(self._searched, end, hits)
            elif arrange:
                index.cut(arrangement.feed(self._judged(self._searched, end, hits)).keep)
                self._count_in(arrangement, index, len(arrangement), layout)
            else:
                deque(self._judged(self._searched, end, hits), maxlen=0)
            self._searched = end
            if not arrange:
                self.search_went_on(complete=False)
            if self._searched < self._known:
                await self._give_way()
        if arrange:
            await self._count_in_slices(arrangement, index, layout)
            self._arrange(arrangement, index if layout == self._layout else None)
            self._widen(self._voices.values(), len(self._lines))
        if marked is not None and hits.in_line(marked[0]) and self.search is not None:
            starts = [place[:2] for place in self.search.places(self._all.message(marked[0]))]
            self._marked, self.current = marked, hits.before(marked[0]) + starts.index(marked[1:])
        self.search_went_on(complete=True)
        self.refresh()

    def _arrange(self, arrangement: Arrangement[Unread], index: RowIndex[Item] | None) -> None:
        """Show other items, and stay where one is."""
        place, offset, above = 0, 0, self._cursor - self.scroll_offset.y
        if self._lines:
            item, offset = self._index.find(self._cursor)
            place = self._arrangement.origin(item)
        self._arrangement, self._lines = arrangement, Arranged(self._all, arrangement)
        self._index = RowIndex(self._rows_of) if index is None else index
        self._count_in(arrangement, self._index, len(arrangement), self._layout)
        self._set_height()
        if self._following:
            self._cursor = max(0, self._index.rows - 1)
            self._scroll_to_row(self._bottom)
        elif len(arrangement):
            item = arrangement.item_of(place)
            first, rows = self._index.first_row(item), self._index.sums[item]
            self._cursor = first + min(offset, rows - 1)
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

    # Moving -------------------------------------------------------------------------------------

    def go_to_error_of(self, writers: Collection[str], start: datetime, end: datetime) -> bool:
        """Stand on the last error that any of these task runs wrote within a time; whether there
        is one. Prefect writes how a task run ended below the error that ended it."""
        errors = self.contents.errors
        later = bisect_right(errors, end, key=lambda place: self._all[place].timestamp)
        for place in reversed(errors[max(0, later - LOOKED_AT) : later]):
            line = self._all[place]
            if line.timestamp < start:
                break
            if line.task_run_id in writers and self._shows_all:
                self._stand_near(self._index.first_row(self._arrangement.item_of(place)))
                return True
        return False

    # Rows ---------------------------------------------------------------------------------------

    def _is_folded(self, place: int) -> bool:
        return self._folds(self._all.rows[place], place in self._toggled)

    def _folds(self, lines: int, toggled: bool) -> bool:
        """Whether a message of so many lines is folded."""
        return self.folds_long and lines > FOLDED and (lines > _LONG) != toggled

    def _rows_at(self, place: int, layout: Layout | None = None) -> int:
        """How many rows the line in a place of the log takes."""
        layout, lines = layout or self._layout, self._all.rows[place]
        if self._folds(lines, place in self._toggled):
            return FOLDED
        return layout.rows_in(self._all.message(place)) if layout.wrap else lines

    @property
    def _counts_slowly(self) -> bool:
        return len(self._lines) > MANY

    def _count_slowly(self) -> None:
        self._start(arrange=False, search=False)

    def _count(self, index: RowIndex[Item], first: int, end: int) -> None:
        self._count_in(self._arrangement, index, end, self._layout)

    async def _count_in_slices(
        self, arrangement: Arrangement[Unread], index: RowIndex[Item], layout: Layout
    ) -> None:
        while len(index.sums) < len(arrangement):
            end = len(arrangement)
            if layout.wrap or not arrangement.is_straight:
                end = min(end, len(index.sums) + SLICE)
            self._count_in(arrangement, index, end, layout)
            if len(index.sums) < len(arrangement):
                await self._give_way()

    def _count_in(
        self, arrangement: Arrangement[Unread], index: RowIndex[Item], end: int, layout: Layout
    ) -> None:
        """Add the rows of the items that an index has not yet, up to one."""
        sums, first = index.sums, len(index.sums)
        if not arrangement.is_straight:
            for item in range(first, end):
                place = arrangement.origin(item)
                sums.extend((1 if arrangement.folded(item) else self._rows_at(place, layout),))
        elif layout.wrap:
            messages = enumerate(self._all.messages(first, end), first)
            sums.extend(
                layout.rows_in(message) if message.isprintable() else self._rows_at(place, layout)
                for place, message in messages
            )
        else:
            sums.extend_from(self._all.rows, end, self._rows_of_lines)
            for place in self._toggled:
                if first <= place < end:
                    sums.change(place, self._rows_at(place, layout))

    def _rows_of_lines(self, lines: int) -> int:
        """How many rows a message of so many lines takes, as long as nobody opens or folds it."""
        return FOLDED if self._folds(lines, False) else lines

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
