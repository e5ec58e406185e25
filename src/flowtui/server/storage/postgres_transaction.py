"""What an operation does with the rows, in PostgreSQL's terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from flowtui.errors import UniquenessViolation
from flowtui.server.catalogue import TABLES
from flowtui.server.storage import Row, Where
from flowtui.server.storage.ids import TimeOrderedIds
from flowtui.server.storage.postgres_dialect import POSTGRES
from flowtui.server.storage.postgres_problems import FOREIGN, our_error, passes
from flowtui.server.storage.rows_read import RowsRead
from flowtui.server.storage.sentences import Sentences

if TYPE_CHECKING:
    import asyncpg

_SAY: Final = Sentences(POSTGRES)


class PostgresTransaction(RowsRead):
    """One operation's view of the database: a connection within a transaction.

    What will pass is raised as PostgreSQL's own error, so that no operation takes it for an answer;
    the storage does the operation again. After a statement that failed PostgreSQL does nothing more
    in the transaction, so the failure is remembered, should the operation go on.
    """

    def __init__(
        self, connection: asyncpg.Connection[Any], now: datetime, ids: TimeOrderedIds
    ) -> None:
        super().__init__(_SAY)
        self.now = now
        self.failure: BaseException | None = None
        self._connection = connection
        self._ids = ids

    async def insert(
        self, table: str, rows: Sequence[Row], *, ignore_conflicts: bool = False
    ) -> int:
        """Add rows; each is given its "id"."""
        if not rows:
            return 0
        columns = _SAY.addition(table, rows, self.now, lambda: self._ids.new(self.now))
        if len(rows) == 1:
            values = [value for (value,) in columns]
            added = await self._fetch(_insertion(table, many=False), values)
        else:
            # A list for each column: the statement is the same for any number of rows.
            added = await self._fetch(_insertion(table, many=True), columns)
        if len(added) < len(rows) and not ignore_conflicts:
            # A service may catch the violation and go on; then none of the batch may stay behind.
            if added:
                ids = [str(id) for (id,) in added]
                await self.delete(table, {"id": {"_in": ids}})
            raise UniquenessViolation
        return len(added)

    async def update(self, table: str, where: Where, values: Mapping[str, Any]) -> int:
        """Change the rows that meet a condition."""
        return await self._execute(*_SAY.change(table, where, values, self.now))

    async def delete(self, table: str, where: Where) -> int:
        """Remove the rows that meet a condition, with all that hangs on them."""
        return await self._execute(*_SAY.removal(table, where))

    async def _fetch(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        if self.failure is not None:
            raise self.failure
        try:
            found: list[Any] = await self._connection.fetch(sql, *parameters)
        except FOREIGN as problem:
            raise self._failed(problem) from problem
        return found

    async def _execute(self, sql: str, parameters: Sequence[Any]) -> int:
        if self.failure is not None:
            raise self.failure
        try:
            done = await self._connection.execute(sql, *parameters)
        except FOREIGN as problem:
            raise self._failed(problem) from problem
        # "UPDATE 3"
        return int(done.rpartition(" ")[2])

    def _failed(self, problem: BaseException) -> BaseException:
        self.failure = problem if passes(problem) else our_error(problem)
        return self.failure


@cache
def _insertion(table: str, *, many: bool) -> str:
    """Adds the rows whose keys are free, and says which those were."""
    columns = TABLES[table].columns
    names = ", ".join(f'"{column.name}"' for column in columns)
    places = ", ".join(
        POSTGRES.parameter(number, column.type + ("[]" if many else ""))
        for number, column in enumerate(columns, 1)
    )
    source = f"SELECT * FROM unnest({places})" if many else f"VALUES ({places})"
    return f'INSERT INTO "{table}" ({names}) {source} ON CONFLICT DO NOTHING RETURNING "id"'
