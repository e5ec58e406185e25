"""The backend's rows in one SQLite file: one writer, readers beside it, and nobody else.

WAL lets the readers go on while the writer writes. What one process alone may know (who has
submitted a run, which documents are cached) is true only as long as it is the only one, so a lock
beside the file keeps others out.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from flowtui.errors import ServerProblem
from flowtui.server.storage import Clock, Operation, Synchronous, T, Transaction
from flowtui.server.storage.backup import copy_database, kept_before
from flowtui.server.storage.dialect import SQLITE, Dialect
from flowtui.server.storage.functions import bring_functions
from flowtui.server.storage.ids import TimeOrderedIds
from flowtui.server.storage.lock import FileLock
from flowtui.server.storage.readers import Readers
from flowtui.server.storage.schema import APPLICATION, MIGRATIONS, bring_up_to_date
from flowtui.server.storage.transaction import SqliteTransaction
from flowtui.server.storage.writer import Writer

log = logging.getLogger("flowtui.server.storage")

BUSY: Final = 5.0
"""Seconds to wait for another program that holds the file."""

WRITER_CACHE: Final = 16 * 1024
"""Kilobytes of pages that the writer keeps."""

READER_CACHE: Final = 4 * 1024
"""The same for each connection that reads."""

MAPPED: Final = 128 * 1024**2
"""Bytes of the file that are mapped for each connection that reads. Where one writes, a mapping
would only grow with the file: what is written is written at its end."""


class SqliteStorage:
    """A database file that is open."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        synchronous: Synchronous,
        lock: FileLock | None,
        scratch: tempfile.TemporaryDirectory[str] | None,
    ) -> None:
        self.clock = clock
        self.dialect: Dialect = SQLITE
        self._path = path
        self._lock = lock
        self._scratch = scratch
        self._closed = False
        # Before the settings below, which are written into the file.
        with closing(sqlite3.connect(path, timeout=BUSY)) as found:
            _refuse_strangers(found, path)
        self._connection = _connect(path, synchronous, WRITER_CACHE, mapped=0)
        try:
            _keep_before_migrations(self._connection, path)
            bring_up_to_date(self._connection)
        except BaseException:
            self._connection.close()
            raise
        ids = TimeOrderedIds()

        def begin() -> Transaction:
            return SqliteTransaction(self._connection, self.clock(), ids)

        self._writer = Writer(self._connection, begin, f"writer of {path.name}")
        self._readers = Readers(
            lambda: _connect(path, "OFF", READER_CACHE, mapped=MAPPED), f"reader of {path.name}"
        )

    @classmethod
    async def open(
        cls, location: str, *, clock: Clock, synchronous: Synchronous = "FULL"
    ) -> SqliteStorage:
        """Open the file, making it when it is new; raises ServerProblem when it cannot be used."""
        return await asyncio.to_thread(cls._open, location, clock, synchronous)

    @classmethod
    def _open(cls, location: str, clock: Clock, synchronous: Synchronous) -> SqliteStorage:
        if location in ("", ":memory:"):
            scratch = tempfile.TemporaryDirectory(prefix="flowtui-")
            return cls(Path(scratch.name, "memory.db"), clock, "OFF", None, scratch)
        path = Path(location).expanduser().absolute()
        _check_place(path)
        lock = FileLock.hold(path)
        try:
            return cls(path, clock, synchronous, lock, None)
        except sqlite3.DatabaseError as problem:
            lock.release()
            raise _cannot_open(path, problem) from problem
        except BaseException:
            lock.release()
            raise

    @property
    def waiting(self) -> int:
        """How many operations were handed to `write` and are not committed yet."""
        return self._writer.waiting

    async def write(self, operation: Operation[T]) -> T:
        """Run an operation in a transaction and return its result once it is committed."""
        return await self._writer.write(operation)

    async def read(self, sql: str, parameters: Sequence[Any] = (), *, quick: bool = False) -> bytes:
        """Run one statement that answers with one JSON text, and hand that on undecoded."""
        return await self._readers.read(sql, parameters, quick=quick)

    async def leads(self, task: str) -> bool:
        """Whether this server does a task: the lock keeps all others out."""
        return True

    async def close(self) -> None:
        """Finish what is under way and let go of the database."""
        if self._closed:
            return
        self._closed = True
        await self._writer.close()
        await asyncio.to_thread(self._let_go)

    def _let_go(self) -> None:
        self._readers.close()
        self._connection.close()
        if self._lock is not None:
            self._lock.release()
        if self._scratch is not None:
            self._scratch.cleanup()


def _connect(
    path: Path, synchronous: Synchronous, cache: int, *, mapped: int
) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        timeout=BUSY,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        for pragma in (
            "journal_mode = WAL",
            f"synchronous = {synchronous}",
            "foreign_keys = ON",
            "temp_store = MEMORY",
            f"cache_size = -{cache}",
            f"mmap_size = {mapped}",
        ):
            connection.execute(f"PRAGMA {pragma}")
        bring_functions(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_place(path: Path) -> None:
    folder = path.parent
    if not folder.is_dir():
        raise ServerProblem(
            f"There is no directory {folder} for the database.",
            "Make it first, or choose another place with --db.",
        )
    if path.is_dir():
        raise ServerProblem(
            f"{path} is a directory, not a database.", "Name a file in it with --db."
        )
    needed = [folder] if not path.exists() else [folder, path]
    for one in needed:
        if not os.access(one, os.W_OK):
            raise ServerProblem(
                f"The database {path} cannot be written: no permission on {one}.",
                "Change its permissions, or choose another place with --db.",
            )


def _refuse_strangers(connection: sqlite3.Connection, path: Path) -> None:
    application, version, tables = (
        connection.execute(question).fetchone()[0]
        for question in (
            "PRAGMA application_id",
            "PRAGMA user_version",
            "SELECT count(*) FROM sqlite_master",
        )
    )
    if tables and application != APPLICATION:
        raise ServerProblem(
            f"{path} is a database of some other program; it was left as it is.",
            "Choose another file with --db.",
        )
    if version > len(MIGRATIONS):
        raise ServerProblem(
            f"The database {path} was made by a newer flowtui (version {version} of its tables; "
            f"this one knows {len(MIGRATIONS)}).",
            "Upgrade flowtui, or choose another file with --db.",
        )


def _keep_before_migrations(connection: sqlite3.Connection, path: Path) -> None:
    """Copy an older file, so that one can go back to the flowtui that made it."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if 0 < version < len(MIGRATIONS):
        kept = kept_before(path, version)
        copy_database(path, kept)
        log.info(
            "The tables of %s go from version %d to %d; as it was, it is kept in %s",
            path,
            version,
            len(MIGRATIONS),
            kept,
        )


def _cannot_open(path: Path, problem: sqlite3.DatabaseError) -> ServerProblem:
    text = str(problem)
    if "not a database" in text or "malformed" in text:
        return ServerProblem(
            f"{path} is not a database of flowtui; it was left as it is.",
            "Choose another file with --db.",
        )
    if "locked" in text or "busy" in text:
        return ServerProblem(
            f"The database {path} is locked by another program.",
            "End that program, or choose another file with --db.",
        )
    if "full" in text:
        return ServerProblem(f"The disk of {path} is full.", "Make room, or choose another place.")
    return ServerProblem(f"The database {path} cannot be opened: {text}.", "Choose another file.")
