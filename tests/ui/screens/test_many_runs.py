"""A list of more runs than are fetched at once: pages, filters that the backend answers, counts.

Pages are made small here, so that the standard world is many of them.
"""

from __future__ import annotations

import pytest

from flowtui.ui import beyond, run_window
from flowtui.ui.screens import flow_runs
from flowtui.ui.screens import runs as runs_screen
from flowtui.ui.screens.runs import RunsScreen
from tests.driver import UI, dashboard
from tests.ui.screens.test_changing import choose
from tests.world import World


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_window, "PAGE", 8)
    monkeypatch.setattr(run_window, "KEPT", 16)
    monkeypatch.setattr(runs_screen, "AHEAD", 4)


def screen(ui: UI) -> RunsScreen:
    shown = ui.app.screen
    assert isinstance(shown, RunsScreen)
    return shown


async def filtered(ui: UI, text: str) -> None:
    await ui.press("slash")
    await ui.sees("tab complete")
    await ui.type(text)
    await ui.press("enter")


async def test_scrolling_reads_on_to_the_oldest_run_and_holds_a_stretch_only(world: World) -> None:
    async with dashboard(world, size=(120, 16), view="runs") as ui:
        await ui.sees("rosy-otter")
        total = await world.backend().count_runs()
        await ui.sees(f"Runs  {total}   / filter")
        for _ in range(400):
            if "v1-run-1" in ui.text:
                break
            before = ui.text
            await ui.press("pagedown")
            await ui.until(lambda b=before: ui.text != b, "nothing moves")  # type: ignore[misc]
        await ui.sees("v1-run-1")
        window = screen(ui)._window
        assert window is not None
        assert len(window.been) <= run_window.KEPT
        assert window.goes_on_above
        await ui.press("g")
        await ui.sees("rosy-otter", "churn-features-9")
        await ui.until(lambda: not window.goes_on_above, "the newest runs are not read again")


async def test_going_up_reads_again_what_was_let_go(world: World) -> None:
    async with dashboard(world, size=(120, 16), view="runs") as ui:
        await ui.sees("rosy-otter")
        window = screen(ui)._window
        assert window is not None
        table = screen(ui).list_table
        while not window.goes_on_above:
            await ui.press("pagedown")
            await ui.until(lambda: not screen(ui)._is_reading, "a page is never read")
        top = window.been[0]
        # A step more would be the first row, and the way back to the newest runs.
        while table.cursor >= runs_screen.AHEAD and window.been[0] == top:
            await ui.press("k")
        await ui.until(lambda: window.been[0] != top, "nothing newer is read")
        assert window.been[0].scheduled_start_time >= top.scheduled_start_time
        assert len(window.been) <= run_window.KEPT


async def test_a_filter_finds_what_was_never_fetched(world: World) -> None:
    async with dashboard(world, size=(120, 16), view="runs") as ui:
        await ui.sees("rosy-otter")
        await filtered(ui, "name:v1-run-*")
        await ui.sees("v1-run-1", "v1-run-3", "Runs  3 of ", "are hidden by your filter")
        await ui.sees_no("rosy-otter")
        await ui.press("escape")
        await ui.sees("rosy-otter", "/ filter")


async def test_a_list_says_how_far_it_looked_for_what_the_backend_cannot_filter(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs_screen, "LOOKED_THROUGH", 16)
    async with dashboard(world, size=(160, 16), view="runs") as ui:
        await ui.sees("rosy-otter")
        await filtered(ui, "name:/zebra/")
        await ui.sees("None of the newest 16 runs matches your filter")
        await ui.sees("Runs  0 of the newest 16", "the newest 16 looked through; the backend")


async def test_what_only_a_test_can_say_is_looked_for_page_by_page(world: World) -> None:
    async with dashboard(world, size=(160, 16), view="runs") as ui:
        await ui.sees("rosy-otter")
        await filtered(ui, "name:/^v1-run-1$/")
        await ui.sees("v1-run-1", "Runs  1 of ")


async def test_a_run_that_ends_moves_among_those_that_have_been(world: World) -> None:
    async with dashboard(world, size=(120, 16), view="runs") as ui:
        await ui.highlight("rosy-otter")
        await world.set("rosy-otter", "Success", "All is well.")
        await ui.press("r")
        await ui.until(
            lambda: ui.line_with("rosy-otter").lstrip(" ▌").startswith("✓"), "it does not end"
        )
        assert ui.text.count("rosy-otter") == 1


async def test_nothing_is_asked_for_twice_while_one_types(world: World) -> None:
    async with dashboard(world, size=(120, 16), view="runs") as ui:
        await ui.sees("rosy-otter")
        await ui.press("slash")
        world.transport.requests.clear()
        await ui.type("name:v1-run-1")
        await ui.press("enter")
        await ui.sees("Runs  1 of ")
        asked = [body for body in world.transport.requests if b"_ilike" in body]
        assert any(b"%v1-run-1%" in body for body in asked)


@pytest.fixture
async def long_past(installation: World) -> World:
    """Twenty-four runs of a flow that are over, called old-, and one that is not called so."""
    world = installation
    await world.flow("nightly")
    for number in range(24):
        await world.run("nightly", f"old-{number:02}")
        await world.set(f"old-{number:02}", "Success")
        world.clock.forward(seconds=1)
    await world.run("nightly", "new")
    await world.set("new", "Success")
    return world


async def states_of(world: World, *names: str) -> set[str]:
    """What these runs are in."""
    return {await world.state_of(name) for name in names}


OLD = tuple(f"old-{number:02}" for number in range(24))


async def test_all_that_match_are_acted_on_beyond_the_rows_that_were_read(
    long_past: World,
) -> None:
    world, sent = long_past, b"set_flow_run_state(input"
    async with dashboard(world, size=(120, 16), view="runs", profile={"bulk_rate": 1000.0}) as ui:
        await filtered(ui, "name:old-*")
        await ui.sees("Runs  24 of 25", "old-23")
        assert len(screen(ui).list_table.rows) < 24
        await ui.press("a")
        await ui.sees("marked: the rows read so far. X takes all 24 that match.")
        await ui.press("u", "X")
        await ui.sees("the rows that have been read so far", "all 24 that match")
        await ui.press("down", "enter")
        await ui.sees("all 24 that match: flow runs")
        await ui.press("f")
        await ui.sees("Set 24 flow runs to Failed", "24 to Failed", "type 24 to go on")
        await ui.type("24")
        world.transport.lose_on = sent
        await choose(ui, "Set 24 flow runs to Failed")
        await ui.sees("unknown: the answer was lost", "23 not sent")
        world.transport.lose_on = b""
        await choose(ui, "Go on with 24 flow runs")
        await ui.sees("✓ 24 done")
    assert await states_of(world, *OLD) == {"Failed"}
    assert await world.state_of("new") == "Success"
    assert sum(sent in request for request in world.transport.requests) == 24


async def test_what_is_too_much_to_be_read_by_anybody_is_done_in_parts(
    long_past: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where none of what matches is among the rows that were read."""
    monkeypatch.setattr(beyond, "MOST", 20)
    monkeypatch.setattr(runs_screen, "LOOKED_THROUGH", 8)
    async with dashboard(long_past, size=(120, 20), view="runs") as ui:
        await filtered(ui, "name:/old-.*/")
        await ui.sees("old-23")
        await ui.press("X")
        await ui.sees("all that match")
        await ui.press("down", "enter")
        await ui.sees("all that match: flow runs")
        await ui.press("d")
        await ui.sees("There are more than 20 flow runs.")
        await choose(ui, "Show the newest 20 flow runs")
        await ui.sees("Delete 20 flow runs", "20 deleted")
        await ui.press("escape")
        await ui.until(lambda: not ui.app.screen.is_modal, "it was not left")
        await ui.press("colon")
        await ui.type("runs name:/old-00/")
        await ui.press("enter")
        await ui.sees("None of the newest")
        await ui.press("X")
        await ui.sees("all that match: flow runs")
        await ui.press("d")
        await ui.sees("Delete 1 flow run", "old-00")
        await ui.press("escape")
        await ui.until(lambda: not ui.app.screen.is_modal, "it was not left")
    assert await states_of(long_past, *OLD) == {"Success"}


async def test_all_runs_of_a_flow_are_acted_on_beyond_those_its_page_holds(
    long_past: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_runs, "LIMIT", 8)
    async with dashboard(long_past) as ui:
        await ui.highlight("nightly")
        await ui.press("enter")
        await ui.sees("old-23")
        await ui.press("X")
        await ui.sees("the 8 shown", "all there are")
        await ui.press("down", "enter")
        await ui.sees("all there are: flow runs")
        await ui.press("d")
        await ui.sees("Delete 25 flow runs", "25 deleted")


async def test_an_order_that_was_chosen_is_one_of_all_where_all_can_be_held(
    long_past: World,
) -> None:
    async with dashboard(long_past, size=(120, 12), view="runs") as ui:
        await filtered(ui, "name:old-0*")
        await ui.sees("Runs  10 of 25", "old-09")
        assert "old-00" not in {run.name for run in screen(ui).listing.records}
        await ui.press("s")
        await ui.sees("Sort", "again reverses")
        await ui.highlight("flow ")
        await ui.press("enter")
        await ui.sees("sort: flow")
        await ui.until(lambda: len(screen(ui).list_table.rows) == 10, "not all are here")
        assert screen(ui).list_table.cursor == 0
        assert " here" not in ui.line_with("sort: flow")
        await ui.press("G")
        await ui.sees("old-00")
