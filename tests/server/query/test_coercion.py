"""Variables are read in one pass, and mean what graphql-core says they mean."""

from __future__ import annotations

from typing import Any

import pytest
from graphql.execution.values import get_variable_values

from flowtui.server.query import Document, Documents, quickly_coerced
from flowtui.server.schema import served_schema

LOGS = "mutation ($input: write_run_logs_input!) { write_run_logs(input: $input) { success } }"
CAMEL = "mutation ($input: createProjectInput!) { createProject(input: $input) { id } }"
RUNS = """query ($w: flow_run_bool_exp, $o: [flow_run_order_by!], $n: Int) {
    flow_run(where: $w, order_by: $o, limit: $n) { id }
}"""
FLOW = "mutation ($input: create_flow_input!) { create_flow(input: $input) { id } }"
LIMIT = "query ($n: Int = 5) { flow_run(limit: $n) { id } }"

RUN = "6d3cbbcd-9a47-4b46-8b2f-9c2b8f1c7a10"
LINE = {"flow_run_id": RUN, "timestamp": "2021-05-07T12:00:00.5+00:00", "level": "INFO"}


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents(served_schema())


def told_by_graphql(document: Document, variables: dict[str, Any]) -> Any:
    """What graphql-core makes of the variables; None if they do not fit."""
    declared = document.operation().node.variable_definitions
    found = get_variable_values(document.schema, declared, variables)
    return None if isinstance(found, list) else found.coerced


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        (LOGS, {"input": {"logs": [LINE, {**LINE, "message": None, "info": {"a": [1]}}]}}),
        (LOGS, {"input": {"logs": LINE}}),
        (LOGS, {"input": {"logs": []}, "beside": 1}),
        (LOGS, {"input": {"logs": [{**LINE, "flow_run_id": "no uuid", "timestamp": "no time"}]}}),
        (CAMEL, {"input": {"tenantId": RUN, "name": "etl"}}),
        (RUNS, {}),
        (RUNS, {"w": None, "o": None, "n": None}),
        (RUNS, {"w": {"_or": {"flow": {"name": {"_in": "a"}}}}, "o": {"name": "asc"}, "n": 3}),
        (RUNS, {"w": {"_and": [{"_not": {"version": {"_gt": 2}}}], "state": None}}),
    ],
)
def test_what_fits(documents: Documents, text: str, variables: dict[str, Any]) -> None:
    document = documents.get(text)
    found = quickly_coerced(document, document.operation(), variables)
    assert found is not None
    assert found == told_by_graphql(document, variables)


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        (LOGS, {}),
        (LOGS, {"input": None}),
        (LOGS, {"input": [LINE]}),
        (LOGS, {"input": {"logs": [None]}}),
        (LOGS, {"input": {"logs": [{"message": "of no run"}]}}),
        (LOGS, {"input": {"logs": [{**LINE, "flow_run_id": None}]}}),
        (LOGS, {"input": {"logs": [{**LINE, "level": "LOUD"}]}}),
        (LOGS, {"input": {"logs": [{**LINE, "level": ["INFO"]}]}}),
        (LOGS, {"input": {"logs": [{**LINE, "message": 7}]}}),
        (LOGS, {"input": {"logs": [{**LINE, "colour": "red"}]}}),
        (RUNS, {"n": "three"}),
        (RUNS, {"w": {"flow": {"nmae": {"_eq": "a"}}}}),
        (RUNS, {"o": [{"name": "upwards"}]}),
    ],
)
def test_what_does_not(documents: Documents, text: str, variables: dict[str, Any]) -> None:
    document = documents.get(text)
    assert quickly_coerced(document, document.operation(), variables) is None
    assert told_by_graphql(document, variables) is None


def test_defaults_are_left_to_graphql(documents: Documents) -> None:
    flow = {"input": {"project_id": RUN, "serialized_flow": {}}}
    for text, variables in ((FLOW, flow), (LIMIT, {})):
        document = documents.get(text)
        assert quickly_coerced(document, document.operation(), variables) is None
        assert told_by_graphql(document, variables) is not None


def test_conditions_keep_the_order_of_the_client(documents: Documents) -> None:
    document = documents.get(RUNS)
    order = {"o": [{"version": "asc", "name": "desc", "created": "asc"}]}
    found = quickly_coerced(document, document.operation(), order)
    assert found is not None
    assert list(found["o"][0]) == ["version", "name", "created"]
