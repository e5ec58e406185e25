"""Conditions, orders, pages and aggregates, nested ones too, against the plainest evaluation there
is: one row after another, in Python.

SQL's logic has three values, and so has this one: None is "unknown", and only what is true is
selected.
"""

from __future__ import annotations

import random
from datetime import timedelta
from functools import cmp_to_key
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.query.conftest import NOW, World

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
WAYS = st.sampled_from(DIRECTIONS)
ORDER = st.lists(
    st.one_of(
        st.dictionaries(st.sampled_from(COLUMNS), WAYS, max_size=2),
        st.fixed_dictionaries({"agent": st.fixed_dictionaries({"name": WAYS})}),
        st.fixed_dictionaries({"flow": st.fixed_dictionaries({"version": WAYS})}),
        st.fixed_dictionaries({"task_runs_aggregate": st.fixed_dictionaries({"count": WAYS})}),
    ),
    max_size=2,
)
INNER_ORDER = st.lists(
    st.dictionaries(st.sampled_from(("state", "map_index")), WAYS, max_size=2), max_size=2
)
PAGE = st.none() | st.integers(0, 9)


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


def in_order(rows: list[dict[str, Any]], order: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def compare(one: dict[str, Any], other: dict[str, Any]) -> int:
        for terms in order:
            for name, direction in terms.items():
                a, way, nulls = sought(one, name, direction)
                b, _, _ = sought(other, name, direction)
                if a == b:
                    continue
                first = (nulls or {"asc": "last", "desc": "first"}[way]) == "first"
                if a is None or b is None:
                    return -1 if (a is None) is first else 1
                return -1 if (a < b) is (way == "asc") else 1
        return 0

    return sorted(rows, key=cmp_to_key(compare))


def sought(row: dict[str, Any], name: str, direction: Any) -> tuple[Any, str, str]:
    """What a row is sorted by, which way, and where nulls go."""
    if isinstance(direction, dict):
        ((inner, way),) = direction.items()
        if name == "task_runs_aggregate":
            return len(row["task_runs"]), *way_of(way)
        return (row[name] or {}).get(inner), *way_of(way)
    return row[name], *way_of(direction)


def way_of(direction: str) -> tuple[str, str]:
    way, _, nulls = direction.partition("_nulls_")
    return way, nulls


def page_of(rows: list[Any], limit: int | None, offset: int | None) -> list[Any]:
    return rows[offset or 0 :][: len(rows) if limit is None else limit]


def once_each(rows: list[dict[str, Any]], columns: list[str] | None) -> list[dict[str, Any]]:
    """The first row of each kind."""
    kinds: dict[Any, dict[str, Any]] = {}
    for row in rows:
        kinds.setdefault(tuple(row[name] for name in columns) if columns else id(row), row)
    return list(kinds.values())


def reduced(rows: list[dict[str, Any]], number: str, text: str) -> dict[str, Any]:
    """What aggregates say of rows."""
    numbers = [row[number] for row in rows if row[number] is not None]
    texts = [row[text] for row in rows if row[text] is not None]
    return {
        "count": len(rows),
        "some": len(texts),
        "kinds": len(set(texts)),
        "sum": {number: sum(numbers) if numbers else None},
        "avg": {number: pytest.approx(sum(numbers) / len(numbers)) if numbers else None},
        "min": {number: min(numbers, default=None), text: min(texts, default=None)},
        "max": {number: max(numbers, default=None), text: max(texts, default=None)},
    }


def aggregates(number: str, text: str) -> str:
    """The selection of what `reduced` answers."""
    return (
        f"aggregate {{ count some: count(columns: [{text}])"
        f" kinds: count(columns: [{text}], distinct: true) sum {{ {number} }} avg {{ {number} }}"
        f" min {{ {number} {text} }} max {{ {number} {text} }} }}"
    )


@pytest.fixture
async def rows(world: World) -> list[dict[str, Any]]:
    """Every run with all that is asked about it; twenty are made up, with many nulls."""
    chance = random.Random(8)
    names = ("ant", "bee", "cat", "daily", "dog", "eel", "etl", "train")

    async def more(tx: Any) -> None:
        agents = [{"tenant_id": world.ids["Acme"], "name": name} for name in ("x", "y", None)]
        await tx.insert("agent", agents)
        tasks = await tx.find("task", order_by=[("slug", "asc")])
        runs = [
            {
                "name": f"{chance.choice(names)}-{number:02}",
                "flow_id": world.ids[chance.choice(("daily", "Hourly", "train"))],
                "agent_id": chance.choice([None, *(agent["id"] for agent in agents)]),
                "state": chance.choice(STATES),
                "version": chance.randrange(4),
                "start_time": chance.choice((None, NOW, NOW - timedelta(hours=1, seconds=0.5))),
            }
            for number in range(20)
        ]
        await tx.insert("flow_run", runs)
        parts = [
            {
                "flow_run_id": run["id"],
                "task_id": chance.choice(tasks)["id"],
                "map_index": number,
                "name": chance.choice((None, "extract", "load")),
                "state": chance.choice(STATES),
            }
            for run in runs
            for number in range(chance.randrange(5))
        ]
        await tx.insert("task_run", parts)

    await world.storage.write(more)
    found: list[dict[str, Any]] = await world.ask("""{
        flow_run(order_by: {name: asc}) {
            name state version start_time flow_id agent { name }
            task_runs { id name state map_index }
            flow { name version project { name description } }
        }
    }""")
    return found


often = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

LISTED = """query ($w: flow_run_bool_exp, $o: [flow_run_order_by!], $l: Int, $s: Int,
    $d: [flow_run_select_column!], $iw: task_run_bool_exp, $io: [task_run_order_by!], $il: Int,
    $is: Int) {
  flow_run(where: $w, order_by: $o, limit: $l, offset: $s, distinct_on: $d) {
    name agent { name } flow { project { name } }
    task_runs(where: $iw, order_by: $io, limit: $il, offset: $is) { id }
    parts: task_runs_aggregate(where: $iw) { %s }
  }
}""" % aggregates("map_index", "name")  # noqa: UP031

COUNTED = """query ($w: flow_run_bool_exp, $o: [flow_run_order_by!], $l: Int, $s: Int,
    $d: [flow_run_select_column!]) {
  flow_run_aggregate(where: $w, order_by: $o, limit: $l, offset: $s, distinct_on: $d) {
    %s nodes { name }
  }
}""" % aggregates("version", "state")  # noqa: UP031


def chosen(rows: list[Any], where: Any, order: Any, distinct: Any, page: Any) -> list[Any]:
    """The rows that a list's five arguments choose."""
    kept = in_order([row for row in rows if holds(row, where) is True], order)
    return page_of(once_each(kept, distinct), *page)


DISTINCT = st.none() | st.lists(
    st.sampled_from(["state", "flow_id", "version"]), min_size=1, max_size=2, unique=True
)


@often
@given(
    where=FLOW_RUN,
    order=ORDER,
    distinct=DISTINCT,
    page=st.tuples(PAGE, PAGE),
    inner_where=TASK_RUN,
    inner_order=INNER_ORDER,
    inner_page=st.tuples(PAGE, PAGE),
)
async def test_a_list_holds_what_it_would_row_by_row(
    world, rows, where, order, distinct, page, inner_where, inner_order, inner_page
):
    order = [*order, {"name": "asc"}]
    inner_order = [*inner_order, {"id": "asc"}]
    expected = []
    for run in chosen(rows, where, order, distinct, page):
        parts = [one for one in run["task_runs"] if holds(one, inner_where) is True]
        listed = page_of(in_order(parts, inner_order), *inner_page)
        expected.append(
            {
                "name": run["name"],
                "agent": run["agent"],
                "flow": {"project": {"name": run["flow"]["project"]["name"]}},
                "task_runs": [{"id": one["id"]} for one in listed],
                "parts": {"aggregate": reduced(parts, "map_index", "name")},
            }
        )
    found = await world.ask(
        LISTED,
        {"w": where, "o": order, "l": page[0], "s": page[1], "d": distinct}
        | {"iw": inner_where, "io": inner_order, "il": inner_page[0], "is": inner_page[1]},
    )
    assert found == expected


@often
@given(where=FLOW_RUN, order=ORDER, distinct=DISTINCT, page=st.tuples(PAGE, PAGE))
async def test_an_aggregate_tells_of_what_a_list_lists(world, rows, where, order, distinct, page):
    order = [*order, {"name": "asc"}]
    listed = chosen(rows, where, order, distinct, page)
    found = await world.ask(
        COUNTED, {"w": where, "o": order, "l": page[0], "s": page[1], "d": distinct}
    )
    assert found["aggregate"] == reduced(listed, "version", "state")
    assert [run["name"] for run in found["nodes"]] == [run["name"] for run in listed]
