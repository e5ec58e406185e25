"""What comes back: fields, relations, lists in order, aggregates, all of it from one statement."""

from __future__ import annotations

import asyncio
import gc

import pytest

from flowtui.errors import DocumentRefused
from flowtui.server.query import read

RUNS = "{ flow_run%s { name } }"


async def order_of(world, arguments):
    return [row["name"] for row in await world.ask(RUNS % arguments)]


async def test_values_look_as_postgres_writes_them(world):
    run = await world.ask(
        "query ($id: uuid!) { flow_run_by_pk(id: $id) { id start_time state version labels agent_id"
        " parameters auto_scheduled updated context } }",
        {"id": world.ids["dog"].upper()},
    )
    assert run == {
        "id": world.ids["dog"],
        "start_time": "2021-05-07T15:09:16.8+00:00",
        "state": "Success",
        "version": 5,
        "labels": [],
        "agent_id": None,
        "parameters": {"n": 5, "tags": ["x", "dog"]},
        "auto_scheduled": False,
        "updated": "2021-05-07T15:09:16.815228+00:00",
        "context": None,
    }


async def test_whole_seconds_have_no_fraction_and_intervals_have_days(world):
    assert await world.ask(
        '{ flow_run(where: {name: {_eq: "eel"}}) { start_time } task(limit: 1) { retry_delay } }'
    ) == {
        "flow_run": [{"start_time": "2021-05-07T15:09:16+00:00"}],
        "task": [{"retry_delay": "1 day 12:00:00"}],
    }


async def test_an_id_nobody_has_gives_null(world):
    nobody = "00000000-0000-4000-8000-000000000000"
    assert await world.ask(f'{{ flow_by_pk(id: "{nobody}") {{ id project {{ id }} }} }}') is None


async def test_relations_go_as_deep_as_they_are_asked(world):
    (flow,) = await world.ask("""{
        flow(where: {name: {_eq: "daily"}}) {
            project { name tenant { slug } }
            tenant { slug }
            tasks(order_by: {slug: desc}, limit: 2) {
                slug upstream_edges { upstream_task { slug } }
            }
            flow_runs(where: {task_runs: {}}, order_by: {name: asc}) {
                name
                agent { id }
                task_runs_aggregate(where: {state: {_eq: "Success"}}) { aggregate { count } }
            }
        }
    }""")
    assert flow["project"] == {"name": "etl", "tenant": {"slug": "acme"}}
    assert flow["tenant"] is None
    assert [task["slug"] for task in flow["tasks"]] == ["report", "load"]
    assert {edge["upstream_task"]["slug"] for edge in flow["tasks"][0]["upstream_edges"]} == {
        "extract",
        "load",
    }
    assert flow["flow_runs"] == [
        {"name": "ant", "agent": None, "task_runs_aggregate": {"aggregate": {"count": 2}}},
        {"name": "bee", "agent": None, "task_runs_aggregate": {"aggregate": {"count": 0}}},
    ]


@pytest.mark.parametrize(
    ("order_by", "names"),
    [
        ("{start_time: asc}", ["bee", "ant", "eel", "dog", "cat"]),
        ("{start_time: desc}", ["cat", "dog", "eel", "ant", "bee"]),
        ("{start_time: asc_nulls_first}", ["cat", "bee", "ant", "eel", "dog"]),
        ("{start_time: asc_nulls_last}", ["bee", "ant", "eel", "dog", "cat"]),
        ("{start_time: desc_nulls_first}", ["cat", "dog", "eel", "ant", "bee"]),
        ("{start_time: desc_nulls_last}", ["dog", "eel", "ant", "bee", "cat"]),
        ("{version: desc}", ["dog", "eel", "ant", "bee", "cat"]),
        ("{state: desc_nulls_last, name: desc}", ["dog", "ant", "cat", "bee", "eel"]),
        ("{name: desc, state: asc}", ["eel", "dog", "cat", "bee", "ant"]),
        ("[{flow: {name: desc}}, {name: asc}]", ["dog", "eel", "ant", "bee", "cat"]),
        (
            "[{flow: {project: {name: desc}, version: asc}}, {name: desc}]",
            ["eel", "dog", "cat", "bee", "ant"],
        ),
        (
            "[{task_runs_aggregate: {count: desc}}, {name: desc}]",
            ["ant", "bee", "eel", "dog", "cat"],
        ),
        (
            "[{task_runs_aggregate: {max: {name: desc_nulls_last}}}, {name: asc}]",
            ["bee", "ant", "cat", "dog", "eel"],
        ),
        ("[{state: null}, {name: asc}]", ["ant", "bee", "cat", "dog", "eel"]),
    ],
)
async def test_order(world, order_by, names):
    assert await order_of(world, f"(order_by: {order_by})") == names
    assert await order_of(world, f"(order_by: {order_by}, limit: 3, offset: 1)") == names[1:4]


async def test_the_keys_of_an_order_count_as_written_in_a_variable_too(world):
    text = "query ($o: [flow_run_order_by!]) { flow_run(order_by: $o) { name } }"
    one = {"state": "desc_nulls_last", "name": "desc"}
    for order in (one, [one]):
        runs = await world.ask(text, {"o": order})
        assert [run["name"] for run in runs] == ["dog", "ant", "cat", "bee", "eel"]


async def test_pages(world):
    assert await order_of(world, "(order_by: {name: asc}, limit: 2)") == ["ant", "bee"]
    assert await order_of(world, "(order_by: {name: asc}, offset: 3)") == ["dog", "eel"]
    assert await order_of(world, "(limit: 0)") == []
    assert len(await order_of(world, "(limit: null, offset: null)")) == 5


async def test_a_negative_limit_is_refused(world):
    answer = await world.answer(RUNS % "(limit: -1)")
    assert "unexpected negative value" in answer["errors"][0]["message"]
    assert answer["data"] == {"flow_run": None}


async def test_distinct_keeps_the_first_of_each(world):
    order = "order_by: [{state: asc_nulls_last}, {version: desc}]"
    assert await order_of(world, f"(distinct_on: [state], {order})") == ["bee", "cat", "dog", "eel"]
    assert await order_of(world, f"(distinct_on: state, {order}, limit: 2, offset: 1)") == [
        "cat",
        "dog",
    ]
    assert len(await order_of(world, "(distinct_on: state)")) == 4
    assert len(await order_of(world, "(distinct_on: null)")) == 5
    counted = await world.ask(
        "{ flow_run_aggregate(distinct_on: [flow_id, state]) { aggregate { count } } }"
    )
    assert counted == {"aggregate": {"count": 5}}


async def test_aggregates(world):
    answer = await world.ask("""{
        flow_run_aggregate(where: {state: {_is_null: false}}) {
            aggregate {
                count
                states: count(columns: state)
                different: count(columns: [state], distinct: true)
                pairs: count(columns: [state, flow_id], distinct: true)
                sum { version }
                avg { version }
                max { version name start_time }
                min { version start_time }
                stddev { version }
                var_pop { version }
            }
            nodes { name flow { name } }
        }
    }""")
    assert answer["aggregate"] == {
        "count": 4,
        "states": 4,
        "different": 3,
        "pairs": 4,
        "sum": {"version": 11},
        "avg": {"version": 2.75},
        "max": {"version": 5, "name": "dog", "start_time": "2021-05-07T15:09:16.8+00:00"},
        "min": {"version": 1, "start_time": "2021-05-07T13:09:16.815228+00:00"},
        "stddev": {"version": pytest.approx(1.7078, abs=1e-4)},
        "var_pop": {"version": pytest.approx(2.1875)},
    }
    assert {(node["name"], node["flow"]["name"]) for node in answer["nodes"]} == {
        ("ant", "daily"),
        ("bee", "daily"),
        ("cat", "daily"),
        ("dog", "train"),
    }


async def test_aggregates_of_nothing(world):
    answer = await world.ask(
        '{ flow_run_aggregate(where: {name: {_eq: "nobody"}}) { nodes { id } aggregate { count'
        " max { start_time } sum { version } avg { version } variance { version } } } }"
    )
    assert answer == {
        "nodes": [],
        "aggregate": {
            "count": 0,
            "max": {"start_time": None},
            "sum": {"version": None},
            "avg": {"version": None},
            "variance": {"version": None},
        },
    }


async def test_aggregates_look_at_the_page_that_was_chosen(world):
    answer = await world.ask(
        "{ flow_run_aggregate(order_by: {name: asc}, limit: 2, offset: 1)"
        " { aggregate { count max { name } } nodes { name } } }"
    )
    assert answer["aggregate"] == {"count": 2, "max": {"name": "cat"}}
    assert [node["name"] for node in answer["nodes"]] == ["bee", "cat"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.tags[1]", "ant"),
        ("tags", ["x", "ant"]),
        ("n", 3),
        ("$", {"n": 3, "tags": ["x", "ant"]}),
        ("tags.0", "x"),
        ("missing.deeper", None),
        ("tags[9]", None),
    ],
)
async def test_a_path_into_a_document(world, path, value):
    (run,) = await world.ask(
        'query ($p: String) { flow_run(where: {name: {_eq: "ant"}}) { parameters(path: $p) } }',
        {"p": path},
    )
    assert run["parameters"] == value


async def test_aliases_fragments_and_directives(world):
    answer = await world.ask(
        """query ($yes: Boolean!, $no: Boolean!) {
            first: flow(where: {name: {_eq: "daily"}}) { ...named version @skip(if: $yes) }
            second: flow(where: {name: {_eq: "train"}}) {
                ... on flow { title: name }
                ... @include(if: $no) { version }
                project { name }
                project { description }
                __typename
            }
            flow @include(if: $no) { id }
        }
        fragment named on flow { name kind: __typename archived @include(if: $yes) }""",
        {"yes": True, "no": False},
    )
    assert answer == {
        "first": [{"name": "daily", "kind": "flow", "archived": False}],
        "second": [
            {
                "title": "train",
                "project": {"name": "ml", "description": "Models"},
                "__typename": "flow",
            }
        ],
    }


async def test_typenames_of_what_is_generated(world):
    answer = await world.ask(
        "{ __typename flow_aggregate { __typename aggregate { __typename max { __typename } } } }"
    )
    assert answer == {
        "__typename": "Query",
        "flow_aggregate": {
            "__typename": "flow_aggregate",
            "aggregate": {
                "__typename": "flow_aggregate_fields",
                "max": {"__typename": "flow_max_fields"},
            },
        },
    }


async def test_one_operation_is_one_statement_however_much_it_asks(world):
    answer = await world.answer("""{
        hello
        flow(order_by: {name: asc}) { name flow_runs { task_runs { task { slug } } } }
        flow_run_aggregate { aggregate { count } nodes { flow { project { name } } } }
        project { flows_aggregate { aggregate { count } } }
        api { mode backend }
    }""")
    assert len(world.storage.questions) == 1
    assert list(answer["data"]) == ["hello", "flow", "flow_run_aggregate", "project", "api"]
    assert answer["data"]["hello"] == "👋"
    assert answer["data"]["api"] == {"mode": "normal", "backend": "SERVER"}


async def test_what_needs_no_rows_asks_for_none(world):
    assert await world.ask("{ hello }") == "👋"
    assert await world.ask("{ __schema { queryType { name } mutationType { name } } }") == {
        "queryType": {"name": "Query"},
        "mutationType": {"name": "Mutation"},
    }
    assert world.storage.questions == []


async def test_a_type_can_be_asked_about(world):
    answer = await world.ask('{ __type(name: "flow") { kind fields { name } } }')
    assert answer["kind"] == "OBJECT"
    assert {"name": "flow_runs_aggregate"} in answer["fields"]


async def test_a_resolver_that_breaks_tells_no_secrets_and_harms_no_neighbour(world, caplog):
    answer = await world.answer("{ broken tenant { slug } }")

    (error,) = answer["errors"]
    assert error["message"] == ("Unable to complete operation. An internal API error occurred.")
    assert error["path"] == ["broken"]
    assert answer["data"] == {"broken": None, "tenant": [{"slug": "acme"}]}
    assert "a secret of the house" in caplog.text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_statement_that_fails_is_an_error_of_its_fields(world):
    # More nesting than SQLite's parser has room for.
    deep = "{name: {_eq: 1}}".replace("1", '"x"')
    for _ in range(120):
        deep = f"{{_not: {deep}}}"
    answer = await world.answer(f"{{ hello flow(where: {deep}) {{ id }} }}")

    assert answer["data"] == {"hello": "👋", "flow": None}
    assert answer["errors"][0]["path"] == ["flow"]
    assert "too large" in answer["errors"][0]["message"]


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_a_statement_that_postgresql_refuses_is_an_error_of_its_fields(world):
    # An escape that Python does not know may be one of PostgreSQL's; this is not.
    answer = await world.answer(r'{ hello flow(where: {name: {_regex: "\\q"}}) { id } }')

    assert answer["data"] == {"hello": "👋", "flow": None}
    assert answer["errors"][0]["path"] == ["flow"]
    assert "invalid regular expression" in answer["errors"][0]["message"]


async def test_a_hundred_fields_of_one_row_are_not_too_many(world):
    many = " ".join(f"n{number}: name v{number}: version" for number in range(600))
    (flow,) = await world.ask(f'{{ flow(where: {{name: {{_eq: "daily"}}}}) {{ {many} }} }}')
    assert len(flow) == 1200


@pytest.mark.parametrize(
    ("direction", "start", "depths"),
    [
        ("downstream", "extract", {"extract": 0, "load": 1, "report": 2}),
        ("downstream", "load", {"load": 0, "report": 1}),
        ("upstream", "report", {"report": 0, "load": 1, "extract": 2}),
    ],
)
async def test_tasks_are_reached_along_edges_each_at_its_greatest_depth(
    world, direction, start, depths
):
    name = f"utility_{direction}_tasks"
    answer = await world.ask(
        f"query ($ids: _uuid) {{ {name}(args: {{start_task_ids: $ids}}) {{ depth task {{ slug }} }}"
        f" near: {name}_aggregate(args: {{start_task_ids: $ids, depth_limit: 1}})"
        " { aggregate { count } } }",
        {"ids": f"{{{world.ids[start]}}}"},
    )
    assert {row["task"]["slug"]: row["depth"] for row in answer[name]} == depths
    assert answer["near"]["aggregate"]["count"] == min(len(depths), 2 + (start != "load"))
    assert await world.ask("{ utility_traversal { depth } }") == []


@pytest.mark.parametrize(
    ("declared", "value"),
    [("$id: uuid!", None), ("$id: Int!", "five"), ("$id: order_by!", "up")],
)
async def test_variables_that_do_not_fit_refuse_the_whole_request(world, declared, value):
    use = {
        "$id: uuid!": "flow_by_pk(id: $id) { id }",
        "$id: Int!": "flow(limit: $id) { id }",
        "$id: order_by!": "flow(order_by: {name: $id}) { id }",
    }[declared]
    with pytest.raises(DocumentRefused, match=r"\$id") as refusal:
        await world.answer(f"query ({declared}) {{ {use} }}", {"id": value})
    assert refusal.value.status == 400
    assert refusal.value.errors[0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


async def test_several_operations_need_a_name(world):
    text = "query A { tenant { slug } } query B { project { name } }"
    assert (await world.answer(text, operation="A"))["data"] == {"tenant": [{"slug": "acme"}]}
    with pytest.raises(DocumentRefused, match="Must provide operation name"):
        await world.answer(text)
    with pytest.raises(DocumentRefused, match="Unknown operation named 'C'"):
        await world.answer(text, operation="C")


async def test_an_answer_is_bytes_that_end_with_a_line(world):
    document = world.documents.get("{ tenant { slug } }")
    body = await read(world.storage, document, document.operation(), None, {}, None)
    assert body == b'{"data":{"tenant":[{"slug":"acme"}]}}\n'


async def test_hostile_text_stays_inside_its_quotes(world):
    hostile = '"},\\ \x00 \x1b[31m \u2028 \U0001f4a5 \x7f </script>'

    async def rename(tx):
        await tx.update("tenant", {"slug": {"_eq": "acme"}}, {"name": hostile})

    await world.storage.write(rename)
    assert await world.ask("{ tenant { name } }") == [
        {"name": hostile.replace("\x00", "\N{SYMBOL FOR NULL}")}
    ]


@pytest.mark.parametrize("steps", range(4))
async def test_a_request_that_ends_before_it_is_answered_leaves_nothing_begun(world, steps):
    asking = asyncio.create_task(world.answer("{ hello api { mode } }"))
    for _ in range(steps):
        await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    gc.collect()  # what was never awaited says so now, which fails a test
