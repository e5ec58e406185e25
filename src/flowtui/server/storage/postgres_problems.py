"""PostgreSQL's errors become ours here, once; those that pass by themselves are told apart."""

from __future__ import annotations

import asyncio
from typing import Final

import asyncpg

from flowtui.errors import ApiError, ForeignKeyViolation, UniquenessViolation
from flowtui.server.storage.problems import AGAIN


class NoneFree(Exception):
    """Every connection was in use for as long as one waits: the database is well, but slow."""

    def __init__(self, connections: int, seconds: float) -> None:
        super().__init__(
            f"All {connections} connections to the database were busy for {seconds:g} s; raise"
            " db_connections (--db-connections), or see what keeps PostgreSQL."
        )


FOREIGN: Final = (
    NoneFree,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    asyncio.TimeoutError,
)
"""Everything that a conversation with PostgreSQL can end in."""

COLLISIONS: Final = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    # A newer server has brought the tables up to date meanwhile.
    asyncpg.InvalidCachedStatementError,
)
"""Two transactions were in each other's way; the one that was given up can be done again."""

_LOST: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    # The last words of a connection can come in between.
    asyncpg.InternalClientError,
    OSError,
    asyncio.TimeoutError,
)


def is_lost(problem: BaseException) -> bool:
    """Whether there is no connection, or no longer; a new one may come about."""
    if isinstance(problem, asyncpg.InterfaceError):
        return "closed" in str(problem) or "closing" in str(problem)
    return isinstance(problem, _LOST)


def passes(problem: BaseException) -> bool:
    """Whether the same may well succeed in a moment."""
    return isinstance(problem, COLLISIONS) or is_lost(problem)


def our_error(problem: BaseException) -> ApiError:
    """Our error for one of PostgreSQL's."""
    text = str(problem)
    if isinstance(problem, asyncpg.UniqueViolationError):
        return UniquenessViolation()
    if isinstance(problem, asyncpg.ForeignKeyViolationError):
        return ForeignKeyViolation()
    if isinstance(problem, asyncpg.NotNullViolationError):
        return ApiError(f"Not-NULL violation. null value in column {problem.column_name!r}")
    if isinstance(problem, NoneFree):
        return ApiError(text, AGAIN)
    if isinstance(problem, asyncpg.TooManyConnectionsError):
        return ApiError(
            "PostgreSQL grants no more connections; raise its max_connections, or lower"
            " db_connections of its servers.",
            AGAIN,
        )
    if isinstance(problem, COLLISIONS):
        return ApiError("The database has too much to do at once.", AGAIN)
    if isinstance(problem, asyncpg.DiskFullError):
        return ApiError("The disk of the database is full; nothing was written.", AGAIN)
    if isinstance(problem, asyncpg.LockNotAvailableError):
        return ApiError("The database is locked by another program.", AGAIN)
    if isinstance(problem, asyncpg.QueryCanceledError):
        return ApiError("The query took too long and was stopped.")
    if isinstance(problem, asyncpg.ReadOnlySQLTransactionError):
        return ApiError("The database can no longer be written to.", AGAIN)
    if isinstance(problem, (asyncpg.StatementTooComplexError, asyncpg.ProgramLimitExceededError)):
        return ApiError("The query is too large.")
    if is_lost(problem):
        return ApiError("The database does not answer at present.", AGAIN)
    if isinstance(problem, asyncpg.DataError):
        return ApiError(text)
    return ApiError(f"The database answered: {text}")


def unsure() -> ApiError:
    """The answer when the connection was lost between a commit and the word that it was done."""
    return ApiError(
        "The database went away while it was writing; look whether it was done before you repeat"
        " it.",
        AGAIN,
    )
