"""A list of more runs than are fetched at once: pages, filters that the backend answers, counts.

Pages are made small here, so that the standard world is many of them.
"""

from __future__ import annotations

import pytest

from flowtui.ui import run_window
from flowtui.ui.screens import runs as runs_screen
from flowtui.ui.screens.runs import RunsScreen
from tests.driver import UI, dashboard
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
        for _ in range(400):
            if window.goes_on_above:
                break
            await ui.press("j")
        top = window.been[0]
        for _ in range(400):
            if window.been[0] != top:
                break
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
