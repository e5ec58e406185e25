"""What an operation does with the rows, in SQLite's terms."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from flowtui.server.catalogue import NOTHING, NOW, TABLES, Table
from flowtui.server.storage import Order, Row, Where
from flowtui.server.storage.conditions import Conditions, Orders, Statement, column_of
from flowtui.server.storage.ids import TimeOrderedIds
from flowtui.server.storage.problems import our_error
from flowtui.server.storage.questions import QUESTIONS
from flowtui.server.storage.values import LOAD, STORE, Stored, store_json, store_timestamp

EVERY_ROW: Final[Where] = MappingProxyType({})


class SqliteTransaction:
    """One operation's view of the database; lives in the writer's thread, inside a savepoint."""

    def __init__(self, connection: sqlite3.Connection, now: datetime, ids: TimeOrderedIds) -> None:
        self.now = now
        self._connection = connection
        self._ids = ids

    @property
    def now(self) -> datetime:
        """The one time of this transaction."""
        return self._now

    @now.setter
    def now(self, now: datetime) -> None:
        self._now = now
        self._now_text = store_timestamp(now)

    async def get(self, table: str, id: str, *, columns: Sequence[str] = ()) -> Row | None:
        """The row with this id."""
        return await self.first(table, {"id": {"_eq": id}}, columns=columns)

    async def find(
        self,
        table: str,
        where: Where = EVERY_ROW,
        *,
        order_by: Order = (),
        limit: int | None = None,
        columns: Sequence[str] = (),
    ) -> list[Row]:
        """The rows that meet a condition."""
        known = TABLES[table]
        statement = Statement()
        condition = _condition(statement, known, where, "row")
        orders = Orders(statement).on(known, [{name: way} for name, way in order_by], "row")
        reading = _reading(table, tuple(columns))
        sql = f'SELECT {reading.columns} FROM "{table}" AS row WHERE {condition}'
        if orders:
            sql += " ORDER BY " + ", ".join(f"{term} {way}" for term, way in orders)
        sql += statement.dialect.page(None if limit is None else str(int(limit)))
        return [reading.row(found) for found in self._execute(sql, statement.parameters)]

    async def first(
        self,
        table: str,
        where: Where = EVERY_ROW,
        *,
        order_by: Order = (),
        columns: Sequence[str] = (),
    ) -> Row | None:
        """The first row that meets a condition."""
        found = await self.find(table, where, order_by=order_by, limit=1, columns=columns)
        return found[0] if found else None

    async def count(self, table: str, where: Where = EVERY_ROW) -> int:
        """How many rows meet a condition."""
        statement = Statement()
        condition = _condition(statement, TABLES[table], where, "row")
        sql = f'SELECT count(*) FROM "{table}" AS row WHERE {condition}'
        number: int = self._execute(sql, statement.parameters).fetchone()[0]
        return number

    async def insert(
        self, table: str, rows: Sequence[Row], *, ignore_conflicts: bool = False
    ) -> int:
        """Add rows; each is given its "id"."""
        if not rows:
            return 0
        known = TABLES[table]
        unknown = {name for row in rows for name in row} - known.column.keys()
        if unknown:
            raise LookupError(f"{table} has no column {', '.join(sorted(unknown))}")
        stored = [self._stored(known, row) for row in rows]
        sql = _insertion(table, ignore_conflicts)
        if len(stored) == 1:
            return self._execute(sql, stored[0]).rowcount
        # A service may catch a violation and go on; then none of the batch may stay behind.
        self._connection.execute("SAVEPOINT batch")
        try:
            added = self._connection.executemany(sql, stored).rowcount
        except sqlite3.Error as problem:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO batch")
                self._connection.execute("RELEASE batch")
            raise our_error(problem) from problem
        self._connection.execute("RELEASE batch")
        return added

    async def update(self, table: str, where: Where, values: Mapping[str, Any]) -> int:
        """Change the rows that meet a condition."""
        known = TABLES[table]
        statement = Statement()
        changes = ", ".join(
            f'"{name}" = {statement.bind(_stored(known, name, value))}'
            for name, value in {"updated": self.now, **values}.items()
        )
        condition = _condition(statement, known, where, "row")
        return self._execute(
            f'UPDATE "{table}" AS row SET {changes} WHERE {condition}', statement.parameters
        ).rowcount

    async def delete(self, table: str, where: Where) -> int:
        """Remove the rows that meet a condition, with all that hangs on them."""
        statement = Statement()
        condition = _condition(statement, TABLES[table], where, "row")
        return self._execute(
            f'DELETE FROM "{table}" AS row WHERE {condition}', statement.parameters
        ).rowcount

    async def rows(self, question: str, **arguments: Any) -> list[Row]:
        """The answer to a question that has a name."""
        asked = QUESTIONS[question]
        answer = self._execute(
            asked.sql, {name: _argument(value) for name, value in arguments.items()}
        )
        loads = [(name, LOAD[type]) for name, type in asked.columns.items()]
        return [
            {
                name: value if load is None or value is None else load(value)
                for (name, load), value in zip(loads, found, strict=True)
            }
            for found in answer
        ]

    def _execute(
        self, sql: str, parameters: Sequence[Stored] | Mapping[str, Stored]
    ) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, parameters)
        except sqlite3.Error as problem:
            raise our_error(problem) from problem

    def _stored(self, table: Table, row: Row) -> list[Stored]:
        if "id" in table.column and row.get("id") is None:
            row["id"] = self._ids.new(self.now)
        stored = []
        for column, store, default in _filling(table.name):
            value = row.get(column, NOTHING)
            if value is NOTHING:
                stored.append(self._now_text if default is NOW else default)
            else:
                stored.append(None if value is None else store(value))
        return stored


def _condition(statement: Statement, table: Table, where: Where, alias: str) -> str:
    return Conditions(statement, strict=True).on(table, where, alias)


def _stored(table: Table, name: str, value: Any) -> Stored:
    column = table.column.get(name)
    if column is None:
        raise LookupError(f"{table.name} has no column {name}")
    return None if value is None else STORE[column.type](value)


def _argument(value: Any) -> Stored:
    if isinstance(value, datetime):
        return store_timestamp(value)
    if isinstance(value, timedelta):
        return STORE["interval"](value)
    if isinstance(value, (list, tuple, dict)):
        return store_json(value)
    return int(value) if isinstance(value, bool) else value


@cache
def _filling(table: str) -> tuple[tuple[str, Callable[[Any], Stored], Any], ...]:
    """For each column: its name, how a value is stored, and its default as stored."""
    return tuple(
        (
            column.name,
            STORE[column.type],
            NOW
            if column.default is NOW
            else None
            if column.default is NOTHING
            else STORE[column.type](column.default),
        )
        for column in TABLES[table].columns
    )


@cache
def _insertion(table: str, ignore_conflicts: bool) -> str:
    names = ", ".join(f'"{column.name}"' for column in TABLES[table].columns)
    places = ", ".join("?" for _ in TABLES[table].columns)
    ignored = " ON CONFLICT DO NOTHING" if ignore_conflicts else ""
    return f'INSERT INTO "{table}" ({names}) VALUES ({places}){ignored}'


class _Reading:
    """How rows of a table are read back, all columns or some."""

    def __init__(self, table: str, names: tuple[str, ...]) -> None:
        known = TABLES[table].column
        chosen = names or tuple(known)
        self.columns = ", ".join(column_of("row", name) for name in chosen)
        self._loads = [(name, LOAD[known[name].type]) for name in chosen]

    def row(self, found: Sequence[Any]) -> Row:
        """A row as Python values."""
        return {
            name: value if load is None or value is None else load(value)
            for (name, load), value in zip(self._loads, found, strict=True)
        }


@cache
def _reading(table: str, names: tuple[str, ...]) -> _Reading:
    return _Reading(table, names)
