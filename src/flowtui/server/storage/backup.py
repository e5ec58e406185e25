"""Copies of a database file that are whole, also while a server writes to it.

SQLite's own way of copying holds one view of the rows from the first page to the last; writers go
on beside it. A copy counts only once it has been checked and lies on the disk.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from flowtui.errors import ServerProblem


def copy_database(source: Path, target: Path) -> int:
    """Copy a database, check the copy, and put it in its place at once; how many bytes it has.

    Raises ServerProblem when there is nothing to copy, or no good copy came of it.
    """
    if not source.is_file():
        raise ServerProblem(f"There is no database {source}.", "Name one with --db.")
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        # What is in the rows is nobody else's business on this machine.
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as original,
            closing(sqlite3.connect(unfinished)) as copy,
        ):
            original.backup(copy)
            # A file by itself: no log beside it is part of it.
            copy.execute("PRAGMA journal_mode = DELETE")
            (verdict,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                raise ServerProblem(f"The copy of {source} is damaged: {verdict}.")
        _onto_disk(unfinished)
        unfinished.replace(target)
        _onto_disk(target.parent)
    except (OSError, sqlite3.Error) as problem:
        raise ServerProblem(
            f"{source} cannot be copied to {target}: {problem}.",
            "Make room, or choose another place.",
        ) from problem
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def _onto_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def kept_before(database: Path, version: int) -> Path:
    """Where a database is kept as it was before its tables were changed from a version."""
    return database.with_name(f"{database.name}.v{version}.backup")
