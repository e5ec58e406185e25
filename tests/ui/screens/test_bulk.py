"""Doing one thing to many: every target is shown before, while and after it is sent."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from flowtui.models.ids import FlowRunId
from tests.driver import UI, dashboard
from tests.ui.screens.test_changing import choose
from tests.world import World, interval

FAST = {"bulk_rate": 1000.0}


@pytest.fixture
async def fleet(installation: World) -> World:
    """Two running, two late, one that failed."""
    world = installation
    await world.flow("nightly")
    for name in ("run-a", "run-b", "late-a", "late-b", "bad"):
        await world.run("nightly", name)
    for name in ("run-a", "run-b", "bad"):
        await world.start(name)
    await world.set("bad", "Failed")
    world.clock.forward(minutes=5)
    return world


async def mark(ui: UI, *names: str) -> None:
    """Mark these runs, wherever they stand."""
    for name in names:
        await ui.press("g")
        await ui.highlight(name)
        await ui.press("space")


async def go_on(ui: UI, phrase: str, button: str) -> None:
    """Type what has to be typed, and press the button."""
    await ui.sees(f"type {phrase} to go on")
    await ui.type(phrase)
    await choose(ui, button)


def target(ui: UI, name: str) -> str:
    """What the dialog says of a target."""
    return next(line for line in ui.lines if f"✓ {name}" in line or f"▲ {name}" in line)


def sent(world: World, mutation: str) -> int:
    """How often a mutation went to the backend."""
    return sum(1 for request in world.transport.requests if f"{mutation}(input".encode() in request)


async def test_marked_runs_are_cancelled_after_every_target_was_shown(fleet: World) -> None:
    async with dashboard(fleet, view="runs", profile=FAST) as ui:
        await mark(ui, "run-a", "late-a", "bad")
        await ui.sees("3 marked")
        await ui.press("x")
        await ui.sees("3 marked: flow runs", "Remove them with their task runs")
        await ui.press("c")
        await ui.sees("Cancel 3 flow runs", "1 to Cancelling", "1 to Cancelled", "1 left alone")
        await ui.sees("nothing, it is over", "cancel_flow_run 2 times, 1000 a second")
        assert target(ui, "run-a").split()[-4:] == ["5m", "3", "□", "Cancelling"]
        await ui.press("enter")
        assert sent(fleet, "cancel_flow_run") == 0
        await go_on(ui, "2", "Cancel 2 flow runs")
        await ui.sees("✓ 2 done")
        assert await fleet.state_of("run-a") == "Cancelling"
        assert await fleet.state_of("late-a") == "Cancelled"
        assert await fleet.state_of("run-b") == "Running"
        await ui.press("enter")
        await ui.sees("Cancel 3 flow runs: 2 done.", "1 marked")
        await ui.press("z")
        await ui.sees("2 commands", "late-a of nightly", "set it back from Cancelled to Scheduled")


async def test_marks_that_the_filter_hides_are_told_and_shown(fleet: World) -> None:
    async with dashboard(fleet, view="runs", profile=FAST) as ui:
        await mark(ui, "run-a", "late-a")
        await ui.press("/")
        await ui.type("late")
        await ui.press("enter")
        await ui.sees("2 marked, 1 of them is hidden by your filter")
        await ui.press("x c")
        read = f"on world, read again {fleet.clock():%H:%M:%S}"
        await ui.sees("1 is hidden by your filter", read)
        assert "hidden" in target(ui, "run-a")
        assert "hidden" not in target(ui, "late-a")


async def test_a_range_all_and_none_are_marked_with_a_key_each(fleet: World) -> None:
    async with dashboard(fleet, view="runs", profile=FAST) as ui:
        await ui.sees("run-a")
        await ui.press("space", "j", "v")
        await ui.sees("3 marked")
        await ui.press("a")
        await ui.sees("5 marked")
        await ui.press("u")
        await ui.sees_no("marked")


async def test_all_that_the_filter_leaves_are_restarted_without_marks(fleet: World) -> None:
    async with dashboard(fleet, view="runs", profile=FAST) as ui:
        await ui.sees("bad")
        await ui.press("/")
        await ui.type("state:failed")
        await ui.press("enter")
        await ui.sees("1 of 5")
        await ui.press("X")
        await ui.sees("all 1 shown: flow runs")
        await ui.press("r")
        await go_on(ui, "1", "Restart 1 flow run")
        await ui.sees("✓ 1 done")
    assert await fleet.state_of("bad") == "Scheduled"


async def test_a_run_that_moved_meanwhile_stays_listed_and_is_not_touched(fleet: World) -> None:
    async with dashboard(fleet, view="runs", profile=FAST) as ui:
        await mark(ui, "run-a", "run-b")
        await ui.press("x f")
        await ui.sees("2 to Failed")
        await fleet.set("run-b", "Success")
        await go_on(ui, "2", "Set 2 flow runs to Failed")
        await ui.sees("✓ 1 done", "▲ 1 moved")
        assert "moved: " in target(ui, "run-b")
    assert await fleet.state_of("run-b") == "Success"
    assert await fleet.state_of("run-a") == "Failed"


async def test_a_lost_answer_stops_everything_and_nothing_is_sent_twice(fleet: World) -> None:
    async with dashboard(fleet, view="runs", profile=FAST) as ui:
        await mark(ui, "run-a", "run-b", "late-a")
        await ui.press("x c")
        await ui.sees("Cancel 3 flow runs", "2 to Cancelling")
        await ui.type("3")
        fleet.transport.lose_on = b"cancel_flow_run(input"
        await choose(ui, "Cancel 3 flow runs")
        await ui.sees("unknown: the answer was lost", "2 not sent", "Connection reset by peer")
        assert sent(fleet, "cancel_flow_run") == 1
        fleet.transport.lose_on = b""
        await choose(ui, "Go on with 3 flow runs")
        await ui.sees("✓ 3 done", "done, it had arrived")
        assert sent(fleet, "cancel_flow_run") == 3
        assert {await fleet.state_of(name) for name in ("run-a", "run-b")} == {"Cancelling"}
        await ui.press("enter", "z")
        await ui.sees("✓ done", "▲ unknown")


async def test_what_was_deleted_by_somebody_else_is_not_said_to_be_done(fleet: World) -> None:
    async with dashboard(fleet, view="runs", profile=FAST) as ui:
        await mark(ui, "late-a", "late-b")
        await ui.press("x g")
        await ui.sees("Start 2 flow runs now")
        await ui.type("2")
        fleet.transport.lose_on = b"set_flow_run_state(input"
        await choose(ui, "Start 2 flow runs now")
        await ui.sees("unknown: the answer was lost", "1 not sent")
        fleet.transport.lose_on = b""
        line = ui.line_with("unknown: the answer was lost")
        lost = next(name for name in ("late-a", "late-b") if name in line)
        await fleet.backend().delete_flow_run(FlowRunId(fleet.runs[lost]))
        await choose(ui, "Go on with 2 flow runs")
        await ui.sees("✓ 1 done", "▲ 1 moved", "moved: it is gone")


async def test_esc_stops_it_and_it_goes_on_with_what_was_not_done(fleet: World) -> None:
    async with dashboard(fleet, view="runs", profile={"bulk_rate": 0.01}) as ui:
        await mark(ui, "run-a", "run-b")
        await ui.press("x c")
        await go_on(ui, "2", "Cancel 2 flow runs")
        await ui.sees("1 done", "1 to go")
        await ui.press("escape")
        await ui.sees("1 not sent", "Go on with 1 flow run")
        assert sent(fleet, "cancel_flow_run") == 1
        await choose(ui, "Go on with 1 flow run")
        await ui.sees("✓ 2 done")
    assert sent(fleet, "cancel_flow_run") == 2


async def test_one_is_left_out_and_the_report_is_written_to_a_file(
    fleet: World, tmp_path: Path
) -> None:
    async with dashboard(fleet, view="runs", profile=FAST) as ui:
        await mark(ui, "late-a", "late-b")
        await ui.press("x d")
        await ui.sees("there is no way back; cancelling keeps the history", "2 deleted")
        await ui.press("shift+tab", "space")
        await ui.sees("nothing, you left it out", "type 1 to go on")
        await ui.press("tab")
        await go_on(ui, "1", "Delete 1 flow run")
        await ui.sees("✓ 1 done")
        await ui.press("E")
        await ui.sees("Export")
        await ui.press("ctrl+u")
        await ui.type(f"{tmp_path}/report.csv")
        await ui.press("enter")
        await ui.sees("The report is in")
    with (tmp_path / "report.csv").open() as file:
        rows = {row["flow run"]: row["result"] for row in csv.DictReader(file)}
    assert rows == {"late-b": "done", "late-a": "left alone: you left it out"}


async def test_a_read_only_profile_does_nothing_to_many(fleet: World) -> None:
    async with dashboard(fleet, view="runs", profile={**FAST, "read_only": True}) as ui:
        await mark(ui, "run-a", "run-b")
        await ui.press("x c")
        await ui.sees("this profile is read-only, so nothing was sent")


async def test_production_wants_its_name_before_anything(fleet: World) -> None:
    async with dashboard(fleet, view="runs", profile={**FAST, "production": True}) as ui:
        await mark(ui, "run-a", "run-b")
        await ui.press("x c")
        await ui.sees("world is a production backend.")
        await go_on(ui, "world 2", "Cancel 2 flow runs")
        await ui.sees("✓ 2 done")
        await ui.press("enter", "u")
        await ui.highlight("late-a")
        await ui.press("x c")
        await ui.sees("type world to go on", "Cancel run  late-a")
        await ui.press("enter")
        await ui.type("world")
        await choose(ui, "Cancel the run")
        await ui.sees("late-a is Cancelled.")
        await ui.highlight("late-b")
        await ui.press("x s")
        await ui.sees("Set state  late-b", "type world to go on")
        words = ui.app.screen.query_one("#phrase FieldInput")
        while ui.app.screen.focused is not words:
            await ui.press("tab")
        await ui.type("world")
        await choose(ui, "Set to Success")
        await ui.sees("late-b")
        await ui.until(lambda: not ui.app.screen.is_modal, "it was set")
    assert await fleet.state_of("late-b") == "Success"


async def test_marked_schedules_are_switched_off_together(installation: World) -> None:
    world = installation
    for name in ("one", "two", "three"):
        await world.flow(name, schedule=None if name == "three" else interval(60))
        if name != "three":
            await world.switch_schedule(name)
    async with dashboard(world, view="flows", profile=FAST) as ui:
        await ui.sees("three")
        await ui.press("a", "x", "o")
        await ui.sees("Switch the schedules of 3 flows off", "nothing, it has no schedule")
        await go_on(ui, "2", "Switch the schedules of 2 flows off")
        await ui.sees("✓ 2 done")
    found = await world.ask("{ flow(where: {is_schedule_active: {_eq: true}}) { name } }")
    assert found["flow"] == []
    assert sent(world, "set_schedule_inactive") == 2


async def test_marked_task_runs_are_set_to_a_state_together(fleet: World) -> None:
    for task in ("extract", "load"):
        await fleet.task("run-a", task, "Failed")
    async with dashboard(fleet, view="runs", profile=FAST) as ui:
        await ui.highlight("run-a")
        await ui.press("enter")
        await ui.sees("extract", "load", "Log")
        await ui.press("a", "x")
        await ui.sees("2 marked: task runs")
        await ui.press("s")
        await ui.sees("Set 2 task runs to Success", "2 to Success")
        await go_on(ui, "2", "Set 2 task runs to Success")
        await ui.sees("✓ 2 done")
    found = await fleet.ask('{ task_run(where: {state: {_eq: "Success"}}) { id } }')
    assert len(found["task_run"]) == 2


async def test_a_bulk_is_taken_back_as_one_but_for_what_moved(
    installation: World, tmp_path: Path
) -> None:
    """Also by another dashboard than the one that sent it."""
    await installation.flow("nightly")
    late = ("late-a", "late-b", "late-c")
    for name in late:
        await installation.run("nightly", name)
    installation.clock.forward(minutes=5)
    journal = tmp_path / "journal.jsonl"
    async with dashboard(installation, view="runs", profile=FAST, journal=journal) as ui:
        await ui.sees("late-c")
        await ui.press("a", "x", "c")
        await go_on(ui, "3", "Cancel 3 flow runs")
        await ui.sees("✓ 3 done")
    await installation.set("late-b", "Failed")
    async with dashboard(installation, view="overview", profile=FAST, journal=journal) as ui:
        await ui.sees("● live")
        await ui.press("Z")
        await ui.sees("Take back 3 commands", "2 to Scheduled", "1 left alone")
        assert "its version has been changed since" in target_line(ui, "late-b")
        await ui.press("escape")
        await ui.sees("Attention")
        assert await installation.state_of("late-a") == "Cancelled"
        await ui.press("z")
        await ui.sees("3 commands")
        await ui.press("d")
        await ui.sees("part of  Cancel 3 flow runs")
        await ui.press("escape", "x", "U")
        await ui.sees("2 to Scheduled", "1 left alone")
        await go_on(ui, "2", "Take back 2 commands")
        await ui.sees("✓ 2 done")
        await ui.press("enter")
        await ui.sees("Take back 3 commands: 2 done.", "taken back", "it took one back")
        await ui.press("x", "U")
        await ui.sees("nothing that was sent with it has a way back")
    states = [await installation.state_of(name) for name in late]
    assert states == ["Scheduled", "Failed", "Scheduled"]


def target_line(ui: UI, name: str) -> str:
    """The row of a target in the dialog."""
    return next(line for line in ui.lines if f" {name} " in line and "nightly" in line)
