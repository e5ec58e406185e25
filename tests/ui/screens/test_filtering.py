"""Filtering lists by keyboard: what is shown, what is said, and how one gets out again."""

from __future__ import annotations

import pytest

from flowtui.ui.widgets.table import RecordTable
from tests.driver import UI, dashboard
from tests.world import World


async def go(ui: UI, tab: str) -> None:
    """Go to a tab by its digit."""
    await ui.press(next(one.key for one in ui.app.tabs if one.name == tab))


async def filtered(ui: UI, text: str) -> None:
    """Type a filter and see it in the line."""
    await ui.press("slash")
    await ui.sees("tab complete")
    await ui.type(text)
    await ui.sees(f"/ {text}")


async def test_flows_are_filtered_as_one_types(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran", "/ filter", "sort: what is wrong, then name")
        await filtered(ui, "state:failed,late")
        await ui.sees("2 of 7", "churn-features", "ledger-reconcile")
        await ui.sees_no("never-ran")
        assert ui.text.count("2 of 7") == 1, "the title and the line below it say the same"
        await ui.press("enter")
        await ui.sees("Flows  2 of 7   / state:failed,late  5 are hidden by your filter")
        await ui.sees("enter open")
        await ui.pilot.resize_terminal(60, 20)
        await ui.until(
            lambda: ui.line_with("/ state") == "  Flows  2 of 7   / state:failed,late",
            "a sentence without room is cut",
        )


async def test_escape_goes_back_a_step_at_a_time(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await go(ui, "Runs")
        await ui.sees("rosy-otter")
        await filtered(ui, "churn")
        await ui.sees_no("rosy-otter")
        await ui.press("escape")
        await ui.sees("rosy-otter", "tab complete")
        await ui.press("escape")
        await ui.sees_no("tab complete")
        await filtered(ui, "heron")
        await ui.press("enter")
        await ui.sees("hidden by your filter")
        await ui.press("escape")
        await ui.sees("/ filter", "churn-features-1")
        await ui.press("escape")
        await ui.sees("q leaves flowtui")
        assert ui.app.return_value is None
        await ui.press("q")
        await ui.until(lambda: ui.app.return_value == 0, "the dashboard is not left")


async def test_a_filter_stays_with_its_list_while_flowtui_runs(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await filtered(ui, "!state:success")
        await ui.press("enter")
        await go(ui, "Runs")
        await ui.sees("rosy-otter", "/ filter")
        await go(ui, "Flows")
        await ui.sees("/ !state:success", "1 is hidden by your filter")
        await ui.press("slash")
        await ui.type(" orders")
        await ui.sees("1 of 7")


async def test_runs_of_a_flow_are_filtered_and_its_page_says_so(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.highlight("orders-etl")
        await ui.press("enter")
        await ui.sees("rosy-otter")
        await filtered(ui, "state:failed")
        await ui.sees("2 of 13")
        await ui.press("enter")
        await ui.sees("/ state:failed  11 are hidden by your filter", "v4-run-3")
        await ui.press("V", "tab", "tab")
        await ui.sees("Schedules")
        await ui.press("slash")
        await ui.sees("filter: go to the list first")
        await ui.press("shift+tab", "shift+tab", "V", "escape")
        await ui.sees("rosy-otter")
        await ui.sees_no("hidden by your filter")


async def test_nothing_found_says_how_to_see_all_again(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await filtered(ui, "zebra")
        await ui.sees("None of the 7 flows matches your filter.  esc  clears it", "0 of 7")
        await ui.press("enter", "escape")
        await ui.sees("never-ran")


async def test_a_mistake_is_shown_under_its_place_and_not_kept(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await filtered(ui, "ml state:frozen")
        await ui.sees("no state is called 'frozen'")
        typed, said = ui.line_with("/ ml state"), ui.line_with("no state is called")
        assert said.index("▔") == typed.index("frozen")
        await ui.press("enter")
        await ui.sees("Not a filter yet, column 10: no state is called 'frozen'")
        await ui.press(*["backspace"] * 6)
        await ui.type("failed")
        await ui.press("enter")
        await ui.sees("6 are hidden by your filter")


async def test_tab_completes_fields_and_values(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await filtered(ui, "pro")
        await ui.sees("project:")
        await ui.press("tab")
        await ui.sees("/ project:", "commerce  finance  ml  platform")
        await ui.press("tab", "tab")
        await ui.sees("/ project:finance", "2 of 7")
        await ui.press("shift+tab")
        await ui.sees("/ project:commerce", "1 of 7")
        await ui.type(",pl")
        await ui.press("tab")
        await ui.sees("/ project:commerce,platform", "2 of 7")


async def test_one_moves_in_the_table_while_one_types(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await filtered(ui, "schedule:none")
        await ui.press("down", "down")
        chosen = next(line for line in ui.lines if "▌" in line)
        await ui.press("enter", "enter")
        await ui.sees(f"/ {chosen.split()[2]}")


async def test_a_run_that_comes_to_match_appears(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await go(ui, "Runs")
        await filtered(ui, "state:failed otter")
        await ui.sees("None of the")
        await world.set("rosy-otter", "Failed", "It broke.")
        await ui.press("enter", "r")
        await ui.sees("It broke.")


async def test_keys_of_the_page_are_letters_while_one_types(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await filtered(ui, "q1?x")
        await ui.sees("None of the 7 flows")


async def test_a_filter_line_keeps_its_place_on_a_small_screen(world: World) -> None:
    async with dashboard(world, size=(60, 20)) as ui:
        await ui.sees("never-ran")
        await filtered(ui, "state:fai")
        await ui.sees("failed", "1 of 7", "churn-features")


async def test_help_names_what_the_list_can_be_filtered_by(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await ui.press("question_mark")
        await ui.sees("Keys")
        await ui.press("slash")
        await ui.type("its schedule: on")
        await ui.highlight("schedule:")
        await ui.sees("Its schedule: on, off, none, or a part of it.  schedule:off")
        await ui.press("enter")
        await ui.sees("tab complete")


async def test_a_list_that_was_cut_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowtui.ui.screens.flows.LIMIT", 5)
    async with dashboard(world) as ui:
        await ui.sees("Flows  the first 5 in")
        await filtered(ui, "audit")
        await ui.sees("of the first 5")
        await ui.type("zebra")
        await ui.sees("None of the first 5 flows matches your filter")


async def test_marks_go_before_the_filter_and_the_filter_before_the_page(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await filtered(ui, "ml")
        await ui.press("enter")
        table = ui.app.screen.query_one("#table", RecordTable)
        table.can_mark = True
        await ui.press("space")
        await ui.sees("•")
        await ui.press("escape")
        await ui.sees_no("•")
        await ui.sees("hidden by your filter")
        await ui.press("escape")
        await ui.sees_no("hidden by your filter")
        assert ui.app.return_value is None


async def test_what_flows_wrote_is_offered_harmless(world: World) -> None:
    await world.flow("odd", "\x1b[31mred\x1b[0m project")
    async with dashboard(world) as ui:
        await ui.sees("odd")
        await filtered(ui, "project:red")
        await ui.press("tab")
        await ui.sees("1 of 8")
        assert "\x1b" not in ui.text


async def test_a_long_list_is_filtered_once_one_stops_typing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowtui.ui.screens.listing.AT_ONCE", 5)
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        await filtered(ui, "churn")
        await ui.sees("1 of 7")
        await ui.type(" state:frozen")
        await ui.press("enter")
        await ui.sees("Not a filter yet, column 13: no state is called 'frozen'")
        await ui.press("escape")
        await ui.sees("Flows  7 in 4 projects")
        await ui.type("never")
        await ui.press("enter")
        await ui.sees("6 are hidden by your filter")
