"""The page of a flow, to change: clocks, labels, defaults, its read me, runs, and its end."""

from __future__ import annotations

import pytest

from tests.driver import dashboard
from tests.ui.screens.shop import FLOW, fill_shop, group, open_pane
from tests.ui.screens.test_changing import choose
from tests.world import World


@pytest.fixture
async def shop(installation: World) -> World:
    await fill_shop(installation)
    return installation


async def test_a_clock_tells_its_next_five_times_as_it_is_typed(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Schedules")
        await ui.sees("hourly", "version", "Next times")
        await ui.press("x n")
        await ui.sees("New clock  stock-sync", "once the clock can be read")
        await ui.sees("It takes the place of what was registered: hourly.")
        await ui.type("30 5 * * 1-5")
        await ui.sees("Fires next  30 5 * * 1-5", "Fri  20 Nov 05:30 UTC", "Mon  23 Nov 05:30 UTC")
        await ui.sees("Thu  26 Nov 05:30 UTC")
        await ui.press("tab")
        await ui.type("Europe/Berlin")
        await ui.sees("Mon  23 Nov 04:30 UTC")
        await ui.press("tab")
        await ui.type('{"region": "asia"}')
        await choose(ui, "Set the schedule")
        await ui.sees("stock-sync has a schedule of 1 clock now.", "region=asia", "does not count")
    stored = (await group(shop, "schedule"))["schedule"]
    assert stored["clocks"][0]["cron"] == "30 5 * * 1-5"
    assert stored["clocks"][0]["parameter_defaults"] == {"region": "asia"}
    assert stored["clocks"][0]["start_date"]["tz"] == "Europe/Berlin"


async def test_a_clock_that_cannot_be_read_is_not_sent(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Schedules")
        await ui.sees("hourly")
        await ui.press("x n")
        await ui.type("61 * * * *")
        await ui.sees("cron:")
        await ui.press("f3")
        await ui.sees("New clock")
        for _ in range(10):
            await ui.press("backspace")
        await ui.type("20s")
        await ui.sees("a clock waits at least a minute")
        await ui.press("escape")
        await ui.sees_no("New clock")
    assert (await group(shop, "schedule"))["schedule"] is None


async def test_clocks_are_edited_removed_and_given_back(shop: World) -> None:
    given = {"flow_group_id": await shop.group_of(FLOW)}
    clocks = [{"cron": "0 5 * * *"}, {"cron": "0 9 * * *"}]
    await shop.do("set_flow_group_schedule", "success", cron_clocks=clocks, **given)
    async with dashboard(shop) as ui:
        await open_pane(ui, "Schedules")
        await ui.sees("daily 05:00", "daily 09:00", "does not count")
        await ui.press("x e")
        await ui.sees("Edit clock", "beside 1 clock")
        await ui.press("end", "backspace", "backspace", "backspace", "backspace", "backspace")
        for _ in range(6):
            await ui.press("backspace")
        await ui.type("90m")
        await ui.press("f3")
        await ui.sees("a schedule of 2 clocks", "every 90 min")
        await ui.highlight("daily 09:00")
        await ui.press("x d")
        await ui.sees("Remove clock  daily 09:00", "every 90 min")
        await choose(ui, "Remove the clock")
        await ui.sees("The clock daily 09:00 is gone.")
        await ui.press("x r")
        await ui.sees("As registered", "delete_flow_group_schedule")
        await choose(ui, "Use the registered schedule")
        await ui.sees("follows the schedule it was registered with")
    assert (await group(shop, "schedule"))["schedule"] is None


async def test_labels_are_set_for_all_versions_taken_back_and_reset(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Settings")
        await ui.sees("k8s  prod", "as registered")
        await ui.press("x b")
        await ui.sees("Labels  stock-sync", "no live agent", "registered with v2: k8s prod")
        await ui.type(" k8s")
        await ui.sees("k8s is there twice")
        for _ in range(4):
            await ui.press("backspace")
        await ui.type(" mainframe")
        await choose(ui, "Set the labels")
        await ui.sees("Runs of stock-sync get k8s prod mainframe now.", "set for all versions")
        assert sorted((await group(shop, "labels"))["labels"]) == ["k8s", "mainframe", "prod"]
        await ui.press("Z")
        await ui.sees("put the labels back")
        await choose(ui, "Take it back")
        await ui.sees("k8s  prod  as registered")
        given = {"flow_group_id": await shop.group_of(FLOW), "labels": ["other"]}
        await shop.do("set_flow_group_labels", "success", **given)
        await ui.press("r")
        await ui.sees("other  set for all versions")
        await ui.press("x b")
        await ui.sees("set_flow_group_labels")
        await choose(ui, "As registered")
        await ui.sees("the labels they were registered with again")
    assert (await group(shop, "labels"))["labels"] is None


async def test_default_parameters_are_checked_and_set(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Settings")
        await ui.sees("default parameters")
        await ui.press("x f")
        await ui.sees("Default parameters  stock-sync", "dry_run", "limit", "region")
        await ui.press("tab")
        await ui.type("[1")
        await ui.sees("the value is not finished")
        await ui.press("backspace", "backspace")
        await ui.type("25")
        await choose(ui, "Set the defaults")
        await ui.sees("The default parameters of stock-sync are set.", "limit = 25")
    assert (await group(shop, "default_parameters"))["default_parameters"] == {"limit": 25}


async def test_a_run_as_the_flow_is_takes_one_key_and_a_yes(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Runs")
        await ui.sees("new-1")
        await ui.press("x q")
        await ui.sees("Run  stock-sync", "dry_run = false", "k8s prod")
        await choose(ui, "Start the run")
        await ui.sees("is planned.", "o  opens it")
        await ui.press("o")
        await ui.sees("Flow run scheduled.")


async def test_a_run_that_needs_a_value_is_not_made_without(shop: World) -> None:
    await shop.flow("needy", "commerce", required=["day"])
    async with dashboard(shop) as ui:
        await open_pane(ui, "Runs", "needy")
        await ui.press("x")
        await ui.sees("day must be given; t asks for it")


async def test_the_read_me_is_written_and_shown_as_it_reads(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Read me")
        await ui.sees("Nobody has written what this flow is for.")
        await ui.press("x e")
        await ui.sees("Read me  stock-sync")
        for line in ("# What", "", "- one **bold** thing", "- [docs](https://x.example)"):
            await ui.type(line)
            await ui.press("enter")
        await ui.press("f3")
        await ui.sees("has 4 lines now", "· one bold thing", "docs (https://x.example)")
    assert "# What" in str((await group(shop, "description"))["description"])


async def test_a_read_me_on_a_production_backend_waits_for_its_name(shop: World) -> None:
    async with dashboard(shop, profile={"production": True}) as ui:
        await open_pane(ui, "Read me")
        await ui.press("x e")
        await ui.sees("world is a production backend.")
        await ui.press("shift+tab")
        await ui.type("what it is for")
        await ui.press("f3")
        await ui.sees("what it is for", "Save it")
        await ui.press("tab")
        await ui.type("world")
        await ui.press("f3")
        await ui.sees("The read me of stock-sync has 1 line now.")
    assert (await group(shop, "description"))["description"] == "what it is for"


async def test_a_flow_moves_to_another_project(shop: World) -> None:
    await shop.project("logistics")
    async with dashboard(shop) as ui:
        await open_pane(ui, "Settings")
        await ui.press("x m")
        await ui.sees("Move to project")
        await ui.type("logis")
        await ui.press("enter")
        await ui.sees("2 versions")
        await choose(ui, "Move to logistics")
        await ui.sees("logistics / stock-sync")


async def test_a_version_is_deleted_when_its_name_is_typed(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("A v1")
        await ui.press("j", "x X")
        await ui.sees("Delete version  stock-sync v1", "there is no way back")
        await ui.press("f3")
        await ui.type("stock-sync")
        await ui.sees("not its name")
        await ui.type(" v1")
        await choose(ui, "Delete v1")
        await ui.sees("stock-sync v1 is deleted.")
        await ui.sees_no("2 / 2")
    assert len((await group(shop, "flows { id }"))["flows"]) == 1


async def test_a_flow_is_deleted_when_its_name_is_typed(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Settings")
        await ui.press("x X")
        await ui.sees("Delete flow  stock-sync", "2 versions, 4 ended runs")
        await ui.type("stock-sync")
        await choose(ui, "Delete the flow")
        await ui.sees("No flows yet.")
    found = await shop.ask("{ flow_group { id } }")
    assert found["flow_group"] == []


async def test_a_read_only_profile_sets_no_clock(shop: World) -> None:
    async with dashboard(shop, profile={"read_only": True}) as ui:
        await open_pane(ui, "Schedules")
        await ui.sees("hourly")
        await ui.press("x n")
        await ui.sees("add clock …: this profile is read-only, so nothing was sent")
    assert (await group(shop, "schedule"))["schedule"] is None
