"""Storage: where the backend's rows are kept; the only layer that knows SQL, and one that knows no
rule.

A service is written against `Transaction` and neither knows nor cares which database stands behind
it. `Storage` is that database as a whole: operations go in through `write`, one compiled read
statement at a time through `read`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeVar

from flowtui.server.storage.locations import file_of, is_postgres

if TYPE_CHECKING:
    from flowtui.server.storage.dialect import Dialect

Row = dict[str, Any]
"""One row: uuid as `str`, timestamptz as aware UTC `datetime`, jsonb as plain Python, interval as
`timedelta`.
"""

Where = Mapping[str, Any]
"""A condition in the read dialect's own words, `{"state": {"_in": [...]}, "flow": {"archived":
{"_eq": False}}}`.

Strict: an operand of None raises ValueError, because "an id of None" must never select everything.
"""

Order = Sequence[tuple[str, str]]
"""Pairs of a column and `asc`, `desc` (or Hasura's longer spellings, `desc_nulls_last`); nulls as
Postgres has them.
"""

Clock = Callable[[], datetime]
"""Tells the time, aware and in UTC; tests and the demo bring their own."""

Synchronous = Literal["FULL", "NORMAL", "OFF"]
"""How hard a commit is pressed onto the disk; anything but FULL can lose what was answered."""

Keep = Literal["alone", "shared"]
"""How the rows that are read are kept as they are until the transaction ends: nobody else keeps
them meanwhile, or only such as want them unchanged, too."""

CONNECTIONS: Final = 14
"""Connections to PostgreSQL that a server has at most; by default it grants a hundred in all."""

T = TypeVar("T")


def system_clock() -> datetime:
    """The time it is."""
    return datetime.now(timezone.utc)


class Transaction(Protocol):
    """What an operation can do with the rows; all of it happens, or none."""

    now: datetime
    """The one time of this transaction; whoever tells a longer story in one moves it on."""

    async def get(
        self, table: str, id: str, *, columns: Sequence[str] = (), keep: Keep | None = None
    ) -> Row | None:
        """The row with this id; `columns` leaves the others undecoded and out.

        With `keep` nobody else changes what is found until the transaction has ended, as on SQLite
        nobody does in any case; what is read then is what the last one left.
        """

    async def find(
        self,
        table: str,
        where: Where = ...,
        *,
        order_by: Order = (),
        limit: int | None = None,
        columns: Sequence[str] = (),
        keep: Keep | None = None,
    ) -> list[Row]:
        """The rows that meet a condition."""

    async def first(
        self,
        table: str,
        where: Where = ...,
        *,
        order_by: Order = (),
        columns: Sequence[str] = (),
        keep: Keep | None = None,
    ) -> Row | None:
        """The first row that meets a condition."""

    async def count(self, table: str, where: Where = ...) -> int:
        """How many rows meet a condition."""

    async def insert(
        self, table: str, rows: Sequence[Row], *, ignore_conflicts: bool = False
    ) -> int:
        """Add rows and say how many; what a row leaves out gets its default, and each row is given
        its "id".

        With `ignore_conflicts` a row whose key exists is passed over; its "id" is then nobody's.
        """

    async def update(self, table: str, where: Where, values: Mapping[str, Any]) -> int:
        """Change the rows that meet a condition and say how many did; `updated` moves."""

    async def delete(self, table: str, where: Where) -> int:
        """Remove the rows that meet a condition, with all that hangs on them; how many met it."""

    async def rows(self, question: str, **arguments: Any) -> list[Row]:
        """The answer to a question that has a name in `storage/questions.py`."""


Operation = Callable[[Transaction], Awaitable[T]]
"""Something to do in one transaction; it may await nothing but the transaction."""


class Storage(Protocol):
    """A database that is open."""

    clock: Clock
    dialect: Dialect
    """In which statements for `read` are written."""

    @property
    def waiting(self) -> int:
        """How many operations were handed to `write` and are not committed yet."""

    async def write(self, operation: Operation[T]) -> T:
        """Run an operation in a transaction and return its result once it is committed."""

    async def read(self, sql: str, parameters: Sequence[Any] = (), *, quick: bool = False) -> bytes:
        """Run one statement that answers with one JSON text, and hand that on undecoded.

        A `quick` one looks a few rows up by their ids: it takes less time than handing it on does.
        """

    async def leads(self, task: str) -> bool:
        """Whether this server is the one, of all on the database, that does a task.

        Who asks first does, until it closes the database or is no longer heard of there.
        """

    async def close(self) -> None:
        """Finish what is under way and let go of the database."""


async def open_storage(
    location: str,
    *,
    clock: Clock = system_clock,
    synchronous: Synchronous = "FULL",
    connections: int = CONNECTIONS,
) -> Storage:
    """Open the database at a path or, for a `postgresql://` URL, on a server.

    A file is made when it is new; `:memory:` lives as long as it is open. Raises ServerProblem,
    with what to do about it, when the database cannot be used.
    """
    if is_postgres(location):
        from flowtui.server.storage.postgres import PostgresStorage

        return await PostgresStorage.open(location, clock=clock, connections=connections)
    from flowtui.server.storage.sqlite import SqliteStorage

    return await SqliteStorage.open(file_of(location), clock=clock, synchronous=synchronous)
