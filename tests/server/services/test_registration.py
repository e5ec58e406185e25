"""Flows: registered, numbered, delivered twice, archived."""

from __future__ import annotations

from typing import Any

import pytest

from tests.server.installation import Client, Refusal, flow, hourly, parameter


async def versions(api: Client) -> list[tuple[int, bool]]:
    found = await api.ask("query { flow(order_by: {version: asc}) { version archived } }")
    return [(one["version"], one["archived"]) for one in found["flow"]]


async def test_a_flow_with_its_tasks_and_edges(api: Client) -> None:
    flow_id = await api.flow()
    found = await api.ask(
        f"""query {{ flow_by_pk(id: "{flow_id}") {{
            name version archived core_version settings flow_group {{ settings }}
            tasks(order_by: {{slug: asc}}) {{ slug max_retries retry_delay trigger tenant_id }}
            edges {{ key upstream_task {{ slug }} downstream_task {{ slug }} }}
        }} }}"""
    )
    stored = found["flow_by_pk"]
    assert (stored["name"], stored["version"], stored["archived"]) == ("nightly", 1, False)
    assert stored["tasks"] == [
        {
            "slug": "extract-1",
            "max_retries": 2,
            "retry_delay": "00:01:00",
            "trigger": None,
            "tenant_id": api.tenant_id,
        },
        {
            "slug": "load-1",
            "max_retries": None,
            "retry_delay": None,
            "trigger": "all_successful",
            "tenant_id": api.tenant_id,
        },
    ]
    assert stored["edges"] == [
        {
            "key": "rows",
            "upstream_task": {"slug": "extract-1"},
            "downstream_task": {"slug": "load-1"},
        }
    ]
    assert stored["settings"] == {
        "heartbeat_enabled": True,
        "lazarus_enabled": True,
        "version_locking_enabled": False,
    }


async def test_the_next_version_archives_the_one_before(api: Client) -> None:
    project = await api.project()
    await api.register(flow(), project)
    await api.register(flow(), project)
    assert await versions(api) == [(1, True), (2, False)]
    groups = await api.ask("query { flow_group { id flows { id } } }")
    assert [len(group["flows"]) for group in groups["flow_group"]] == [2]


async def test_names_are_versioned_within_their_project(api: Client) -> None:
    await api.register(flow(), await api.project("One"))
    await api.register(flow(), await api.project("Two"))
    assert await versions(api) == [(1, False), (1, False)]


async def test_the_latest_key_registers_nothing_new(api: Client) -> None:
    project = await api.project()
    first = await api.register(flow(), project, idempotency_key="a")
    assert await api.register(flow(), project, idempotency_key="a") == first
    second = await api.register(flow(), project, idempotency_key="b")
    assert second != first
    third = await api.register(flow(), project, idempotency_key="a")
    assert third not in (first, second)
    assert await versions(api) == [(1, True), (2, True), (3, False)]


async def test_another_key_is_another_registration(api: Client) -> None:
    """A flow that is sent without its tasks may be one that is sent again, but not with a key of
    its own."""
    project, empty = await api.project(), flow(tasks=[], edges=[])
    keys = (None, None, "a", "a", "b", None, None)
    made = [await api.register(empty, project, idempotency_key=key) for key in keys]
    assert [made.index(id) for id in made] == [0, 0, 2, 2, 4, 5, 5]


async def test_tasks_and_edges_that_follow_in_batches(api: Client) -> None:
    """`flow.register` sends an empty flow, then its tasks and edges, all of it perhaps twice."""
    whole = flow()
    empty = flow(tasks=[], edges=[])
    flow_id = await api.register(empty, await api.project(), schedule_on=False)
    for _ in range(2):
        for tasks in (whole["tasks"], []):
            await api.do("register_tasks", flow_id=flow_id, serialized_tasks=tasks)
        for edges in (whole["edges"], []):
            await api.do("register_edges", flow_id=flow_id, serialized_edges=edges)
        assert await api.do("set_schedule_active", flow_id=flow_id) == {"success": False}
    found = await api.ask(
        f'query {{ flow_by_pk(id: "{flow_id}") {{ serialized_flow tasks {{ slug tenant_id }}'
        " edges { key } } }"
    )
    stored = found["flow_by_pk"]
    assert sorted(task["slug"] for task in stored["tasks"]) == ["extract-1", "load-1"]
    assert {task["tenant_id"] for task in stored["tasks"]} == {api.tenant_id}
    assert stored["edges"] == [{"key": "rows"}]
    assert [task["slug"] for task in stored["serialized_flow"]["tasks"]] == ["extract-1", "load-1"]


async def test_a_flow_that_is_sent_again_before_its_tasks_is_the_same_version(
    api: Client,
) -> None:
    """The answer with the flow's id was lost: without it the client cannot have gone on."""
    project = await api.project()
    empty = flow(tasks=[], edges=[])
    flow_id = await api.register(empty, project)
    assert await api.register(empty, project) == flow_id
    await api.do("register_tasks", flow_id=flow_id, serialized_tasks=flow()["tasks"])
    assert await api.register(empty, project) != flow_id
    assert await versions(api) == [(1, True), (2, False)]


async def test_edges_between_strangers_are_refused(api: Client) -> None:
    flow_id = await api.flow()
    edge = {"upstream_task": {"slug": "nobody"}, "downstream_task": {"slug": "load-1"}}
    with pytest.raises(Refusal, match="Edges could not be registered"):
        await api.do("register_edges", flow_id=flow_id, serialized_edges=[edge])


async def test_a_flow_with_a_bad_edge_leaves_nothing_behind(api: Client) -> None:
    edge = {"upstream_task": {"slug": "nobody"}, "downstream_task": {"slug": "load-1"}}
    with pytest.raises(Refusal):
        await api.flow(edges=[edge])
    found = await api.ask("query { flow { id } flow_group { id } task { id } }")
    assert found == {"flow": [], "flow_group": [], "task": []}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"tasks": []}, "{'name': ['Missing data for required field.']}"),
        ([1], "{'_schema': ['Invalid input type.']}"),
        (flow(tasks=[{"name": "x"}]), "{'slug': ['Missing data for required field.']}"),
        (
            flow(__version__="0.5.3"),
            "Prefect backends require new flows to be built with Prefect 0.6.1+, but this flow was"
            " built with Prefect 0.5.3.",
        ),
    ],
)
async def test_what_is_no_flow_is_refused(api: Client, document: Any, message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        await api.register(document, await api.project())
    assert refusal.value.message == message


@pytest.mark.parametrize("text", ["", "nonsense", "H4sIAAAAAAAA"])
async def test_what_cannot_be_unpacked_is_refused(api: Client, text: str) -> None:
    project = await api.project()
    with pytest.raises(Refusal, match="Unable to decompress serialized flow"):
        await api.do(
            "create_flow_from_compressed_string", "id", project_id=project, serialized_flow=text
        )


async def test_a_flow_needs_a_project(api: Client) -> None:
    with pytest.raises(Refusal, match="Invalid project"):
        await api.register(flow(), "00000000-0000-4000-8000-000000000000")


async def test_archiving_leaves_history_and_takes_back_what_is_planned(api: Client) -> None:
    flow_id = await api.flow(schedule=hourly())
    finished, running, waiting = [await api.run(flow_id) for _ in range(3)]
    await api.set_flow_run(finished, "Success")
    await api.set_flow_run(running, "Running")
    done = await api.do("archive_flow", "id success", flow_id=flow_id)
    assert done == {"id": flow_id, "success": True}
    found = await api.ask(
        f'query {{ flow_by_pk(id: "{flow_id}") {{ archived is_schedule_active flow_runs {{ id state'
        " state_message } } }"
    )
    stored = found["flow_by_pk"]
    assert (stored["archived"], stored["is_schedule_active"]) == (True, False)
    assert {one["id"]: one["state"] for one in stored["flow_runs"]} == {
        finished: "Success",
        running: "Running",
        waiting: "Cancelled",
    }
    assert f"Flow {flow_id} was archived." in {one["state_message"] for one in stored["flow_runs"]}
    with pytest.raises(Refusal, match=f"Flow {flow_id} is archived."):
        await api.run(flow_id)


async def test_archiving_what_is_not_there(api: Client) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    done = await api.do("archive_flow", "id success", flow_id=missing)
    assert done == {"id": None, "success": False}


@pytest.mark.parametrize(
    ("mutation", "setting"),
    [
        ("flow_heartbeat", "heartbeat_enabled"),
        ("flow_lazarus_process", "lazarus_enabled"),
        ("flow_version_lock", "version_locking_enabled"),
    ],
)
async def test_safeguards_hold_for_all_versions(api: Client, mutation: str, setting: str) -> None:
    """They belong to the group, and are read from the flow by flow processes."""
    project = await api.project()
    flow_id = await api.register(flow(), project)
    for word, value in (("enable", True), ("disable", False)):
        await api.do(f"{word}_{mutation}", flow_id=flow_id)
        found = await api.ask("query { flow { settings } flow_group { settings } }")
        assert found["flow_group"][0]["settings"][setting] is value
        assert found["flow"][0]["settings"][setting] is value
    await api.register(flow(), project)
    found = await api.ask("query { flow { settings } }")
    assert [one["settings"][setting] for one in found["flow"]] == [False, False]


async def test_a_group_s_defaults_reach_its_runs(api: Client) -> None:
    flow_id = await api.flow(parameters=[parameter("rows", required=True)])
    found = await api.ask(f'query {{ flow_by_pk(id: "{flow_id}") {{ flow_group_id }} }}')
    group = found["flow_by_pk"]["flow_group_id"]
    await api.do("set_flow_group_default_parameters", flow_group_id=group, parameters={"rows": 9})
    await api.do("set_flow_group_labels", flow_group_id=group, labels=["b", "a", "b"])
    run = await api.run(flow_id)
    assert await api.flow_run(run, "parameters labels") == {
        "parameters": {"rows": 9},
        "labels": ["a", "b"],
    }


async def test_deleting_a_project_deletes_its_flows_and_runs(api: Client) -> None:
    project = await api.project()
    await api.run(await api.register(flow(), project))
    assert await api.do("delete_project", project_id=project) == {"success": True}
    assert await api.do("delete_project", project_id=project) == {"success": False}
    found = await api.ask("query { flow { id } flow_run { id } task_run { id } }")
    assert found == {"flow": [], "flow_run": [], "task_run": []}
