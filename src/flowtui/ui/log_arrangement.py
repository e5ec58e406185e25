"""Which lines of a log are shown one under the other, when not all of them are.

Lines below the least level are left out; with only hits, what lies between two hits is folded
into a row that says how much it is. A log grows at its end, so the rows for what is new follow
from those before: only a fold at the end may have to grow.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from flowtui.ui.loglines import E

CONTEXT = 1
"""Lines without a hit that are shown before and after each one that has."""


@dataclass(frozen=True)
class Fold:
    """Lines that are not shown, as one row; it is where the first of them would be."""

    timestamp: datetime
    count: int
    level: str = ""
    message: str = ""


@dataclass(frozen=True)
class Change(Generic[E]):
    """What becomes of the rows: how many stay, and what follows them."""

    keep: int
    items: list[E | Fold]


class Arrangement(Generic[E]):
    """The order of what is shown, and which line of the log each item is."""

    def __init__(self, folds: bool = False, opened: Collection[int] = ()) -> None:
        self.folds = folds
        """Whether lines without a hit are folded."""
        self._opened = opened
        self._origins = array("Q")
        self._gap: list[tuple[int, E]] = []
        self._settled = 0
        self._context = 0
        self._in_opened = False

    def feed(self, lines: Iterable[tuple[int, E, bool]]) -> Change[E]:
        """Take the lines that follow: the place of each in the log, itself, whether it has hits."""
        keep = self._settled
        del self._origins[keep:]
        items: list[E | Fold] = []
        for index, line, is_hit in lines:
            if self.folds and not is_hit:
                if not self._gap:
                    self._in_opened = self._in_opened or index in self._opened
                if self._context or self._in_opened:
                    self._context = max(0, self._context - 1)
                    self._show(items, index, line)
                else:
                    self._gap.append((index, line))
                continue
            if self._gap:
                cut = max(0, len(self._gap) - CONTEXT)
                self._fold(items, self._gap[:cut])
                for place, before in self._gap[cut:]:
                    self._show(items, place, before)
                self._gap = []
            self._show(items, index, line)
            self._context = CONTEXT if self.folds else 0
            self._in_opened = False
        self._settled = keep + len(items)
        self._fold(items, self._gap)
        return Change(keep, items)

    def _show(self, items: list[E | Fold], index: int, line: E) -> None:
        items.append(line)
        self._origins.append(index)

    def _fold(self, items: list[E | Fold], lines: list[tuple[int, E]]) -> None:
        if len(lines) < 2:
            for place, line in lines:
                self._show(items, place, line)
            return
        place, first = lines[0]
        items.append(Fold(first.timestamp, len(lines)))
        self._origins.append(place)

    def origin(self, item: int) -> int:
        """The place in the log of an item; of a fold, that of its first line."""
        return self._origins[item]

    def covers(self, item: int) -> range:
        """The places in the log that an item stands for."""
        more = item + 1 < len(self._origins)
        end = self._origins[item + 1] if more else sys.maxsize
        return range(self._origins[item], end)

    def item_of(self, line: int) -> int:
        """The item that shows a line, or that is shown where it would be."""
        return max(0, bisect_right(self._origins, line) - 1)
