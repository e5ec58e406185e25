"""Flow runs: what they are made with, where agents find them, and how they are kept alive."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flowtui.server.services.words import ADJECTIVES, NOUNS
from tests.server.installation import Client, Refusal, SetClock, flow, parameter


async def test_a_run_has_a_task_run_for_every_task(api: Client) -> None:
    """Without them, every task of the flow process fails."""
    run = await api.run(await api.flow())
    task_runs = await api.task_runs(run, "state version map_index serialized_state tenant_id")
    assert [one["task"]["slug"] for one in task_runs] == ["extract-1", "load-1"]
    for one in task_runs:
        assert (one["state"], one["version"], one["map_index"]) == ("Pending", 1, -1)
        assert one["serialized_state"] == {"type": "Pending", "message": "Task run created"}
        assert one["tenant_id"] == api.tenant_id
    states = await api.ask("query { task_run_state { state version } }")
    assert states["task_run_state"] == [{"state": "Pending", "version": 1}] * 2


async def test_nobody_s_name_is_two_words(api: Client) -> None:
    run = await api.run(await api.flow())
    first, second = (await api.flow_run(run, "name"))["name"].split("-")
    assert first in ADJECTIVES
    assert second in NOUNS


def test_words_are_said_once() -> None:
    assert len(set(ADJECTIVES)) == len(ADJECTIVES)
    assert len(set(NOUNS)) == len(NOUNS)


async def test_what_was_asked_for_is_kept(api: Client) -> None:
    run = await api.run(
        await api.flow(),
        flow_run_name="by hand",
        context={"x": 1},
        scheduled_start_time="2021-05-08 06:00:00",
    )
    assert await api.flow_run(
        run, "name context scheduled_start_time state_start_time auto_scheduled state_message"
    ) == {
        "name": "by hand",
        "context": {"x": 1},
        "scheduled_start_time": "2021-05-08T06:00:00+00:00",
        "state_start_time": "2021-05-08T06:00:00+00:00",
        "auto_scheduled": False,
        "state_message": "Flow run scheduled.",
    }


async def test_the_same_key_is_the_same_run(api: Client) -> None:
    flow_id = await api.flow()
    runs = await asyncio.gather(*(api.run(flow_id, idempotency_key="k") for _ in range(10)))
    assert len(set(runs)) == 1
    assert len(await api.task_runs(runs[0])) == 2
    assert await api.run(flow_id, idempotency_key="other") != runs[0]
    assert await api.run(await api.flow(name="other"), idempotency_key="k") != runs[0]


async def test_parameters_from_flow_group_and_caller(api: Client) -> None:
    declared = [
        parameter("day", "today"),
        parameter("rows", 10),
        parameter("empty", 0),
        parameter("path", required=True),
    ]
    flow_id = await api.flow(parameters=declared)
    with pytest.raises(Refusal) as refusal:
        await api.run(flow_id)
    assert refusal.value.message == "Required parameters were not supplied: {'path'}"
    run = await api.run(flow_id, parameters={"path": "/x", "rows": 0, "more": [1]})
    # The empty default stays with the flow's own code, as on the real server.
    assert (await api.flow_run(run, "parameters"))["parameters"] == {
        "day": "today",
        "rows": 0,
        "path": "/x",
        "more": [1],
    }


LABELLED = {"type": "LocalRun", "labels": ["z", "flow"]}


@pytest.mark.parametrize(
    ("group_labels", "given", "labels"),
    [
        (None, {}, ["flow", "z"]),
        (["group"], {}, ["group"]),
        ([], {}, []),
        (["group"], {"run_config": {"type": "LocalRun", "labels": ["config"]}}, ["config"]),
        (["group"], {"run_config": {"type": "LocalRun"}}, []),
        (["group"], {"labels": ["b", "a"], "run_config": LABELLED}, ["a", "b"]),
        (["group"], {"labels": []}, []),
    ],
)
async def test_labels_come_from_the_first_who_says_something(
    api: Client, group_labels: Any, given: Any, labels: list[str]
) -> None:
    flow_id = await api.flow(run_config=LABELLED)
    found = await api.ask("query { flow_group { id } }")
    await api.do(
        "set_flow_group_labels", flow_group_id=found["flow_group"][0]["id"], labels=group_labels
    )
    run = await api.run(flow_id, **given)
    assert (await api.flow_run(run, "labels"))["labels"] == labels


async def test_a_group_stands_for_its_newest_version(api: Client) -> None:
    project = await api.project()
    await api.register(flow(), project)
    newest = await api.register(flow(), project)
    found = await api.ask("query { flow_group { id name } }")
    group = found["flow_group"][0]
    for named in ({"flow_group_id": group["id"]}, {"version_group_id": group["name"]}):
        made = await api.do("create_flow_run", "id", **named)
        assert (await api.flow_run(made["id"], "flow_id"))["flow_id"] == newest


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({}, "A flow id or version group ID must be provided."),
        (
            {"flow_id": "00000000-0000-4000-8000-000000000000"},
            "Flow 00000000-0000-4000-8000-000000000000 not found",
        ),
        ({"version_group_id": "x"}, "Version group x has no unarchived flows."),
        ({"flow_id": "x"}, "Could not parse UUID: x"),
    ],
)
async def test_a_run_needs_a_flow(api: Client, named: dict[str, str], message: str) -> None:
    with pytest.raises(Refusal) as refusal:
        await api.do("create_flow_run", "id", **named)
    assert refusal.value.message == message


# The queue


async def test_labels_decide_who_gets_a_run(api: Client) -> None:
    flow_id = await api.flow()
    bare = await api.run(flow_id, labels=[])
    one = await api.run(flow_id, labels=["gpu"])
    two = await api.run(flow_id, labels=["gpu", "big"])
    assert await api.queue() == [bare]
    assert await api.queue("gpu") == [one]
    assert sorted(await api.queue("gpu", "big", "prod")) == sorted([one, two])
    assert await api.queue("prod") == []


async def test_only_what_is_due_is_in_the_queue_the_longest_due_first(
    api: Client, clock: SetClock
) -> None:
    flow_id = await api.flow()
    later = await api.run(flow_id, scheduled_start_time="2021-05-07T12:00:05+00:00")
    now = await api.run(flow_id)
    await api.run(flow_id, scheduled_start_time="2021-05-07T13:00:00+00:00")
    assert await api.queue() == [now]
    assert await api.queue(before="2021-05-07T12:00:10+00:00") == [now, later]
    await api.set_flow_run(now, "Submitted")
    clock.advance(seconds=5)
    assert await api.queue() == [later]


async def test_a_paused_run_waits_for_somebody(api: Client) -> None:
    run = await api.run(await api.flow())
    await api.set_flow_run(run, "Paused")
    assert await api.queue() == []
    await api.set_flow_run(run, "Resume")
    assert await api.queue() == [run]


async def test_a_running_run_with_a_task_that_is_due_again(api: Client, clock: SetClock) -> None:
    run = await api.run(await api.flow())
    await api.set_flow_run(run, "Running")
    task_run = (await api.task_runs(run))[0]["id"]
    retry = {"type": "Retrying", "start_time": "2021-05-07T12:15:00+00:00", "run_count": 2}
    await api.set_task_run(task_run, retry)
    assert await api.queue() == []
    clock.advance(minutes=15)
    assert await api.queue() == [run]


async def test_runs_nobody_takes_do_not_hide_the_others(api: Client) -> None:
    flow_id = await api.flow()
    for _ in range(80):
        await api.run(flow_id, labels=["gone"])
    mine = await api.run(flow_id, labels=["here"])
    assert await api.queue("here") == [mine]
    assert len(await api.queue("gone")) == 25


async def test_asking_is_a_sign_of_life(api: Client, clock: SetClock) -> None:
    agent = await api.do("register_agent", "id", type="LocalAgent", tenant_id=api.tenant_id)
    api.headers["X-PREFECT-AGENT-ID"] = agent["id"]
    clock.advance(minutes=5)
    await api.queue()
    found = await api.ask("query { agent { id last_queried } }")
    assert found["agent"] == [{**agent, "last_queried": "2021-05-07T12:05:00+00:00"}]


async def test_a_stranger_s_id_does_not_close_the_queue(api: Client) -> None:
    run = await api.run(await api.flow())
    api.headers["X-PREFECT-AGENT-ID"] = "not an id"
    assert await api.queue() == [run]


# Agents


async def test_an_agent_is_known_again(api: Client) -> None:
    async def register(**traits: Any) -> str:
        made = await api.do(
            "register_agent", "id", tenant_id=api.tenant_id, type="LocalAgent", **traits
        )
        return str(made["id"])

    first = await register(name="agent", labels=["b", "a"])
    assert await register(name="agent", labels=["a", "b"]) == first
    others = [await register(name="agent"), await register(labels=["a", "b"]), await register()]
    assert len({first, *others}) == 4


async def test_an_agent_needs_a_tenant(api: Client) -> None:
    with pytest.raises(Refusal, match="No tenant found"):
        await api.do("register_agent", "id", type="LocalAgent")


# While it runs


async def test_heartbeats(api: Client, clock: SetClock) -> None:
    run = await api.run(await api.flow())
    task_run = (await api.task_runs(run))[0]["id"]
    clock.advance(seconds=30)
    await api.ask(
        f'mutation {{ update_flow_run_heartbeat(input: {{flow_run_id: "{run}"}}) {{ success }} }}'
    )
    await api.do("update_task_run_heartbeat", task_run_id=task_run)
    assert (await api.flow_run(run, "heartbeat"))["heartbeat"] == "2021-05-07T12:00:30+00:00"
    assert (await api.task_runs(run, "heartbeat"))[0]["heartbeat"] == "2021-05-07T12:00:30+00:00"


async def test_a_heartbeat_of_nobody_is_no_failure(api: Client) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    assert await api.do("update_flow_run_heartbeat", flow_run_id=missing) == {"success": True}


async def test_names_and_labels_by_hand(api: Client) -> None:
    run = await api.run(await api.flow())
    await api.do("set_flow_run_name", flow_run_id=run, name="mine")
    await api.do("set_flow_run_labels", flow_run_id=run, labels=["b", "a"])
    assert await api.flow_run(run, "name labels") == {"name": "mine", "labels": ["a", "b"]}
    with pytest.raises(Refusal, match="Invalid name"):
        await api.do("set_flow_run_name", flow_run_id=run, name="")


# Task runs of mapped tasks


INFO = "get_or_create_task_run_info"


async def test_twenty_ask_for_one_task_run_and_get_one(api: Client) -> None:
    flow_id = await api.flow()
    run = await api.run(flow_id)
    found = await api.ask('query { task(where: {slug: {_eq: "load-1"}}) { id } }')
    task = found["task"][0]["id"]

    async def ask() -> dict[str, Any]:
        document = (
            f'mutation {{ {INFO}(input: {{flow_run_id: "{run}", task_id: "{task}", map_index: 3}})'
            " { id version state serialized_state } }"
        )
        info: dict[str, Any] = (await api.ask(document))[INFO]
        return info

    infos = await asyncio.gather(*(ask() for _ in range(20)))
    assert len({info["id"] for info in infos}) == 1
    assert {(info["version"], info["state"]) for info in infos} == {(1, "Pending")}
    states = await api.ask(
        f'query {{ task_run_state(where: {{task_run_id: {{_eq: "{infos[0]["id"]}"}}}})'
        " { state } }"
    )
    assert states["task_run_state"] == [{"state": "Pending"}]


async def test_an_unmapped_task_run_is_the_one_that_is_there(api: Client) -> None:
    run = await api.run(await api.flow())
    first = (await api.task_runs(run, "id task_id"))[0]
    info = await api.do(INFO, "id", flow_run_id=run, task_id=first["task_id"], map_index=-1)
    assert info["id"] == first["id"]


async def test_task_runs_of_nothing(api: Client) -> None:
    run = await api.run(await api.flow())
    missing = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(Refusal, match="Invalid task ID"):
        await api.do(INFO, "id", flow_run_id=run, task_id=missing)
    with pytest.raises(Refusal, match="Invalid ID"):
        await api.do("get_or_create_task_run", "id", flow_run_id=run, task_id=missing)


async def test_children_of_a_mapped_task_taken_together(api: Client, clock: SetClock) -> None:
    run = await api.run(await api.flow())
    await api.set_flow_run(run, "Running")
    parent = (await api.task_runs(run, "id task_id"))[0]
    for index, last in enumerate(("Success", "Success", "Failed", None)):
        child = await api.do(
            INFO, "id", flow_run_id=run, task_id=parent["task_id"], map_index=index
        )
        for state in ("Running", last):
            clock.advance(seconds=10)
            if state:
                await api.set_task_run(child["id"], state)
    found = await api.ask(
        f'query {{ mapped_children(task_run_id: "{parent["id"]}")'
        " { min_start_time max_end_time state_counts } }"
    )
    assert found["mapped_children"] == {
        "min_start_time": "2021-05-07T12:00:10.000000+00:00",
        "max_end_time": "2021-05-07T12:01:00.000000+00:00",
        "state_counts": {"Success": 2, "Failed": 1, "Running": 1},
    }


# Artifacts


async def test_artifacts(api: Client) -> None:
    run = await api.run(await api.flow())
    task_run = (await api.task_runs(run))[0]["id"]
    said = {"task_run_id": task_run, "kind": "link", "data": {"link": "http://example.com"}}
    made = await api.do("create_task_run_artifact", "id", **said, tenant_id=None)
    assert await api.do("create_task_run_artifact", "id", **said) == made
    await api.do("update_task_run_artifact", task_run_artifact_id=made["id"], data={"link": "x"})
    found = await api.ask("query { task_run_artifact { id kind data tenant_id } }")
    assert found["task_run_artifact"] == [
        {**made, "kind": "link", "data": {"link": "x"}, "tenant_id": api.tenant_id}
    ]
    gone = await api.do("delete_task_run_artifact", task_run_artifact_id=made["id"])
    assert gone == {"success": True}


async def test_an_artifact_needs_its_task_run(api: Client) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(Refusal, match=f"Task run {missing} not found"):
        await api.do("create_task_run_artifact", "id", task_run_id=missing, kind="link", data={})
