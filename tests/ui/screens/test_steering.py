"""Steering: a restart, the schedule, archiving; each asks and says what it will do."""

from __future__ import annotations

import pytest

from tests.driver import dashboard
from tests.ui.screens.test_changing import choose, open_flow, open_run
from tests.world import World, interval


@pytest.fixture
async def broken(world: World) -> World:
    """A run of three tasks, one of which failed and took the next with it."""
    await world.flow("broken", "platform", ["extract", "load", "publish"])
    await world.run("broken", "sad-newt")
    await world.start("sad-newt")
    for slug, state in (("extract", "Success"), ("load", "Failed"), ("publish", "TriggerFailed")):
        if state != "TriggerFailed":
            await world.task("sad-newt", slug, "Running")
        await world.task("sad-newt", slug, state)
    await world.set("sad-newt", "Failed", "Some reference tasks failed.")
    return world


async def test_a_restart_names_what_it_resets_and_keeps_what_is_done(broken: World) -> None:
    async with dashboard(broken) as ui:
        await open_run(ui, "sad-newt")
        await ui.press("x r")
        await ui.sees("Restart run  sad-newt", "2 task runs: load, publish", "1 task run done")
        await choose(ui, "Restart the run")
        await ui.sees("sad-newt is scheduled again; 2 task runs will run.")
        assert "opens it" not in ui.text
    assert await broken.state_of("sad-newt") == "Scheduled"
    tasks = await broken.ask(
        "query($id: uuid!) { task_run(where: {flow_run_id: {_eq: $id}}, "
        "order_by: {task: {slug: asc}}) { state } }",
        id=broken.runs["sad-newt"],
    )
    assert [task["state"] for task in tasks["task_run"]] == ["Success", "Pending", "Pending"]


async def test_a_restart_of_a_run_that_moved_writes_nothing(broken: World) -> None:
    async with dashboard(broken) as ui:
        await open_run(ui, "sad-newt")
        await ui.press("x r")
        await ui.sees("Restart run")
        await broken.set("sad-newt", "Success", "Mended by hand.")
        await choose(ui, "Restart the run")
        await ui.sees("it changed while you were looking, and nothing was sent")
    assert await broken.state_of("sad-newt") == "Success"


async def test_a_run_that_went_well_is_not_restarted(world: World) -> None:
    async with dashboard(world) as ui:
        await open_run(ui, "billing-audit-1")
        await ui.press("x")
        await ui.sees("nothing in it went wrong")


async def test_a_schedule_is_switched_off_and_on(world: World) -> None:
    async with dashboard(world) as ui:
        await open_flow(ui, "churn-features")
        await ui.sees("schedule on, every 20 min")
        await ui.press("x p")
        await ui.sees("Schedule off  churn-features", "set_schedule_inactive")
        await choose(ui, "Switch the schedule off")
        await ui.sees("The schedule of churn-features is off.", "schedule off, every 20 min")
        await ui.press("x p")
        await ui.sees("the next runs are planned at once", "next run", " UTC, in ")
        await choose(ui, "Switch the schedule on")
        await ui.sees("schedule on, every 20 min")


async def test_a_schedule_that_needs_a_parameter_says_so_and_stays_off(world: World) -> None:
    await world.flow("needy", "ml", ["work"], required=["day"], schedule=interval(60))
    async with dashboard(world) as ui:
        await open_flow(ui, "needy")
        await ui.press("x p")
        await choose(ui, "Switch the schedule on")
        await ui.sees("Can not schedule a flow that has required parameters.")
        await ui.press("r")
        await ui.sees("schedule off")


async def test_a_version_is_archived(world: World) -> None:
    async with dashboard(world) as ui:
        await open_flow(ui, "billing-audit")
        await ui.press("V")
        await ui.sees("active")
        await ui.press("x a")
        await ui.sees("Archive version  billing-audit v1", "The flow has no other version")
        await choose(ui, "Archive v1")
        await ui.sees("billing-audit v1 is archived.")
    found = await world.ask(
        "query($id: uuid!) { flow_by_pk(id: $id) { archived } }", id=world.flows["billing-audit"]
    )
    assert found["flow_by_pk"]["archived"] is True
