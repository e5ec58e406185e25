"""What a list of a dialog cuts can be read whole."""

from __future__ import annotations

from flowtui.ui.widgets.whole import Whole
from tests.driver import dashboard
from tests.world import World

SENTENCE = "Show the flows that are archived for good, or again those that can run."


async def test_help_says_whole_what_its_table_cuts(world: World) -> None:
    async with dashboard(world, (80, 24)) as ui:
        await ui.sees("never-ran")
        await ui.press("question_mark")
        await ui.sees("The version history of the flow.")
        assert SENTENCE not in ui.text
        await ui.highlight("Show the flows that are archived")
        await ui.sees(SENTENCE)
        await ui.press("j")
        await ui.sees_no(SENTENCE)
        await ui.pilot.resize_terminal(200, 60)
        await ui.sees("Keys  Flows")


async def test_a_menu_without_a_long_sentence_has_no_room_for_one(world: World) -> None:
    async with dashboard(world, (80, 24)) as ui:
        await ui.sees("never-ran")
        await ui.press("x")
        await ui.sees("each one asks first", "Turn the flow's schedule on or off.")
        assert not ui.app.screen.query_one(Whole).display
