"""The tables' part of the schema, derived from the catalogue, under the names Hasura gives every
generated type.

Clients declare variables by these names (`flow_run_bool_exp`, `[task_run_order_by!]`, `uuid`), so
they are contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from flowtui.server.catalogue import TABLES
from flowtui.server.storage.dialect import SQLITE
from flowtui.server.storage.operators import operator_takes
from flowtui.server.tables import TYPES, Relation, Table

HASURA_SCALARS: Final = ("uuid", "timestamptz", "jsonb", "interval", "_uuid")
PREFECT_SCALARS: Final = ("UUID", "DateTime", "JSON")

DIRECTIONS: Final = (
    "asc",
    "asc_nulls_first",
    "asc_nulls_last",
    "desc",
    "desc_nulls_first",
    "desc_nulls_last",
)

NUMERIC: Final = tuple(SQLITE.aggregates)
"""The aggregates over numbers."""

_EXACT: Final = ("sum",)
# These stay whole numbers; averages and their kin do not.

TRAVERSALS: Final = ("utility_downstream_tasks", "utility_upstream_tasks")
"""Functions that answer with rows of `utility_traversal`."""


_SERVED: Final = tuple(table for table in TABLES.values() if table.served)


def sdl() -> str:
    """Scalars, generated types and root fields of every table.

    The root fields come as `extend type Query`, so whoever joins this with the mutations defines
    `type Query` (with `hello` and its like) and `type Mutation`. The scalars of both families are
    declared here and nowhere else.
    """
    parts = [f"scalar {name}" for name in (*HASURA_SCALARS, *PREFECT_SCALARS)]
    parts.append(_block("enum order_by", DIRECTIONS))
    parts += [_comparison(type) for type in TYPES]
    parts.append(_block("input jsonb_cast_exp", ("String: String_comparison_exp",)))
    for table in _SERVED:
        parts += _table(table)
    parts.append(
        _block(f"input {TRAVERSALS[0]}_args", ("start_task_ids: _uuid", "depth_limit: Int"))
    )
    parts.append(
        _block(f"input {TRAVERSALS[1]}_args", ("start_task_ids: _uuid", "depth_limit: Int"))
    )
    parts.append(_block("extend type Query", _roots()))
    return "\n\n".join(parts) + "\n"


def _block(head: str, lines: Iterable[str]) -> str:
    return "\n".join([f"{head} {{", *(f"  {line}" for line in lines), "}"])


def _comparison(type: str) -> str:
    return _block(
        f"input {type}_comparison_exp",
        (
            *(["_cast: jsonb_cast_exp"] if type == "jsonb" else []),
            *(
                f"{name}: {operator_takes(operator, type)}"
                for name, operator in SQLITE.operators.items()
                if type in operator.types
            ),
        ),
    )


def arguments(table: str) -> str:
    """The five arguments of everything that answers with rows of a table."""
    return (
        f"distinct_on: [{table}_select_column!], limit: Int, offset: Int, "
        f"order_by: [{table}_order_by!], where: {table}_bool_exp"
    )


def _roots() -> Iterator[str]:
    for table in _SERVED:
        name = table.name
        yield f"{name}({arguments(name)}): [{name}!]!"
        yield f"{name}_aggregate({arguments(name)}): {name}_aggregate!"
        if table.by_pk:
            yield f"{name}_by_pk(id: uuid!): {name}"
    for function in TRAVERSALS:
        rows = "utility_traversal"
        yield f"{function}(args: {function}_args!, {arguments(rows)}): [{rows}!]!"
        yield f"{function}_aggregate(args: {function}_args!, {arguments(rows)}): {rows}_aggregate!"


def _table(table: Table) -> Iterator[str]:
    name = table.name
    yield _block(f"type {name}", _fields(table))
    yield _block(f"enum {name}_select_column", (column.name for column in table.columns))
    yield _block(
        f"input {name}_bool_exp",
        (
            f"_and: [{name}_bool_exp!]",
            f"_not: {name}_bool_exp",
            f"_or: [{name}_bool_exp!]",
            *(f"{column.name}: {column.type}_comparison_exp" for column in table.columns),
            *(f"{relation.name}: {relation.table}_bool_exp" for relation in table.relations),
        ),
    )
    yield _block(
        f"input {name}_order_by",
        (
            *(f"{column.name}: order_by" for column in table.columns),
            *(_ordering_through(relation) for relation in table.relations),
        ),
    )
    yield from _aggregates(table)


def _fields(table: Table) -> Iterator[str]:
    for column in table.columns:
        path = "(path: String)" if column.type == "jsonb" else ""
        yield f"{column.name}{path}: {column.type}{'' if column.nullable else '!'}"
    for relation in table.relations:
        other = relation.table
        if relation.to_many:
            yield f"{relation.name}({arguments(other)}): [{other}!]!"
            yield f"{relation.name}_aggregate({arguments(other)}): {other}_aggregate!"
        else:
            required = "" if table.column[relation.ours].nullable else "!"
            yield f"{relation.name}: {other}{required}"


def _ordering_through(relation: Relation) -> str:
    if relation.to_many:
        return f"{relation.name}_aggregate: {relation.table}_aggregate_order_by"
    return f"{relation.name}: {relation.table}_order_by"


def _aggregates(table: Table) -> Iterator[str]:
    """The types of `<table>_aggregate`, and of ordering by one."""
    name = table.name
    functions: list[tuple[str, Sequence[tuple[str, str]]]] = [
        (function, [(column.name, column.type) for column in table.comparable])
        for function in ("max", "min")
    ]
    functions += [
        (
            function,
            [
                (column.name, column.type if function in _EXACT else "Float")
                for column in table.numeric
            ],
        )
        for function in NUMERIC
        if table.numeric
    ]
    yield _block(
        f"type {name}_aggregate", (f"aggregate: {name}_aggregate_fields", f"nodes: [{name}!]!")
    )
    yield _block(
        f"type {name}_aggregate_fields",
        (
            f"count(columns: [{name}_select_column!], distinct: Boolean): Int!",
            *(f"{function}: {name}_{function}_fields" for function, _ in functions),
        ),
    )
    yield _block(
        f"input {name}_aggregate_order_by",
        (
            "count: order_by",
            *(f"{function}: {name}_{function}_order_by" for function, _ in functions),
        ),
    )
    for function, columns in functions:
        yield _block(
            f"type {name}_{function}_fields", (f"{column}: {type}" for column, type in columns)
        )
        yield _block(
            f"input {name}_{function}_order_by", (f"{column}: order_by" for column, _ in columns)
        )
