"""What a change of state means: each rule, and the columns that follow from a state."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flowtui.server.services.states import RULES
from tests.server.installation import Client, Refusal, SetClock


async def a_run(api: Client, **more: Any) -> str:
    return await api.run(await api.flow(), **more)


async def a_running_run(api: Client) -> str:
    run = await a_run(api)
    await api.set_flow_run(run, "Running")
    return run


async def test_a_run_goes_through_its_life(api: Client, clock: SetClock) -> None:
    run = await a_run(api)
    seen = [await api.flow_run(run)]
    for state in ("Submitted", "Running", "Success"):
        clock.advance(seconds=10)
        await api.set_flow_run(run, state)
        seen.append(await api.flow_run(run))
    assert [(one["state"], one["version"]) for one in seen] == [
        ("Scheduled", 1),
        ("Submitted", 2),
        ("Running", 3),
        ("Success", 4),
    ]
    after = await api.flow_run(
        run, "start_time end_time heartbeat state_timestamp state_start_time"
    )
    assert after == {
        "start_time": "2021-05-07T12:00:20+00:00",
        "end_time": "2021-05-07T12:00:30+00:00",
        "heartbeat": "2021-05-07T12:00:20+00:00",
        "state_timestamp": "2021-05-07T12:00:30+00:00",
        "state_start_time": None,
    }


async def test_history_keeps_every_state_with_its_tenant(api: Client) -> None:
    run = await a_running_run(api)
    states = await api.flow_run(
        run, "states(order_by: {version: asc}) { state version message tenant_id start_time }"
    )
    assert [(one["state"], one["version"]) for one in states["states"]] == [
        ("Scheduled", 1),
        ("Running", 2),
    ]
    assert {one["tenant_id"] for one in states["states"]} == {api.tenant_id}
    assert states["states"][0]["start_time"] == "2021-05-07T12:00:00+00:00"


async def test_start_and_end_stay_when_a_run_is_run_again(api: Client, clock: SetClock) -> None:
    run = await a_running_run(api)
    clock.advance(minutes=1)
    await api.set_flow_run(run, "Failed")
    for state in ("Scheduled", "Running"):
        clock.advance(minutes=1)
        await api.set_flow_run(run, state)
    times = await api.flow_run(run, "start_time end_time")
    assert times == {
        "start_time": "2021-05-07T12:00:00+00:00",
        "end_time": "2021-05-07T12:01:00+00:00",
    }


@pytest.mark.parametrize("state", ["TriggerFailed", "Skipped", "Mapped", "Finished"])
async def test_some_finished_states_write_no_end(api: Client, state: str) -> None:
    run = await a_running_run(api)
    await api.set_flow_run(run, state)
    assert (await api.flow_run(run, "end_time"))["end_time"] is None


async def test_a_state_is_stored_with_every_default(api: Client) -> None:
    run = await a_run(api)
    await api.set_flow_run(run, {"type": "Success", "message": "It worked!", "unknown": 1})
    stored = await api.flow_run(run, "serialized_state state_message")
    assert stored["state_message"] == "It worked!"
    assert stored["serialized_state"] == {
        "type": "Success",
        "message": "It worked!",
        "context": {},
        "cached_inputs": {},
        "_result": {"type": "NoResultType", "__version__": "1.4.1"},
        "__version__": "1.4.1",
    }


async def test_a_null_result_never_comes_back(api: Client) -> None:
    """The client cannot load `_result: null`, and every view of the run would break."""
    run = await a_run(api)
    await api.set_flow_run(run, {"type": "Success", "_result": None})
    stored = (await api.flow_run(run, "serialized_state"))["serialized_state"]
    assert stored["_result"]["type"] == "NoResultType"


async def test_a_result_s_location_is_kept(api: Client) -> None:
    run = await a_run(api)
    result = {"type": "LocalResult", "location": "/tmp/x", "__version__": "1.4.1"}
    await api.set_flow_run(run, {"type": "Success", "_result": result})
    stored = (await api.flow_run(run, "serialized_state"))["serialized_state"]
    assert stored["_result"] == result


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"type": "Nope"}, "{'type': ['Unsupported value: Nope']}"),
        ({"type": "State"}, "{'type': ['Unsupported value: State']}"),
        ({"message": "x"}, "{'type': ['Missing data for required field.']}"),
        (
            {"type": "Scheduled", "start_time": "soon"},
            "{'start_time': ['Not a valid datetime.']}",
        ),
        ({"type": "Success", "_result": "x"}, "{'_result': ['Not a valid mapping type.']}"),
        (
            {"type": "Success", "cached_inputs": {"x": 1}},
            "{'cached_inputs': ['Not a valid mapping type.']}",
        ),
        (
            {"type": "Submitted", "state": "x"},
            "{'state': {'_schema': 'Invalid data type: x'}}",
        ),
        (
            {"type": "Retrying", "run_count": "two"},
            "{'run_count': ['Not a valid integer.']}",
        ),
        (["Running"], "{'_schema': \"Invalid data type: ['Running']\"}"),
        (
            {"type": "Failed", "context": {"x": "y" * 1_000_000}},
            "State payload is too large. The server takes 1000000 bytes (largest_state).",
        ),
    ],
)
async def test_what_is_no_state_is_refused(api: Client, state: Any, message: str) -> None:
    run = await a_run(api)
    with pytest.raises(Refusal) as refusal:
        await api.set_flow_run(run, state)
    assert (refusal.value.status, refusal.value.message) == (200, message)
    assert (await api.flow_run(run))["version"] == 1


async def test_a_batch_with_one_refusal_writes_nothing(api: Client) -> None:
    run = await a_run(api)
    missing = "00000000-0000-4000-8000-000000000000"
    states = [
        {"flow_run_id": run, "state": {"type": "Running"}},
        {"flow_run_id": missing, "state": {"type": "Running"}},
    ]
    with pytest.raises(Refusal, match=f"State update failed for flow run ID {missing}"):
        await api.do("set_flow_run_states", "states { id }", states=states)
    assert await api.flow_run(run) == {"state": "Scheduled", "version": 1}


# One agent only


async def test_the_second_agent_is_told_that_the_run_is_taken(api: Client) -> None:
    run = await a_run(api)
    answers = await asyncio.gather(
        api.set_flow_run(run, {"type": "Submitted", "message": "by one"}, version=1),
        api.set_flow_run(run, {"type": "Submitted", "message": "by another"}, version=1),
        return_exceptions=True,
    )
    refusals = [one for one in answers if isinstance(one, Refusal)]
    assert [one.message for one in refusals] == [
        "State update failed: this run has already been submitted."
    ]
    assert await api.flow_run(run) == {"state": "Submitted", "version": 2}


async def test_agents_of_one_name_are_two_agents(api: Client) -> None:
    """Their requests are equal in every byte; only one of them may start a process."""
    run = await a_run(api)
    await api.set_flow_run(run, "Submitted", version=1)
    with pytest.raises(Refusal, match="already been submitted"):
        await api.set_flow_run(run, "Submitted", version=1)


async def test_a_run_can_be_submitted_again_after_half_a_minute(
    api: Client, clock: SetClock
) -> None:
    run = await a_run(api)
    await api.set_flow_run(run, "Submitted")
    await api.set_flow_run(run, "Scheduled")
    with pytest.raises(Refusal, match="already been submitted"):
        await api.set_flow_run(run, "Submitted")
    clock.advance(seconds=31)
    await api.set_flow_run(run, "Submitted")
    assert await api.flow_run(run) == {"state": "Submitted", "version": 4}


async def test_the_agent_that_takes_a_run_is_written_down(api: Client) -> None:
    agent = await api.do("register_agent", "id", type="LocalAgent", tenant_id=api.tenant_id)
    api.headers["X-PREFECT-AGENT-ID"] = agent["id"]
    run = await a_run(api)
    await api.set_flow_run(run, "Submitted")
    assert (await api.flow_run(run, "agent { id }"))["agent"] == agent


async def test_an_agent_may_submit_a_task_run(api: Client) -> None:
    """It does so when it resumes a paused run; the task run has no column for the agent."""
    agent = await api.do("register_agent", "id", type="LocalAgent", tenant_id=api.tenant_id)
    api.headers["X-PREFECT-AGENT-ID"] = agent["id"]
    run = await a_running_run(api)
    task_run = (await api.task_runs(run))[0]["id"]
    await api.set_task_run(task_run, "Submitted")
    assert (await api.task_runs(run))[0]["state"] == "Submitted"


# Delivered twice, done once


async def test_a_state_delivered_twice_is_one_transition(api: Client, clock: SetClock) -> None:
    run = await a_running_run(api)
    for _ in range(2):
        assert (await api.set_flow_run(run, "Success"))["status"] == "SUCCESS"
        clock.advance(seconds=60)
    assert await api.flow_run(run) == {"state": "Success", "version": 3}


async def test_the_same_state_much_later_is_a_new_transition(api: Client, clock: SetClock) -> None:
    run = await a_running_run(api)
    await api.set_flow_run(run, "Success")
    clock.advance(minutes=10)
    await api.set_flow_run(run, "Success")
    assert (await api.flow_run(run))["version"] == 4


async def test_running_delivered_twice_with_its_version_is_once(api: Client) -> None:
    run = await a_run(api)
    for _ in range(2):
        await api.set_flow_run(run, "Running", version=1)
    assert await api.flow_run(run) == {"state": "Running", "version": 2}


async def test_running_at_the_present_version_is_a_new_process(api: Client) -> None:
    run = await a_running_run(api)
    await api.set_flow_run(run, "Running", version=2)
    assert await api.flow_run(run) == {"state": "Running", "version": 3}


async def test_now_is_another_wish_than_tomorrow(api: Client) -> None:
    """A run that waits for tomorrow, and is then to start at once, starts at once."""
    run = await a_run(api)
    await api.set_flow_run(run, {"type": "Scheduled", "start_time": "2021-05-08T12:00:00+00:00"})
    await api.set_flow_run(run, "Scheduled")
    assert (await api.flow_run(run, "state_start_time"))["state_start_time"] == (
        "2021-05-07T12:00:00+00:00"
    )


async def test_now_delivered_twice_is_once(api: Client, clock: SetClock) -> None:
    run = await a_running_run(api)
    for _ in range(2):
        await api.set_flow_run(run, "Scheduled")
        clock.advance(seconds=5)
    assert (await api.flow_run(run))["version"] == 3


# The version guard


async def set_singly(api: Client, run: str, state: str, version: int | None) -> Any:
    return await api.do(
        "set_flow_run_state",
        "id status",
        flow_run_id=run,
        version=version,
        state={"type": state},
    )


async def test_one_state_at_the_version_seen(api: Client) -> None:
    run = await a_run(api)
    assert await set_singly(api, run, "Failed", 1) == {"id": run, "status": "SUCCESS"}
    assert await api.flow_run(run) == {"state": "Failed", "version": 2}


async def test_one_state_at_an_old_version_writes_nothing(api: Client) -> None:
    run = await a_running_run(api)
    with pytest.raises(Refusal) as refusal:
        await set_singly(api, run, "Failed", 1)
    assert refusal.value.code == "VERSION_LOCKING_ERROR"
    assert await api.flow_run(run) == {"state": "Running", "version": 2}


async def test_one_state_cannot_do_without_a_version(api: Client) -> None:
    run = await a_run(api)
    with pytest.raises(Refusal, match="A version is required"):
        await set_singly(api, run, "Failed", None)
    assert (await api.flow_run(run))["version"] == 1


async def test_one_state_delivered_twice_is_once(api: Client) -> None:
    run = await a_run(api)
    for _ in range(2):
        assert (await set_singly(api, run, "Failed", 1))["status"] == "SUCCESS"
    assert (await api.flow_run(run))["version"] == 2


async def test_of_two_processes_one_may_run(api: Client) -> None:
    """With the version lock on, and the very same request from both."""
    flow_id = await api.flow()
    await api.do("enable_flow_version_lock", flow_id=flow_id)
    run = await api.run(flow_id)
    await api.set_flow_run(run, "Submitted")
    answers = await asyncio.gather(
        api.set_flow_run(run, "Running", version=2),
        api.set_flow_run(run, "Running", version=2),
        return_exceptions=True,
    )
    refusals = [one for one in answers if isinstance(one, Refusal)]
    assert [one.code for one in refusals] == ["VERSION_LOCKING_ERROR"]
    assert await api.flow_run(run) == {"state": "Running", "version": 3}


async def test_the_version_lock_holds_for_task_runs_too(api: Client) -> None:
    flow_id = await api.flow()
    await api.do("enable_flow_version_lock", flow_id=flow_id)
    run = await api.run(flow_id)
    await api.set_flow_run(run, "Running")
    task_run = (await api.task_runs(run))[0]["id"]
    await api.set_task_run(task_run, "Running", version=1)
    with pytest.raises(Refusal) as refusal:
        await api.set_task_run(task_run, "Running", version=1)
    assert refusal.value.code == "VERSION_LOCKING_ERROR"


@pytest.mark.parametrize("state", ["Running", "Success", "Failed"])
async def test_under_the_version_lock_begun_work_is_not_begun_again(
    api: Client, state: str
) -> None:
    """A process that came late to a run sends the version of now with what it knew then."""
    flow_id = await api.flow()
    await api.do("enable_flow_version_lock", flow_id=flow_id)
    run = await api.run(flow_id)
    await api.set_flow_run(run, "Running")
    task_run = (await api.task_runs(run))[0]["id"]
    await api.set_task_run(task_run, state)
    with pytest.raises(Refusal) as refusal:
        await api.set_task_run(task_run, "Running", version=2)
    assert refusal.value.code == "VERSION_LOCKING_ERROR"
    assert (await api.task_runs(run))[0]["state"] == state


@pytest.mark.parametrize("state", ["Retrying", "Looped", "Resume", "Submitted"])
async def test_under_the_version_lock_a_task_that_is_due_again_runs_again(
    api: Client, state: str
) -> None:
    flow_id = await api.flow()
    await api.do("enable_flow_version_lock", flow_id=flow_id)
    run = await api.run(flow_id)
    await api.set_flow_run(run, "Running")
    task_run = (await api.task_runs(run))[0]["id"]
    await api.set_task_run(task_run, state)
    await api.set_task_run(task_run, "Running", version=2)
    assert (await api.task_runs(run))[0]["state"] == "Running"


@pytest.mark.parametrize("begun", ["Running", "Success", "Failed"])
async def test_under_the_lock_begun_work_is_left_to_who_began_it(api: Client, begun: str) -> None:
    """Also when the version is right: the client asks for that just before it claims the task."""
    flow_id = await api.flow()
    await api.do("enable_flow_version_lock", flow_id=flow_id)
    run = await api.run(flow_id)
    await api.set_flow_run(run, "Running")
    task_run = (await api.task_runs(run))[0]["id"]
    await api.set_task_run(task_run, begun)
    with pytest.raises(Refusal) as refusal:
        await api.set_task_run(task_run, "Running", version=2)
    assert refusal.value.code == "VERSION_LOCKING_ERROR"


async def test_a_failed_deployment_is_told_with_an_old_version(api: Client) -> None:
    """The agent sends Failed with the version from before Submitted; refused, the run would stay
    Submitted for good."""
    flow_id = await api.flow()
    await api.do("enable_flow_version_lock", flow_id=flow_id)
    run = await api.run(flow_id)
    await api.set_flow_run(run, "Submitted", version=1)
    await api.set_flow_run(run, "Failed", version=1)
    assert await api.flow_run(run) == {"state": "Failed", "version": 3}


# Task runs


@pytest.mark.parametrize("state", ["Scheduled", "Submitted", "Cancelling", "Failed"])
async def test_a_task_runs_only_while_its_flow_runs(api: Client, state: str) -> None:
    run = await a_run(api)
    await api.set_flow_run(run, state)
    task_run = (await api.task_runs(run))[0]["id"]
    with pytest.raises(Refusal) as refusal:
        await api.set_task_run(task_run, "Running")
    assert refusal.value.message == (
        f"State update failed for task run ID {task_run}: provided a running state but"
        f" associated flow run {run} is not in a running state."
    )
    assert (await api.task_runs(run))[0]["state"] == "Pending"


async def test_inputs_are_remembered_for_the_next_try(api: Client) -> None:
    run = await a_running_run(api)
    task_run = (await api.task_runs(run))[0]["id"]
    inputs = {"rows": {"type": "LocalResult", "location": "/tmp/rows"}}
    await api.set_task_run(task_run, {"type": "Pending", "cached_inputs": inputs})
    await api.set_task_run(task_run, "Running")
    stored = (await api.task_runs(run, "serialized_state"))[0]["serialized_state"]
    assert stored["type"] == "Running"
    assert stored["cached_inputs"] == inputs


async def test_a_cancelled_flow_cancels_what_is_unfinished(api: Client) -> None:
    run = await a_running_run(api)
    first, _ = await api.task_runs(run)
    await api.set_task_run(first["id"], "Success")
    await api.set_flow_run(run, {"type": "Cancelled", "message": "Enough."})
    assert [
        (one["state"], one["state_message"])
        for one in await api.task_runs(run, "state state_message")
    ] == [("Success", None), ("Cancelled", "Enough.")]


async def test_a_failed_flow_leaves_its_tasks_alone(api: Client) -> None:
    run = await a_running_run(api)
    await api.set_flow_run(run, "Failed")
    assert {one["state"] for one in await api.task_runs(run)} == {"Pending"}


# Cancelling


async def test_a_waiting_run_is_cancelled_at_once(api: Client) -> None:
    run = await a_run(api)
    assert await api.do("cancel_flow_run", "state", flow_run_id=run) == {"state": "Cancelled"}
    assert {one["state"] for one in await api.task_runs(run)} == {"Cancelled"}


async def test_a_running_run_is_asked_to_stop(api: Client) -> None:
    run = await a_running_run(api)
    for _ in range(2):
        assert await api.do("cancel_flow_run", "state", flow_run_id=run) == {"state": "Cancelling"}
    assert await api.flow_run(run) == {"state": "Cancelling", "version": 3}
    assert {one["state"] for one in await api.task_runs(run)} == {"Pending"}


async def test_a_finished_run_stays_as_it_is(api: Client) -> None:
    run = await a_run(api)
    await api.set_flow_run(run, "Success")
    assert await api.do("cancel_flow_run", "state", flow_run_id=run) == {"state": "Success"}
    assert (await api.flow_run(run))["version"] == 2


async def test_an_unknown_run_cannot_be_cancelled(api: Client) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(Refusal, match=f"Invalid flow run ID: {missing}."):
        await api.do("cancel_flow_run", "state", flow_run_id=missing)


def test_every_rule_says_what_it_is_for() -> None:
    assert [rule for rule in RULES if "Without this" not in (rule.__doc__ or "")] == []
