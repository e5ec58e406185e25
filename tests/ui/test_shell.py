"""Everything around the screens: palette, commands, finding, going, zones, what is kept."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from flowtui.ui.kept import StateFile
from flowtui.ui.screens.flows import FlowsScreen
from tests.copies import copied_world
from tests.driver import UI, dashboard
from tests.world import World, standard_world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def night() -> AsyncIterator[World]:
    async with copied_world(standard_world) as world:
        yield world


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def command(ui: UI, line: str) -> None:
    """Type a command into the command line."""
    await ui.press("colon")
    await ui.sees("Commands")
    await ui.type(line)
    await ui.press("enter")


async def test_the_palette_finds_an_action_by_its_words_and_does_it(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await ui.press("ctrl+p")
        await ui.sees("Palette", "versions", "project …")
        await ui.type("vers")
        await ui.sees_no("project …")
        await ui.press("enter")
        await ui.sees("commerce / orders-etl")


async def test_a_refused_action_says_why_in_the_palette(night: World) -> None:
    async with dashboard(night, view="agents") as ui:
        await ui.press("ctrl+p")
        await ui.type("last view")
        await ui.sees("you have been nowhere else yet")


async def test_a_key_that_comes_before_its_page_waits_and_one_after_it_is_lost(
    night: World,
) -> None:
    async with dashboard(night, view="agents") as ui:
        page = FlowsScreen()
        opened = ui.app.push_screen(page)
        page.action_act("open_flow")
        await opened
        await ui.sees("open: nothing is selected")
        await ui.app.pop_screen()
        page.action_act("open_flow")
        await ui.sees("1 Overview", "Agents")


async def test_the_command_line_completes_and_lists_what_may_follow(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await ui.press("colon")
        await ui.type("th")
        await ui.press("tab")
        await ui.sees("dark", "light", "ansi16", "mono")
        await ui.type("li")
        await ui.press("tab", "enter")
        await ui.until(lambda: ui.app.theme == "flowtui-light", "the theme is another")
        await command(ui, "theme purple")
        await ui.sees("There is no theme 'purple'")


async def test_tab_in_an_empty_command_line_lists_every_action(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await ui.press("colon")
        await ui.sees("Commands")
        await ui.sees_no("The flow under the cursor")
        await ui.press("tab")
        await ui.sees("The flow under the cursor")


async def test_a_command_goes_to_a_list_with_a_filter(night: World) -> None:
    async with dashboard(night) as ui:
        await command(ui, "runs state:failed")
        await ui.sees("churn-features-9", "/ state:failed")
        await ui.sees_no("rosy-otter")


async def test_finding_by_a_part_of_a_name_opens_what_is_chosen(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.press("ctrl+k")
        await ui.sees("Type a part of a name.")
        await ui.type("otter")
        await ui.sees("rosy-otter", "orders-etl", "● Running")
        await ui.press("enter")
        await ui.sees("commerce / orders-etl")
        await ui.press("ctrl+k")
        await ui.type("feature")
        await ui.sees("flow  ", "churn-features", "feature-store", "task  ")
        await ui.press("escape", "escape", "ctrl+k")
        await ui.type("no such thing")
        await ui.sees("Nothing has this in its name or its id.")


async def test_enter_that_is_faster_than_the_answer_opens_what_was_typed(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await ui.press("ctrl+k")
        await ui.type("otter")
        await ui.press("enter")
        await ui.sees("commerce / orders-etl v5 / rosy-otter")
        await ui.press("ctrl+k")
        await ui.type("feature")
        await ui.sees("churn-features", "feature-store")
        await ui.type("-s")
        await ui.press("enter")
        await ui.sees("ml / feature-store")


async def test_finding_by_the_beginning_of_an_id(night: World) -> None:
    wanted = night.runs["red-wasp"]
    async with dashboard(night) as ui:
        await command(ui, f"find {wanted[:8]}")
        await ui.sees("red-wasp", "ledger-reconcile")
        await ui.press("enter")
        await ui.sees("finance / ledger-reconcile")
        await command(ui, f"open {night.runs['rosy-otter']}")
        await ui.sees("commerce / orders-etl")


async def test_minus_goes_where_one_was_before(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await ui.press("minus")
        await ui.sees("you have been nowhere else yet")
        await ui.press("enter")
        await ui.sees("commerce / orders-etl")
        await ui.press("4")
        await ui.until(lambda: ui.app.screen.title_text == "Agents", "the agents are shown")
        await ui.press("minus")
        await ui.sees("commerce / orders-etl")
        await ui.press("minus")
        await ui.until(lambda: ui.app.screen.title_text == "Agents", "the agents are shown")


async def test_brackets_go_to_the_runs_beside(night: World) -> None:
    async with dashboard(night, open_id=night.runs["churn-features-9"]) as ui:
        await ui.sees("churn-features-9")
        await ui.press("left_square_bracket")
        await ui.sees("churn-features-8")
        await ui.press("l")
        await ui.sees("churn-features-8")
        await ui.press("left_square_bracket")
        await ui.sees("churn-features-7")
        await ui.press("escape", "right_square_bracket")
        await ui.sees("churn-features-9")
        await ui.press("escape")
        await ui.until(lambda: ui.app.screen.title_text == "Flows", "one step back is the list")


async def test_brackets_go_to_the_flows_beside(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("weather-pull")
        await ui.press("enter")
        await ui.sees("ml / weather-pull")
        await ui.press("right_square_bracket")
        await ui.sees("This is the last flow.")
        await ui.press("left_square_bracket")
        await ui.sees("commerce / orders-etl")


async def test_ids_and_commands_are_copied(night: World) -> None:
    async with dashboard(night, view="runs") as ui:
        await ui.highlight("rosy-otter")
        await ui.press("c")
        await ui.sees(night.runs["rosy-otter"], "sent 36 B to the terminal")
        await ui.press("Y")
        await ui.sees(f"flowtui --open {night.runs['rosy-otter']}")
        await ui.press("enter", "y")
        await ui.sees(night.runs["rosy-otter"])


async def test_times_follow_the_zone_that_is_chosen(night: World) -> None:
    async with dashboard(night, zone=ZoneInfo("UTC")) as ui:
        await ui.sees("03:14 UTC")
        await ui.press("T")
        await ui.sees("Time zone")
        await ui.type("asia tokyo")
        await ui.press("enter")
        await ui.sees("   12:14 JST", "it is 12:14 JST")
        await command(ui, "zone utc")
        await ui.sees("03:14 UTC")
        await command(ui, "zone nowhere")
        await ui.sees("'nowhere' is no time zone")


async def test_updates_are_paused_and_asked_for_by_hand(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await ui.press("P")
        await ui.sees("Updates are paused", "● paused")
        asked = len(night.transport.requests)
        await ui.press("r")
        await ui.until(lambda: len(night.transport.requests) > asked, "r asks once")
        await ui.press("P")
        await ui.sees("Updates go on", "● live")


async def test_the_connection_is_told_with_each_question(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await ui.press("exclamation_mark")
        await ui.sees("SERVER flowtui", "core version", "normal", "Asked lately", "flows")
        assert ui.text.count("http://") == 1


async def test_a_silent_backend_is_told_with_when_it_is_asked_again(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        night.transport.is_down = True
        try:
            await ui.press("r")
            await ui.sees("No backend answers", "again in", "orders-etl")
        finally:
            night.transport.is_down = False
        await ui.press("r")
        await ui.sees_no("No backend answers")


async def test_profiles_are_switched(
    night: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[profiles.day]\napi_url = "http://day.test:4200"\n'
        '[profiles.night]\napi_url = "http://night.test:4200"\nread_only = true\n'
    )
    monkeypatch.setenv("FLOWTUI_CONFIG", str(config))
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await ui.press("at")
        await ui.sees("http://day.test:4200", "read-only")
        await ui.type("night")
        await ui.press("enter")
        await ui.sees("This is night now.")
        await ui.highlight("orders-etl")
        assert ui.app.profile.read_only
        await command(ui, "connect elsewhere:4200")
        await ui.sees("This is elsewhere:4200 now.")
        await command(ui, "connect ftp://elsewhere")
        await ui.sees("is no URL of a backend")


async def test_tenants_are_switched(night: World) -> None:
    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await command(ui, "tenant nobody")
        await ui.sees("There is no tenant 'nobody' on this backend.")
        await command(ui, f"tenant {night.installed.tenant_id}")
        await ui.sees("This is tenant")
        assert ui.app.profile.tenant == night.installed.tenant_id


async def test_the_queue_is_paused_after_a_question(night: World) -> None:
    async def paused() -> bool:
        found = await night.ask("{ tenant { settings } }")
        return (found["tenant"][0]["settings"] or {}).get("work_queue_paused") is True

    async with dashboard(night) as ui:
        await ui.highlight("orders-etl")
        await command(ui, "queue pause")
        await ui.sees("pause_tenant_work_queue", "Nothing scheduled starts until it is resumed.")
        await ui.press("enter")
        assert not await paused()
        await command(ui, "queue pause")
        await ui.sees("Pause it")
        await ui.press("tab", "enter")
        await ui.sees("is paused now")
        assert await paused()
        await command(ui, "queue resume")
        await ui.sees("Resume it")
        await ui.press("tab", "enter")
        await ui.sees("is open now")


# What is kept -------------------------------------------------------------------------------------


async def test_choices_are_there_again_the_next_time(night: World, tmp_path: Path) -> None:
    kept = tmp_path / "folder" / "dashboard.json"
    async with dashboard(night, state=StateFile(kept), zone=None) as ui:
        await command(ui, "runs state:failed")
        await ui.sees("churn-features-9")
        await command(ui, "zone Asia/Tokyo")
        await command(ui, "theme mono")
        await ui.until(lambda: ui.app.theme == "flowtui-mono", "the theme is another")
    async with dashboard(night, state=StateFile(kept), zone=None, view="", theme=None) as ui:
        await ui.sees("churn-features-9", "/ state:failed", "JST")
        assert ui.app.theme == "flowtui-mono"


@pytest.mark.parametrize("broken", ["", "[1, 2]", '{"filters": 7}', '{"view": ["x"]}', "\x00"])
async def test_a_broken_file_is_left_out_and_told(
    night: World, tmp_path: Path, broken: str
) -> None:
    path = tmp_path / "dashboard.json"
    path.write_text(broken)
    async with dashboard(night, state=StateFile(path), view="") as ui:
        await ui.sees("What you chose cannot be read from")
    assert json.loads(path.read_text("utf-8"))["view"] == "overview"


async def test_a_place_that_takes_nothing_costs_the_memory_only(
    night: World, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    async with dashboard(night, state=StateFile(tmp_path / "file" / "dashboard.json")) as ui:
        await ui.highlight("orders-etl")
        await ui.press("f9")
        await ui.sees("theme")
        await ui.press("exclamation_mark")
        await ui.sees("What you chose cannot be kept")
