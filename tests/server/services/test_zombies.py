"""The zombie killer: runs whose process is gone do not stay Running."""

from __future__ import annotations

from typing import Any

import pytest

from flowtui.server.loops.lazarus import bring_back
from flowtui.server.loops.zombie_killer import end_silent_runs
from flowtui.server.settings import ServerSettings
from tests.server.installation import Client, SetClock, flow

FLOW_FAILED = "No heartbeat detected from the flow run; marking the run as failed."


async def a_pass(api: Client) -> dict[str, int]:
    """What a pass did, less what it did not find."""
    tally = await end_silent_runs(api.storage, silent_for=ServerSettings().zombie_after)
    assert set(tally) == {"task runs retried", "task runs failed", "flow runs failed"}
    return {what: count for what, count in tally.items() if count}


async def a_silent_run(api: Client, clock: SetClock, **changes: Any) -> str:
    """A Running run whose process was killed in the middle of its first task."""
    run = await api.run(await api.flow(**changes))
    await api.set_flow_run(run, "Running")
    await api.set_task_run(await first_task(api, run), "Running")
    clock.advance(minutes=2)
    return run


async def first_task(api: Client, run: str) -> str:
    return str((await api.task_runs(run))[0]["id"])


async def switch_off(api: Client, run: str, safeguard: str) -> None:
    flow_id = (await api.flow_run(run, "flow_id"))["flow_id"]
    await api.do(f"disable_flow_{safeguard}", flow_id=flow_id)


async def logs(api: Client, run: str) -> list[dict[str, Any]]:
    found = await api.flow_run(
        run, "logs(order_by: {timestamp: asc}) { name level message task_run_id }"
    )
    lines: list[dict[str, Any]] = found["logs"]
    return lines


def without_retries() -> dict[str, Any]:
    tasks = [{**task, "max_retries": 0} for task in flow()["tasks"]]
    return {"tasks": tasks}


async def test_four_missed_heartbeats_end_a_task_run(api: Client, clock: SetClock) -> None:
    run = await a_silent_run(api, clock, **without_retries())
    task_run = await first_task(api, run)
    assert await a_pass(api) == {"task runs failed": 1}
    message = (
        "No heartbeat detected from the remote task; marking the task run"
        f" {task_run} (extract) as failed."
    )
    first, second = await api.task_runs(run, "state state_message end_time")
    assert (first["state"], first["state_message"]) == ("Failed", message)
    assert first["end_time"] == "2021-05-07T12:02:00+00:00"
    assert second["state"] == "Pending"
    assert await logs(api, run) == [
        {
            "name": "prefect-server.ZombieKiller.TaskRun",
            "level": "ERROR",
            "message": message,
            "task_run_id": task_run,
        }
    ]


async def test_a_run_that_is_heard_of_lives(api: Client, clock: SetClock) -> None:
    run = await a_silent_run(api, clock)
    await api.do("update_flow_run_heartbeat", flow_run_id=run)
    clock.advance(seconds=119)
    assert await a_pass(api) == {}
    clock.advance(seconds=1)
    assert await a_pass(api) == {"task runs retried": 1}


async def test_the_heartbeat_of_a_task_run_counts_for_nothing(api: Client, clock: SetClock) -> None:
    run = await a_silent_run(api, clock)
    await api.do("update_task_run_heartbeat", task_run_id=await first_task(api, run))
    assert await a_pass(api) == {"task runs retried": 1}


async def test_a_task_with_retries_is_tried_again(api: Client, clock: SetClock) -> None:
    """Two retries, a minute apart, as the flow was registered with."""
    run = await a_silent_run(api, clock)
    task_run = await first_task(api, run)
    for number in (1, 2):
        assert await a_pass(api) == {"task runs retried": 1}
        found, _ = await api.task_runs(run, "state state_message state_start_time serialized_state")
        assert (found["state"], found["state_message"]) == (
            "Retrying",
            "No heartbeat detected from the remote task; retrying the run."
            f"This will be retry {number} of 2.",
        )
        assert found["serialized_state"]["run_count"] == number
        assert await api.queue() == []
        due = clock.advance(minutes=1)
        assert found["state_start_time"] == due.isoformat()
        assert await api.queue() == [run]
        await api.set_task_run(task_run, "Running")
        clock.advance(minutes=2)
    assert await a_pass(api) == {"task runs failed": 1}


async def test_a_retry_that_lies_beyond_the_calendar(api: Client, clock: SetClock) -> None:
    """The calendar has an end; a pass must not fail on it for ever."""
    tasks = [{**task, "max_retries": 1, "retry_delay": 1e12} for task in flow()["tasks"]]
    await a_silent_run(api, clock, tasks=tasks)
    assert await a_pass(api) == {"task runs retried": 1}


@pytest.mark.parametrize("state", ["Cancelling", "Failed", "Success", "Scheduled"])
async def test_there_is_no_next_try_where_the_flow_run_does_not_run(
    api: Client, clock: SetClock, state: str
) -> None:
    run = await a_silent_run(api, clock)
    await api.set_flow_run(run, state)
    clock.advance(minutes=2)
    assert (await a_pass(api))["task runs failed"] == 1


async def test_a_cancellation_that_nobody_confirms(api: Client, clock: SetClock) -> None:
    run = await a_silent_run(api, clock)
    await api.do("cancel_flow_run", "state", flow_run_id=run)
    assert await a_pass(api) == {}
    clock.advance(minutes=2)
    assert await a_pass(api) == {"task runs failed": 1, "flow runs failed": 1}
    after = await api.flow_run(run, "state state_message")
    assert after == {"state": "Failed", "state_message": FLOW_FAILED}
    last = (await logs(api, run))[-1]
    assert last == {
        "name": "prefect-server.ZombieKiller.FlowRun",
        "level": "ERROR",
        "message": FLOW_FAILED,
        "task_run_id": None,
    }


async def test_a_second_pass_finds_nothing(api: Client, clock: SetClock) -> None:
    run = await a_silent_run(api, clock, **without_retries())
    await switch_off(api, run, "lazarus_process")
    assert await a_pass(api) == {"task runs failed": 1, "flow runs failed": 1}
    assert await a_pass(api) == {}
    assert len(await logs(api, run)) == 2


async def test_a_dead_run_has_failed_where_nothing_goes_on_with_it(
    api: Client, clock: SetClock
) -> None:
    run = await a_silent_run(api, clock, **without_retries())
    await switch_off(api, run, "lazarus_process")
    await a_pass(api)
    after = await api.flow_run(run, "state state_message end_time")
    assert after == {
        "state": "Failed",
        "state_message": FLOW_FAILED,
        "end_time": "2021-05-07T12:02:00+00:00",
    }


async def test_a_dead_run_is_left_to_lazarus_where_that_is_on(api: Client, clock: SetClock) -> None:
    run = await a_silent_run(api, clock, **without_retries())
    assert await a_pass(api) == {"task runs failed": 1}
    assert (await api.flow_run(run))["state"] == "Running"
    clock.advance(minutes=8)
    assert (await bring_back(api.storage, silent_for=600, attempts=3))["runs rescheduled"] == 1
    assert (await api.flow_run(run))["state"] == "Scheduled"


@pytest.mark.parametrize("state", ["Paused", "Retrying", "Resume", "Scheduled"])
async def test_a_run_whose_task_waits_is_not_dead(api: Client, clock: SetClock, state: str) -> None:
    """Its process ended on purpose; the next one takes it up when it is time."""
    run = await a_silent_run(api, clock)
    await switch_off(api, run, "lazarus_process")
    await api.set_task_run(await first_task(api, run), state)
    clock.advance(days=3)
    assert await a_pass(api) == {}
    assert (await api.flow_run(run))["state"] == "Running"


async def test_a_run_that_is_being_resumed_is_not_dead(api: Client, clock: SetClock) -> None:
    run = await a_silent_run(api, clock)
    await switch_off(api, run, "lazarus_process")
    task_run = await first_task(api, run)
    await api.set_task_run(task_run, "Paused")
    clock.advance(days=3)
    await api.set_task_run(task_run, "Submitted")
    clock.advance(seconds=90)
    assert await a_pass(api) == {}
    clock.advance(seconds=30)
    assert await a_pass(api) == {"flow runs failed": 1}


async def test_a_retry_keeps_its_flow_run(api: Client, clock: SetClock) -> None:
    run = await a_silent_run(api, clock)
    await switch_off(api, run, "lazarus_process")
    assert await a_pass(api) == {"task runs retried": 1}
    assert (await api.flow_run(run))["state"] == "Running"


async def test_runs_that_send_no_heartbeats_are_left_alone(api: Client, clock: SetClock) -> None:
    run = await a_silent_run(api, clock)
    await switch_off(api, run, "heartbeat")
    await switch_off(api, run, "lazarus_process")
    stuck = await a_silent_run(api, clock)
    await switch_off(api, stuck, "heartbeat")
    await api.set_flow_run(stuck, "Cancelling")
    clock.advance(days=1)
    assert await a_pass(api) == {}


async def test_submitted_and_scheduled_runs_are_none_of_its_business(
    api: Client, clock: SetClock
) -> None:
    for state in ("Submitted", "Scheduled", "Queued", "Paused"):
        run = await api.run(await api.flow())
        await switch_off(api, run, "lazarus_process")
        await api.set_flow_run(run, "Running")
        await api.set_flow_run(run, state)
    clock.advance(days=1)
    assert await a_pass(api) == {}


async def test_more_than_one_batch(api: Client, clock: SetClock) -> None:
    tasks = [{"slug": f"task-{number}", "name": "task"} for number in range(120)]
    run = await api.run(await api.flow(tasks=tasks, edges=[]))
    await api.set_flow_run(run, "Running")
    for task_run in await api.task_runs(run):
        await api.set_task_run(task_run["id"], "Running")
    clock.advance(minutes=2)
    assert await a_pass(api) == {"task runs failed": 120}
