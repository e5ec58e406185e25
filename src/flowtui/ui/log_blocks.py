"""Log lines packed together, a column each: what they have in common is then there once."""

from __future__ import annotations

import marshal
import zlib
from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone

from flowtui.models.ids import TaskRunId
from flowtui.models.logs import LogLine

LINES = 256
"""Lines a block, at most."""
CHARACTERS = 1 << 17
"""Characters of messages after which a block is complete."""

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_UNIT = timedelta(microseconds=1)


class Block:
    """Lines that are kept together."""

    def __init__(self, packed: bytes) -> None:
        columns = marshal.loads(zlib.decompress(packed))
        times, self.messages, *self._columns = columns
        self._times = array("q", times)

    def line(self, number: int) -> LogLine:
        """One of them."""
        id, level, logger, run_id, task_run_id = (column[number] for column in self._columns)
        return LogLine(
            id, self.time(number), level, self.messages[number], logger, run_id, task_run_id
        )

    def time(self, number: int) -> datetime:
        """When one of them was written."""
        return _EPOCH + timedelta(microseconds=self._times[number])

    def lines(self, first: int, end: int) -> list[LogLine]:
        """Some of them."""
        return [self.line(number) for number in range(first, end)]

    @property
    def ids(self) -> Sequence[str]:
        """The id of each."""
        ids: Sequence[str] = self._columns[0]
        return ids

    def texts(self, first: int, end: int) -> Iterator[tuple[str, str, str, TaskRunId | None]]:
        """The level, the message, the logger and the task run of some of them."""
        _, levels, loggers, _, task_runs = self._columns
        columns = (levels, self.messages, loggers, task_runs)
        return zip(*(column[first:end] for column in columns), strict=True)


def pack(lines: Sequence[LogLine]) -> bytes:
    """A block of these lines."""
    columns = (
        array("q", [(line.timestamp - _EPOCH) // _UNIT for line in lines]).tobytes(),
        [line.message for line in lines],
        [line.id for line in lines],
        [line.level for line in lines],
        [line.logger for line in lines],
        [line.flow_run_id for line in lines],
        [line.task_run_id for line in lines],
    )
    return zlib.compress(marshal.dumps(columns), 1)
