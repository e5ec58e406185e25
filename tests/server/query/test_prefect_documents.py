"""The documents that Prefect's client and command line send again and again, as they send them.

A key that is missing from an answer raises in the client, so every key selected has to be there.
"""

from __future__ import annotations

import re

import pytest
from graphql import FieldNode, parse

FLOW_VIEW = (
    "id settings run_config serialized_flow name archived project{name} core_version storage"
    " flow_group{labels}"
)
RUN_VIEW = (
    "id name flow_id serialized_state states{timestamp serialized_state} labels parameters context"
    " updated run_config"
)

DOCUMENTS = {
    "tenant": "query { tenant { id slug } }",
    "flow by id": f'query {{ flow(where: {{ id: {{ _eq: "<daily>" }} }}) {{ {FLOW_VIEW} }} }}',
    "flow by group": (
        'query { flow(where: { flow_group_id: { _eq: "<group>" } }, order_by: { created: desc })'
        f" {{ {FLOW_VIEW} }} }}"
    ),
    "flow by name": (
        'query { flow(where: { name: { _eq: "daily" }, archived: { _eq: false },'
        f' project: {{ name: {{ _eq: "etl" }} }} }}) {{ {FLOW_VIEW} }} }}'
    ),
    "latest version": (
        'query { flow(where: { _and: { name: { _eq: "daily" },'
        ' project: { id: { _eq: "<etl>" } } } }, order_by: { version: desc }, limit: 1)'
        " { id version } }"
    ),
    "run": f'query {{ flow_run(where: {{ id: {{ _eq: "<ant>" }} }}) {{ {RUN_VIEW} }} }}',
    "run info": (
        'query { flow_run_by_pk(id: "<ant>") { id name flow_id parameters context version'
        " scheduled_start_time serialized_state"
        " task_runs(where: { map_index: { _eq: -1 } })"
        " { id version serialized_state task { id slug } } flow { project { id name } } } }"
    ),
    "task runs not seen yet": (
        'query { task_run(where: { id: { _nin: [] }, flow_run_id: { _eq: "<ant>" },'
        ' task: { slug: { _eq: "load" } }, map_index: { _neq: 3 } },'
        " order_by: { map_index: asc })"
        " { id name task { id slug } map_index serialized_state flow_run_id } }"
    ),
    "picked up by an agent": (
        'query { flow_run(where: { id: { _in: ["<ant>", "<cat>"] }, _or: ['
        '{ state: { _eq: "Success" } }, { state: { _eq: "Running" },'
        ' task_runs: { state_start_time: { _lte: "2021-05-07T15:09:13.815228+00:00" } } }] })'
        " { id version state serialized_state parameters scheduled_start_time run_config name"
        " flow { id name environment storage version core_version }"
        ' task_runs(where: { state_start_time: { _lte: "2021-05-07T15:09:13+00:00" } })'
        " { id version task_id serialized_state } } }"
    ),
    "settings": 'query { flow_run_by_pk(id: "<ant>") { flow { settings } } }',
    "flows listed": (
        "query { flow(where: { _and: { name: { _eq: null }, version: { _eq: null },"
        " project: { name: { _eq: null } } } }, order_by: { name: asc, version: desc },"
        " distinct_on: null, limit: 10, offset: 0)"
        " { name version project { name } created settings }"
        " flow_aggregate(distinct_on: name) { aggregate { count } } }"
    ),
    "projects listed": (
        "query { project(where: { _and: { name: { _eq: null } } }, order_by: { name: asc },"
        " limit: 10) { name flow_count: flows_aggregate(distinct_on: name)"
        " { aggregate { count } } created description } }"
    ),
}

NOTHING_FOUND = {
    "logs so far": (
        'query { flow_run(where: { id: { _eq: "<ant>" } }) { logs(order_by: { timestamp: asc },'
        ' where: { _and: [{ timestamp: { _lte: "2021-05-07T15:09:16.815228+00:00" } }, {}] })'
        " { timestamp message level } } }",
        {"flow_run": [{"logs": []}]},
    ),
    "cached": (
        'query { task_run(where: { state: { _eq: "Cached" },'
        ' state_timestamp: { _gte: "2021-05-07T15:09:16.815228" }, cache_key: { _eq: "k" } },'
        " order_by: { state_timestamp: desc }, limit: 100) { serialized_state } }",
        {"task_run": []},
    ),
    "flow without a project": (
        'query { flow(where: { name: { _eq: "daily" },'
        " project: { name: { _is_null: true } } }) { id } }",
        {"flow": []},
    ),
}


def with_ids(text, ids):
    return re.sub("<(.*?)>", lambda match: ids[match[1]], text)


def missing_keys(selections, answer, path=()):
    """The fields that were selected and are not in the answer."""
    if isinstance(answer, list):
        for one in answer:
            yield from missing_keys(selections, one, path)
    elif answer is not None and selections is not None:
        for field in selections.selections:
            assert isinstance(field, FieldNode)
            key = (field.alias or field.name).value
            if key not in answer:
                yield (*path, key)
            else:
                yield from missing_keys(field.selection_set, answer[key], (*path, key))


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_every_key_that_is_selected_is_answered(world, name):
    text = with_ids(DOCUMENTS[name], world.ids)
    answer = await world.answer(text)

    assert "errors" not in answer
    assert all(answer["data"].values()), "the question has an answer in this world"
    (operation,) = parse(text).definitions
    assert list(missing_keys(operation.selection_set, answer["data"])) == []


@pytest.mark.parametrize("name", NOTHING_FOUND)
async def test_a_question_without_an_answer_is_answered_by_nothing(world, name):
    text, expected = NOTHING_FOUND[name]
    assert (await world.answer(with_ids(text, world.ids)))["data"] == expected
