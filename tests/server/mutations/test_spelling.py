"""Mutations in both spellings, with inputs in all the forms that clients use."""

from __future__ import annotations

import json

import pytest
from graphql import GraphQLInputObjectType, GraphQLNonNull, validate_schema

from flowtui.server.mutations import MUTATIONS
from flowtui.server.mutations.aliases import camel
from flowtui.server.schema import served_schema
from tests.server.installation import Client, Refusal, flow

_NAMES = """
create_tenant delete_tenant update_tenant_name update_tenant_slug update_tenant_settings
create_project delete_project set_project_name set_project_description create_flow
create_flow_from_compressed_string register_tasks register_edges delete_flow archive_flow
update_flow_project enable_flow_heartbeat disable_flow_heartbeat enable_flow_lazarus_process
disable_flow_lazarus_process enable_flow_version_lock disable_flow_version_lock
set_schedule_active set_schedule_inactive set_flow_group_schedule delete_flow_group_schedule
set_flow_group_default_parameters set_flow_group_labels set_flow_group_run_config
set_flow_group_description delete_flow_group create_flow_run delete_flow_run set_flow_run_name
set_flow_run_labels cancel_flow_run get_runs_in_queue update_flow_run_heartbeat
get_or_create_task_run get_or_create_task_run_info set_task_run_name update_task_run_heartbeat
set_flow_run_state set_task_run_state set_flow_run_states set_task_run_states write_run_logs
create_task_run_artifact update_task_run_artifact delete_task_run_artifact register_agent
delete_agent create_agent_config update_agent_config delete_agent_config
pause_tenant_work_queue resume_tenant_work_queue
update_flow_concurrency_limit delete_flow_concurrency_limit
update_task_concurrency_limit delete_task_concurrency_limit
update_task_tag_limit delete_task_tag_limit
create_api_key delete_api_key
create_cloud_hook delete_cloud_hook set_cloud_hook_active set_cloud_hook_inactive test_cloud_hook
mark_message_as_read mark_message_as_unread delete_message
"""

EXPECTED = set(_NAMES.split())


def test_the_list_of_mutations_is_complete() -> None:
    assert set(MUTATIONS) == EXPECTED
    mutation_type = served_schema().mutation_type
    assert mutation_type is not None
    assert set(mutation_type.fields) == EXPECTED | {camel(name) for name in EXPECTED}


def test_the_schema_is_valid() -> None:
    assert validate_schema(served_schema()) == []


def test_every_mutation_takes_one_input_named_after_it() -> None:
    mutation_type = served_schema().mutation_type
    assert mutation_type is not None
    for name in EXPECTED:
        for spelled, expected in ((name, f"{name}_input"), (camel(name), f"{camel(name)}Input")):
            (argument,) = mutation_type.fields[spelled].args.values()
            assert isinstance(argument.type, GraphQLNonNull)
            assert isinstance(argument.type.of_type, GraphQLInputObjectType)
            assert argument.type.of_type.name == expected


async def test_the_camel_case_of_older_documents(api: Client) -> None:
    flow_id = await api.flow()
    made = await api.ask(
        f'mutation {{ createFlowRun(input: {{ flowId: "{flow_id}", idempotencyKey: "any-key",'
        ' scheduledStartTime: "2021-05-07 18:00:00" }) { id } }'
    )
    run = made["createFlowRun"]["id"]
    assert await api.run(flow_id, idempotency_key="any-key") == run
    await api.ask(
        f'mutation($state: JSON!) {{ setFlowRunState(input: {{flowRunId: "{run}", version: 1,'
        " state: $state}) { id } }",
        state={"type": "Running"},
    )
    assert await api.flow_run(run) == {"state": "Running", "version": 2}


async def test_camel_case_reaches_into_lists(api: Client) -> None:
    run = await api.run(await api.flow())
    await api.ask(
        "mutation($input: setFlowRunStatesInput!) { setFlowRunStates(input: $input)"
        " { states { id } } }",
        input={"states": [{"flowRunId": run, "state": {"type": "Running"}}]},
    )
    assert (await api.flow_run(run))["state"] == "Running"


async def test_json_in_a_literal_is_a_text(api: Client) -> None:
    flow_id = await api.flow()
    parameters = json.dumps(json.dumps({"rows": [1, None]}))
    made = await api.ask(
        f'mutation {{ create_flow_run(input: {{flow_id: "{flow_id}", parameters: {parameters}}})'
        " { id } }"
    )
    run = made["create_flow_run"]["id"]
    assert (await api.flow_run(run, "parameters"))["parameters"] == {"rows": [1, None]}


async def test_a_variable_within_a_document(api: Client) -> None:
    """One that is left out is not there; null is."""
    document = (
        "mutation ($flow: UUID, $there: Int, $none: String, $missing: String) {"
        " create_flow_run(input: {flow_id: $flow, parameters: {there: $there, none: $none,"
        " missing: $missing, list: [$there, $missing]}}) { id } }"
    )
    given = {"flow": await api.flow(), "there": 1, "none": None}
    run = (await api.ask(document, **given))["create_flow_run"]["id"]
    assert (await api.flow_run(run, "parameters"))["parameters"] == {
        "there": 1,
        "none": None,
        "list": [1, None],
    }


@pytest.mark.parametrize(
    ("literals", "message"),
    [
        ('flow_id: "zzz"', "Could not parse UUID: zzz"),
        ('scheduled_start_time: "whenever"', "Could not parse DateTime: whenever"),
        ('parameters: "{a: 2}"', "Could not parse JSON: {a: 2}"),
    ],
)
async def test_a_value_that_cannot_be_read_fails_its_field_only(
    api: Client, literals: str, message: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        await api.ask(f"mutation {{ create_flow_run(input: {{{literals}}}) {{ id }} }}")
    assert (refusal.value.status, refusal.value.message) == (200, message)
    assert refusal.value.answer["data"] == {"create_flow_run": None}
    assert refusal.value.error["path"] == ["create_flow_run"]


async def test_ids_in_any_spelling(api: Client) -> None:
    flow_id = await api.flow()
    run = await api.run(flow_id.replace("-", "").upper())
    assert (await api.flow_run(run, "flow_id"))["flow_id"] == flow_id


async def test_one_bad_field_leaves_its_neighbours(api: Client) -> None:
    project = await api.project()
    document = f"""mutation {{
        first: set_project_name(input: {{project_id: "{project}", name: "One"}}) {{ id }}
        second: cancel_flow_run(input: {{flow_run_id: "zzz"}}) {{ state }}
        third: set_project_description(input: {{project_id: "{project}", description: "d"}}) {{
            id
        }}
    }}"""
    answer = (await api.post(document)).json()
    assert answer["data"] == {"first": {"id": project}, "second": None, "third": {"id": project}}
    found = await api.ask("query { project { name description } }")
    assert found["project"] == [{"name": "One", "description": "d"}]


async def test_tenants(api: Client) -> None:
    made = await api.do("create_tenant", "id", name="Ops", slug="ops")
    with pytest.raises(Refusal, match="Uniqueness violation"):
        await api.do("create_tenant", "id", name="Ops", slug="ops")
    with pytest.raises(Refusal, match="Slug must be"):
        await api.do("create_tenant", "id", name="Ops", slug="Our Ops")
    await api.do("update_tenant_settings", "id", tenant_id=made["id"], settings={"a": 1})
    await api.do("update_tenant_settings", "id", tenant_id=made["id"], settings={"b": 2})
    found = await api.ask('query { tenant(where: {slug: {_eq: "ops"}}) { name settings } }')
    assert found["tenant"] == [{"name": "Ops", "settings": {"a": 1, "b": 2}}]
    with pytest.raises(Refusal, match="Must pass `confirm=True` to proceed"):
        await api.do("delete_tenant", tenant_id=made["id"], confirm=False)
    gone = await api.do("delete_tenant", tenant_id=made["id"], confirm=True)
    assert gone == {"success": True}


async def test_projects(api: Client) -> None:
    project = await api.project("Reports")
    with pytest.raises(Refusal) as refusal:
        await api.project("Reports")
    # The client looks for exactly this text, and then looks the project up.
    assert refusal.value.message == "Uniqueness violation."
    with pytest.raises(Refusal, match="Update failed"):
        await api.do(
            "set_project_name", "id", project_id="00000000-0000-4000-8000-000000000000", name="x"
        )
    with pytest.raises(Refusal, match="'description'"):
        await api.do("set_project_description", "id", project_id=project)


async def test_a_flow_moves_within_its_tenant(api: Client) -> None:
    flow_id = await api.register(flow(), await api.project("One"))
    other = await api.project("Two")
    await api.do("update_flow_project", "id", flow_id=flow_id, project_id=other)
    found = await api.ask(f'query {{ flow_by_pk(id: "{flow_id}") {{ project {{ name }} }} }}')
    assert found["flow_by_pk"]["project"] == {"name": "Two"}


async def test_agents_and_their_settings(api: Client) -> None:
    config = await api.do(
        "create_agent_config", "id", tenant_id=api.tenant_id, name="gpu", settings={"a": 1}
    )
    await api.do("update_agent_config", agent_config_id=config["id"], settings={"a": 2})
    agent = await api.do(
        "register_agent",
        "id",
        tenant_id=api.tenant_id,
        type="LocalAgent",
        agent_config_id=config["id"],
    )
    found = await api.ask("query { agent { core_version agent_config { name settings } } }")
    assert found["agent"] == [
        {"core_version": "1.4.1", "agent_config": {"name": "gpu", "settings": {"a": 2}}}
    ]
    await api.do("delete_agent_config", agent_config_id=config["id"])
    found = await api.ask("query { agent { id agent_config_id } }")
    assert found["agent"] == [{"id": agent["id"], "agent_config_id": None}]
    assert await api.do("delete_agent", agent_id=agent["id"]) == {"success": True}
    assert await api.do("delete_agent", agent_id=agent["id"]) == {"success": False}
