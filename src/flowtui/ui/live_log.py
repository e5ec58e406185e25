"""The log of a run as it is read: the newest lines at once, what was before them behind the scenes.

A log of one page is read from its beginning. Of a longer one the newest lines are asked for and
followed, while another book is filled from the beginning; when that reaches the newest lines it
takes the place of the first one, and the log is whole.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from flowtui.models.ids import FlowRunId
from flowtui.models.logs import LogCursor, LogLine, LogPage
from flowtui.models.text import amount
from flowtui.ui.log_book import LogBook

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

PAGES = 4
"""Pages of log a look takes at most, so that nothing else waits for a long one."""

LINES = 1000
"""Lines a page."""


class LiveLog:
    """What was read of a log, and how to learn more."""

    def __init__(self, run_id: FlowRunId) -> None:
        self.run_id = run_id
        self.book = LogBook()
        """What can be shown: all of the log, or its newest lines as long as more are missing."""
        self._cursor: LogCursor | None = None
        self._first: tuple[datetime, str] | None = None
        """The first of the newest lines; what is behind it is read by following."""
        self._before: LogBook | None = None
        self._cursor_before: LogCursor | None = None
        self._turn = asyncio.Lock()
        self._told = ""

    @property
    def lines_before(self) -> int | None:
        """How many lines have been read of those before the book; None where all is in it."""
        return len(self._before) if self._before is not None else None

    @property
    def lines_read(self) -> int:
        """How many lines have been read in all."""
        return len(self.book) + (self.lines_before or 0)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for more."""
        before = self._before
        return self.book.spool.is_full or (before is not None and before.spool.is_full)

    def new_trouble(self) -> str:
        """Why the log cannot be put away as it should be, in a sentence that is said once."""
        books = [book for book in (self._before, self.book) if book is not None]
        trouble = next((book.spool.trouble for book in books if book.spool.trouble), "")
        if not trouble:
            return ""
        said = f"The log cannot be written to a temporary file ({trouble})"
        said += "; no more of it is read." if self.is_full else "; it is held in memory."
        if said == self._told:
            return ""
        self._told = said
        return said

    async def look(self, backend: Backend) -> bool:
        """Read some pages more; whether that was all of the log."""
        if self._before is not None:
            async with self._turn:
                await self._read_end(backend)
        for _ in range(PAGES):
            was_whole = self._before is None
            if await self.read_on(backend):
                return True
            if was_whole and self._before is not None:
                break  # the newest lines are shown before more is read
        return False

    async def read_on(self, backend: Backend) -> bool:
        """Read one more page; whether that was the end of it. Whoever else reads waits."""
        async with self._turn:
            if self.book.spool.is_full:
                return True
            if self._before is None or self._before.spool.is_full:
                return await self._read_end(backend)
            await self._read_before(self._before, backend)
            return False

    async def _read_end(self, backend: Backend) -> bool:
        page = await backend.logs(self.run_id, self._cursor, LINES)
        if self._cursor is None and not page.complete:
            page = await self._newest(backend, page)
        self.book.extend(line for line in page.lines if not self._is_before(line))
        self._cursor = page.cursor
        return page.complete and self._before is None

    async def _newest(self, backend: Backend, beginning: LogPage) -> LogPage:
        """The newest lines; the beginning itself where it reaches up to them."""
        newest = await backend.last_logs(self.run_id, LINES)
        if not newest.lines or _place(newest.lines[0]) <= _place(beginning.lines[-1]):
            return beginning
        self._first = _place(newest.lines[0])
        self._before, self._cursor_before = LogBook(beginning.lines), beginning.cursor
        return newest

    async def _read_before(self, before: LogBook, backend: Backend) -> None:
        page = await backend.logs(self.run_id, self._cursor_before, LINES)
        self._cursor_before = page.cursor
        before.extend(line for line in page.lines if self._is_before(line))
        if page.complete or not page.lines or not self._is_before(page.lines[-1]):
            before.go_on_with(self.book)
            self.book, self._before = before, None

    def _is_before(self, line: LogLine) -> bool:
        return self._first is not None and _place(line) < self._first


def _place(line: LogLine) -> tuple[datetime, str]:
    """Where a line stands among all of the log, in the order a backend gives them."""
    return line.timestamp, line.id


def amount_read(log: LiveLog) -> str:
    """How many lines are shown, and that they are not all."""
    lines = amount(len(log.book), "line")
    return lines if log.lines_before is None else f"the last {lines}"
