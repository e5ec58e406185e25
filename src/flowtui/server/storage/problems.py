"""SQLite's errors become ours here, once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from flowtui.errors import ApiError, ForeignKeyViolation, UniquenessViolation

AGAIN = "API_ERROR"
"""The code for what may pass: Prefect's client repeats such a request for a quarter of a minute."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise our errors for SQLite's."""
    try:
        yield
    except sqlite3.Error as problem:
        raise our_error(problem) from problem


def our_error(problem: sqlite3.Error) -> ApiError:
    """Our error for one of SQLite's."""
    text = str(problem)
    if isinstance(problem, sqlite3.IntegrityError):
        if "UNIQUE" in text:
            return UniquenessViolation()
        if "FOREIGN KEY" in text:
            return ForeignKeyViolation()
        column = text.rpartition(".")[2]
        return ApiError(f"Not-NULL violation. null value in column {column!r}")
    if "full" in text:
        return ApiError("The disk of the database is full; nothing was written.", AGAIN)
    if "disk I/O error" in text:
        # Also a quota, and a file that may grow no more.
        return ApiError("The disk refused what was to be written; nothing was written.", AGAIN)
    if "locked" in text or "busy" in text:
        return ApiError("The database is locked by another program.", AGAIN)
    if "interrupted" in text:
        return ApiError("The query took too long and was stopped.")
    if "readonly" in text:
        return ApiError("The database can no longer be written to.")
    if "stack overflow" in text or "too large" in text or "too many" in text:
        return ApiError("The query is too large.")
    return ApiError(f"The database answered: {text}")
