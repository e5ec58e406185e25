"""The journal: what was sent is listed, and taken back where there is a way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.driver import dashboard
from tests.ui.screens.test_changing import choose
from tests.world import World, interval


@pytest.fixture
async def office(installation: World) -> World:
    """A flow with a schedule that is on, and a run of it that is late."""
    world = installation
    await world.flow("nightly", schedule=interval(60))
    await world.run("nightly", "late-a")
    await world.switch_schedule("nightly")
    world.clock.forward(minutes=5)
    return world


async def test_what_was_sent_is_listed_and_taken_back(office: World, tmp_path: Path) -> None:
    """Also by another dashboard than the one that sent it."""
    path = tmp_path / "journal.jsonl"
    async with dashboard(office, view="runs", journal=path) as ui:
        await ui.highlight("late-a")
        await ui.press("x c")
        await ui.sees("z opens the journal, which sets it back to Scheduled")
        await choose(ui, "Cancel the run")
        await ui.sees("late-a is Cancelled.")
    async with dashboard(office, view="overview", journal=path) as ui:
        await ui.press("z")
        await ui.sees("1 command", "cancel flow run", "late-a", "✓ done")
        await ui.sees("sent     cancel_flow_run", f'flow_run_id: "{office.runs["late-a"]}"')
        await ui.press("d")
        await ui.sees("Sent  cancel flow run", f'flow_run_id: "{office.runs["late-a"]}"')
        await ui.press("escape", "enter")
        await ui.sees("Take back", "set it back from Cancelled to Scheduled", "set_flow_run_state")
        await ui.press("enter")
        assert await office.state_of("late-a") == "Cancelled"
        await ui.press("enter")
        await choose(ui, "Take it back")
        await ui.sees("Taken back: set it back from Cancelled to Scheduled.")
        assert await office.state_of("late-a") == "Scheduled"
        await ui.sees("2 commands", "taken back", "it took one back")
        await ui.press("/")
        await ui.type("what:set_flow*")
        await ui.sees("1 of 2")


async def test_the_last_command_is_taken_back_by_one_key_unless_it_moved(office: World) -> None:
    async with dashboard(office, view="runs") as ui:
        await ui.press("Z")
        await ui.sees("nothing in the journal has a way back here")
        await ui.highlight("late-a")
        await ui.press("x c")
        await choose(ui, "Cancel the run")
        await ui.sees("late-a is Cancelled.")
        await office.set("late-a", "Failed")
        before = len(office.transport.requests)
        await ui.press("Z")
        await ui.sees("its version has been changed since; it is 3 now; nothing was sent")
        assert not any(b"mutation" in one for one in office.transport.requests[before:])


async def test_a_run_that_was_created_is_written_down_by_its_flow(office: World) -> None:
    """Not by the run that the cursor happened to be on, nor by an id."""
    async with dashboard(office, view="flows") as ui:
        await ui.highlight("nightly")
        await ui.press("enter")
        await ui.sees("late-a")
        await ui.press("x q")
        await choose(ui, "Start the run")
        await ui.sees("is planned.")
        await ui.press("t")
        await ui.sees("f3 send")
        await ui.press("f3")
        await ui.sees("Tasks")
        await ui.press("z")
        await ui.sees("2 commands", "create flow run")
        listed = ui.text.partition("create flow run  on ")[0]
        created = [line for line in listed.splitlines() if "create flow run" in line]
        assert [("nightly" in line, "late-a" in line) for line in created] == [(True, False)] * 2


async def test_a_notice_names_what_was_changed_and_o_opens_it(office: World) -> None:
    async with dashboard(office, view="runs") as ui:
        await ui.highlight("late-a")
        await ui.press("o")
        await ui.sees("open the last: nothing has been made yet")
        await ui.press("x c")
        await choose(ui, "Cancel the run")
        await ui.sees("late-a is Cancelled.  o  opens it")
        await ui.press("2", "o")
        await ui.sees("commerce / nightly v1 / late-a")


async def test_a_journal_that_cannot_be_written_is_said_and_stops_nothing(
    office: World, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    async with dashboard(office, view="runs", journal=tmp_path / "file" / "journal.jsonl") as ui:
        await ui.highlight("late-a")
        await ui.press("x c")
        await choose(ui, "Cancel the run")
        await ui.sees("late-a is Cancelled.  o  opens it  But not in the journal")
        await ui.press("z")
        await ui.sees("1 command", "late-a", "not in its file, kept only until flowtui ends")
    assert await office.state_of("late-a") == "Cancelled"
