"""Compiles a selection into one SQL expression whose value is the answer's JSON text.

Rows become text inside the database and leave it once; nothing here or above decodes them. A list
of rows is one `group_concat` or `string_agg` over the rows, nested lists are the same inside it,
and an object is its pieces joined by `||`, which, unlike `json_object`, neither limits their number
nor reads again what it has just written.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Final

from graphql import SelectionSetNode

from flowtui.errors import ApiError
from flowtui.frozen import frozen
from flowtui.server.catalogue import TABLES
from flowtui.server.query.sdl import TRAVERSALS
from flowtui.server.query.selections import Field, Selections
from flowtui.server.storage.conditions import (
    TRUE,
    Conditions,
    Orders,
    Statement,
    column_of,
    several,
)
from flowtui.server.storage.values import store_uuid
from flowtui.server.tables import Column, Relation, Table

ROOTS: Final[Mapping[str, tuple[str, str]]] = {
    **{name: ("rows", name) for name in TABLES},
    **{f"{name}_aggregate": ("aggregate", name) for name in TABLES},
    **{f"{name}_by_pk": ("by_pk", name) for name, table in TABLES.items() if table.by_pk},
    **dict.fromkeys(TRAVERSALS, ("rows", "utility_traversal")),
    **{f"{name}_aggregate": ("aggregate", "utility_traversal") for name in TRAVERSALS},
}
"""The root fields that are answered by SQL: in what way, and from which table."""

_CHAIN: Final = 100
# SQLite refuses expressions more than a thousand operators deep; long chains are joined in groups
# of this many.


class JsonText:
    """SQL for a JSON text that is put together from constant pieces and values."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._constant = ""

    def constant(self, text: str) -> None:
        """Add a piece that is the same for every row."""
        self._constant += text

    def value(self, sql: str) -> None:
        """Add what an expression gives."""
        self._flush()
        self._pieces.append(sql)

    @property
    def is_constant(self) -> bool:
        """Whether no row has anything to say to it."""
        return not self._pieces

    def _flush(self) -> None:
        if self._constant:
            self._pieces.append("'" + self._constant.replace("'", "''") + "'")
            self._constant = ""

    @property
    def sql(self) -> str:
        """The whole, as one expression."""
        self._flush()
        if len(self._pieces) <= _CHAIN:
            return " || ".join(self._pieces)
        groups = (
            self._pieces[start : start + _CHAIN] for start in range(0, len(self._pieces), _CHAIN)
        )
        return " || ".join(f"({' || '.join(group)})" for group in groups)


@frozen
class Join:
    """What ties nested rows to the row above them."""

    theirs: str
    """Their column."""
    ours: str
    """The SQL of what it equals."""


@frozen
class _Kept:
    """What a selection became that says the same for every request."""

    selection: SelectionSetNode
    sql: str
    columns: Sequence[str]
    aliases: int
    """How many names of tables were given when it was made."""
    lists: int


class _Rows:
    """The rows a part of the statement reads, and which of their columns the answer needs."""

    def __init__(self, table: Table, alias: str) -> None:
        self.table = table
        self.alias = alias
        self._needed: dict[str, None] = {}

    def column(self, name: str) -> str:
        """A column of these rows, from now on needed."""
        self._needed[name] = None
        return column_of(self.alias, name)

    def need(self, names: Iterable[str]) -> None:
        """These columns are needed, too."""
        self._needed.update(dict.fromkeys(names))

    @property
    def needed(self) -> tuple[str, ...]:
        """The needed columns."""
        return tuple(self._needed)

    @property
    def columns(self) -> str:
        """The needed columns, as a subselect names them."""
        return (
            ", ".join(f'{column_of(self.alias, name)} AS "{name}"' for name in self._needed) or "1"
        )


class Compiler:
    """Compiles the root fields of one operation; the parameters gather in `statement`."""

    def __init__(
        self, selections: Selections, statement: Statement, kept: dict[Hashable, Any]
    ) -> None:
        self._lists = 0
        self._selections = selections
        self._statement = statement
        self._kept = kept
        self._dialect = statement.dialect
        self._conditions = Conditions(statement, strict=False)
        self._orders = Orders(statement)

    @property
    def by_id(self) -> bool:
        """Whether every row is looked up by its id, which takes next to no time."""
        return self._lists == 0

    def root(self, field: Field) -> str:
        """The SQL of one root field."""
        way, name = ROOTS[field.name]
        table = TABLES[name]
        if way == "by_pk":
            return self._by_pk(table, field)
        source = self._table_expression(table, field)
        if way == "rows":
            return self._listed(table, field, source)
        return self._aggregated(table, field, source)

    def _by_pk(self, table: Table, field: Field) -> str:
        rows = _Rows(table, self._statement.alias())
        text = self._object(rows, field.below)
        id = self._statement.value(field.arguments["id"], "uuid")
        found = (
            f'SELECT {text} FROM "{table.name}" AS {rows.alias} WHERE {rows.column("id")} = {id}'
        )
        return f"coalesce(({found}), 'null')"

    def _table_expression(self, table: Table, field: Field) -> str:
        if table.stored or table.shows:
            return f'"{table.name}"'
        if field.name == table.name or field.name == f"{table.name}_aggregate":
            return self._dialect.nothing(table.columns)
        given = field.arguments["args"]
        depth = given.get("depth_limit")
        start = _id_list(given.get("start_task_ids"))
        return self._dialect.traversal(
            downstream="downstream" in field.name,
            start=self._statement.value(start, "uuid[]"),
            depth=self._statement.value(50 if depth is None else min(depth, 50), "Int"),
        )

    def _listed(self, table: Table, field: Field, source: str, join: Join | None = None) -> str:
        self._lists += 1
        rows = _Rows(table, self._statement.alias())
        text = self._dialect.joined(self._object(rows, field.below))
        return f"(SELECT {text} FROM {self._source(rows, field, source, join)})"

    def _aggregated(self, table: Table, field: Field, source: str, join: Join | None = None) -> str:
        self._lists += 1
        rows = _Rows(table, self._statement.alias())
        text = JsonText()
        separator = "{"
        for part in self._selections.fields(field.below):
            text.constant(f'{separator}"{part.key}":')
            separator = ","
            if part.name == "nodes":
                text.value(self._dialect.joined(self._object(rows, part.below)))
            elif part.name == "aggregate":
                self._aggregate(text, rows, part)
            else:
                text.constant(f'"{table.name}_aggregate"')
        text.constant("}" if separator == "," else "{}")
        if text.is_constant:
            return text.sql
        return f"(SELECT {text.sql} FROM {self._source(rows, field, source, join)})"

    def _aggregate(self, text: JsonText, rows: _Rows, field: Field) -> None:
        separator = "{"
        for part in self._selections.fields(field.below):
            text.constant(f'{separator}"{part.key}":')
            separator = ","
            if part.name == "count":
                text.value(self._counted(rows, part.arguments))
            elif part.name == "__typename":
                text.constant(f'"{rows.table.name}_aggregate_fields"')
            else:
                self._reduced(text, rows, part)
        text.constant("}" if separator == "," else "{}")

    def _counted(self, rows: _Rows, given: Mapping[str, Any]) -> str:
        columns = [rows.column(name) for name in several(given.get("columns") or ())]
        if not columns:
            return "count(*)"
        counted = columns[0] if len(columns) == 1 else self._dialect.together(columns)
        return f"count({'DISTINCT ' if given.get('distinct') else ''}{counted})"

    def _reduced(self, text: JsonText, rows: _Rows, field: Field) -> None:
        """The members of `max`, `sum` and their like: one function over several columns."""
        function = self._dialect.aggregates.get(field.name)
        separator = "{"
        for part in self._selections.fields(field.below):
            text.constant(f'{separator}"{part.key}":')
            separator = ","
            if part.name == "__typename":
                text.constant(f'"{rows.table.name}_{field.name}_fields"')
                continue
            column = rows.column(part.name)
            if function is not None:
                text.value(self._dialect.number.format(c=function.format(c=column)))
            else:
                type = rows.table.column[part.name].type
                found = self._dialect.extreme(field.name, column, type)
                extreme = self._dialect.json[type].format(c=found)
                text.value(f"coalesce({extreme}, 'null')")
        text.constant("}" if separator == "," else "{}")

    def _source(self, rows: _Rows, field: Field, source: str, join: Join | None) -> str:
        """What to select from, for the rows that the five arguments choose."""
        given = field.arguments
        alias = rows.alias
        wanted = self._conditions.on(rows.table, given.get("where"), alias)
        where = wanted
        if join is not None:
            joined = f"{column_of(alias, join.theirs)} = {join.ours}"
            where = joined if wanted == TRUE else f"{joined} AND {wanted}"
        limit, offset = self._count(given, "limit"), self._count(given, "offset")
        order = self._orders.on(rows.table, several(given.get("order_by") or ()), alias)
        distinct = [column_of(alias, name) for name in several(given.get("distinct_on") or ())]
        if not order and not distinct:
            order = [(column_of(alias, name), "") for name in rows.table.comes_by]
        chosen = f"{source} AS {alias} WHERE {where}"
        if not distinct and not order and limit is None and offset is None:
            return chosen
        columns = rows.columns
        if distinct:
            order = order or [(one, "") for one in distinct]
            keys = ", ".join(f"{term} AS key{nth}" for nth, (term, _) in enumerate(order))
            first = f"PARTITION BY {', '.join(distinct)} ORDER BY {_sorting(order)}"
            rank = f"row_number() OVER ({first}) AS nth"
            chosen = f"(SELECT {columns}, {keys}, {rank} FROM {chosen}) AS {alias} WHERE nth = 1"
            order = [(f"{alias}.key{nth}", way) for nth, (_, way) in enumerate(order)]
        sorted_by = f" ORDER BY {_sorting(order)}" if order else ""
        page = self._dialect.page(limit, offset)
        if order and page and not distinct and _is_of_another(rows.table, given.get("where")):
            found = self._dialect.chosen_first(chosen, alias, source, f"{sorted_by}{page}")
            chosen, page = (found, "") if found else (chosen, page)
        # The texts are made outside, for the rows that remain.
        return f"(SELECT {columns} FROM {chosen}{sorted_by}{page}) AS {alias}"

    def _count(self, given: Mapping[str, Any], name: str) -> str | None:
        number = given.get(name)
        if number is None:
            return None
        if number < 0:
            raise ApiError(f"unexpected negative value for {name!r}: {number}")
        return self._statement.value(number, "Int")

    def _object(self, rows: _Rows, below: Sequence[SelectionSetNode]) -> str:
        """The members of a row; made once for all requests whose members are the same."""
        (first, *others) = below
        key = id(first), rows.alias, self._statement.aliases
        kept: _Kept | None = self._kept.get(key)
        if kept is not None and kept.selection is first and not others:
            rows.need(kept.columns)
            self._statement.aliases = kept.aliases
            self._lists += kept.lists
            return kept.sql
        if others or not self._selections.are_plain(first):
            return self._members(rows, below)
        lists = self._lists
        sql = self._members(rows, below)
        lists = self._lists - lists
        self._kept[key] = _Kept(first, sql, rows.needed, self._statement.aliases, lists)
        return sql

    def _members(self, rows: _Rows, below: Sequence[SelectionSetNode]) -> str:
        text = JsonText()
        separator = "{"
        for field in self._selections.fields(below):
            text.constant(f'{separator}"{field.key}":')
            separator = ","
            self._member(text, rows, field)
        text.constant("}" if separator == "," else "{}")
        return text.sql

    def _member(self, text: JsonText, rows: _Rows, field: Field) -> None:
        column = rows.table.column.get(field.name)
        if field.name == "__typename":
            text.constant(f'"{rows.table.name}"')
        elif column is not None:
            path = field.arguments.get("path")
            sql = rows.column(field.name)
            text.value(self._json(column, sql) if path is None else self._at_path(sql, path))
        elif field.name in rows.table.relation:
            text.value(self._related(rows, rows.table.relation[field.name], field))
        else:
            relation = rows.table.relation[field.name.removesuffix("_aggregate")]
            text.value(self._through(rows, relation, field, aggregate=True))

    def _related(self, rows: _Rows, relation: Relation, field: Field) -> str:
        if relation.to_many:
            return self._through(rows, relation, field, aggregate=False)
        there = _Rows(TABLES[relation.table], self._statement.alias())
        text = self._object(there, field.below)
        join = f"{there.column(relation.theirs)} = {rows.column(relation.ours)}"
        found = f'SELECT {text} FROM "{relation.table}" AS {there.alias} WHERE {join}'
        return f"coalesce(({found}), 'null')"

    def _through(self, rows: _Rows, relation: Relation, field: Field, *, aggregate: bool) -> str:
        table = TABLES[relation.table]
        ours = rows.column(relation.ours)
        way = self._aggregated if aggregate else self._listed
        return way(table, field, f'"{table.name}"', Join(relation.theirs, ours))

    def _json(self, column: Column, sql: str) -> str:
        text = self._dialect.json[column.type].format(c=sql)
        if not column.nullable or column.type in self._dialect.quoted:
            return text
        return f"coalesce({text}, 'null')"

    def _at_path(self, sql: str, path: str) -> str:
        return self._dialect.json_path.format(c=sql, v=self._statement.value(path, "path"))


def _is_of_another(table: Table, where: Any) -> bool:
    """Whether rows are chosen by the row they belong to, such as the runs of a flow: an index that
    finds those has them in no common order."""
    if not table.stored or not isinstance(where, Mapping):
        return False
    parts = [one for name in ("_and", "_or") for one in several(where.get(name) or ())]
    return any(
        where[name] and not table.relation[name].to_many for name in where.keys() & table.relation
    ) or any(_is_of_another(table, one) for one in parts)


def _sorting(order: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{term} {way}".rstrip() for term, way in order)


def _id_list(given: Any) -> list[str]:
    """The ids of an `_uuid`: a Postgres array, `{id1,id2}`, or a plain list."""
    if isinstance(given, str):
        if not (given.startswith("{") and given.endswith("}")):
            raise ApiError(f'malformed array literal: "{given[:200]}"')
        given = [one.strip(' "') for one in given[1:-1].split(",") if one.strip()]
    return [store_uuid(one) for one in several(given or ())]
