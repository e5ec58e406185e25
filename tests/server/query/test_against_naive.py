"""Conditions, orders and pages against the plainest evaluation there is: one row after another, in
Python.

SQL's logic has three values, and so has this one: None is "unknown", and only what is true is
selected.
"""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

RUNS = ("ant", "bee", "cat", "dog", "eel")
STATES = ("Success", "Failed", "Running", None)

COMPARE = {
    "_eq": lambda a, b: a == b,
    "_neq": lambda a, b: a != b,
    "_gt": lambda a, b: a > b,
    "_lt": lambda a, b: a < b,
    "_gte": lambda a, b: a >= b,
    "_lte": lambda a, b: a <= b,
}

TO_ONE = {"flow", "project", "agent"}
TO_MANY = {"task_runs", "flow_runs"}


def comparison(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    operand = st.none() | values
    one = st.fixed_dictionaries({}, optional=dict.fromkeys(COMPARE, operand))
    more = st.fixed_dictionaries(
        {},
        optional={
            "_in": st.none() | st.lists(values, max_size=3),
            "_nin": st.none() | st.lists(values, max_size=3),
            "_is_null": st.none() | st.booleans(),
        },
    )
    return st.none() | one | more


STATE = comparison(st.sampled_from([state for state in STATES if state]))
NAME = comparison(st.sampled_from([*RUNS, "daily", "train", "etl"]))
NUMBER = comparison(st.integers(0, 6))


def condition(columns: dict[str, Any], relations: dict[str, Any]) -> st.SearchStrategy[Any]:
    plain = st.fixed_dictionaries({}, optional={**columns, **relations})
    return st.recursive(
        plain,
        lambda inner: st.fixed_dictionaries(
            {},
            optional={
                **columns,
                "_and": st.lists(inner, max_size=3),
                "_or": st.lists(inner, max_size=3),
                "_not": st.none() | inner,
            },
        ),
        max_leaves=6,
    )


TASK_RUN = condition({"state": STATE, "name": NAME}, {})
PROJECT = condition({"name": NAME, "description": NAME}, {})
FLOW = condition({"name": NAME, "version": NUMBER}, {"project": st.none() | PROJECT})
FLOW_RUN = condition(
    {"name": NAME, "state": STATE, "version": NUMBER},
    {
        "flow": st.none() | FLOW,
        "task_runs": st.none() | TASK_RUN,
        "agent": st.none() | condition({"name": NAME}, {}),
    },
)

COLUMNS = ("name", "state", "version", "start_time")
DIRECTIONS = (
    "asc",
    "desc",
    "asc_nulls_first",
    "asc_nulls_last",
    "desc_nulls_first",
    "desc_nulls_last",
)
ORDER = st.lists(
    st.dictionaries(st.sampled_from(COLUMNS), st.sampled_from(DIRECTIONS), max_size=2), max_size=2
)


def negation(value: bool | None) -> bool | None:
    return None if value is None else not value


def every(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def some(values: list[bool | None]) -> bool | None:
    return negation(every([negation(value) for value in values]))


def holds(row: dict[str, Any], where: Any) -> bool | None:
    if where is None:
        return True
    return every([part(row, key, value) for key, value in where.items()])


def part(row: dict[str, Any], key: str, value: Any) -> bool | None:
    if value is None:
        return True
    if key == "_and":
        return every([holds(row, one) for one in value])
    if key == "_or":
        return some([holds(row, one) for one in value])
    if key == "_not":
        return negation(holds(row, value))
    if key in TO_ONE:
        return row[key] is not None and holds(row[key], value) is True
    if key in TO_MANY:
        return any(holds(other, value) is True for other in row[key])
    return every([compared(row[key], name, operand) for name, operand in value.items()])


def compared(value: Any, name: str, operand: Any) -> bool | None:
    if operand is None:
        return True
    if name == "_is_null":
        return (value is None) is operand
    if name in ("_in", "_nin") and not operand:
        return name == "_nin"
    if value is None:
        return None
    if name == "_in":
        return value in operand
    if name == "_nin":
        return value not in operand
    return bool(COMPARE[name](value, operand))


def in_order(rows: list[dict[str, Any]], order: list[dict[str, str]]) -> list[dict[str, Any]]:
    def compare(one: dict[str, Any], other: dict[str, Any]) -> int:
        for terms in order:
            for name, direction in terms.items():
                a, b = one[name], other[name]
                if a == b:
                    continue
                way, _, nulls = direction.partition("_nulls_")
                first = (nulls or {"asc": "last", "desc": "first"}[way]) == "first"
                if a is None or b is None:
                    return -1 if (a is None) is first else 1
                return -1 if (a < b) is (way == "asc") else 1
        return 0

    return sorted(rows, key=cmp_to_key(compare))


async def everything(world: Any) -> list[dict[str, Any]]:
    return await world.ask("""{
        flow_run(order_by: {name: asc}) {
            name state version start_time agent { name } task_runs { name state }
            flow { name version project { name description } }
        }
    }""")


a_hundred_and_fifty = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@a_hundred_and_fifty
@given(where=FLOW_RUN)
async def test_a_condition_selects_what_it_would_row_by_row(world, where):
    expected = [run["name"] for run in await everything(world) if holds(run, where) is True]
    found = await world.ask(
        "query ($w: flow_run_bool_exp) { flow_run(where: $w, order_by: {name: asc}) { name } }",
        {"w": where},
    )
    assert [run["name"] for run in found] == expected


@a_hundred_and_fifty
@given(where=FLOW_RUN)
async def test_a_count_counts_what_a_list_lists(world, where):
    expected = sum(holds(run, where) is True for run in await everything(world))
    found = await world.ask(
        "query ($w: flow_run_bool_exp) { flow_run_aggregate(where: $w) { aggregate { count } } }",
        {"w": where},
    )
    assert found["aggregate"]["count"] == expected


@a_hundred_and_fifty
@given(order=ORDER, limit=st.none() | st.integers(0, 6), offset=st.none() | st.integers(0, 6))
async def test_rows_come_in_the_order_that_was_asked(world, order, limit, offset):
    order = [*order, {"name": "asc"}]
    expected = [run["name"] for run in in_order(await everything(world), order)]
    expected = expected[offset or 0 :][: 6 if limit is None else limit]
    found = await world.ask(
        "query ($o: [flow_run_order_by!], $l: Int, $s: Int)"
        " { flow_run(order_by: $o, limit: $l, offset: $s) { name } }",
        {"o": order, "l": limit, "s": offset},
    )
    assert [run["name"] for run in found] == expected


@a_hundred_and_fifty
@given(columns=st.lists(st.sampled_from(["state", "flow_id", "version"]), min_size=1, unique=True))
async def test_distinct_keeps_one_of_each(world, columns):
    asked = " ".join(columns)
    every_run = await world.ask(f"{{ flow_run {{ {asked} }} }}")
    found = await world.ask(
        f"query ($d: [flow_run_select_column!]) {{ flow_run(distinct_on: $d) {{ {asked} }} }}",
        {"d": columns},
    )

    def keys(runs: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        return [tuple(str(run[name]) for name in columns) for run in runs]

    assert sorted(keys(found)) == sorted(set(keys(every_run)))
