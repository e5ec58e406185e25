"""What databases say differently, named in one place; everything else in the SQL is common to them.

What SQLite says stands in `Dialect` itself; PostgreSQL differs where `PostgresDialect` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from flowtui.frozen import frozen
from flowtui.server.storage.operators import OPERATORS, Operator
from flowtui.server.storage.values import LOAD, STORE
from flowtui.server.tables import Column


@frozen
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
    shown: str = "jsonb_text({c})"
    """A document as text to search in."""
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


_POSTGRES_NULLS: Final = {"asc": "last", "desc": "first"}

_VARIANCE: Final = "(sum(1.0 * {c} * {c}) - sum(1.0 * {c}) * sum(1.0 * {c}) / count({c}))"

SQLITE: Final = Dialect(
    operators=OPERATORS,
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
