"""The statements of a transaction, the same in every dialect: what a service asks for, as SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from flowtui.server.catalogue import TABLES
from flowtui.server.storage import Keep, Order, Row, Where
from flowtui.server.storage.conditions import Conditions, Orders, Statement, column_of
from flowtui.server.storage.dialect import Dialect
from flowtui.server.storage.questions import QUESTIONS
from flowtui.server.storage.values import all_fit
from flowtui.server.tables import NOTHING, NOW, Column, Table

EVERY_ROW: Final[Where] = MappingProxyType({})

OURS: Final = "own"
"""The name of the table that a statement is about."""


class Reading:
    """How rows come back as Python values."""

    def __init__(self, dialect: Dialect, columns: Mapping[str, str]) -> None:
        self._loads = [(name, dialect.load[type]) for name, type in columns.items()]

    def row(self, found: Sequence[Any]) -> Row:
        """A row as Python values."""
        return {
            name: value if load is None or value is None else load(value)
            for (name, load), value in zip(self._loads, found, strict=True)
        }


class Sentences:
    """Writes statements in one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._reading = cache(self._reading_of)
        self._asking = cache(self._question)
        self._filling = cache(lambda table: Filling(dialect, table))

    def addition(
        self, table: str, rows: Sequence[Row], now: Any, new_id: Callable[[], str]
    ) -> list[Sequence[Any]]:
        """The values of new rows as the database takes them, column by column; each row is given
        its "id", and `now` is the time, as the database takes that.

        Raises LookupError when a row names a column that there is not.
        """
        for row in rows:
            if row.get("id") is None:
                row["id"] = new_id()
        return self._filling(table).columns(rows, now)

    def selection(
        self,
        table: str,
        where: Where,
        order_by: Order,
        limit: int | None,
        columns: Sequence[str],
        *,
        keep: Keep | None,
    ) -> tuple[str, list[Any], Reading]:
        """Rows that meet a condition, and how they are read."""
        known = TABLES[table]
        statement = Statement(self._dialect)
        condition = _condition(statement, known, where)
        orders = Orders(statement).on(known, [{name: way} for name, way in order_by], OURS)
        names, reading = self._reading(table, tuple(columns))
        sql = f'SELECT {names} FROM "{table}" AS {OURS} WHERE {condition}'
        if orders:
            sql += " ORDER BY " + ", ".join(f"{term} {way}" for term, way in orders)
        sql += self._dialect.page(None if limit is None else str(int(limit)))
        if keep:
            sql += self._dialect.kept(OURS, shared=keep == "shared")
        return sql, statement.parameters, reading

    def counting(self, table: str, where: Where) -> tuple[str, list[Any]]:
        """How many rows meet a condition."""
        statement = Statement(self._dialect)
        condition = _condition(statement, TABLES[table], where)
        return f'SELECT count(*) FROM "{table}" AS {OURS} WHERE {condition}', statement.parameters

    def change(
        self, table: str, where: Where, values: Mapping[str, Any], now: datetime
    ) -> tuple[str, list[Any]]:
        """Put values into the rows that meet a condition."""
        known = TABLES[table]
        statement = Statement(self._dialect)
        changes = []
        for name, value in {"updated": now, **values}.items():
            column = known.column.get(name)
            if column is None:
                raise LookupError(f"{table} has no column {name}")
            changes.append(f'"{name}" = {statement.value(value, column.type)}')
        condition = _condition(statement, known, where)
        sql = f'UPDATE "{table}" AS {OURS} SET {", ".join(changes)} WHERE {condition}'
        return sql, statement.parameters

    def removal(self, table: str, where: Where) -> tuple[str, list[Any]]:
        """Remove the rows that meet a condition."""
        statement = Statement(self._dialect)
        condition = _condition(statement, TABLES[table], where)
        return f'DELETE FROM "{table}" AS {OURS} WHERE {condition}', statement.parameters

    def question(self, name: str, arguments: Mapping[str, Any]) -> tuple[str, list[Any], Reading]:
        """The statement of a question that has a name."""
        sql, reading, wanted = self._asking(name)
        store = self._dialect.store
        return sql, [store[type](arguments[one]) for one, type in wanted], reading

    def _question(self, name: str) -> tuple[str, Reading, list[tuple[str, str]]]:
        asked = QUESTIONS[name]
        wanted = list(asked.arguments.items())
        places = {
            one: self._dialect.parameter(number, type)
            for number, (one, type) in enumerate(wanted, 1)
        }
        # Two colons are a cast.
        sql = re.sub(r"(?<!:):([a-z_]+)", lambda found: places[found[1]], asked.sql(self._dialect))
        return sql, Reading(self._dialect, asked.columns), wanted

    def _reading_of(self, table: str, names: tuple[str, ...]) -> tuple[str, Reading]:
        known = TABLES[table].column
        chosen = names or tuple(known)
        columns = ", ".join(column_of(OURS, name) for name in chosen)
        return columns, Reading(self._dialect, {name: known[name].type for name in chosen})


def _condition(statement: Statement, table: Table, where: Where) -> str:
    return Conditions(statement, strict=True).on(table, where, OURS)


class Filling:
    """How the rows of a table are written down, with defaults for what they leave out."""

    def __init__(self, dialect: Dialect, table: str) -> None:
        self._table = TABLES[table]
        self._columns: list[tuple[Column, Callable[[Any], Any], Any]] = [
            (
                column,
                dialect.store[column.type],
                column.default
                if column.default is NOW
                else None
                if column.default is NOTHING
                else dialect.store[column.type](column.default),
            )
            for column in self._table.columns
        ]

    def columns(self, rows: Sequence[Row], now: Any) -> list[Sequence[Any]]:
        """The values of rows, column by column."""
        given = rows[0].keys()
        if len({*map(tuple, rows)}) > 1:
            given = dict.fromkeys(name for row in rows for name in row).keys()
            rows = [{**dict.fromkeys(given, NOTHING), **row} for row in rows]
        unknown = given - self._table.column.keys()
        if unknown:
            raise LookupError(f"{self._table.name} has no column {', '.join(sorted(unknown))}")
        stored: list[Sequence[Any]] = []
        for column, store, default in self._columns:
            otherwise = now if default is NOW else default
            if column.name in given:
                values = [row[column.name] for row in rows]
                stored.append(_stored(column.type, store, values, otherwise))
            else:
                stored.append([otherwise] * len(rows))
        return stored


def _stored(
    type: str, store: Callable[[Any], Any], values: list[Any], otherwise: Any
) -> Sequence[Any]:
    if values.count(None) == len(values) or all_fit(type, values):
        return values
    return [
        None if value is None else otherwise if value is NOTHING else store(value)
        for value in values
    ]
