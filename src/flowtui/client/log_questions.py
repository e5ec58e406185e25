"""What is asked about the log of a run: its lines from the oldest on, and its newest ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from flowtui.client import reading
from flowtui.client.connection import Connection
from flowtui.client.rows import PAGE
from flowtui.models.ids import FlowRunId
from flowtui.models.logs import LogCursor, LogLine, LogPage
from flowtui.models.times import iso, told_time

LOG_OVERLAP = timedelta(seconds=30)
"""How far before the newest line a log is read again: the client sends its lines every 5 s, and
tries again when that fails."""

LINES_OF_OVERLAP = 2000
"""Lines that are read again at most: a log may have more in a second than can be read in one."""

_NO_ID = "00000000-0000-0000-0000-000000000000"
_BEGINNING = LogCursor(told_time("1970-01-01T00:00:00+00:00"), _NO_ID)


class LogQuestions:
    """Questions about logs."""

    connection: Connection

    async def logs(
        self, run_id: FlowRunId, after: LogCursor | None = None, limit: int = PAGE
    ) -> LogPage:
        """The next lines of a run's log; give the page's cursor to go on from there."""
        cursor = after or _BEGINNING
        answer = await self.connection.execute(
            "logs",
            run=run_id,
            after=iso(cursor.timestamp),
            id=cursor.id or _NO_ID,
            limit=limit,
        )
        with reading.understood("logs"):
            lines = [reading.log_line(row) for row in answer["log"]]
        complete = len(lines) < limit
        new = tuple(line for line in lines if line.id not in cursor.seen)
        return LogPage(new, _advanced(cursor, lines, complete), complete)

    async def last_logs(self, run_id: FlowRunId, limit: int = PAGE) -> LogPage:
        """The newest lines of a run's log; the page's cursor goes on behind them."""
        answer = await self.connection.execute("last_logs", run=run_id, limit=limit)
        with reading.understood("logs"):
            lines = [reading.log_line(row) for row in reversed(answer["log"])]
        if not lines:
            return LogPage((), None, True)
        cursor = replace(_BEGINNING, earliest=lines[0].timestamp)
        return LogPage(tuple(lines), _advanced(cursor, lines, True), True)


def _advanced(cursor: LogCursor, lines: Sequence[LogLine], complete: bool) -> LogCursor | None:
    """Where to go on: behind the last line, or, at the end, a little before the newest."""
    newest = max((line.timestamp for line in lines), default=cursor.newest or cursor.timestamp)
    if not lines and cursor.newest is None:
        return None
    newest = max(newest, cursor.newest or newest)
    read: dict[str, datetime] = dict(cursor.seen)
    read.update((line.id, line.timestamp) for line in lines)
    start = newest - LOG_OVERLAP
    if len(read) > LINES_OF_OVERLAP:
        start = max(start, sorted(read.values())[-LINES_OF_OVERLAP])
    if cursor.earliest is not None:
        start = max(start, cursor.earliest)
    seen = {id: timestamp for id, timestamp in read.items() if timestamp >= start}
    if complete:
        return LogCursor(start, _NO_ID, seen, newest, cursor.earliest)
    return LogCursor(lines[-1].timestamp, lines[-1].id, seen, newest, cursor.earliest)
