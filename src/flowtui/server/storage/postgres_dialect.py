"""What PostgreSQL says in its own way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from flowtui.server.storage.dialect import Dialect
from flowtui.server.storage.operators import POSTGRES_OPERATORS
from flowtui.server.storage.postgres_values import POSTGRES_LOAD, POSTGRES_STORE
from flowtui.server.tables import Column


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


POSTGRES: Final = PostgresDialect(
    operators=POSTGRES_OPERATORS,
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
    shown="({c})::text",
    length="jsonb_array_length({c})",
    nulls_have_a_place=True,
)
