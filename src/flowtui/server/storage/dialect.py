"""What databases say differently, named in one place; everything else in the SQL is common to them.

An operator is one row: the SQL it becomes, with `{c}` for the column and `{v}` for the operand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flowtui.errors import ApiError

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


def glob(pattern: str) -> str:
    """LIKE's pattern as a GLOB, which minds upper and lower case."""
    translated, escaped = [], False
    for character in pattern:
        if not escaped and character == "\\":
            escaped = True
            continue
        if not escaped and character in "%_":
            translated.append("*" if character == "%" else "?")
        else:
            translated.append(f"[{character}]" if character in "*?[" else character)
        escaped = False
    return "".join(translated)


def like_regex(pattern: str) -> str:
    """LIKE's pattern as a regular expression that ignores case."""
    translated, escaped = ["(?si)^"], False
    for character in pattern:
        if not escaped and character == "\\":
            escaped = True
            continue
        wild = {"%": ".*", "_": "."}.get(character) if not escaped else None
        translated.append(wild or re.escape(character))
        escaped = False
    return "".join([*translated, r"\Z"])


def similar_regex(pattern: str) -> str:
    """SIMILAR TO's pattern, which must match the whole text, as a regular expression."""
    translated, escaped, inside = ["(?s)^(?:"], False, False
    for character in pattern:
        if escaped or inside:
            inside = inside and (escaped or character != "]")
            plain = escaped and not character.isalnum()
            translated.append(("\\" + character) if plain else character)
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            inside = character == "["
            wild = {"%": ".*", "_": ".", ".": r"\.", "^": r"\^", "$": r"\$"}
            translated.append(wild.get(character, character))
    return _checked("".join([*translated, r")\Z"]))


def _checked(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as problem:
        raise ApiError(f"invalid regular expression: {problem}") from None
    return pattern


def _any_case(pattern: str) -> str:
    return _checked(f"(?i){pattern}")


@dataclass(frozen=True)
class Dialect:
    """One database's way of saying things."""

    operators: Mapping[str, Operator]
    types: Mapping[str, str]
    """Column types in a CREATE TABLE."""
    json: Mapping[str, str]
    """A column's value as JSON text; NULL stays NULL, except where it says otherwise."""
    json_path: str
    """What stands at a path in a document, as JSON text."""
    quoted: frozenset[str]
    """The types whose `json` text gives `null` for NULL by itself."""
    aggregates: Mapping[str, str]
    """Aggregate functions over numbers, by their names in the read dialect."""

    def parameter(self, number: int) -> str:
        """The placeholder of the nth parameter, from one."""
        return f"?{number}"

    def among(self, parameters: Sequence[str]) -> str:
        """The operand of IN."""
        return f"({', '.join(parameters)})"

    def listed(self, parameter: str) -> str:
        """The operand of IN, when its members come as one JSON list."""
        return f"(SELECT value FROM json_each({parameter}))"

    def joined(self, expression: str) -> str:
        """The JSON texts of all rows, in the order they come, as a list."""
        return f"'[' || coalesce(group_concat({expression}, ','), '') || ']'"

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

    def together(self, columns: Sequence[str]) -> str:
        """Several columns as one value that can be counted; never NULL, as a row never is."""
        return f"json_array({', '.join(columns)})"

    def nothing(self, columns: Sequence[str]) -> str:
        """A source without rows."""
        return f"(SELECT {', '.join(f'NULL AS {name}' for name in columns)} WHERE 0)"

    def traversal(self, *, downstream: bool, start: str, depth: str) -> str:
        """The tasks that are reached from some tasks along edges, each at its greatest depth."""
        here, there = ("upstream", "downstream") if downstream else ("downstream", "upstream")
        return f"""(
            WITH RECURSIVE walk(task_id, depth) AS (
                SELECT value, 0 FROM json_each({start})
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
    "_regex": Operator("regexp({v}, {c})", TEXT, prepare=_checked),
    "_nregex": Operator("NOT regexp({v}, {c})", TEXT, prepare=_checked),
    "_iregex": Operator("regexp({v}, {c})", TEXT, prepare=_any_case),
    "_niregex": Operator("NOT regexp({v}, {c})", TEXT, prepare=_any_case),
    "_contains": Operator("jsonb_contains({c}, {v})", JSON),
    "_contained_in": Operator("jsonb_contains({v}, {c})", JSON),
    "_has_key": Operator("jsonb_has_keys({c}, {v}, 0)", JSON, "String"),
    "_has_keys_any": Operator("jsonb_has_keys({c}, {v}, 0)", JSON, "[String!]"),
    "_has_keys_all": Operator("jsonb_has_keys({c}, {v}, 1)", JSON, "[String!]"),
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
