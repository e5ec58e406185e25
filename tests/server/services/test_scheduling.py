"""Schedules: switched on and off, and what runs they make."""

from __future__ import annotations

from typing import Any

import pytest

from flowtui.server.loops.scheduler import schedule
from flowtui.server.services.schedules import schedule_runs
from tests.server.installation import Client, Refusal, SetClock, flow, hourly, parameter


async def planned(api: Client, flow_id: str, selection: str = "scheduled_start_time") -> Any:
    found = await api.ask(
        f'query {{ flow_run(where: {{flow_id: {{_eq: "{flow_id}"}}}},'
        f" order_by: {{scheduled_start_time: asc}}) {{ {selection} }} }}"
    )
    return (
        [one["scheduled_start_time"] for one in found["flow_run"]]
        if (selection == "scheduled_start_time")
        else found["flow_run"]
    )


async def group_of(api: Client, flow_id: str) -> str:
    found = await api.ask(f'query {{ flow_by_pk(id: "{flow_id}") {{ flow_group_id }} }}')
    return str(found["flow_by_pk"]["flow_group_id"])


async def test_a_schedule_makes_ten_runs_at_once(api: Client) -> None:
    flow_id = await api.flow(schedule=hourly())
    runs = await planned(
        api, flow_id, "scheduled_start_time auto_scheduled state version idempotency_key"
    )
    assert len(runs) == 10
    assert runs[0] == {
        "scheduled_start_time": "2021-05-07T13:00:00+00:00",
        "auto_scheduled": True,
        "state": "Scheduled",
        "version": 1,
        "idempotency_key": "auto-scheduled:2021-05-07T13:00:00+00:00",
    }


async def test_a_pass_makes_what_is_missing_and_no_more(api: Client, clock: SetClock) -> None:
    flow_id = await api.flow(schedule=hourly())
    assert await schedule(api.storage) == 0
    clock.advance(hours=3)
    assert await schedule(api.storage) == 3
    assert await api.storage.write(schedule_runs) == 0
    assert len(await planned(api, flow_id)) == 13


async def test_off_takes_back_what_was_made_and_on_makes_it_again(api: Client) -> None:
    flow_id = await api.flow(schedule=hourly())
    mine = await api.run(flow_id)
    for _ in range(2):
        assert await api.do("set_schedule_inactive", flow_id=flow_id) == {"success": True}
    assert await planned(api, flow_id, "id") == [{"id": mine}]
    assert await schedule(api.storage) == 0
    for _ in range(2):
        assert await api.do("set_schedule_active", flow_id=flow_id) == {"success": True}
    assert len(await planned(api, flow_id)) == 11


async def test_a_schedule_is_named_by_its_flow_or_its_group(api: Client) -> None:
    flow_id = await api.flow(schedule=hourly())
    for schedule_id in (flow_id, await group_of(api, flow_id)):
        await api.do("set_schedule_inactive", schedule_id=schedule_id)
        assert await planned(api, flow_id) == []
        await api.do("set_schedule_active", schedule_id=schedule_id)
        assert len(await planned(api, flow_id)) == 10
    with pytest.raises(Refusal, match="A flow id or schedule id must be provided"):
        await api.do("set_schedule_active")


async def test_nothing_to_switch_on(api: Client) -> None:
    missing = "00000000-0000-4000-8000-000000000000"
    for flow_id in (await api.flow(), missing):
        assert await api.do("set_schedule_active", flow_id=flow_id) == {"success": False}


async def test_required_parameters_keep_a_schedule_off(api: Client) -> None:
    flow_id = await api.flow(schedule=hourly(), parameters=[parameter("x", required=True)])
    assert await planned(api, flow_id) == []
    refusal = "Can not schedule a flow that has required parameters."
    with pytest.raises(Refusal) as refused:
        await api.do("set_schedule_active", flow_id=flow_id)
    assert refused.value.message == refusal
    await api.do(
        "set_flow_group_default_parameters",
        flow_group_id=await group_of(api, flow_id),
        parameters={"x": 1},
    )
    assert await api.do("set_schedule_active", flow_id=flow_id) == {"success": True}


async def test_a_clock_may_bring_what_is_required(api: Client) -> None:
    flow_id = await api.flow(
        schedule=hourly(parameter_defaults={"x": 1}, labels=["nightly"]),
        parameters=[parameter("x", required=True)],
    )
    runs = await planned(api, flow_id, "parameters labels scheduled_start_time")
    assert {(str(one["parameters"]), str(one["labels"])) for one in runs} == {
        ("{'x': 1}", "['nightly']")
    }
    assert len(runs) == 10
    assert await schedule(api.storage) == 0


async def test_clocks_that_fire_together_make_a_run_each(api: Client) -> None:
    clocks = [
        {**hourly()["clocks"][0], "parameter_defaults": {"stop": name}} for name in ("pots", "tops")
    ]
    flow_id = await api.flow(schedule={"type": "Schedule", "clocks": clocks})
    runs = await planned(api, flow_id, "scheduled_start_time parameters")
    assert len(runs) == 10
    assert [one["parameters"]["stop"] for one in runs[:2]] == ["pots", "tops"]
    assert runs[0]["scheduled_start_time"] == runs[1]["scheduled_start_time"]


async def test_a_new_version_takes_over_the_schedule(api: Client) -> None:
    project = await api.project()
    old = await api.register(flow(schedule=hourly()), project)
    new = await api.register(flow(schedule=hourly()), project)
    assert await planned(api, old) == []
    assert len(await planned(api, new)) == 10


async def test_a_group_s_schedule_goes_first(api: Client) -> None:
    flow_id = await api.flow(schedule=hourly())
    group = await group_of(api, flow_id)
    done = await api.do(
        "set_flow_group_schedule",
        flow_group_id=group,
        cron_clocks=[{"cron": "0 6 * * *"}],
        timezone="Europe/Berlin",
    )
    assert done == {"success": True}
    assert await planned(api, flow_id) == []
    assert await schedule(api.storage) == 10
    assert (await planned(api, flow_id))[0] == "2021-05-08T04:00:00+00:00"
    await api.do("delete_flow_group_schedule", flow_group_id=group)
    assert await schedule(api.storage) == 10
    assert (await planned(api, flow_id))[0] == "2021-05-07T13:00:00+00:00"


@pytest.mark.parametrize(
    ("clocks", "message"),
    [
        ({"cron_clocks": [{"cron": "often"}]}, "Invalid clock provided for schedule: often"),
        ({"interval_clocks": [{"interval": 59}]}, "Invalid clock provided for schedule: 59"),
        (
            {"cron_clocks": [], "timezone": "Mars/Olympus"},
            "Invalid timezone provided for schedule: Mars/Olympus",
        ),
    ],
)
async def test_group_schedules_that_cannot_be_followed(
    api: Client, clocks: dict[str, Any], message: str
) -> None:
    group = await group_of(api, await api.flow())
    with pytest.raises(Refusal) as refusal:
        await api.do("set_flow_group_schedule", flow_group_id=group, **clocks)
    assert refusal.value.message == message


async def test_one_bad_schedule_does_not_hold_up_the_others(api: Client, clock: SetClock) -> None:
    bad = await api.flow(name="bad", schedule=hourly(type="SundialClock"))
    good = await api.flow(name="good", schedule=hourly())
    assert await planned(api, bad) == []
    clock.advance(hours=2)
    assert await schedule(api.storage) == 2
    assert len(await planned(api, good)) == 12
