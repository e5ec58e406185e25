"""The backend's rows in a database of PostgreSQL, which several servers may share.

Operations go on beside each other, each on a connection from a pool: what must not happen twice is
seen to by the rows that an operation keeps, by unique keys, and by doing again what collided. What
was lost before its commit is done again on a new connection, as long as somebody waits for it; what
was lost during its commit is never guessed at.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from types import MappingProxyType
from typing import Any, Final

from flowtui.errors import ServerProblem, UniquenessViolation
from flowtui.server.storage import CONNECTIONS, Clock, Operation, T, Transaction
from flowtui.server.storage.dialect import Dialect
from flowtui.server.storage.ids import TimeOrderedIds
from flowtui.server.storage.locations import without_password
from flowtui.server.storage.postgres_dialect import POSTGRES

try:
    import asyncpg
except ImportError as missing:
    raise ServerProblem(
        "A database of PostgreSQL needs asyncpg, which is not installed.",
        "Install it with `pip install 'flowtui[postgres]'`.",
    ) from missing

from flowtui.server.storage.leadership import Leadership
from flowtui.server.storage.postgres_problems import (
    COLLISIONS,
    FOREIGN,
    NoneFree,
    is_lost,
    our_error,
    passes,
    unsure,
)
from flowtui.server.storage.postgres_schema import bring_up_to_date
from flowtui.server.storage.postgres_transaction import PostgresTransaction

log = logging.getLogger("flowtui.server.storage")

WAITING: Final = 10.0
"""Seconds that one waits for a free connection; Prefect's client would rather hear than wait."""

PATIENCE: Final = 30.0
"""Seconds after which a statement is stopped; Prefect's client waits for 15."""

SAID_AGAIN: Final = 60.0
"""Seconds after which it is said again that connections are too few."""

CONNECTING: Final = 5.0
"""Seconds for a connection to come about."""

RECOVERY: Final = 5.0
"""Seconds in which a database that went away may come back before somebody is told."""

COLLISIONS_BORNE: Final = 20
"""So often an operation is done again that was in another's way."""

_SETTINGS: Final = {
    "application_name": "flowtui server",
    "timezone": "UTC",
    "intervalstyle": "postgres",
    "default_transaction_isolation": "read committed",
    "statement_timeout": str(int(PATIENCE * 1000)),
    "lock_timeout": "10000",
    # What a server holds that is gone is not held for ever.
    "idle_in_transaction_session_timeout": "60000",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    # Our statements are long and quick; compiling them takes longer than they do.
    "jit": "off",
}

# A statement is the same for every value in it, and what is a good plan depends on the values.
_READING: Final = {**_SETTINGS, "plan_cache_mode": "force_custom_plan"}


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    """A connection on which nothing is left behind that would have to be cleared away."""

    def get_reset_query(self) -> str:
        return ""


class PostgresStorage:
    """A database of PostgreSQL that is open."""

    def __init__(self, location: str, clock: Clock, connections: int) -> None:
        self.clock = clock
        self.dialect: Dialect = POSTGRES
        self._location = location
        self._ids = TimeOrderedIds()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._closed = False
        self._is_away = False
        self._said_busy = -SAID_AGAIN
        readers = max(1, connections * 3 // 7)
        self._writers = _pool(location, connections - readers, _SETTINGS)
        self._readers = _pool(location, readers, _READING)
        self._leadership = Leadership(lambda: _connected(location))

    @classmethod
    async def open(
        cls, location: str, *, clock: Clock, connections: int = CONNECTIONS
    ) -> PostgresStorage:
        """Open the database, making its tables when it is new; raises ServerProblem when it cannot
        be used.
        """
        shown = without_password(location)
        storage = cls(location, clock, connections)
        try:
            await storage._readers
            await storage._writers
            async with storage._writers.acquire() as connection:
                await bring_up_to_date(connection, shown)
        except BaseException as problem:
            await storage.close()
            if isinstance(problem, (*FOREIGN, ValueError)):
                raise _cannot_open(shown, problem) from problem
            raise
        return storage

    @property
    def waiting(self) -> int:
        """How many operations were handed to `write` and are not committed yet."""
        return len(self._under_way)

    async def write(self, operation: Operation[T]) -> T:
        """Run an operation in a transaction and return its result once it is committed.

        What was begun is done, whether or not whoever asked for it is still there.
        """
        if self._closed:
            raise ServerProblem("The database has been closed.")
        going_on = asyncio.ensure_future(self._repeated(lambda: self._once(operation)))
        self._under_way.add(going_on)
        going_on.add_done_callback(self._let_go)
        return await asyncio.shield(going_on)

    def _let_go(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            # Nobody may be left to ask; then the log would complain of that.
            task.exception()

    async def read(self, sql: str, parameters: Sequence[Any] = (), *, quick: bool = False) -> bytes:
        """Run one statement that answers with one JSON text, and hand that on undecoded."""
        if self._closed:
            raise ServerProblem("The database has been closed.")

        async def once() -> bytes:
            async with _connection_of(self._readers) as connection:
                answer: str = await connection.fetchval(sql, *parameters)
                return answer.encode()

        return await self._repeated(once)

    @asynccontextmanager
    async def whole(self) -> AsyncIterator[Transaction]:
        """One transaction for as long as it takes, which sees the rows as they were when it began;
        what went wrong in it has not happened.
        """
        patient = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}
        try:
            connection = await _connected(self._location, patient)
            try:
                async with connection.transaction(isolation="repeatable_read"):
                    yield PostgresTransaction(connection, self.clock(), self._ids)
            finally:
                with suppress(*FOREIGN):
                    await connection.close(timeout=CONNECTING)
        except FOREIGN as problem:
            raise our_error(problem) from problem

    async def leads(self, task: str) -> bool:
        """Whether this server is the one, of all on the database, that does a task."""
        return not self._closed and await self._leadership.leads(task)

    async def close(self) -> None:
        """Finish what is under way and let go of the database."""
        if self._closed:
            return
        self._closed = True
        if self._under_way:
            await asyncio.wait(self._under_way)
        await self._leadership.close()
        await asyncio.gather(_ended(self._writers), _ended(self._readers))

    async def _once(self, operation: Operation[T]) -> T:
        async with _connection_of(self._writers) as connection:
            await connection.execute("BEGIN")
            transaction = PostgresTransaction(connection, self.clock(), self._ids)
            try:
                result = await operation(transaction)
                if transaction.failure is not None:
                    raise transaction.failure
            except BaseException:
                with suppress(*FOREIGN):
                    await connection.execute("ROLLBACK")
                raise
            try:
                await connection.execute("COMMIT")
            except FOREIGN as problem:
                if is_lost(problem):
                    raise unsure() from problem
                raise
            return result

    async def _repeated(self, once: Callable[[], Awaitable[T]]) -> T:
        """Do something until it is done or has failed for good."""
        until = time.monotonic() + RECOVERY
        collisions, looked_again = 0, False
        while True:
            try:
                done = await once()
            except UniquenessViolation:
                # Somebody else may have added the same row after we had looked for it; then it will
                # be found. The second time it is the caller's affair.
                if looked_again:
                    raise
                looked_again = True
            except FOREIGN as problem:
                self._noticed(problem)
                collided = isinstance(problem, COLLISIONS)
                collisions += collided
                if (
                    not passes(problem)
                    or collisions > COLLISIONS_BORNE
                    or (not collided and (time.monotonic() > until or self._closed))
                ):
                    raise our_error(problem) from problem
            else:
                self._noticed(None)
                return done
            # Not all at once, or they are in each other's way again.
            await asyncio.sleep(random.uniform(0.005, 0.05))

    def _noticed(self, problem: BaseException | None) -> None:
        """Say once that the database has gone away, and once that it has come back; and now and
        then that there are too few connections to it."""
        if problem is None:
            if self._is_away:
                log.warning("The database answers again")
            self._is_away = False
        elif isinstance(problem, NoneFree):
            if time.monotonic() - self._said_busy > SAID_AGAIN:
                self._said_busy = time.monotonic()
                log.warning("%s", our_error(problem).message)
        elif is_lost(problem):
            if not self._is_away:
                log.warning(
                    "The connection to the database is lost: %s", str(problem) or "no answer"
                )
            self._is_away = True


def _pool(location: str, size: int, settings: dict[str, str]) -> asyncpg.Pool[Any]:
    return asyncpg.create_pool(
        location,
        min_size=0,
        max_size=size,
        connection_class=_Connection,
        server_settings=settings,
        timeout=CONNECTING,
        command_timeout=PATIENCE + CONNECTING,
    )


@asynccontextmanager
async def _connection_of(pool: asyncpg.Pool[Any]) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection for as long as it is needed; one that is lost is not given to anybody else."""
    try:
        connection = await pool.acquire(timeout=WAITING)
    except asyncio.TimeoutError as problem:
        if pool.get_size() == pool.get_max_size() and pool.get_idle_size() == 0:
            raise NoneFree(pool.get_size(), WAITING) from problem
        raise
    try:
        yield connection
    except FOREIGN as problem:
        if is_lost(problem):
            # The pool may have noticed first.
            with suppress(*FOREIGN):
                connection.terminate()
        raise
    finally:
        await pool.release(connection)


async def _ended(pool: asyncpg.Pool[Any]) -> None:
    try:
        await asyncio.wait_for(pool.close(), CONNECTING)
    except FOREIGN:
        # One that never came about cannot be ended either.
        with suppress(*FOREIGN):
            pool.terminate()


async def _connected(
    location: str, settings: Mapping[str, str] = MappingProxyType({})
) -> asyncpg.Connection[Any]:
    return await asyncpg.connect(
        location, server_settings={**_SETTINGS, **settings}, timeout=CONNECTING
    )


def _cannot_open(shown: str, problem: BaseException) -> ServerProblem:
    if isinstance(problem, asyncpg.InvalidCatalogNameError):
        return ServerProblem(
            f"There is no database {shown}.", "Make it first, with `createdb`, or name another."
        )
    if isinstance(
        problem,
        (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError),
    ):
        return ServerProblem(
            f"PostgreSQL does not let us in at {shown}: {problem}.",
            "Check the user and the password in --db, or PGPASSWORD.",
        )
    if isinstance(problem, asyncpg.InsufficientPrivilegeError):
        return ServerProblem(
            f"The tables cannot be made in {shown}: {problem}.",
            "Let its user own the database, or grant it CREATE on the schema.",
        )
    if isinstance(problem, asyncpg.TooManyConnectionsError):
        return ServerProblem(f"{shown} takes no more connections.", "Raise max_connections.")
    if is_lost(problem):
        why = str(problem) or "no answer in time"
        return ServerProblem(
            f"PostgreSQL does not answer at {shown}: {why}.",
            "Is it running, and is that its address?",
        )
    return ServerProblem(
        f"The database {shown} cannot be opened: {problem}.", "Check the URL in --db."
    )
