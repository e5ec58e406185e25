"""The comparisons of the read dialect, a row each: the SQL an operator becomes, with `{c}` for the
column and `{v}` for the operand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from flowtui.frozen import frozen
from flowtui.server.storage.patterns import (
    any_case_regex,
    checked_regex,
    glob,
    like_regex,
    posix_regex,
    similar_regex,
)

EVERY: Final = ("uuid", "String", "Int", "Boolean", "timestamptz", "jsonb", "interval")
TEXT: Final = ("String",)
JSON: Final = ("jsonb",)


@frozen
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


OPERATORS: Final[Mapping[str, Operator]] = {
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
"""As SQLite says them."""

# Text is kept in the order of its code points; case is folded as the database's language has it.
_ANY_CASE: Final = '{c} COLLATE "default"'

POSTGRES_OPERATORS: Final[Mapping[str, Operator]] = {
    **OPERATORS,
    **{
        name: replace(
            OPERATORS[name],
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
"""As PostgreSQL does."""


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
