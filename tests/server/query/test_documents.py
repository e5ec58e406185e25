"""Documents are read once for each shape, and a shape never mixes up whose literals are whose."""

from __future__ import annotations

import json

import pytest
from graphql import parse, print_ast
from hypothesis import given, settings
from hypothesis import strategies as st

from flowtui.errors import DocumentRefused
from flowtui.server.query import Documents
from flowtui.server.query import documents as documents_module
from flowtui.server.query.documents import without_literals


@pytest.fixture
def documents(schema):
    return Documents(schema)


@pytest.fixture
def validations(monkeypatch):
    """The documents that were validated."""
    seen = []
    validate = documents_module.validate

    def counted(schema, ast):
        seen.append(ast)
        return validate(schema, ast)

    monkeypatch.setattr(documents_module, "validate", counted)
    return seen


def by_id(id):
    return f'{{ flow_by_pk(id: "{id}") {{ name }} }}'


def test_documents_that_differ_in_literals_are_validated_once(documents, validations):
    for number in range(5):
        document = documents.get(by_id(number))
        assert print_ast(document.ast) == print_ast(parse(by_id(number)))
    assert len(validations) == 1


async def test_what_is_kept_of_a_selection_stands_under_any_condition(world):
    text = """query ($w: flow_run_bool_exp, $o: [flow_run_order_by!]) {
        flow_run(where: $w, order_by: $o) { ...run }
        flow(where: {name: {_eq: "train"}}) { name flow_runs { ...run } }
    }
    fragment run on flow_run { name flow { name project { name } } }"""
    dog = {"name": "dog", "flow": {"name": "train", "project": {"name": "ml"}}}
    eel = {**dog, "name": "eel"}
    of_flow = {"flow": {"project": {"name": {"_eq": "ml"}}}}
    for where, order, first in (
        ({"name": {"_eq": "eel"}}, None, [eel]),
        (of_flow, {"flow": {"name": "asc"}, "name": "asc"}, [dog, eel]),
        ({"name": {"_eq": "eel"}}, {"flow": {"name": "asc"}}, [eel]),
        ({"name": {"_eq": "dog"}}, None, [dog]),
    ):
        found = await world.ask(text, {"w": where, "o": order})
        assert found["flow_run"] == first
        (train,) = found["flow"]
        assert sorted(train["flow_runs"], key=lambda run: run["name"]) == [dog, eel]


async def test_each_request_gets_the_answer_to_its_own_literals(world, validations):
    text = (
        '{{ flow_run(where: {{name: {{_in: ["{}", "{}"]}}, version: {{_gt: {}}}}},'
        " order_by: {{name: asc}}) {{ name }} }}"
    )
    for first, second, version, names in (
        ("ant", "bee", 0, ["ant", "bee"]),
        ("bee", "ant", 2, ["ant"]),
        ("eel", "nobody", -1, ["eel"]),
        ("ant", "bee", 0, ["ant", "bee"]),
    ):
        found = await world.ask(text.format(first, second, version))
        assert [run["name"] for run in found] == names
    assert len(validations) == 1


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@settings(max_examples=200)
@given(TEXTS, TEXTS, st.integers(-(2**31), 2**31 - 1), st.booleans())
def test_any_literals_come_out_as_they_went_in(schema_documents, one, other, number, commented):
    remark = f"# {json.dumps(other)} 7\n" if commented else ""
    text = (
        f"{{ {remark} a: flow(where: {{name: {{_eq: {json.dumps(one)}}},"
        f" version: {{_eq: {number}}}}}) {{ name }}"
        f" b1: project(where: {{name: {{_like: {json.dumps(other)}}}}}) {{ name }} }}"
    )
    assert print_ast(schema_documents.get(text).ast) == print_ast(parse(text))


@pytest.fixture(scope="module")
def schema_documents(schema):
    return Documents(schema)


@pytest.mark.parametrize(
    ("text", "shape", "literals"),
    [
        ('{a(x: "b")}', '{a(x: "")}', ["b"]),
        ('{a(x: "say \\"b\\"\\n")}', '{a(x: "")}', ['say "b"\n']),
        ('{a(x: "\\u{1F600}\\u00e9")}', '{a(x: "")}', ["\U0001f600é"]),
        ('{a(x: """\n  b "c"\n    d\n""")}', '{a(x: "")}', ['b "c"\n  d']),
        ('{a(x: "") b(y: """""")}', '{a(x: "") b(y: "")}', ["", ""]),
        ("{a1(x_2: -3, y: 4.5e6)}", "{a1(x_2: 0, y: 0.0)}", [-3, 4.5e6]),
        ("query($v1: Int){a(x:$v1)}", "query($v1: Int){a(x:$v1)}", []),
        ('{a # "no" 5\n b(x: 5)}', '{a # "no" 5\n b(x: 0)}', [5]),
        ("{a(x: 12345678901)}", "{a(x: 12345678901)}", []),
        ("{a(x: true, y: null, z: asc)}", "{a(x: true, y: null, z: asc)}", []),
        ("{a(x: [1,2])}", "{a(x: [0,0])}", [1, 2]),
    ],
)
def test_literals_are_taken_out_of_the_text(text, shape, literals):
    key, taken = without_literals(text)
    assert key == shape
    assert [value for _, value in taken] == literals


def test_a_number_too_large_for_an_int_is_refused_though_a_small_one_was_not(documents):
    documents.get("{ flow(limit: 5) { id } }")
    with pytest.raises(DocumentRefused, match="Int cannot represent"):
        documents.get("{ flow(limit: 5000000000) { id } }")


def test_a_fraction_is_not_an_int_though_a_whole_number_was(documents):
    documents.get("{ flow(limit: 5) { id } }")
    with pytest.raises(DocumentRefused, match="Int cannot represent"):
        documents.get("{ flow(limit: 5.5) { id } }")


def test_fields_that_merge_only_when_their_literals_are_equal(documents):
    text = '{{ x: flow_by_pk(id: "{}") {{ id }} x: flow_by_pk(id: "{}") {{ id }} }}'
    documents.get(text.format("a", "a"))
    with pytest.raises(DocumentRefused, match="conflict"):
        documents.get(text.format("a", "b"))
    same = text.format("c", "c")
    assert print_ast(documents.get(same).ast) == print_ast(parse(same))


async def test_the_default_of_a_variable_is_this_requests_own(world):
    for name in ("ant", "bee"):
        text = (
            f'query ($n: String = "{name}") {{ flow_run(where: {{name: {{_eq: $n}}}}) {{ name }} }}'
        )
        assert await world.ask(text) == [{"name": name}]


def test_the_documents_kept_are_bounded(schema, validations):
    documents = Documents(schema, capacity=2)
    for field in ("id", "name", "slug", "id", "slug"):
        documents.get(f"{{ tenant {{ {field} }} }}")
    assert len(validations) == 4, "id was forgotten when slug came, slug was still there"


@pytest.mark.parametrize(
    "text",
    ["", "{", "{ tenant { slug }", '{ a(x: "unended) }', "{ a(x: 01) }", '{ a(x: "\\q") }', "\x00"],
    ids=repr,
)
def test_what_is_no_graphql_is_refused(documents, text):
    with pytest.raises(DocumentRefused) as refusal:
        documents.get(text)
    assert refusal.value.status == 400
    assert refusal.value.errors[0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    assert refusal.value.errors[0]["locations"]


def test_a_bad_escape_is_refused_also_where_a_good_one_was_accepted(documents):
    documents.get(by_id("good"))
    with pytest.raises(DocumentRefused):
        documents.get(by_id("\\q"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{ flow { colour } }", "Cannot query field 'colour' on type 'flow'"),
        ("{ flows { id } }", "Cannot query field 'flows'"),
        ("{ flow(where: {colour: {_eq: 1}}) { id } }", "colour"),
        ("{ flow(order_by: {name: up}) { id } }", "up"),
        ("{ flow_by_pk { id } }", "id"),
        ("{ log_by_pk(id: 1) { id } }", "log_by_pk"),
        ("query ($x: nonsense) { flow(limit: $x) { id } }", "nonsense"),
    ],
)
def test_a_document_that_does_not_fit_the_schema_is_refused(documents, text, message):
    with pytest.raises(DocumentRefused, match=message) as refusal:
        documents.get(text)
    assert refusal.value.errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_fields_go_eight_levels_deep_and_no_deeper(documents):
    eight = "query deep { flow { project { flows { project { flows { project { name } } } } } } }"
    documents.get(eight.replace("name", "tenant { slug }"))
    with pytest.raises(DocumentRefused) as refusal:
        documents.get(eight.replace("name", "tenant { projects { name } }"))
    (error,) = refusal.value.errors
    assert error["message"] == "'deep' exceeds maximum operation depth of 7"
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_fragments_add_no_depth_but_hide_none_either(documents):
    text = """{ flow { ...a } }
    fragment a on flow { project { flows { project { ... { flows { project { %s } } } } } } }"""
    documents.get(text % "tenant { slug }")
    with pytest.raises(DocumentRefused, match="depth"):
        documents.get(text % "tenant { projects { name } }")


def test_asking_for_the_schema_may_go_deeper(documents):
    of_type = "ofType { " * 9 + "name" + " }" * 9
    documents.get(f"{{ __schema {{ types {{ fields {{ type {{ {of_type} }} }} }} }} }}")


@pytest.mark.parametrize("text", ["{ a " * 5000, "{ a(x: " + "[" * 5000 + " }"], ids=["{", "["])
def test_endless_nesting_is_refused(documents, text):
    with pytest.raises(DocumentRefused):
        documents.get(text)


def test_mutations_get_their_literals_too(documents):
    documents.get('mutation { heartbeat(id: "a", note: "b") }')
    document = documents.get('mutation { heartbeat(id: "c", note: "d") }')
    assert document.operation().kind == "mutation"
    assert print_ast(document.operation().node.selection_set) == print_ast(
        parse('{ heartbeat(id: "c", note: "d") }').definitions[0].selection_set
    )
