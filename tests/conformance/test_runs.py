"""Making and moving runs: what each mutation takes, does, answers and refuses."""

from __future__ import annotations

import pytest

from tests.server.installation import STATES, Client, Refusal, SetClock, flow, parameter

RUN = "name state version parameters labels context run_config scheduled_start_time"


async def group_id(api: Client, flow_id: str) -> str:
    asked = await api.ask(f'{{ flow_by_pk(id: "{flow_id}") {{ flow_group_id }} }}')
    return str(asked["flow_by_pk"]["flow_group_id"])


async def test_create_flow_run_makes_a_planned_run_with_its_tasks(api: Client) -> None:
    flow_id = await api.flow(parameters=[parameter("n", 5), parameter("empty", 0)])
    run = await api.run(flow_id, parameters={"extra": True}, flow_run_name="rosy-otter")
    made = await api.flow_run(run, RUN + " task_runs { state map_index }")
    assert (made["name"], made["state"], made["version"]) == ("rosy-otter", "Scheduled", 1)
    assert made["parameters"] == {"n": 5, "extra": True}
    assert made["context"] == {}
    assert made["scheduled_start_time"].startswith("2021-05-07T12:00:00")
    assert made["task_runs"] == [{"state": "Pending", "map_index": -1}] * 2


async def test_create_flow_run_finds_its_flow(api: Client, nobody: str) -> None:
    home = await api.project()
    await api.register(flow(), home)
    newest = await api.register(flow(), home)
    asked = await api.ask(f'{{ flow_by_pk(id: "{newest}") {{ version_group_id }} }}')
    given = asked["flow_by_pk"]
    by_group = await api.do("create_flow_run", "id", **given)
    assert (await api.flow_run(by_group["id"], "flow_id"))["flow_id"] == newest
    by_flow_group = await api.do("create_flow_run", "id", flow_group_id=await group_id(api, newest))
    assert (await api.flow_run(by_flow_group["id"], "flow_id"))["flow_id"] == newest
    with pytest.raises(Refusal, match="A flow id or version group ID must be provided"):
        await api.do("create_flow_run", "id")
    with pytest.raises(Refusal, match=f"Flow {nobody} not found"):
        await api.run(nobody)
    with pytest.raises(Refusal, match=f"Version group {nobody} has no unarchived flows"):
        await api.do("create_flow_run", "id", version_group_id=nobody)


async def test_labels_come_from_whoever_says_them_first(api: Client) -> None:
    config = {"type": "LocalRun", "labels": ["of the flow"]}
    flow_id = await api.flow(run_config=config)
    assert (await api.flow_run(await api.run(flow_id), "labels"))["labels"] == ["of the flow"]
    group = await group_id(api, flow_id)
    await api.do("set_flow_group_labels", flow_group_id=group, labels=["of the group"])
    for given, expected in (
        ({}, ["of the group"]),
        ({"run_config": {"type": "LocalRun", "labels": ["given"]}}, ["given"]),
        ({"run_config": {"type": "LocalRun"}}, []),
        ({"labels": ["b", "a"], "run_config": {"labels": ["c"]}}, ["a", "b"]),
        ({"labels": []}, []),
    ):
        run = await api.run(flow_id, **given)
        assert (await api.flow_run(run, "labels"))["labels"] == expected


async def test_parameters_come_from_flow_group_and_caller(api: Client) -> None:
    wanted = [parameter("day", required=True), parameter("size", 10)]
    flow_id = await api.flow(parameters=wanted)
    with pytest.raises(Refusal, match=r"Required parameters were not supplied: \{'day'\}"):
        await api.run(flow_id)
    await api.do(
        "set_flow_group_default_parameters",
        flow_group_id=await group_id(api, flow_id),
        parameters={"day": "today", "size": 20},
    )
    for mistaken in ({"parameters": [20]}, {"context": "today"}):
        with pytest.raises(Refusal, match="must be a JSON object"):
            await api.run(flow_id, **mistaken)
    run = await api.run(flow_id, parameters={"size": 30})
    assert (await api.flow_run(run, RUN))["parameters"] == {"day": "today", "size": 30}


async def test_a_key_makes_one_run_of_a_version(api: Client, clock: SetClock) -> None:
    flow_id = await api.flow()
    first = await api.run(flow_id, idempotency_key="k", parameters={"n": 1})
    clock.advance(days=400)
    assert await api.run(flow_id, idempotency_key="k", parameters={"n": 2}) == first
    assert (await api.flow_run(first, "parameters"))["parameters"] == {"n": 1}
    other = await api.flow(name="other")
    assert await api.run(other, idempotency_key="k") != first
    assert len({await api.run(flow_id) for _ in range(3)}) == 3


async def test_a_run_is_renamed_labelled_and_deleted(api: Client, nobody: str) -> None:
    run = await api.run(await api.flow())
    await api.do("set_flow_run_name", flow_run_id=run, name="second try")
    await api.do("set_flow_run_labels", flow_run_id=run, labels=["b", "a"])
    assert await api.flow_run(run, "name labels") == {"name": "second try", "labels": ["a", "b"]}
    with pytest.raises(Refusal, match="Invalid name"):
        await api.do("set_flow_run_name", flow_run_id=run, name="")
    assert (await api.do("delete_flow_run", flow_run_id=run))["success"] is True
    assert await api.flow_run(run, "id") is None
    assert (await api.do("delete_flow_run", flow_run_id=nobody))["success"] is False


async def test_cancel_flow_run_depends_on_where_it_is(api: Client, nobody: str) -> None:
    flow_id = await api.flow()
    planned, running, over = [await api.run(flow_id) for _ in range(3)]
    await api.set_flow_run(running, "Running")
    await api.set_flow_run(over, "Success")
    for run, expected in (
        (planned, "Cancelled"),
        (running, "Cancelling"),
        (running, "Cancelling"),
        (over, "Success"),
    ):
        answer = await api.do("cancel_flow_run", "state", flow_run_id=run)
        assert answer["state"] == expected
    with pytest.raises(Refusal, match=rf"Invalid flow run ID: {nobody}\."):
        await api.do("cancel_flow_run", "state", flow_run_id=nobody)


async def test_the_queue_gives_runs_by_label_and_time(api: Client, clock: SetClock) -> None:
    flow_id = await api.flow()
    plain = await api.run(flow_id)
    clock.advance(seconds=1)
    labelled = await api.run(flow_id, labels=["gpu"])
    both = await api.run(flow_id, labels=["gpu", "big"])
    later = (clock.now.replace(hour=20)).isoformat()
    await api.run(flow_id, scheduled_start_time=later)
    asked = {"tenant_id": api.tenant_id, "before": clock.now.isoformat()}
    found = await api.do("get_runs_in_queue", "flow_run_ids", **asked)
    assert found["flow_run_ids"] == [plain]
    assert set(await api.queue("gpu")) == {labelled}
    assert set(await api.queue("gpu", "big", "more")) == {labelled, both}
    assert len(await api.queue(before=later)) == 2
    # Being handed out changes nothing.
    assert await api.queue() == [plain]


async def test_heartbeats_are_always_welcome(api: Client, nobody: str, clock: SetClock) -> None:
    run = await api.run(await api.flow())
    (task_run, *_) = await api.task_runs(run)
    for mutation, given in (
        ("update_flow_run_heartbeat", {"flow_run_id": run}),
        ("update_flow_run_heartbeat", {"flow_run_id": nobody}),
        ("update_task_run_heartbeat", {"task_run_id": task_run["id"]}),
        ("update_task_run_heartbeat", {"task_run_id": nobody}),
    ):
        assert (await api.do(mutation, **given))["success"] is True
    assert (await api.flow_run(run, "heartbeat"))["heartbeat"].startswith("2021-05-07T12:00:00")


async def test_a_task_run_is_found_or_made(api: Client, nobody: str) -> None:
    run = await api.run(await api.flow())
    asked = await api.flow_run(run, "task_runs { id task_id map_index }")
    known = asked["task_runs"][0]
    given = {"flow_run_id": run, "task_id": known["task_id"]}
    again = await api.do("get_or_create_task_run", "id", **given)
    assert again["id"] == known["id"]
    child = await api.do(
        "get_or_create_task_run_info", "id version state serialized_state", **given, map_index=3
    )
    assert (child["version"], child["state"]) == (1, "Pending")
    assert child["serialized_state"]["type"] == "Pending"
    second = await api.do("get_or_create_task_run_info", "id version", **given, map_index=3)
    assert second == {"id": child["id"], "version": 1}
    with pytest.raises(Refusal, match="Invalid"):
        await api.do("get_or_create_task_run", "id", flow_run_id=run, task_id=nobody)
    with pytest.raises(Refusal, match=r"Invalid task ID"):
        await api.do("get_or_create_task_run_info", "id", flow_run_id=run, task_id=nobody)


async def test_a_task_run_is_named(api: Client) -> None:
    run = await api.run(await api.flow())
    (task_run, *_) = await api.task_runs(run)
    await api.do("set_task_run_name", task_run_id=task_run["id"], name="part 1 of 3")
    (named, *_) = await api.task_runs(run, "name")
    assert named["name"] == "part 1 of 3"


async def test_states_are_set_in_batches(api: Client) -> None:
    flow_id = await api.flow()
    runs = [await api.run(flow_id) for _ in range(2)]
    states = [{"flow_run_id": run, "state": {"type": "Running"}, "version": 7} for run in runs]
    answer = await api.do("set_flow_run_states", STATES, states=states)
    assert [(one["status"], one["message"]) for one in answer["states"]] == [("SUCCESS", None)] * 2
    (task_run, *_) = await api.task_runs(runs[0])
    change = {
        "task_run_id": task_run["id"],
        "state": {"type": "Running", "message": "Starting task run."},
        "version": task_run["version"],
        "flow_run_version": 2,
    }
    answer = await api.do("set_task_run_states", STATES, states=[change])
    assert answer["states"][0]["status"] == "SUCCESS"
    (task_run, *_) = await api.task_runs(runs[0], "state version state_message")
    assert (task_run["state"], task_run["version"]) == ("Running", 2)
    assert task_run["state_message"] == "Starting task run."


async def test_one_state_is_set_for_the_version_that_was_seen(api: Client) -> None:
    run = await api.run(await api.flow())
    given = {"flow_run_id": run, "state": {"type": "Running"}}
    answer = await api.do("set_flow_run_state", "id", **given, version=1)
    assert answer["id"] == run
    with pytest.raises(Refusal) as refused:
        await api.do(
            "set_flow_run_state", "id", **{**given, "state": {"type": "Failed"}}, version=1
        )
    assert refused.value.code == "VERSION_LOCKING_ERROR"
    assert await api.flow_run(run) == {"state": "Running", "version": 2}
    (task_run, *_) = await api.task_runs(run)
    change = {"task_run_id": task_run["id"], "state": {"type": "Running"}}
    assert (await api.do("set_task_run_state", "id", **change, version=1))["id"] == task_run["id"]
    with pytest.raises(Refusal):
        await api.do("set_task_run_state", "id", **change, version=1)


async def test_log_lines_are_written_in_batches(api: Client, nobody: str) -> None:
    run = await api.run(await api.flow())
    (task_run, *_) = await api.task_runs(run)
    lines = [
        {"flow_run_id": run, "message": "plain"},
        {
            "flow_run_id": run,
            "task_run_id": task_run["id"],
            "timestamp": "2021-05-07T12:00:01+00:00",
            "name": "prefect.extract",
            "level": "ERROR",
            "message": "\x1b[31mred",
            "info": {"line": 3},
        },
    ]
    assert (await api.do("write_run_logs", logs=lines))["success"] is True
    written = await api.flow_run(
        run, "logs(order_by: {timestamp: asc}) { level name message info task_run_id }"
    )
    assert written["logs"] == [
        {"level": "INFO", "name": None, "message": "plain", "info": None, "task_run_id": None},
        {
            "level": "ERROR",
            "name": "prefect.extract",
            "message": "\x1b[31mred",
            "info": {"line": 3},
            "task_run_id": task_run["id"],
        },
    ]
    stray = {"flow_run_id": nobody, "message": "nobody's"}
    with pytest.raises(Refusal, match=r"Foreign key violation\."):
        await api.do("write_run_logs", logs=[{"flow_run_id": run, "message": "x"}, stray])
    assert len((await api.flow_run(run, "logs { id }"))["logs"]) == 2


async def test_artifacts_of_a_task_run(api: Client, nobody: str) -> None:
    run = await api.run(await api.flow())
    (task_run, *_) = await api.task_runs(run)
    given = {"task_run_id": task_run["id"], "kind": "markdown", "data": {"markdown": "# Rows"}}
    made = await api.do("create_task_run_artifact", "id", **given)
    shown = "{ task_run_artifact { kind data tenant_id } }"
    assert (await api.ask(shown))["task_run_artifact"] == [
        {"kind": "markdown", "data": {"markdown": "# Rows"}, "tenant_id": api.tenant_id}
    ]
    change = {"task_run_artifact_id": made["id"], "data": {"markdown": "# More"}}
    assert (await api.do("update_task_run_artifact", **change))["success"] is True
    assert (await api.ask(shown))["task_run_artifact"][0]["data"] == {"markdown": "# More"}
    too_large = r"^Artifact data payload exceeds 1000000 bytes limit\."
    with pytest.raises(Refusal, match=too_large):
        await api.do("create_task_run_artifact", "id", **{**given, "data": {"x": "x" * 1_000_001}})
    with pytest.raises(Refusal, match=f"Task run {nobody} not found"):
        await api.do("create_task_run_artifact", "id", **{**given, "task_run_id": nobody})
    with pytest.raises(Refusal, match=r"Invalid tenant ID\."):
        await api.do("create_task_run_artifact", "id", **given, tenant_id=nobody)
    gone = {"task_run_artifact_id": made["id"]}
    assert (await api.do("delete_task_run_artifact", **gone))["success"] is True
    assert (await api.do("delete_task_run_artifact", **gone))["success"] is False
