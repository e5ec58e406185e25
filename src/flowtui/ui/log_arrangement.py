"""Which lines of a log are shown one under the other, when not all of them are.

Lines below the least level are left out; with only hits, what lies between two hits is folded
into a row that says how much it is. A log grows at its end, so the rows for what is new follow
from those before: only a fold at the end may have to grow.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, overload

from flowtui.frozen import frozen
from flowtui.models.logs import LogLine
from flowtui.ui.log_book import LogBook
from flowtui.ui.loglines import E

CONTEXT = 1
"""Lines without a hit that are shown before and after each one that has."""


@frozen
class Fold:
    """Lines that are not shown, as one row; it is where the first of them would be."""

    timestamp: datetime
    count: int
    level: str = ""
    message: str = ""


@frozen
class Change(Generic[E]):
    """What becomes of the rows: how many stay, and what follows them."""

    keep: int
    items: list[E | Fold]


class Arrangement(Generic[E]):
    """The order of what is shown, and which line of the log each item is."""

    def __init__(self, folds: bool = False, opened: Collection[int] = ()) -> None:
        self.folds = folds
        """Whether lines without a hit are folded."""
        self.shift = 0
        """How many lines have been put before those of the log that were fed."""
        self._opened = opened
        self._straight = 0
        """So many items at the beginning are the lines of the log, none left out."""
        self._origins = array("I")
        """The places of the items behind those."""
        self._folds = array("I"), array("I")
        """Which items are folds, and how many lines each has."""
        self._gap: deque[tuple[int, E]] = deque(maxlen=CONTEXT)
        self._gap_first: tuple[int, E] | None = None
        self._gap_size = 0
        self._settled = 0
        self._context = 0
        self._in_opened = False

    def __len__(self) -> int:
        return self._straight + len(self._origins)

    @property
    def is_straight(self) -> bool:
        """Whether each item is the line of the log in its place."""
        return not (self.shift or self._origins or self._folds[0])

    def go_straight(self, end: int) -> None:
        """Take all lines up to that place as they are; so it must have been before."""
        self._straight = self._settled = end

    def feed(self, lines: Iterable[tuple[int, E, bool]]) -> Change[E]:
        """Take the lines that follow: the place of each in the log, itself, whether it has hits."""
        keep = self._settled
        self._cut(keep)
        items: list[E | Fold] = []
        for index, line, is_hit in lines:
            if self.folds and not is_hit:
                if not self._gap_size:
                    self._in_opened = self._in_opened or index in self._opened
                if self._context or self._in_opened:
                    self._context = max(0, self._context - 1)
                    self._show(items, index, line)
                else:
                    self._widen_gap(index, line)
                continue
            if self._gap_size:
                self._fold(items, self._gap_size - len(self._gap))
                for place, before in self._gap:
                    self._show(items, place, before)
                self._gap.clear()
                self._gap_size = 0
            self._show(items, index, line)
            self._context = CONTEXT if self.folds else 0
            self._in_opened = False
        self._settled = keep + len(items)
        self._fold(items, self._gap_size)
        return Change(keep, items)

    def _widen_gap(self, index: int, line: E) -> None:
        if not self._gap_size:
            self._gap_first = index, line
        self._gap.append((index, line))
        self._gap_size += 1

    def _show(self, items: list[E | Fold], index: int, line: E | Fold) -> None:
        items.append(line)
        if index == self._straight and not self._origins:
            self._straight += 1
        else:
            self._origins.append(index)

    def _fold(self, items: list[E | Fold], count: int) -> None:
        """Show so many lines of the gap, from its first, as one row; a single one as it is."""
        if not count or self._gap_first is None:
            return
        place, first = self._gap_first
        if count > 1:
            for numbers, number in zip(self._folds, (len(self), count), strict=True):
                numbers.append(number)
        self._show(items, place, Fold(first.timestamp, count) if count > 1 else first)

    def _cut(self, keep: int) -> None:
        """Forget the items behind the first so many."""
        self._straight = min(self._straight, keep)
        del self._origins[keep - self._straight :]
        first = bisect_left(self._folds[0], keep)
        for numbers in self._folds:
            del numbers[first:]

    def folded(self, item: int) -> int:
        """How many lines an item is a fold of; 0 for a line."""
        items, counts = self._folds
        at = bisect_left(items, item)
        return counts[at] if at < len(items) and items[at] == item else 0

    def origin(self, item: int) -> int:
        """The place in the log of an item; of a fold, that of its first line."""
        straight = item < self._straight
        return self.shift + (item if straight else self._origins[item - self._straight])

    def covers(self, item: int) -> range:
        """The places in the log that an item stands for."""
        more = item + 1 < len(self)
        end = self.origin(item + 1) if more else sys.maxsize
        return range(self.origin(item), end)

    def item_of(self, line: int) -> int:
        """The item that shows a line, or that is shown where it would be."""
        line -= self.shift
        if line < self._straight:
            return max(0, line)
        return max(0, self._straight + bisect_right(self._origins, line) - 1)


class Unread:
    """A line of a log that is read when it is looked at."""

    __slots__ = ("_book", "_place")

    def __init__(self, book: LogBook, place: int) -> None:
        self._book = book
        self._place = place

    @property
    def timestamp(self) -> datetime:
        """When it was written."""
        return self._book[self._place].timestamp

    @property
    def level(self) -> str:
        """How bad it is."""
        return self._book[self._place].level

    @property
    def message(self) -> str:
        """What it says."""
        return self._book[self._place].message


class Arranged(Sequence[LogLine | Fold]):
    """What is shown of a log, each item read when it is looked at."""

    def __init__(self, book: LogBook, arrangement: Arrangement[Any]) -> None:
        self.book = book
        self._arrangement = arrangement

    def __len__(self) -> int:
        return len(self._arrangement)

    @overload
    def __getitem__(self, item: int) -> LogLine | Fold: ...

    @overload
    def __getitem__(self, item: slice) -> list[LogLine | Fold]: ...

    def __getitem__(self, item: int | slice) -> LogLine | Fold | list[LogLine | Fold]:
        if isinstance(item, slice):
            return [self[each] for each in range(*item.indices(len(self)))]
        item = range(len(self))[item]
        line = self.book[self._arrangement.origin(item)]
        count = self._arrangement.folded(item)
        return Fold(line.timestamp, count) if count else line

    def __iter__(self) -> Iterator[LogLine | Fold]:
        return (self[item] for item in range(len(self)))
