"""The read dialect: a request for each of its rules, and what comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.server.installation import Client, SetClock, flow


@pytest.fixture
async def told(api: Client, clock: SetClock) -> dict[str, str]:
    """Two flows with five runs; each name with its id."""
    ids = {"reports": await api.project("reports"), "models": await api.project("models")}
    ids["daily"] = await api.register(flow("daily"), ids["reports"])
    ids["train"] = await api.register(flow("train"), ids["models"])
    for name, of, labels, parameters, state in (
        ("ant", "daily", ["prod"], {"n": 1, "tags": ["x"]}, "Success"),
        ("bee", "daily", ["prod", "big"], {"n": 2, "deep": {"list": [1, {"k": "v"}]}}, "Failed"),
        ("cat", "daily", [], {"n": 3}, "Running"),
        ("dog", "train", ["big"], {}, "Success"),
        ("eel_%", "train", [], {"n": None}, None),
    ):
        clock.advance(minutes=10)
        given = {"labels": labels, "parameters": parameters, "flow_run_name": name}
        ids[name] = await api.run(ids[of], **given)
        for step in ("Running", state) if state else ():
            if step == "Running" or state != "Running":
                await api.set_flow_run(ids[name], {"type": step, "message": f"{name} {step}"})
    return ids


async def names(api: Client, arguments: str, variables: Any = None, more: str = "") -> list[str]:
    asked = f"query {more} {{ flow_run({arguments}) {{ name }} }}"
    rows = (await api.ask(asked, **(variables or {})))["flow_run"]
    return [row["name"] for row in rows]


EVERY = ["ant", "bee", "cat", "dog", "eel_%"]
STARTED = ["ant", "bee", "cat", "dog"]

CONDITIONS = (
    # Every type
    ('{name: {_eq: "bee"}}', ["bee"]),
    ('{name: {_neq: "bee"}}', ["ant", "cat", "dog", "eel_%"]),
    ("{version: {_gt: 2}}", ["ant", "bee", "dog"]),
    ("{version: {_gte: 2, _lt: 3}}", ["cat"]),
    ("{version: {_lte: 1}}", ["eel_%"]),
    ('{name: {_in: ["ant", "dog", "nobody"]}}', ["ant", "dog"]),
    ("{name: {_in: []}}", []),
    ('{name: {_nin: ["ant", "dog"]}}', ["bee", "cat", "eel_%"]),
    ("{start_time: {_nin: []}}", EVERY),
    ("{start_time: {_is_null: true}}", ["eel_%"]),
    ("{start_time: {_is_null: false}}", STARTED),
    # What is not there is neither equal nor unequal
    ('{start_time: {_neq: "2000-01-01"}}', STARTED),
    ('{start_time: {_nin: ["2000-01-01"]}}', STARTED),
    # Texts
    ('{name: {_like: "%e%"}}', ["bee", "eel_%"]),
    ('{name: {_like: "_e_"}}', ["bee"]),
    (r'{name: {_like: "%\\_\\%"}}', ["eel_%"]),
    ('{name: {_nlike: "%e%"}}', ["ant", "cat", "dog"]),
    ('{name: {_like: "A%"}}', []),
    ('{name: {_ilike: "A%"}}', ["ant"]),
    ('{name: {_nilike: "A%"}}', ["bee", "cat", "dog", "eel_%"]),
    ('{name: {_similar: "(a|b)%"}}', ["ant", "bee"]),
    ('{name: {_nsimilar: "(a|b)%"}}', ["cat", "dog", "eel_%"]),
    ('{name: {_regex: "^[ab]"}}', ["ant", "bee"]),
    ('{name: {_nregex: "^[ab]"}}', ["cat", "dog", "eel_%"]),
    ('{name: {_iregex: "^[AB]"}}', ["ant", "bee"]),
    ('{name: {_niregex: "^[AB]"}}', ["cat", "dog", "eel_%"]),
    # Documents
    ("{parameters: {_contains: {n: 2}}}", ["bee"]),
    ('{parameters: {_contains: {deep: {list: [{k: "v"}]}}}}', ["bee"]),
    ("{parameters: {_contained_in: {n: 3, m: 4}}}", ["cat", "dog"]),
    ('{parameters: {_has_key: "tags"}}', ["ant"]),
    ('{parameters: {_has_keys_any: ["tags", "deep"]}}', ["ant", "bee"]),
    ('{parameters: {_has_keys_all: ["n", "deep"]}}', ["bee"]),
    ('{labels: {_has_key: "big"}}', ["bee", "dog"]),
    ('{labels: {_has_keys_any: "prod"}}', ["ant", "bee"]),
    ('{labels: {_contains: ["prod", "big"]}}', ["bee"]),
    ("{labels: {_eq: []}}", ["cat", "eel_%"]),
    ('{parameters: {_cast: {String: {_ilike: "%[1, {\\"K\\": \\"v\\"}]%"}}}}', ["bee"]),
    ('{parameters: {_cast: {String: {_nlike: "{\\"n\\": %"}}}}', ["dog"]),
    ('{parameters: {_cast: {String: {_eq: "{\\"n\\": 3}"}}}, name: {_neq: "x"}}', ["cat"]),
    # Classes of characters, and times by name, as PostgreSQL has them
    ('{name: {_regex: "^[[:alpha:]]{3}$"}}', STARTED),
    ('{name: {_nregex: "[[:punct:]]"}}', STARTED),
    ('{scheduled_start_time: {_lte: "now()", _gt: "epoch"}}', EVERY),
    ('{scheduled_start_time: {_gt: "yesterday"}}', []),
    ('{scheduled_start_time: {_lt: "infinity", _gte: "-infinity"}}', EVERY),
    # Together
    ('{_and: [{name: {_neq: "ant"}}, {state: {_eq: "Success"}}]}', ["dog"]),
    ('{_and: {state: {_eq: "Success"}}}', ["ant", "dog"]),
    ('{_or: [{name: {_eq: "ant"}}, {name: {_eq: "bee"}}]}', ["ant", "bee"]),
    ('{_not: {state: {_eq: "Success"}}}', ["bee", "cat", "eel_%"]),
    ("{_and: []}", EVERY),
    ("{_or: []}", []),
    ("{_not: {}}", []),
    ("{}", EVERY),
    # Through relations
    ('{flow: {project: {name: {_eq: "models"}}}}', ["dog", "eel_%"]),
    ('{states: {message: {_eq: "bee Failed"}}}', ["bee"]),
    ('{_not: {states: {state: {_eq: "Running"}}}}', ["eel_%"]),
    ('{task_runs: {state: {_eq: "Pending"}, task: {slug: {_eq: "load-1"}}}}', EVERY),
)

COLLAPSED = (
    "{name: {_eq: null}}",
    "{name: {_in: null}}",
    "{name: {_ilike: null}}",
    "{name: {_is_null: null}}",
    "{name: null}",
    "{name: {}}",
    "{parameters: {_cast: {String: {_like: null}}}}",
    "{parameters: {_cast: null}}",
    "{parameters: {_cast: {}}}",
    "{flow: {name: {_eq: null}}}",
    '{_or: [{name: {_eq: "ant"}}, {name: {_eq: null}}]}',
    "{_and: [{name: {_eq: null}}, {state: null}]}",
)


async def test_conditions(api: Client, told: dict[str, str]) -> None:
    for where, expected in CONDITIONS:
        assert await names(api, f"where: {where}, order_by: {{name: asc}}") == expected, where


async def test_a_comparison_with_null_is_true(api: Client, told: dict[str, str]) -> None:
    for where in COLLAPSED:
        assert await names(api, f"where: {where}, order_by: {{name: asc}}") == EVERY, where
    assert await names(api, "where: null, order_by: {name: asc}, limit: null") == EVERY
    more = "($name: String, $since: timestamptz_comparison_exp)"
    where = "where: {name: {_eq: $name}, updated: $since}, order_by: {name: asc}"
    assert await names(api, where, more=more) == EVERY
    assert await names(api, where, {"name": None, "since": None}, more) == EVERY
    assert await names(api, where, {"name": "cat", "since": {"_gt": "2000-01-01"}}, more) == ["cat"]


ORDERS = (
    ("order_by: {start_time: asc}", ["ant", "bee", "cat", "dog", "eel_%"]),
    ("order_by: {start_time: desc}", ["eel_%", "dog", "cat", "bee", "ant"]),
    ("order_by: {start_time: asc_nulls_first}", ["eel_%", "ant", "bee", "cat", "dog"]),
    ("order_by: {start_time: desc_nulls_last}", ["dog", "cat", "bee", "ant", "eel_%"]),
    ("order_by: [{version: desc}, {name: desc}]", ["dog", "bee", "ant", "cat", "eel_%"]),
    ("order_by: {version: desc, name: desc}", ["dog", "bee", "ant", "cat", "eel_%"]),
    (
        "order_by: [{flow: {name: desc}}, {name: asc}]",
        ["dog", "eel_%", "ant", "bee", "cat"],
    ),
    ("order_by: {name: asc}, limit: 2, offset: 1", ["bee", "cat"]),
    ("order_by: {name: asc}, limit: 0", []),
    ("order_by: {name: asc}, offset: 4", ["eel_%"]),
    (
        "distinct_on: [flow_id], order_by: [{flow_id: asc}, {name: desc}], "
        'where: {flow: {name: {_eq: "daily"}}}',
        ["cat"],
    ),
)


async def test_order_pages_and_distinct(api: Client, told: dict[str, str]) -> None:
    for arguments, expected in ORDERS:
        assert await names(api, arguments) == expected, arguments


async def test_aggregates(api: Client, told: dict[str, str]) -> None:
    asked = await api.ask(
        """{
          all: flow_run_aggregate { aggregate { count } }
          good: flow_run_aggregate(where: {state: {_eq: "Success"}}) {
            aggregate { count max { version } min { version } sum { version } avg { version } }
            nodes { name }
          }
          two: flow_run_aggregate(order_by: {name: asc}, limit: 2) { aggregate { count } }
          states: flow_run_aggregate { aggregate { count(columns: state, distinct: true) } }
          flow(order_by: {name: asc}) {
            flow_runs_aggregate { aggregate { count max { scheduled_start_time } } }
          }
        }"""
    )
    assert asked["all"]["aggregate"] == {"count": 5}
    good = asked["good"]
    assert good["aggregate"] == {
        "count": 2,
        "max": {"version": 3},
        "min": {"version": 3},
        "sum": {"version": 6},
        "avg": {"version": 3.0},
    }
    assert sorted(node["name"] for node in good["nodes"]) == ["ant", "dog"]
    assert asked["two"]["aggregate"] == {"count": 2}
    assert asked["states"]["aggregate"] == {"count": 4}
    counts = [one["flow_runs_aggregate"]["aggregate"]["count"] for one in asked["flow"]]
    assert counts == [3, 2]


async def test_a_path_into_a_document(api: Client, told: dict[str, str]) -> None:
    found = await api.flow_run(
        told["bee"],
        'dollar: parameters(path: "$.deep.list[1].k") plain: parameters(path: "deep.list[0]")'
        ' none: parameters(path: "no.such[3]") all: parameters',
    )
    assert found == {
        "dollar": "v",
        "plain": 1,
        "none": None,
        "all": {"n": 2, "deep": {"list": [1, {"k": "v"}]}},
    }


async def test_one_row_by_its_id(api: Client, told: dict[str, str], nobody: str) -> None:
    asked = await api.ask(
        "query($id: uuid!, $none: uuid!) { one: flow_run_by_pk(id: $id) { name flow { name } }"
        " none: flow_run_by_pk(id: $none) { name } }",
        id=told["ant"],
        none=nobody,
    )
    assert asked == {"one": {"name": "ant", "flow": {"name": "daily"}}, "none": None}


@pytest.mark.parametrize(
    ("declared", "used", "value", "expected"),
    [
        ("$v: uuid!", "{id: {_eq: $v}}", "ant", ["ant"]),
        ("$v: UUID!", "{id: {_eq: $v}}", "ant", None),
        ("$v: [uuid!]", "{id: {_in: $v}}", ["ant", "bee"], ["ant", "bee"]),
        ("$v: String", "{name: {_ilike: $v}}", "%EE%", ["bee", "eel_%"]),
        ("$v: Int", "{version: {_eq: $v}}", 2, ["cat"]),
        ("$v: timestamptz", "{start_time: {_lte: $v}}", "2021-05-07T12:20:00Z", ["ant", "bee"]),
        ("$v: flow_run_bool_exp", "$v", {"state": {"_eq": "Failed"}}, ["bee"]),
        ("$v: [flow_run_bool_exp!]", "{_or: $v}", [{"name": {"_eq": "cat"}}], ["cat"]),
        ("$v: jsonb", "{parameters: {_contains: $v}}", {"n": 1}, ["ant"]),
    ],
)
async def test_variables_by_the_names_of_their_types(
    api: Client, told: dict[str, str], declared: str, used: str, value: Any, expected: Any
) -> None:
    def known(one: Any) -> Any:
        return told.get(one, one) if isinstance(one, str) else one

    given = [known(one) for one in value] if isinstance(value, list) else known(value)
    text = f"query({declared}) {{ flow_run(where: {used}, order_by: {{name: asc}}) {{ name }} }}"
    answer = (await api.post(text, v=given)).json()
    if expected is None:
        # Two spellings of a type are two types, here as there.
        assert "errors" in answer
    else:
        assert [row["name"] for row in answer["data"]["flow_run"]] == expected


async def test_an_order_comes_in_a_variable(api: Client, told: dict[str, str]) -> None:
    more = "($order: [flow_run_order_by!])"
    order = {"order": [{"version": "desc"}, {"name": "asc"}]}
    assert await names(api, "order_by: $order, limit: 1", order, more) == ["ant"]


async def test_requests_in_every_form(api: Client, told: dict[str, str]) -> None:
    text = "query Named($name: String) { flow_run(where: {name: {_eq: $name}}) { name } }"
    variables = {"name": "ant"}
    data = {"data": {"flow_run": [{"name": "ant"}]}}
    for path in ("/", "/graphql", "/graphql/", "/any/where"):
        for given in (variables, json.dumps(variables)):
            body = {"query": text, "variables": given, "operationName": "Named"}
            assert (await api.http.post(path, json=body)).json() == data
    batch = [{"query": "{ hello }"}, {"query": text, "variables": variables}, {}, "query"]
    answers = (await api.http.post("/", json=batch)).json()
    assert answers[1] == data
    assert set(answers[0]["data"]) == {"hello"}
    # What is no request is refused in its place.
    assert [answer["errors"][0]["extensions"]["code"] for answer in answers[2:]] == [
        "BAD_REQUEST",
        "BAD_REQUEST",
    ]


async def test_types_are_told_to_whoever_asks(api: Client) -> None:
    asked = await api.ask(
        """{
          __schema { queryType { name } mutationType { name } }
          __type(name: "flow_run_bool_exp") { kind inputFields { name } }
        }"""
    )
    fields = {field["name"] for field in asked["__type"]["inputFields"]}
    assert asked["__type"]["kind"] == "INPUT_OBJECT"
    assert {"_and", "_or", "_not", "id", "state", "flow", "task_runs"} <= fields


async def test_names_of_types_come_with_the_rows(api: Client, told: dict[str, str]) -> None:
    asked = await api.ask("{ flow(limit: 1) { __typename project { __typename } } __typename }")
    assert asked == {
        "flow": [{"__typename": "flow", "project": {"__typename": "project"}}],
        "__typename": "Query",
    }


async def test_a_query_too_deep_is_refused_in_words(api: Client) -> None:
    deep = "flow { flow_runs { " * 12 + "id" + " } }" * 12
    answer = await api.post("{ flow_run { " + deep + " } }")
    assert answer.status_code == 400
    assert "exceeds maximum operation depth of 7" in answer.json()["errors"][0]["message"]
