"""What there is in a log: how many lines of each level, where the errors are, how many came when.

All of it is counted once a line, as the log is read, and costs the same to paint for a hundred
lines and for a million.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from flowtui.ui.ink import Piece, joined
from flowtui.ui.loglines import Entry
from flowtui.ui.tokens import Palette

LEAST = ("", "INFO", "WARNING", "ERROR")
"""The least levels one can ask for; empty is all."""

_RANKS = {"DEBUG": 0, "INFO": 1, "WARNING": 2, "ERROR": 3, "CRITICAL": 3}
_BINS = 512
_FINEST = timedelta(milliseconds=250)
_TOKENS = ("line", "line", "scheduled", "failed")


def rank_of(level: str) -> int:
    """How bad a level is: debug 0, info 1, warning 2, error and worse 3; others are information."""
    rank = _RANKS.get(level)
    return _RANKS.get(level.upper(), 1) if rank is None else rank


class Volume:
    """How many lines came when, and how bad the worst of them was."""

    def __init__(self) -> None:
        self._start: datetime | None = None
        self._last = 0
        self._bin = _FINEST
        self._counts = [0] * _BINS
        self._ranks = [0] * _BINS
        self._band: tuple[Palette, int, int, list[list[Piece]]] | None = None
        """What `band` has drawn since the last line, and what for."""

    def add(self, when: datetime, rank: int) -> None:
        """Count a line; one that is older than the first counts with the first."""
        if self._start is None:
            self._start = when
        place = max(0, (when - self._start) // self._bin)
        while place >= _BINS:
            self._halve()
            place = (when - self._start) // self._bin
        self._band = None
        self._counts[place] += 1
        self._last = max(self._last, place)
        if rank > self._ranks[place]:
            self._ranks[place] = rank

    def _halve(self) -> None:
        """Count in spans twice as long."""
        empty = [0] * (_BINS // 2)
        counts, ranks = self._counts, self._ranks
        self._counts = [a + b for a, b in zip(counts[::2], counts[1::2], strict=True)] + empty
        self._ranks = [max(a, b) for a, b in zip(ranks[::2], ranks[1::2], strict=True)] + empty
        self._bin *= 2
        self._last //= 2

    def column_of(self, when: datetime, width: int) -> int:
        """The column that a time is drawn in."""
        if self._start is None:
            return 0
        place = (when - self._start) // self._bin
        return max(0, min(width - 1, ((place + 1) * width - 1) // (self._last + 1)))

    def columns(self, width: int) -> list[tuple[int, int]]:
        """How many lines, and the worst rank, of each column."""
        used = self._last + 1
        columns: list[tuple[int, int]] = []
        for column in range(width):
            first = column * used // width
            last = max(first + 1, (column + 1) * used // width)
            columns.append((sum(self._counts[first:last]), max(self._ranks[first:last])))
        return columns

    def band(self, palette: Palette, width: int, height: int) -> list[list[Piece]]:
        """A column a span of time, as high as it has lines; what is wrong has its colour."""
        drawn = self._band
        if drawn is None or drawn[0] is not palette or drawn[1:3] != (width, height):
            drawn = self._band = palette, width, height, self._drawn(palette, width, height)
        return drawn[3]

    def _drawn(self, palette: Palette, width: int, height: int) -> list[list[Piece]]:
        columns = self.columns(width)
        most = max((count for count, _ in columns), default=0) or 1
        steps = height * 8
        levels = [-(-count * steps // most) for count, _ in columns]
        for index, (_, rank) in enumerate(columns):
            if rank > 1:  # one error among a thousand lines has to be seen
                levels[index] = max(levels[index], steps // 2)
        lines: list[list[Piece]] = []
        for row in range(height - 1, -1, -1):
            cells = (
                Piece(palette.heights[max(0, min(8, level - row * 8))], _TOKENS[rank])
                for level, (_, rank) in zip(levels, columns, strict=True)
            )
            lines.append(joined(cells))
        return lines


class Contents:
    """What was counted of a log so far."""

    def __init__(self) -> None:
        self.lines = 0
        self.ranks: Counter[int] = Counter()
        self.errors = array("I")
        """The places of lines that are errors or worse."""
        self.volume = Volume()
        self.first: datetime | None = None
        self.last: datetime | None = None

    def add(self, lines: Sequence[Entry]) -> None:
        """Count the lines that follow."""
        for line in lines:
            rank = rank_of(line.level)
            self.ranks[rank] += 1
            if rank == 3:
                self.errors.append(self.lines)
            self.volume.add(line.timestamp, rank)
            self.lines += 1
        if lines:
            self.first = self.first or lines[0].timestamp
            newest = max(lines[-1].timestamp, lines[0].timestamp)
            self.last = max(self.last or newest, newest)
