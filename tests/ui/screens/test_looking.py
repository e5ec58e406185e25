"""Looking: flows, a flow, runs and a run, by keyboard, over the real backend in this process."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from flowtui.ui.screens.run import RunScreen
from tests.driver import dashboard
from tests.world import World


async def test_flows_show_what_is_wrong_first(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("ledger-reconcile", "churn-features", "never-ran")
        rows = [line[:40].strip(" ▌").split()[1:3] for line in ui.lines[5:]]
        assert rows.index(["Late", "ledger-reconcile"]) == 0
        assert rows.index(["Failed", "churn-features"]) == 1
        assert rows.index(["Success", "billing-audit"]) > 3


async def test_a_flow_opens_with_its_runs_and_its_versions(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("orders-etl")
        await ui.press("enter")
        await ui.sees("commerce / orders-etl", "rosy-otter", "heartbeat on", "version lock off")
        await ui.press("V")
        await ui.sees("registered", "1 / 3", "First bad version  v4")
        assert "v4" in ui.line_with("1 / 3").partition("16 Nov")[0]
        await ui.press("escape")
        await ui.sees("what is wrong, then name")


async def test_a_run_shows_tasks_states_and_log(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.press("3")
        await ui.highlight("rosy-otter")
        await ui.press("enter")
        await ui.sees("rosy-otter", "10/12", "KeyError: 'currency_code'", "16 lines")
        assert "Running" in ui.line_with("12m 40s")
        assert isinstance(ui.app.screen, RunScreen)
        assert ui.app.screen.window_title == "Running rosy-otter"
        await ui.press("H")
        await ui.sees("Submitted for execution", "Flow run scheduled.")


async def test_a_run_is_followed_while_it_changes(world: World) -> None:
    async with dashboard(world, open_id=world.runs["rosy-otter"]) as ui:
        await ui.sees("16 lines")
        await world.log("rosy-otter", "and here is a new line")
        await world.task("rosy-otter", "load_warehouse", "Success", index=10)
        await ui.sees("and here is a new line", "17 lines", "11/12")
        await world.set("rosy-otter", "Success", "All reference tasks succeeded.")
        await ui.until(lambda: "✓ Success  12m" in ui.text, "the run did not end")


async def test_an_answer_that_fails_leaves_the_last_good_one_and_says_so(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("orders-etl")
        world.transport.is_down = True
        await ui.press("r")
        await ui.sees("no answer", "old")
        assert "orders-etl" in ui.text
        world.transport.is_down = False
        await ui.press("r")
        await ui.sees("live")


async def test_a_backend_that_never_answered_says_what_to_do(world: World) -> None:
    world.transport.is_down = True
    async with dashboard(world) as ui:
        await ui.sees("No backend answers at http://world.test:4200", "flowtui server start")


async def test_an_id_that_leads_nowhere_is_said(world: World) -> None:
    nowhere = "00000000-0000-4000-8000-000000000000"
    async with dashboard(world, open_id=nowhere) as ui:
        await ui.sees("There is no flow and no run")


async def test_where_room_is_scarce_times_are_said_shorter_before_names_are_cut(
    world: World,
) -> None:
    world.clock.forward(minutes=107)
    async with dashboard(world, (60, 40), view="runs") as ui:
        await ui.sees("✓ Success     weather-pul…  weather-p…  19 Nov    1m 15s")
        assert ui.line_with("red-wasp").endswith("02:56    2h 05m")
        await ui.pilot.resize_terminal(80, 40)
        await ui.sees("19 Nov 23:15", "02:56  2h 05m late")


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
async def test_a_run_at_an_end_of_time_is_shown_in_every_zone(
    installation: World, zone: str
) -> None:
    await installation.flow("nightly")
    for name, due in (("last", "9999-12-31T23:59:59+00:00"), ("first", "0001-01-01T00:00:01Z")):
        await installation.run("nightly", name, scheduled_start_time=due)
    async with dashboard(installation, view="runs", zone=ZoneInfo(zone)) as ui:
        await ui.sees("last", "first", "9998", "739574d late")
        await ui.press("1")
        await ui.sees("1 late")
