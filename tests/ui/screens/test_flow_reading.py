"""The page of a flow, to read: how it is, its versions and what changed, its tasks, its errors."""

from __future__ import annotations

import os

import pytest

from tests.driver import dashboard
from tests.ui.screens.shop import FLOW, fill_shop, open_pane, walk_to
from tests.ui.screens.test_run_form import bring_back
from tests.world import World


@pytest.fixture
async def shop(installation: World) -> World:
    await fill_shop(installation)
    return installation


async def test_the_title_of_a_flow_says_late_as_the_list_of_flows_does(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("ledger-reconcile")
        await ui.press("enter")
        await ui.sees("finance / ledger-reconcile  ▲ Late")


async def test_the_page_says_how_the_flow_and_its_last_runs_went(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Runs")
        await ui.sees("commerce / stock-sync", "✗ Failed", "v2 latest, schedule off, hourly")
        await ui.sees("heartbeat on", "Lazarus on", "version lock off")
        await ui.sees("Last 4 runs", "1 failed", "last 24 h   ✗ 0 failed")
        await ui.press(".")
        await ui.sees("last 7 d   ✗ 1 failed   ● 0 running   ✓ 3 ok")


async def test_runs_are_filtered_by_state_and_by_name(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Runs")
        await ui.press("/")
        await ui.type("state:failed")
        await ui.sees("1 of 4")
        await ui.press("enter")
        assert "old-1" not in ui.text
        await ui.press("escape", "/")
        await ui.type("old")
        await ui.sees("2 of 4")


async def test_two_versions_are_compared_in_all_that_changed(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("v1 → v2", "Parameters", "~ region", "+ dry_run", "Tasks", "3, was 3")
        assert "retries 3, every" in ui.line_with("+ clean")
        assert "mapped" in ui.line_with("~ load")
        assert "after extract" not in ui.line_with("- lookup")
        await ui.sees("- lookup", "Edges", "Schedule", "+ clock 1", "Labels", "+ prod")
        await ui.sees("Unchanged", "storage", "What the runs say")
        assert "1 of 2" in ui.line_with("  Failed")
        await ui.sees("registered", "ok of runs", "usual")
        line = ui.line_with("A v1")
        assert "17 Nov 03:14" in line
        assert "2 / 2" in line
        assert "5m 00s" in line


async def test_marked_versions_are_the_ones_compared(shop: World) -> None:
    await shop.flow(FLOW, tasks=["extract"], parameters={"region": "asia"})
    async with dashboard(shop, size=(80, 24)) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("v3")
        await ui.press("space", "j", "space", "D")
        await ui.sees("What changed", "v1 to v3", "asia")
        await ui.press("escape")
        await ui.sees("ok of runs")


async def test_on_a_narrow_screen_what_changed_stands_below_the_versions(shop: World) -> None:
    async with dashboard(shop, size=(80, 24)) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("v1 → v2", "n next   d its facts", "dry_run")
        assert ui.text.index("A v1") < ui.text.index("v1 → v2")
        await ui.press("n", "n")
        await ui.sees_no("dry_run")
        await ui.press("j")
        await ui.sees("v1  archived", "flow id")
        await ui.pilot.resize_terminal(80, 18)
        await ui.sees_no("flow id")
        await ui.pilot.resize_terminal(80, 24)
        await ui.sees("v1  archived", "flow id")


async def test_an_old_version_shows_its_facts_and_its_runs_and_lends_its_parameters(
    shop: World,
) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("v1 → v2")
        await ui.press("d")
        await ui.sees("run config", "UniversalRun", "flow id")
        await ui.press("enter")
        await ui.sees("Version  stock-sync")
        await ui.press("escape", "j", "t")
        await ui.sees("prefilled from the defaults of v1", '"region": "eu"', "stock-sync v2")
        await ui.press("escape")
        await ui.sees("ok of runs")
        await ui.press("O")
        await ui.sees("old-2", "/ version:1")
        await ui.sees_no("new-1")


async def test_the_versions_say_how_to_go_back(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("Go back", "t    on v1: run v2 once, with the defaults of v1 …")
        assert "switch the schedule off" not in ui.text
        assert "archive v2" not in ui.text  # nothing would run any more
        await ui.press("j")
        await ui.sees("Go back  to v1", "t    run v2 once, with the defaults of v1 …")
        await ui.press("t")
        await ui.sees("prefilled from the defaults of v1", "stock-sync v2")
    await shop.switch_schedule(FLOW)
    async with dashboard(shop) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("x p  switch the schedule off …")
        await ui.press("x p")
        await ui.sees("Schedule off")


async def test_an_older_version_that_still_runs_is_run_itself(installation: World) -> None:
    await installation.flow(FLOW, parameters={"region": "eu"})
    older = installation.flows[FLOW]
    await installation.flow(FLOW, parameters={"region": "us"})
    await bring_back(installation, older)
    async with dashboard(installation) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("t    on v1: run v1 once …", "x a  archive v2 …")
        await ui.press("j", "t")
        await ui.sees("stock-sync v1", '"region": "eu"')
        await ui.press("f3")
        await ui.sees("commerce / stock-sync v1 / ")
    runs = await installation.ask("{ flow_run { flow { version } } }")
    assert runs["flow_run"] == [{"flow": {"version": 1}}]


async def test_tasks_stand_in_the_order_work_goes_through_them(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Tasks")
        await ui.sees("3 tasks, 1 mapped, 1 with retries", "└ clean")
        lines = [
            at
            for at, line in enumerate(ui.lines)
            for name in ("└ clean", "  └ load")
            if name in line
        ]
        assert lines == sorted(lines)
        await ui.press("j")
        await ui.sees("prefect.tasks…FunctionTask", "3, 1m apart", "Waits for", "Is waited for by")
        await ui.press("/")
        await ui.type("retries:>0")
        await ui.sees("1 of 3")
        await ui.press("escape", "escape", "g", "enter")
        await ui.sees("Task  extract", "last runs", "new-2", "✗ Failed")
        await ui.highlight("new-2")
        await ui.press("enter")
        await ui.sees("new-2 / extract", "KeyError: 'sku'")
        await ui.press("escape")
        await ui.sees("3 tasks, 1 mapped")


async def test_the_tasks_of_an_older_version_are_those_it_had(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("A v1")
        await ui.press("j")
        await walk_to(ui, "Tasks")
        await ui.sees("chosen among the versions", "lookup")


async def test_errors_of_the_last_runs_lead_to_the_log(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Errors")
        await ui.sees("KeyError: 'sku'")
        assert "extract" in ui.line_with("KeyError")
        assert "new-2" in ui.line_with("KeyError")
        await ui.press("enter")
        await ui.sees("no such sku")


async def test_what_is_upcoming_says_when_and_what_is_late_is_started_or_cleared(
    shop: World,
) -> None:
    await shop.switch_schedule(FLOW)
    shop.clock.forward(minutes=62)
    async with dashboard(shop) as ui:
        await open_pane(ui, "Upcoming")
        await ui.sees("1 late run", "W says why", "9 planned", "▲ Late")
        await ui.press("x")
        await ui.sees("start now …")
        await ui.press("escape", "space", "x")
        await ui.sees("1 marked", "delete")


async def test_ids_are_copied_from_the_settings(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    assert "TMUX" not in os.environ
    async with dashboard(shop) as ui:
        await open_pane(ui, "Settings")
        await ui.sees("flow group id", await shop.group_of(FLOW), shop.flows[FLOW])
        await ui.sees("run config", "UniversalRun", "storage", "Local", "core version", "1.4.1")
        await ui.highlight("flow group id")
        await ui.press("C")
        await ui.sees("flow group id: sent 36 B to the terminal")


async def test_an_archived_flow_looks_it(shop: World) -> None:
    first = await shop.group_of(FLOW)
    versions = await shop.ask(
        "query($id: uuid!) { flow(where: {flow_group_id: {_eq: $id}}) { id } }", id=first
    )
    async with dashboard(shop) as ui:
        await open_pane(ui, "Runs")
        for version in versions["flow"]:
            await shop.do("archive_flow", "success", flow_id=version["id"])
        await ui.press("r")
        await ui.sees("■ archived", "its runs stay, new ones are refused")
        await ui.press("x")
        await ui.sees("all its versions are archived")


async def test_what_the_runs_of_a_version_say_is_said_in_the_tasks_words(shop: World) -> None:
    async with dashboard(shop) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("First bad version  v2   1 of 2 failed", "Last good version  v1   none of 2")
        await ui.until(
            lambda: "KeyError: 'sku'" in ui.line_with("  New error"), "the error is not told"
        )
        asked = sum(b"VersionFailures" in one for one in shop.transport.requests)
        await ui.press("j", "k")
        await ui.sees("v1 → v2", "KeyError: 'sku'")
        assert sum(b"VersionFailures" in one for one in shop.transport.requests) == asked


async def test_more_changes_than_there_are_rows_are_walked_through(shop: World) -> None:
    async with dashboard(shop, (120, 30)) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("v1 → v2", "n next   d its facts", "3, was 3")
        assert "What the runs say" not in ui.text
        while "What the runs say" not in ui.text:
            before = ui.text
            await ui.press("n")
            await ui.until(lambda before=before: ui.text != before, "nothing was scrolled")
        assert "v1 → v2" not in ui.text
        await ui.press("n")
        await ui.sees("v1 → v2")
        await ui.pilot.resize_terminal(120, 60)
        await ui.sees("What the runs say", "d its facts")
        await ui.sees_no("n next")
        await ui.press("n")
        await ui.sees("next change: all that changed is to be seen")


async def test_high_and_wide_the_facts_of_a_version_stand_below_all_of_them(shop: World) -> None:
    async with dashboard(shop, (200, 60)) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("v2  active", "group id", "of this version", "v1 → v2")
        await ui.press("j")
        await ui.sees("v1  archived: its runs stay, new ones are refused", "old-2")
        assert ui.text.count("group id") == 1


async def test_of_a_flow_with_one_version_is_said_that_there_is_one(installation: World) -> None:
    await installation.flow(FLOW)
    async with dashboard(installation, (200, 60)) as ui:
        await open_pane(ui, "Versions")
        await ui.sees("It is the only version yet", "v1  active")
        assert ui.text.count("group id") == 1


async def test_below_the_errors_stands_each_cause_and_what_the_error_says(
    installation: World,
) -> None:
    world = installation
    await world.flow(FLOW, tasks=["extract", "load"], edges=[("extract", "load")])
    for number, message in enumerate(
        ("HTTPError: 503 of shard 7", "HTTPError: 503 of shard 12", "KeyError: 'sku'")
    ):
        name = f"run-{number}"
        await world.run(FLOW, name)
        await world.start(name)
        await world.task(name, "extract", "Running")
        await world.task(name, "extract", "Failed", f"Unexpected error: {message}")
        await world.task(name, "load", "TriggerFailed", "Some upstream tasks failed.")
        await world.set(name, "Failed", "Some reference tasks failed.")
        world.clock.forward(minutes=10)
    async with dashboard(world) as ui:
        await open_pane(ui, "Errors")
        await ui.sees("By cause  3 tasks did not run because of them", "extract  in run-2")
        rows = [line for line in ui.lines if " run-" in line and " v1 " in line]
        assert ["TriggerFailed" in row for row in rows] == [False, True] * 3
        found = [line.split() for line in ui.lines[ui.lines.index(ui.line_with("By cause")) :]]
        assert [line[-2] for line in found if line and line[0] == "✗"] == ["2", "1"]
        await ui.press("j", "j")
        await ui.sees("extract  in run-1", "HTTPError: 503 of shard 12")
        await ui.pilot.resize_terminal(80, 24)
        await ui.sees("extract  in run-1", "By cause  3 tasks did not run because of them")
        await ui.pilot.resize_terminal(80, 18)
        await ui.sees_no("By cause")


async def test_planned_runs_say_how_they_came_about_and_what_they_take(shop: World) -> None:
    await shop.switch_schedule(FLOW)
    async with dashboard(shop, (160, 40)) as ui:
        await open_pane(ui, "Upcoming")
        await ui.sees("labels", "parameters", "by")
        await ui.sees("k8s, prod", "schedule")
        assert "Flow run scheduled." not in ui.text
        await ui.sees("planned by the schedule", "Parameters", "limit               10")
        await ui.pilot.resize_terminal(80, 24)
        await ui.sees_no("planned by the schedule")


async def test_the_name_of_the_pane_one_is_in_is_to_be_seen_at_any_width(shop: World) -> None:
    async with dashboard(shop, (60, 20)) as ui:
        await ui.highlight(FLOW)
        await ui.press("enter")
        await ui.sees("Runs  Versions")
        for title in ("Versions", "Tasks", "Schedules", "Upcoming", "Errors", "Settings"):
            await ui.press("tab")
            await ui.sees(f"  {title}  ")
        await ui.press("tab")
        await ui.sees("…  Tasks  Schedules  Upcoming  Errors  Settings  Read me")
