"""Lazarus: what was lost on its way is scheduled again, a few times, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from flowtui.server.loops import BATCH
from flowtui.server.loops.lazarus import MOST, bring_back
from tests.server.installation import Client, SetClock

FOUND_NOTHING = {"runs rescheduled": 0, "runs failed": 0}
ONE_RESCHEDULED = {"runs rescheduled": 1, "runs failed": 0}

GAVE_UP = (
    "A Lazarus process attempted to reschedule this run 3 times without success. Marking as failed."
)


async def a_pass(api: Client) -> Any:
    return await bring_back(api.storage, silent_for=600, attempts=3)


async def a_lost_run(api: Client, clock: SetClock, state: str = "Submitted") -> str:
    """A run that somebody took, and that was not heard of since."""
    run = await api.run(await api.flow())
    await api.set_flow_run(run, state)
    clock.advance(minutes=10)
    return run


async def logs(api: Client, run: str) -> list[dict[str, Any]]:
    found = await api.flow_run(
        run, "logs(order_by: {timestamp: asc}) { name level message tenant_id }"
    )
    lines: list[dict[str, Any]] = found["logs"]
    return lines


@pytest.mark.parametrize("state", ["Submitted", "Running"])
async def test_a_lost_run_is_scheduled_again(api: Client, clock: SetClock, state: str) -> None:
    run = await a_lost_run(api, clock, state)
    assert await a_pass(api) == ONE_RESCHEDULED
    after = await api.flow_run(
        run, "state state_message state_start_time version times_resurrected"
    )
    assert after == {
        "state": "Scheduled",
        "state_message": "Rescheduled by a Lazarus process.",
        "state_start_time": "2021-05-07T12:10:00+00:00",
        "version": 3,
        "times_resurrected": 1,
    }
    assert await logs(api, run) == [
        {
            "name": "prefect-server.Lazarus.FlowRun",
            "level": "INFO",
            "message": "Rescheduled by a Lazarus process. This is attempt 1.",
            "tenant_id": api.tenant_id,
        }
    ]
    assert await api.queue() == [run]


async def test_a_second_pass_finds_nothing(api: Client, clock: SetClock) -> None:
    run = await a_lost_run(api, clock)
    await a_pass(api)
    assert await a_pass(api) == FOUND_NOTHING
    assert (await api.flow_run(run, "times_resurrected"))["times_resurrected"] == 1
    assert len(await logs(api, run)) == 1


async def test_after_three_attempts_the_run_has_failed(api: Client, clock: SetClock) -> None:
    run = await a_lost_run(api, clock)
    for _ in range(3):
        assert await a_pass(api) == ONE_RESCHEDULED
        await api.set_flow_run(run, "Submitted")
        clock.advance(minutes=10)
    assert await a_pass(api) == {"runs rescheduled": 0, "runs failed": 1}
    after = await api.flow_run(run, "state state_message times_resurrected")
    assert after == {"state": "Failed", "state_message": GAVE_UP, "times_resurrected": 3}
    last = (await logs(api, run))[-1]
    assert (last["level"], last["message"]) == ("ERROR", GAVE_UP)


async def test_how_often_is_a_setting(api: Client, clock: SetClock) -> None:
    run = await a_lost_run(api, clock)
    assert await bring_back(api.storage, silent_for=600, attempts=0) == {
        "runs rescheduled": 0,
        "runs failed": 1,
    }
    message = (await api.flow_run(run, "state_message"))["state_message"]
    assert "reschedule this run 0 times" in message


async def test_a_heartbeat_keeps_a_run(api: Client, clock: SetClock) -> None:
    run = await a_lost_run(api, clock, "Running")
    await api.do("update_flow_run_heartbeat", flow_run_id=run)
    clock.advance(minutes=9, seconds=59)
    assert await a_pass(api) == FOUND_NOTHING
    clock.advance(seconds=1)
    assert await a_pass(api) == ONE_RESCHEDULED


@pytest.mark.parametrize(
    "state", ["Scheduled", "Queued", "Cancelling", "Paused", "Success", "Failed", "Cancelled"]
)
async def test_runs_in_other_states_are_left_alone(
    api: Client, clock: SetClock, state: str
) -> None:
    run = await a_lost_run(api, clock, "Running")
    await api.set_flow_run(run, state)
    clock.advance(hours=1)
    assert await a_pass(api) == FOUND_NOTHING
    assert (await api.flow_run(run))["state"] == state


@pytest.mark.parametrize(
    "state", ["Scheduled", "Paused", "Resume", "Retrying", "Running", "Cancelling"]
)
async def test_a_task_run_that_goes_on_keeps_its_flow_run(
    api: Client, clock: SetClock, state: str
) -> None:
    run = await a_lost_run(api, clock, "Running")
    waiting = (await api.task_runs(run))[0]["id"]
    await api.set_task_run(waiting, state)
    clock.advance(days=1)
    assert await a_pass(api) == FOUND_NOTHING


@pytest.mark.parametrize("state", ["Pending", "Success", "Failed", "Mapped"])
async def test_other_task_runs_do_not(api: Client, clock: SetClock, state: str) -> None:
    run = await a_lost_run(api, clock, "Running")
    await api.set_task_run((await api.task_runs(run))[0]["id"], state)
    assert await a_pass(api) == ONE_RESCHEDULED


@pytest.mark.parametrize("state", ["Submitted", "Queued"])
async def test_a_run_that_is_being_resumed_is_not_started_twice(
    api: Client, clock: SetClock, state: str
) -> None:
    """Its heartbeat is as old as its pause; the process that goes on with it is just starting."""
    run = await a_lost_run(api, clock, "Running")
    waiting = (await api.task_runs(run))[0]["id"]
    await api.set_task_run(waiting, "Paused")
    clock.advance(days=1)
    await api.set_task_run(waiting, state)
    clock.advance(minutes=2)
    assert await a_pass(api) == FOUND_NOTHING
    clock.advance(minutes=8)
    assert await a_pass(api) == ONE_RESCHEDULED


@pytest.mark.parametrize("safeguard", ["heartbeat", "lazarus_process"])
async def test_a_flow_without_the_safeguards(api: Client, clock: SetClock, safeguard: str) -> None:
    run = await a_lost_run(api, clock)
    flow_id = (await api.flow_run(run, "flow_id"))["flow_id"]
    await api.do(f"disable_flow_{safeguard}", flow_id=flow_id)
    assert await a_pass(api) == FOUND_NOTHING
    await api.do(f"enable_flow_{safeguard}", flow_id=flow_id)
    assert await a_pass(api) == ONE_RESCHEDULED


async def test_settings_that_say_nothing_count_as_on(api: Client, clock: SetClock) -> None:
    run = await a_lost_run(api, clock)
    group = (await api.flow_run(run, "flow { flow_group_id }"))["flow"]["flow_group_id"]

    async def forget(tx: Any) -> None:
        await tx.update("flow_group", {"id": {"_eq": group}}, {"settings": {}})

    await api.storage.write(forget)
    assert await a_pass(api) == ONE_RESCHEDULED


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_pass_takes_so_many_the_longest_lost_first(api: Client, clock: SetClock) -> None:
    flow_id = await api.flow(tasks=[], edges=[])
    count = MOST + BATCH // 2
    runs = []
    for _ in range(count):
        run = await api.run(flow_id)
        await api.set_flow_run(run, "Submitted")
        clock.advance(milliseconds=1)
        runs.append(run)
    clock.advance(minutes=10)
    assert await a_pass(api) == {"runs rescheduled": MOST, "runs failed": 0}
    assert (await api.flow_run(runs[MOST - 1]))["state"] == "Scheduled"
    assert (await api.flow_run(runs[MOST]))["state"] == "Submitted"
    assert await a_pass(api) == {"runs rescheduled": count - MOST, "runs failed": 0}
