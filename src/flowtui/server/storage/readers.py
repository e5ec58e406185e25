"""The connections to a SQLite file that read, beside the one that writes.

What takes its time is read in threads of their own. What looks a few rows up by their ids is read
in the thread that asks: the way to another and back takes longer than the statement.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from flowtui.errors import ServerProblem
from flowtui.server.storage.problems import translated
from flowtui.server.storage.values import by_number

THREADS: Final = 2
"""Reading threads; more would only share the same processors."""

PATIENCE: Final = 30.0
"""Seconds after which a reading statement is stopped; Prefect's client waits for 15."""

_STEPS: Final = 200_000


class Readers:
    """Runs statements that only read."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], name: str) -> None:
        self._connect = connect
        self._closed = False
        self._connections: list[sqlite3.Connection] = []
        self._mine = threading.local()
        self._pool = ThreadPoolExecutor(
            THREADS, thread_name_prefix=name, initializer=self._open_for_thread
        )
        self._here: sqlite3.Connection | None = None
        self._nobody_is_here = threading.Lock()

    async def read(self, sql: str, parameters: Sequence[Any], *, quick: bool) -> bytes:
        """The one value that a statement answers with."""
        if self._closed:
            raise ServerProblem("The database has been closed.")
        found = self._found_here(sql, parameters) if quick else None
        if found is not None:
            return found
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._found, sql, parameters)

    def close(self) -> None:
        """Stop what is under way, and let go of the file."""
        self._closed = True
        self._pool.shutdown(wait=True)
        with self._nobody_is_here:
            for connection in self._connections:
                connection.close()

    def _found_here(self, sql: str, parameters: Sequence[Any]) -> bytes | None:
        if not self._nobody_is_here.acquire(blocking=False):
            return None
        try:
            if self._here is None:
                self._here = self._opened()
                # Nothing is waited for in this thread.
                self._here.execute("PRAGMA busy_timeout = 0")
            found: bytes = self._here.execute(sql, by_number(sql, parameters)).fetchone()[0]
        except sqlite3.Error:
            # A reading thread waits for what may pass, and says what does not.
            return None
        else:
            return found
        finally:
            self._nobody_is_here.release()

    def _found(self, sql: str, parameters: Sequence[Any]) -> bytes:
        self._mine.until = time.monotonic() + PATIENCE
        with translated():
            found: bytes = self._mine.connection.execute(
                sql, by_number(sql, parameters)
            ).fetchone()[0]
        return found

    def _open_for_thread(self) -> None:
        connection = self._mine.connection = self._opened()

        def out_of_patience() -> bool:
            return self._closed or bool(time.monotonic() > self._mine.until)

        connection.set_progress_handler(out_of_patience, _STEPS)

    def _opened(self) -> sqlite3.Connection:
        connection = self._connect()
        self._connections.append(connection)
        connection.execute("PRAGMA query_only = ON")
        # JSON passes through as the bytes it will leave as.
        connection.text_factory = bytes
        return connection
