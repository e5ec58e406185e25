"""Conditions and orders of the read dialect, compiled to SQL; the same for a client's `where` and
a service's.

A client's null makes a comparison true, as the old stack's clients count on. A service's None is
refused, because it can only be a mistake, and one that would select everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from flowtui.errors import ApiError
from flowtui.models.states import ENDED, STATE_NAMES
from flowtui.server.catalogue import TABLES
from flowtui.server.storage.dialect import SQLITE, Dialect
from flowtui.server.storage.operators import Operator, pattern
from flowtui.server.tables import Column, Relation, Table

TRUE: Final = "TRUE"
FALSE: Final = "FALSE"

_UNFINISHED: Final = frozenset(STATE_NAMES) - ENDED
# What is in one of these states is little beside the past, however long that is.


class Statement:
    """A statement while it is being written: its parameters, and names for its tables."""

    def __init__(self, dialect: Dialect = SQLITE) -> None:
        self.dialect = dialect
        self.parameters: list[Any] = []
        self.aliases = 0
        """How many names were given to tables."""

    def bind(self, stored: Any, type: str) -> str:
        """Add a parameter as the database takes it; the answer is its placeholder."""
        self.parameters.append(stored)
        return self.dialect.parameter(len(self.parameters), type)

    def value(self, value: Any, type: str) -> str:
        """Add a parameter of Python's; the answer is its placeholder."""
        return self.bind(None if value is None else self.dialect.store[type](value), type)

    def alias(self) -> str:
        """A name for one more table of the statement."""
        self.aliases += 1
        return f"t{self.aliases}"


def column_of(alias: str, name: str) -> str:
    """A column of a table of the statement; names like `trigger` need their quotes."""
    return f'{alias}."{name}"'


def several(value: Any) -> Sequence[Any]:
    """GraphQL takes one thing where several are expected."""
    return value if isinstance(value, (list, tuple)) else (value,)


class Conditions:
    """Compiles `where` objects into the SQL of one statement."""

    def __init__(self, statement: Statement, *, strict: bool) -> None:
        self._statement = statement
        self._strict = strict

    def on(self, table: Table, where: Mapping[str, Any] | None, alias: str) -> str:
        """The SQL of a condition on the rows of a table."""
        if where is None:
            return self._collapsed("a condition")
        bound = len(self._statement.parameters)
        parts = (self._part(table, key, value, alias) for key, value in where.items())
        return self._settled(_every(parts), bound)

    def _part(self, table: Table, key: str, value: Any, alias: str) -> str:
        if value is None:
            return self._collapsed(key)
        column = table.column.get(key)
        if column is not None:
            return self._comparisons(column, value, column_of(alias, key))
        relation = table.relation.get(key)
        if relation is not None:
            return self._related(table, relation, value, alias)
        if key == "_and":
            return _every(self.on(table, one, alias) for one in several(value))
        if key == "_or":
            bound = len(self._statement.parameters)
            return self._settled(_any(self.on(table, one, alias) for one in several(value)), bound)
        if key == "_not":
            return _opposite(self.on(table, value, alias))
        raise LookupError(f"{table.name} has no column or relation {key!r}")

    def _related(
        self, table: Table, relation: Relation, where: Mapping[str, Any], alias: str
    ) -> str:
        theirs = self._statement.alias()
        other = TABLES[relation.table]
        condition = self.on(other, where, theirs)
        ours, key = column_of(alias, relation.ours), column_of(theirs, relation.theirs)
        if relation.to_many:
            join = _every((f"{key} = {ours}", condition))
            return f'EXISTS (SELECT 1 FROM "{other.name}" AS {theirs} WHERE {join})'
        nullable = table.column[relation.ours].nullable
        if condition == TRUE:
            # The foreign key sees to it that there is one.
            return f"{ours} IS NOT NULL" if nullable else TRUE
        # IN instead of EXISTS lets the planner start from the other table when that one is small.
        there = f'{ours} IN (SELECT {key} FROM "{other.name}" AS {theirs} WHERE {condition})'
        return f"({ours} IS NOT NULL AND {there})" if nullable else there

    def _comparisons(self, column: Column, operands: Mapping[str, Any], sql: str) -> str:
        return _every(
            self._collapsed(f"{column.name}: {operator}")
            if operand is None
            else self._comparison(column, operator, operand, sql)
            for operator, operand in operands.items()
        )

    def _comparison(self, column: Column, name: str, operand: Any, sql: str) -> str:
        if name == "_cast":
            text = operand.get("String") if column.type == "jsonb" else None
            if text is None:
                return self._collapsed(f"{column.name}: {name}")
            shown = self._statement.dialect.shown.format(c=sql)
            return self._comparisons(replace(column, type="String"), text, shown)
        operator = self._statement.dialect.operators.get(name)
        if operator is None or column.type not in operator.types:
            raise LookupError(f"{column.name} cannot be compared by {name!r}")
        if operator.operand == "list":
            compared = self._among(column, operator, several(operand), sql)
            return self._expected(column, name, several(operand), compared)
        if operator.operand == "Boolean":
            return operator.sql.format(c=sql, v="" if operand else "NOT ")
        if operator.operand == "same":
            text, stored = pattern(operator, self._statement.dialect.store[column.type](operand))
            compared = text.format(c=sql, v=self._statement.bind(stored, column.type))
            return self._expected(column, name, (operand,), compared)
        keys = self._statement.value(several(operand), "String[]")
        return operator.sql.format(c=sql, v=keys)

    def _among(self, column: Column, operator: Operator, members: Sequence[Any], sql: str) -> str:
        dialect = self._statement.dialect
        if not members:
            return FALSE if operator is dialect.operators["_in"] else TRUE
        if None in members:
            if self._strict:
                raise ValueError(f"{column.name} is compared with a list that holds None")
            raise ApiError(f"expected a value, but found null in a list for {column.name!r}")
        store = dialect.store[column.type]
        stored = [store(one) for one in members]
        return operator.sql.format(
            c=sql, v=dialect.among(self._statement.bind, stored, column.type)
        )

    def _expected(
        self, column: Column, operator: str, operands: Sequence[Any], compared: str
    ) -> str:
        """The comparison, with a word for the planner where it holds for few rows: those that are
        in a state that does not last, or since a moment."""
        dialect = self._statement.dialect
        if column.type == "timestamptz" and operator in ("_gt", "_gte"):
            return dialect.seldom(compared)
        if column.name != "state" or operator not in ("_eq", "_in") or compared == FALSE:
            return compared
        return dialect.rarely(compared) if _UNFINISHED.issuperset(operands) else compared

    def _settled(self, condition: str, bound: int) -> str:
        """A condition that came down to a constant no longer mentions what was bound for it."""
        if condition in (TRUE, FALSE):
            del self._statement.parameters[bound:]
        return condition

    def _collapsed(self, what: str) -> str:
        if self._strict:
            raise ValueError(f"{what} is None; say _is_null to ask for rows without a value")
        return TRUE


class Orders:
    """Compiles `order_by` into the SQL of one statement."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement

    def on(
        self, table: Table, order_by: Iterable[Mapping[str, Any]], alias: str
    ) -> list[tuple[str, str]]:
        """The terms of an ORDER BY, in the order they are written: what, and which way."""
        return [
            (expression, self._statement.dialect.ordering(direction, nullable=nullable))
            for one in order_by
            for expression, direction, nullable in self._terms(table, one, alias)
        ]

    def _terms(
        self, table: Table, one: Mapping[str, Any], alias: str
    ) -> Iterator[tuple[str, str, bool]]:
        for key, value in one.items():
            if value is None:
                continue
            column = table.column.get(key)
            if column is not None:
                yield column_of(alias, key), value, column.nullable
            elif key.endswith("_aggregate"):
                relation = table.relation[key.removesuffix("_aggregate")]
                yield from self._by_aggregate(relation, value, alias)
            else:
                yield from self._through(table.relation[key], value, alias)

    def _through(
        self, relation: Relation, value: Mapping[str, Any], alias: str
    ) -> Iterator[tuple[str, str, bool]]:
        theirs = self._statement.alias()
        for expression, direction, _ in self._terms(TABLES[relation.table], value, theirs):
            yield self._looked_up(relation, expression, alias, theirs), direction, True

    def _by_aggregate(
        self, relation: Relation, value: Mapping[str, Any], alias: str
    ) -> Iterator[tuple[str, str, bool]]:
        theirs = self._statement.alias()
        for function, asked in value.items():
            if asked is None:
                continue
            if function == "count":
                yield self._looked_up(relation, "count(*)", alias, theirs), asked, True
                continue
            dialect = self._statement.dialect
            sql = dialect.aggregates.get(function)
            for name, direction in asked.items():
                if direction is not None:
                    column = column_of(theirs, name)
                    type = TABLES[relation.table].column[name].type
                    expression = (
                        sql.format(c=column) if sql else dialect.extreme(function, column, type)
                    )
                    yield self._looked_up(relation, expression, alias, theirs), direction, True

    @staticmethod
    def _looked_up(relation: Relation, expression: str, alias: str, theirs: str) -> str:
        join = f"{column_of(theirs, relation.theirs)} = {column_of(alias, relation.ours)}"
        return f'(SELECT {expression} FROM "{relation.table}" AS {theirs} WHERE {join})'


def _every(conditions: Iterable[str]) -> str:
    parts = [one for one in conditions if one != TRUE]
    if FALSE in parts:
        return FALSE
    return " AND ".join(parts) if parts else TRUE


def _any(conditions: Iterable[str]) -> str:
    parts = [one for one in conditions if one != FALSE]
    if TRUE in parts:
        return TRUE
    return f"({' OR '.join(parts)})" if parts else FALSE


def _opposite(condition: str) -> str:
    return {TRUE: FALSE, FALSE: TRUE}.get(condition) or f"NOT ({condition})"
