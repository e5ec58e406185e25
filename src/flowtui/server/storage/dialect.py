"""What databases say differently, named in one place; everything else in the SQL is common to them.

An operator is one row: the SQL it becomes, with `{c}` for the column and `{v}` for the operand.
What SQLite says stands in `Dialect` itself; PostgreSQL differs where `PostgresDialect` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flowtui.server.storage.patterns import (
    any_case_regex,
    checked_regex,
    glob,
    like_regex,
    posix_regex,
    similar_regex,
)
from flowtui.server.storage.postgres_values import POSTGRES_LOAD, POSTGRES_STORE
from flowtui.server.storage.values import LOAD, STORE
from flowtui.server.tables import Column

EVERY: Final = ("uuid", "String", "Int", "Boolean", "timestamptz", "jsonb", "interval")
TEXT: Final = ("String",)
JSON: Final = ("jsonb",)


@dataclass(frozen=True)
class Operator:
    """One comparison: its SQL, the column types that know it, and what its operand is."""

    sql: str
    types: Sequence[str] = EVERY
    operand: str = "same"
    """The operand's type: `same` as the column, `list` of the same, or a GraphQL type by name."""
    prepare: Callable[[str], str] | None = None
    """Turns the operand's pattern language into the database's."""
    unicode: str = ""
    """The SQL for an operand beyond ASCII, where the database's own folding of case ends; the
    operand is a regex.
    """


@dataclass(frozen=True)
class Dialect:
    """One database's way of saying things; here, SQLite's."""

    operators: Mapping[str, Operator]
    types: Mapping[str, str]
    """Column types in a CREATE TABLE."""
    store: Mapping[str, Callable[[Any], Any]]
    """How a value of each type is handed to the database."""
    load: Mapping[str, Callable[[Any], Any] | None]
    """How it is read back; None where the database's value is the value."""
    json: Mapping[str, str]
    """A column's value as JSON text; NULL stays NULL, except where it says otherwise."""
    json_path: str
    """What stands at a path in a document, as JSON text."""
    quoted: frozenset[str]
    """The types whose `json` text gives `null` for NULL by itself."""
    aggregates: Mapping[str, str]
    """Aggregate functions over numbers, by their names in the read dialect."""
    number: str = "coalesce({c}, 'null')"
    """What such a function gives, as JSON text."""
    join: str = "CROSS JOIN"
    """Joins tables in the order in which they are written, if the database can be told."""
    length: str = "json_array_length({c})"
    """How many members a list in a document has."""
    nulls_have_a_place: bool = False
    """Whether an index keeps its nulls at one end."""
    many: int = 100
    """Longer lists travel as one parameter: databases bound the number of those, clients name
    thousands of ids.
    """

    def parameter(self, number: int, type: str) -> str:
        """The placeholder of the nth parameter, from one."""
        return f"?{number}"

    def among(self, bind: Callable[[Any, str], str], members: Sequence[Any], type: str) -> str:
        """The operand of `_in` for members as they are stored."""
        if len(members) > self.many:
            return f"(SELECT value FROM json_each({bind(self.store['jsonb'](members), 'jsonb')}))"
        return f"({', '.join(bind(one, type) for one in members)})"

    def one_of(self, argument: str) -> str:
        """The comparison with the members of a list that is an argument."""
        return f"IN (SELECT value FROM json_each({argument}))"

    def is_empty(self, argument: str) -> str:
        """Whether a list that is an argument has no members."""
        return f"json_array_length({argument}) = 0"

    def members(self, document: str, alias: str) -> str:
        """The members of a list in a document, as a source with the column `value`."""
        return f"json_each({document}) AS {alias}"

    def is_not_off(self, document: str, key: str) -> str:
        """Whether a switch in a document is on, or was never touched."""
        return f"json_type({document}, '$.{key}') IS NOT 'false'"

    def rarely(self, condition: str) -> str:
        """A condition that holds for few rows, if the database cannot find that out by itself."""
        # Right below an OR, SQLite forgets what is said of a term that stands alone.
        return f"(likelihood({condition}, 0.0001) AND TRUE)"

    def seldom(self, condition: str) -> str:
        """The same of a condition that holds for a small part of the rows."""
        return f"(likelihood({condition}, 0.02) AND TRUE)"

    def kept(self, alias: str, *, shared: bool = False, passing_over: bool = False) -> str:
        """Keeps the rows of a table from others until the end of the transaction, with those that
        others keep passed over if that is wanted; SQLite's one writer has them all."""
        return ""

    def joined(self, expression: str) -> str:
        """The JSON texts of all rows, in the order they come, as a list."""
        return f"'[' || coalesce(group_concat({expression}, ','), '') || ']'"

    def extreme(self, function: str, column: str, type: str) -> str:
        """The greatest or the smallest value of a column."""
        return f"{function}({column})"

    def ordering(self, direction: str, *, nullable: bool) -> str:
        """Which way a term of ORDER BY sorts, with nulls where Postgres has them."""
        way, _, nulls = direction.partition("_nulls_")
        if not nullable:
            return way.upper()
        return f"{way.upper()} NULLS {(nulls or _POSTGRES_NULLS[way]).upper()}"

    def page(self, limit: str | None, offset: str | None = None) -> str:
        """The LIMIT clause for two expressions, with a space in front, or nothing."""
        if limit is None and offset is None:
            return ""
        return f" LIMIT {limit or '-1'}" + (f" OFFSET {offset}" if offset else "")

    def chosen_first(self, chosen: str, alias: str, source: str, page: str) -> str:
        """The rows of a page, found by their numbers, if the database would else read all that are
        to be sorted: an index that holds what they are chosen and sorted by is read alone."""
        return (
            f"{source} AS {alias} WHERE {alias}.rowid IN (SELECT {alias}.rowid FROM {chosen}{page})"
        )

    def together(self, columns: Sequence[str]) -> str:
        """Several columns as one value that can be counted; never NULL, as a row never is."""
        return f"json_array({', '.join(columns)})"

    def nothing(self, columns: Sequence[Column]) -> str:
        """A source without rows."""
        return f"(SELECT {', '.join(f'NULL AS {column.name}' for column in columns)} WHERE FALSE)"

    def each(self, ids: str) -> str:
        """A SELECT of the ids in a parameter, beside the depth zero."""
        return f"SELECT value, 0 FROM json_each({ids})"

    def traversal(self, *, downstream: bool, start: str, depth: str) -> str:
        """The tasks that are reached from some tasks along edges, each at its greatest depth."""
        here, there = ("upstream", "downstream") if downstream else ("downstream", "upstream")
        return f"""(
            WITH RECURSIVE walk(task_id, depth) AS (
                {self.each(start)}
                UNION
                SELECT edge.{there}_task_id, walk.depth + 1
                FROM walk JOIN edge ON edge.{here}_task_id = walk.task_id
                WHERE walk.depth < {depth}
            )
            SELECT task.tenant_id, task.id AS task_id, max(walk.depth) AS depth
            FROM walk JOIN task ON task.id = walk.task_id
            GROUP BY task.id ORDER BY depth, task_id
        )"""


class PostgresDialect(Dialect):
    """PostgreSQL's way of saying the same; every parameter comes with its type."""

    def parameter(self, number: int, type: str) -> str:
        """The placeholder of the nth parameter, from one."""
        return f"${number}::{_POSTGRES_PARAMETERS.get(type) or self.types[type]}"

    def among(self, bind: Callable[[Any, str], str], members: Sequence[Any], type: str) -> str:
        """The operand of `_in`: one array, so that the statement is the same for any number."""
        return f"({bind(members, type + '[]')})"

    def one_of(self, argument: str) -> str:
        """The comparison with the members of a list that is an argument."""
        return f"= ANY({argument})"

    def is_empty(self, argument: str) -> str:
        """Whether a list that is an argument has no members."""
        return f"cardinality({argument}) = 0"

    def members(self, document: str, alias: str) -> str:
        """The members of a list in a document, as a source with the column `value`."""
        return f"jsonb_array_elements_text({document}) AS {alias}(value)"

    def is_not_off(self, document: str, key: str) -> str:
        """Whether a switch in a document is on, or was never touched."""
        return f"({document} -> '{key}') IS DISTINCT FROM 'false'::jsonb"

    def rarely(self, condition: str) -> str:
        """A condition that holds for few rows; the database has counted them."""
        return condition

    def seldom(self, condition: str) -> str:
        """A condition that holds for a small part of the rows; the database has counted them."""
        return condition

    def kept(self, alias: str, *, shared: bool = False, passing_over: bool = False) -> str:
        """Keeps rows from others; what only names such a row may still be added."""
        how = "SHARE" if shared else "NO KEY UPDATE"
        return f" FOR {how} OF {alias}{' SKIP LOCKED' if passing_over else ''}"

    def joined(self, expression: str) -> str:
        """The JSON texts of all rows, in the order they come, as a list."""
        return f"'[' || coalesce(string_agg({expression}, ','), '') || ']'"

    def extreme(self, function: str, column: str, type: str) -> str:
        """The greatest or the smallest value; of uuids, by their text."""
        return f"{function}({column}::text)" if type == "uuid" else f"{function}({column})"

    def page(self, limit: str | None, offset: str | None = None) -> str:
        """The LIMIT clause for two expressions, with a space in front, or nothing."""
        return (f" LIMIT {limit}" if limit else "") + (f" OFFSET {offset}" if offset else "")

    def chosen_first(self, chosen: str, alias: str, source: str, page: str) -> str:
        """Nothing: the database sorts by numbers when that is cheaper."""
        return ""

    def together(self, columns: Sequence[str]) -> str:
        """Several columns as one value that can be counted."""
        return f"ROW({', '.join(columns)})"

    def nothing(self, columns: Sequence[Column]) -> str:
        """A source without rows."""
        typed = ", ".join(f"NULL::{self.types[one.type]} AS {one.name}" for one in columns)
        return f"(SELECT {typed} WHERE FALSE)"

    def each(self, ids: str) -> str:
        """A SELECT of the ids in a parameter, beside the depth zero."""
        return f"SELECT unnest({ids}), 0::bigint"


_POSTGRES_NULLS: Final = {"asc": "last", "desc": "first"}

_POSTGRES_PARAMETERS: Final = {
    "String[]": "text[]",
    "Int[]": "bigint[]",
    "Boolean[]": "boolean[]",
    "uuid[]": "uuid[]",
    "timestamptz[]": "timestamptz[]",
    "jsonb[]": "jsonb[]",
    "interval[]": "interval[]",
    "String": "text",
    "path": "text[]",
}
# The types of parameters, where they are not those of columns.

_OPERATORS: Final = {
    "_eq": Operator("{c} = {v}"),
    "_neq": Operator("{c} <> {v}"),
    "_gt": Operator("{c} > {v}"),
    "_lt": Operator("{c} < {v}"),
    "_gte": Operator("{c} >= {v}"),
    "_lte": Operator("{c} <= {v}"),
    "_in": Operator("{c} IN {v}", operand="list"),
    "_nin": Operator("{c} NOT IN {v}", operand="list"),
    "_is_null": Operator("{c} IS {v}NULL", operand="Boolean"),
    "_like": Operator("{c} GLOB {v}", TEXT, prepare=glob),
    "_nlike": Operator("{c} NOT GLOB {v}", TEXT, prepare=glob),
    "_ilike": Operator(
        r"{c} LIKE {v} ESCAPE '\'", TEXT, prepare=like_regex, unicode="regexp({v}, {c})"
    ),
    "_nilike": Operator(
        r"{c} NOT LIKE {v} ESCAPE '\'", TEXT, prepare=like_regex, unicode="NOT regexp({v}, {c})"
    ),
    "_similar": Operator("regexp({v}, {c})", TEXT, prepare=similar_regex),
    "_nsimilar": Operator("NOT regexp({v}, {c})", TEXT, prepare=similar_regex),
    "_regex": Operator("regexp({v}, {c})", TEXT, prepare=checked_regex),
    "_nregex": Operator("NOT regexp({v}, {c})", TEXT, prepare=checked_regex),
    "_iregex": Operator("regexp({v}, {c})", TEXT, prepare=any_case_regex),
    "_niregex": Operator("NOT regexp({v}, {c})", TEXT, prepare=any_case_regex),
    "_contains": Operator("jsonb_contains({c}, {v})", JSON),
    "_contained_in": Operator("jsonb_contains({v}, {c})", JSON),
    "_has_key": Operator("jsonb_has_keys({c}, {v}, 0)", JSON, "String"),
    "_has_keys_any": Operator("jsonb_has_keys({c}, {v}, 0)", JSON, "[String!]"),
    "_has_keys_all": Operator("jsonb_has_keys({c}, {v}, 1)", JSON, "[String!]"),
}

# Text is kept in the order of its code points; case is folded as the database's language has it.
_ANY_CASE: Final = '{c} COLLATE "default"'

_POSTGRES_OPERATORS: Final = {
    **{
        name: replace(
            _OPERATORS[name],
            sql=sql,
            prepare=posix_regex if "regex" in name else None,
            unicode="",
        )
        for name, sql in {
            "_in": "{c} = ANY{v}",
            "_nin": "{c} <> ALL{v}",
            "_like": "{c} LIKE {v}",
            "_nlike": "{c} NOT LIKE {v}",
            "_ilike": f"{_ANY_CASE} ILIKE {{v}}",
            "_nilike": f"{_ANY_CASE} NOT ILIKE {{v}}",
            "_similar": "{c} SIMILAR TO {v}",
            "_nsimilar": "{c} NOT SIMILAR TO {v}",
            "_regex": "{c} ~ {v}",
            "_nregex": "{c} !~ {v}",
            "_iregex": f"{_ANY_CASE} ~* {{v}}",
            "_niregex": f"{_ANY_CASE} !~* {{v}}",
            "_contains": "{c} @> {v}",
            "_contained_in": "{c} <@ {v}",
            "_has_key": "{c} ?| {v}",
            "_has_keys_any": "{c} ?| {v}",
            "_has_keys_all": "{c} ?& {v}",
        }.items()
    },
}

_VARIANCE: Final = "(sum(1.0 * {c} * {c}) - sum(1.0 * {c}) * sum(1.0 * {c}) / count({c}))"

SQLITE: Final = Dialect(
    operators=_OPERATORS,
    types={
        "uuid": "TEXT",
        "String": "TEXT",
        "Int": "INTEGER",
        "Boolean": "INTEGER",
        "timestamptz": "TEXT",
        "jsonb": "TEXT",
        "interval": "INTEGER",
    },
    store=STORE,
    load=LOAD,
    json={
        "uuid": "'\"' || {c} || '\"'",
        "String": "json_quote({c})",
        "Int": "{c}",
        "Boolean": "CASE {c} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END",
        "timestamptz": "'\"' || rtrim(rtrim({c}, '0'), '.') || '+00:00\"'",
        "jsonb": "{c}",
        "interval": "'\"' || interval_text({c}) || '\"'",
    },
    json_path="coalesce(jsonb_path({c}, {v}), 'null')",
    quoted=frozenset({"String", "Boolean"}),
    aggregates={
        "sum": "sum({c})",
        "avg": "avg({c})",
        "var_pop": _VARIANCE + " / nullif(count({c}), 0)",
        "var_samp": _VARIANCE + " / nullif(count({c}) - 1, 0)",
        "variance": _VARIANCE + " / nullif(count({c}) - 1, 0)",
        "stddev_pop": "sqrt(max(0, " + _VARIANCE + " / nullif(count({c}), 0)))",
        "stddev_samp": "sqrt(max(0, " + _VARIANCE + " / nullif(count({c}) - 1, 0)))",
        "stddev": "sqrt(max(0, " + _VARIANCE + " / nullif(count({c}) - 1, 0)))",
    },
)

POSTGRES: Final = PostgresDialect(
    operators={**_OPERATORS, **_POSTGRES_OPERATORS},
    types={
        "uuid": "uuid",
        "String": 'text COLLATE "C"',
        "Int": "bigint",
        "Boolean": "boolean",
        "timestamptz": "timestamptz",
        "jsonb": "jsonb",
        "interval": "interval",
    },
    store=POSTGRES_STORE,
    load=POSTGRES_LOAD,
    json={
        "uuid": "'\"' || {c}::text || '\"'",
        "String": "to_json({c})::text",
        "Int": "{c}::text",
        "Boolean": "{c}::text",
        "timestamptz": "to_json({c})::text",
        "jsonb": "{c}::text",
        "interval": "'\"' || {c}::text || '\"'",
    },
    json_path="coalesce(({c} #> {v})::text, 'null')",
    quoted=frozenset(),
    aggregates={
        "sum": "sum({c})",
        **{
            function: f"{function}({{c}})::float8"
            for function in (
                "avg",
                "var_pop",
                "var_samp",
                "variance",
                "stddev_pop",
                "stddev_samp",
                "stddev",
            )
        },
    },
    number="coalesce(({c})::text, 'null')",
    join="JOIN",
    length="jsonb_array_length({c})",
    nulls_have_a_place=True,
)


def operator_takes(operator: Operator, column_type: str) -> str:
    """The GraphQL type of an operator's operand on a column of this type."""
    return {"same": column_type, "list": f"[{column_type}!]"}.get(
        operator.operand, operator.operand
    )


def pattern(operator: Operator, operand: Any) -> tuple[str, Any]:
    """The SQL of an operator and its operand, in the database's pattern language."""
    if operator.prepare is None:
        return operator.sql, operand
    if operator.unicode:
        if operand.isascii():
            return operator.sql, operand
        return operator.unicode, operator.prepare(operand)
    return operator.sql, operator.prepare(operand)
