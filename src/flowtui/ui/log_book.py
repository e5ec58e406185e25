"""The log of a run, however long: read in any place, and held nowhere but in packed blocks.

All that is to be known of every line is counted when it comes (how many rows it has, how bad it is,
who wrote it), so that a page opens on a million lines as it opens on ten.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import overload

from flowtui.models.ids import LogId, TaskRunId
from flowtui.models.logs import LogLine
from flowtui.models.text import count_lines
from flowtui.ui.log_blocks import CHARACTERS, LINES, Block, pack
from flowtui.ui.log_volume import Contents, rank_of
from flowtui.ui.spool import Spool
from flowtui.ui.sums import Sums

_UNPACKED = 8
"""Blocks that are held as they were read last."""
VOICES = 1000
"""Lines that are held because somebody else wrote them than those before."""


@dataclass
class Voice:
    """Somebody who wrote lines: a logger, in a task run or outside of all."""

    logger: str
    task_run_id: TaskRunId | None
    lines: int = 0
    errors: int = 0


class LogBook(Sequence[LogLine]):
    """Lines in the order they were read; it only grows, while others read in it."""

    def __init__(self, lines: Iterable[LogLine] = (), spool: Spool | None = None) -> None:
        self.contents = Contents()
        self.rows = Sums()
        """How many lines the message of each has."""
        self.voices: list[LogLine] = []
        """A line of everybody who wrote any, without its message."""
        self.writers: dict[TaskRunId, int] = {}
        """The place of the first line of each task run."""
        self.shift = 0
        """How many lines come before those of the book whose place it took."""
        self.spool = Spool() if spool is None else spool
        self._starts = array("Q")
        """The place of the first line of each block."""
        self._times: list[datetime] = []
        self._open: tuple[int, list[LogLine]] = (0, [])
        """Lines that are no block yet, and the place of the first; replaced when it is one."""
        self._open_size = 0
        self._writing: dict[tuple[str, TaskRunId | None], Voice] = {}
        self._block = _reader(self.spool, self._starts, self._times)
        self.extend(lines)

    def __len__(self) -> int:
        start, lines = self._open
        return start + len(lines)

    @overload
    def __getitem__(self, place: int) -> LogLine: ...

    @overload
    def __getitem__(self, place: slice) -> list[LogLine]: ...

    def __getitem__(self, place: int | slice) -> LogLine | list[LogLine]:
        if isinstance(place, slice):
            places = range(*place.indices(len(self)))
            if places.step == 1:
                return list(self.between(places.start, places.stop))
            return [self[each] for each in places]
        place = range(len(self))[place]
        start, lines = self._open
        if place >= start:
            return lines[place - start]
        number = bisect_right(self._starts, place) - 1
        return self._block(number).line(place - self._starts[number])

    def __iter__(self) -> Iterator[LogLine]:
        return self.between(0, len(self))

    def between(self, first: int, end: int) -> Iterator[LogLine]:
        """The lines of a part, each block unpacked once."""
        for block, start, stop in self._parts(first, end):
            yield from block[start:stop] if isinstance(block, list) else block.lines(start, stop)

    def messages(self, first: int, end: int) -> Iterator[str]:
        """The messages of a part."""
        for block, start, stop in self._parts(first, end):
            if isinstance(block, list):
                yield from (line.message for line in block[start:stop])
            else:
                yield from block.messages[start:stop]

    def texts(self, first: int, end: int) -> Iterator[tuple[str, str, str, TaskRunId | None]]:
        """The level, the message, the logger and the task run of each line of a part."""
        for block, start, stop in self._parts(first, end):
            if isinstance(block, list):
                for line in block[start:stop]:
                    yield line.level, line.message, line.logger, line.task_run_id
            else:
                yield from block.texts(start, stop)

    def message(self, place: int) -> str:
        """The message of a line."""
        return next(self.messages(place, place + 1))

    def place_of(self, id: str, first: int = 0) -> int | None:
        """The place of the line with that id, of those from a place on."""
        for block, start, stop in self._parts(first, len(self)):
            ids = [line.id for line in block] if isinstance(block, list) else block.ids
            if id in ids[start:stop]:
                return first + ids.index(id, start, stop) - start
            first += stop - start
        return None

    def _parts(self, first: int, end: int) -> Iterator[tuple[Block | list[LogLine], int, int]]:
        """Blocks, and which of their lines belong to a part of the log."""
        while first < end:
            start, lines = self._open
            if first >= start:
                yield lines, first - start, end - start
                return
            number = bisect_right(self._starts, first) - 1
            begin = self._starts[number]
            after = self._starts[number + 1] if number + 1 < len(self._starts) else start
            stop = min(end, after)
            yield self._block(number), first - begin, stop - begin
            first = stop

    # Writing ------------------------------------------------------------------------------------

    def extend(self, lines: Iterable[LogLine]) -> None:
        """Add lines at the end."""
        lines = tuple(lines)
        self.contents.add(lines)
        self.rows.extend(count_lines(line.message) for line in lines)
        for line in lines:
            self._listen(line)
            start, opened = self._open
            opened.append(line)
            self._open_size += len(line.message)
            if len(opened) >= LINES or self._open_size >= CHARACTERS:
                self._close(start, opened)

    def go_on_with(self, newest: LogBook) -> None:
        """Take the place of a book whose lines come behind these."""
        self.shift = len(self)
        for first in range(0, len(newest), LINES):
            self.extend(newest.between(first, min(len(newest), first + LINES)))

    def _close(self, start: int, lines: list[LogLine]) -> None:
        self.spool.append(pack(lines))
        self._times.append(lines[0].timestamp)
        self._starts.append(start)
        self._open = (start + len(lines), [])
        self._open_size = 0

    @property
    def everybody(self) -> Collection[Voice]:
        """Everybody who wrote lines, and how many."""
        return self._writing.values()

    def _listen(self, line: LogLine) -> None:
        task_run = line.task_run_id
        voice = self._writing.get((line.logger, task_run))
        if voice is None:
            voice = self._writing[line.logger, task_run] = Voice(line.logger, task_run)
            if task_run is not None:
                self.writers.setdefault(task_run, len(self))
            if len(self.voices) < VOICES:
                self.voices.append(replace(line, message=""))
        voice.lines += 1
        voice.errors += rank_of(line.level) == 3


def _reader(
    spool: Spool, starts: Sequence[int], times: Sequence[datetime]
) -> Callable[[int], Block]:
    """Blocks by their number, those that were read last at once."""

    def read(number: int) -> Block:
        try:
            return Block(spool.read(number))
        except (OSError, zlib.error, EOFError, ValueError, TypeError) as error:
            said = f"this line cannot be read again: {error}"
            count = starts[number + 1] - starts[number] if number + 1 < len(starts) else LINES
            return Block(pack([LogLine(LogId(""), times[number], "", said)] * count))

    return lru_cache(_UNPACKED)(read)
