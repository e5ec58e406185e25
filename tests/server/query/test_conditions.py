"""What `where` selects: operators, combinators, relations, and above all what null means."""

from __future__ import annotations

import pytest

from flowtui.errors import DocumentRefused

EVERY = ["ant", "bee", "cat", "dog", "eel"]


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ('{name: {_eq: "ant"}}', ["ant"]),
        ('{state: {_neq: "Success"}}', ["bee", "cat"]),
        ("{version: {_gt: 3}}", ["dog", "eel"]),
        ("{version: {_gte: 2, _lt: 4}}", ["ant", "bee"]),
        ('{state: {_in: ["Failed", "Running"]}}', ["bee", "cat"]),
        ('{state: {_in: "Failed"}}', ["bee"]),
        ("{state: {_in: []}}", []),
        ('{state: {_nin: ["Failed", "Running"]}}', ["ant", "dog"]),
        ("{state: {_nin: []}}", EVERY),
        ("{state: {_is_null: true}}", ["eel"]),
        ("{state: {_is_null: false}}", ["ant", "bee", "cat", "dog"]),
        ('{start_time: {_gt: "2021-05-07T15:09:16Z"}}', ["dog"]),
        ('{start_time: {_eq: "2021-05-07 17:09:16.8+02"}}', ["dog"]),
        ("{auto_scheduled: {_eq: false}}", EVERY),
        ("{_and: [{version: {_gt: 1}}, {version: {_lt: 4}}]}", ["ant", "bee"]),
        ("{_and: {version: {_gt: 4}}}", ["dog"]),
        ('{_or: [{name: {_eq: "ant"}}, {version: {_eq: 1}}]}', ["ant", "cat"]),
        ('{version: {_gt: 1}, _or: [{name: {_eq: "ant"}}, {version: {_eq: 1}}]}', ["ant"]),
        ('{_not: {state: {_eq: "Success"}}}', ["bee", "cat"]),
    ],
)
async def test_comparisons_and_combinators(world, where, names):
    assert await world.names("flow_run", f"(where: {where})") == names


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("{}", EVERY),
        ("{_and: []}", EVERY),
        ("{_or: []}", []),
        ("{_not: {}}", []),
        ("{id: {}}", EVERY),
        ("{id: null}", EVERY),
        ("{id: {_eq: null}}", EVERY),
        ("{state: {_neq: null}}", EVERY),
        ("{state: {_in: null}}", EVERY),
        ("{state: {_nin: null}}", EVERY),
        ("{name: {_ilike: null}}", EVERY),
        ("{state: {_is_null: null}}", EVERY),
        ("{parameters: {_contains: null}}", EVERY),
        ("{_or: null}", EVERY),
        ("{_and: null}", EVERY),
        ("{_not: null}", EVERY),
        ("{flow: null}", EVERY),
        ("{task_runs: null}", EVERY),
        ("{flow: {name: {_eq: null}}}", EVERY),
        ('{_or: [{name: {_eq: "ant"}}, {state: {_eq: null}}]}', EVERY),
        ('{_and: [{name: {_eq: "ant"}}, {state: {_eq: null}}]}', ["ant"]),
        ("{_not: {name: {_eq: null}}}", []),
        ("{task_runs: {}}", ["ant", "bee"]),
        ("{task_runs: {state: {_eq: null}}}", ["ant", "bee"]),
        ("null", EVERY),
    ],
)
async def test_null_makes_a_comparison_true(world, where, names):
    assert await world.names("flow_run", f"(where: {where})") == names


@pytest.mark.parametrize(
    ("declared", "where", "variables", "names"),
    [
        ("$id: uuid", "{id: {_eq: $id}}", {}, EVERY),
        ("$id: uuid", "{id: {_eq: $id}}", {"id": None}, EVERY),
        ("$ids: [uuid!]", "{id: {_in: $ids}}", {"ids": None}, EVERY),
        ("$ids: [uuid!]", "{id: {_in: $ids}}", {"ids": []}, []),
        ("$text: String", "{name: {_ilike: $text}}", {}, EVERY),
        ("$when: timestamptz", "{start_time: {_gte: $when}}", {}, EVERY),
        ("$when: timestamptz_comparison_exp", "{start_time: $when}", {}, EVERY),
        ("$when: timestamptz_comparison_exp", "{start_time: $when}", {"when": {}}, EVERY),
        (
            "$when: timestamptz_comparison_exp",
            "{start_time: $when}",
            {"when": {"_gt": "2021-05-07T15:09:16+00:00"}},
            ["dog"],
        ),
        (
            "$name: String, $state: String",
            "{_or: [{name: {_eq: $name}}, {state: {_eq: $state}}]}",
            {"name": "ant"},
            EVERY,
        ),
        ("$where: flow_run_bool_exp", "$where", {}, EVERY),
        ("$where: flow_run_bool_exp", "$where", {"where": None}, EVERY),
        ("$where: flow_run_bool_exp", "$where", {"where": {"name": {"_eq": "bee"}}}, ["bee"]),
        (
            "$where: flow_run_bool_exp!",
            "{_and: [$where]}",
            {"where": {"version": {"_eq": 1}}},
            ["cat"],
        ),
        ('$name: String = "cat"', "{name: {_eq: $name}}", {}, ["cat"]),
    ],
)
async def test_a_variable_that_is_null_or_missing_is_no_condition(
    world, declared, where, variables, names
):
    found = await world.names("flow_run", f"(where: {where})", variables, f"({declared})")
    assert found == names


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ('{flow: {name: {_eq: "train"}}}', ["dog", "eel"]),
        ('{flow: {project: {name: {_eq: "etl"}}}}', ["ant", "bee", "cat"]),
        ('{_not: {flow: {project: {name: {_eq: "etl"}}}}}', ["dog", "eel"]),
        ('{task_runs: {state: {_eq: "Failed"}}}', ["bee"]),
        ('{_not: {task_runs: {state: {_eq: "Failed"}}}}', ["ant", "cat", "dog", "eel"]),
        ('{task_runs: {task: {slug: {_eq: "load"}}}}', ["ant"]),
        ('{agent: {name: {_eq: "nobody"}}}', []),
        ('{_not: {agent: {name: {_eq: "nobody"}}}}', EVERY),
        (
            '{_or: [{state: {_eq: "Running"}}, {task_runs: {state: {_eq: "Failed"}}}]}',
            ["bee", "cat"],
        ),
    ],
)
async def test_conditions_through_relations(world, where, names):
    assert await world.names("flow_run", f"(where: {where})") == names


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ('{name: {_like: "h%"}}', []),
        ('{name: {_like: "H%"}}', ["Hourly"]),
        ('{name: {_like: "_rain"}}', ["train"]),
        ('{name: {_nlike: "%a%"}}', ["Hourly"]),
        ('{name: {_ilike: "%H%"}}', ["Hourly"]),
        ('{name: {_ilike: "h_URLY"}}', ["Hourly"]),
        ('{name: {_nilike: "%AI%"}}', ["Hourly"]),
        ('{name: {_similar: "(daily|train)"}}', ["daily", "train"]),
        ('{name: {_similar: "dai"}}', []),
        ('{name: {_nsimilar: "%r%"}}', ["daily"]),
        ('{name: {_regex: "^[a-z]+$"}}', ["daily", "train"]),
        ('{name: {_nregex: "ai"}}', ["Hourly"]),
        ('{name: {_iregex: "^h"}}', ["Hourly"]),
        ('{name: {_niregex: "^H"}}', ["daily", "train"]),
    ],
)
async def test_patterns(world, where, names):
    if names == []:
        assert await world.names("flow", f"(where: {where})") == []
    assert await world.names("flow", f"(where: {where})") == sorted(names)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("%ÄRGER%", "viel ärger heute", True),
        ("100\\%", "100%", True),
        ("100\\%", "1000", False),
        ("a\\_b", "a_b", True),
        ("a\\_b", "axb", False),
        ("%é_", "CAFÉS", True),
        ("a[b]*c", "A[B]*C", True),
        ("%\n%", "two\nlines", True),
    ],
)
@pytest.mark.parametrize("operator", ["_ilike", "_like"])
async def test_patterns_beyond_the_plain(world, operator, pattern, text, found):
    async def rename(tx):
        await tx.update("flow", {"name": {"_eq": "train"}}, {"name": text})

    await world.storage.write(rename)
    if operator == "_like":
        # Case counts here: ask for the text's own.
        found = found and pattern.strip("%_").replace("\\", "") in text
    rows = await world.ask(
        f"query ($p: String) {{ flow(where: {{name: {{{operator}: $p}}}}) {{ name }} }}",
        {"p": pattern},
    )
    assert [row["name"] for row in rows] == [text] * found


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("{settings: {_contains: {heartbeat_enabled: false}}}", ["group"]),
        ("{settings: {_contains: {heartbeat_enabled: 0}}}", []),
        ('{settings: {_contains: {labels: {zone: "eu"}}}}', ["group"]),
        ('{labels: {_contains: ["big"]}}', ["group"]),
        ('{labels: {_contains: "big"}}', ["group"]),
        ("{settings: {_contains: {}}}", ["group", "other"]),
        ("{settings: {_contained_in: {x: 1}}}", ["other"]),
        ('{labels: {_contained_in: ["gpu", "big", "x"]}}', ["group"]),
        ('{labels: {_has_key: "gpu"}}', ["group"]),
        ('{settings: {_has_key: "labels"}}', ["group"]),
        ('{labels: {_has_keys_any: ["gpu", "x"]}}', ["group"]),
        ('{labels: {_has_keys_any: "gpu"}}', ["group"]),
        ('{labels: {_has_keys_all: ["gpu", "x"]}}', []),
        ('{labels: {_has_keys_all: ["gpu", "big"]}}', ["group"]),
        ('{labels: {_eq: ["gpu", "big"]}}', ["group"]),
        ('{settings: {_eq: {labels: {zone: "eu"}, heartbeat_enabled: false}}}', ["group"]),
        ("{labels: {_is_null: true}}", ["other"]),
    ],
)
async def test_documents(world, where, names):
    assert await world.names("flow_group", f"(where: {where})") == names


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ('{id: {_eq: "nobody"}}', 'invalid input syntax for type uuid: "nobody"'),
        ("{id: {_eq: 5}}", 'invalid input syntax for type uuid: "5"'),
        ('{id: {_in: ["nobody"]}}', 'invalid input syntax for type uuid: "nobody"'),
        (
            '{start_time: {_gt: "soon"}}',
            'invalid input syntax for type timestamp with time zone: "soon"',
        ),
        (
            '{start_time: {_gt: "5"}}',
            'invalid input syntax for type timestamp with time zone: "5"',
        ),
        ("{start_time: {_gt: 5}}", 'invalid input syntax for type timestamp with time zone: "5"'),
        ('{name: {_regex: "("}}', "invalid regular expression"),
    ],
)
async def test_an_operand_that_makes_no_sense_is_an_error_of_its_field(world, where, message):
    answer = await world.answer(f"{{ bad: flow_run(where: {where}) {{ id }} tenant {{ slug }} }}")

    (error,) = answer["errors"]
    assert error["message"].startswith(message)
    assert error["path"] == ["bad"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert answer["data"] == {"bad": None, "tenant": [{"slug": "acme"}]}


async def test_an_interval_can_be_compared(world):
    assert await world.names("task", '(where: {retry_delay: {_gt: "1 day"}})') == ["extract"]


async def test_text_that_looks_like_sql_is_text(world):
    hostile = "'; DROP TABLE flow_run; --"
    rows = await world.ask(
        "query ($n: String) { flow_run(where: {name: {_eq: $n}}) { name } }", {"n": hostile}
    )
    assert rows == []
    assert await world.names("flow_run") == EVERY


async def test_thousands_of_ids_can_be_named(world):
    many = [world.ids["ant"], *(f"00000000-0000-4000-8000-{n:012}" for n in range(50_000))]
    for operator, names in (("_in", ["ant"]), ("_nin", EVERY[1:])):
        where = f"(where: {{id: {{{operator}: $ids}}}})"
        found = await world.names("flow_run", where, {"ids": many}, "($ids: [uuid!])")
        assert found == names


async def test_conditions_nested_without_end_are_refused(world):
    where: dict = {"name": {"_eq": "ant"}}
    for _ in range(3000):
        where = {"_and": [where]}
    text = "query ($w: flow_run_bool_exp) { flow_run(where: $w) { name } }"
    try:
        answer = await world.answer(text, {"w": where})
    except DocumentRefused as refusal:
        message = refusal.message
    else:
        message = answer["errors"][0]["message"]
    assert "too deeply" in message
