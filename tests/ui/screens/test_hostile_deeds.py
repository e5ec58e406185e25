"""Hostile names on the overview, in bulk previews, the journal and on an agent's page."""

from __future__ import annotations

import pytest

from tests.driver import dashboard
from tests.hostile import ALL, MARKUP, hostile_world
from tests.ui.screens.test_hostile import Inspector
from tests.ui.screens.test_why import agent
from tests.world import World


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_hostile_names_stay_text_wherever_many_are_shown(
    installation: World, size: tuple[int, int]
) -> None:
    await hostile_world(installation)
    await agent(installation, ALL, MARKUP, ALL, minutes_ago=30)
    async with dashboard(installation, size, view="overview", profile={"production": True}) as ui:
        see = Inspector(ui)
        await see.look("overview", "Attention")
        await ui.press("tab", "tab", "left")
        await see.look("band")
        await see.look_through_a_slit("overview")
        await ui.press("p")
        await see.look("projects")
        await ui.press("escape", "4")
        await see.look("agents", "stale")
        await ui.press("enter")
        await see.look("agent", "agents /")
        await see.look_through_a_slit("agent")
        await ui.press("escape", "3")
        await see.look("runs", "Runs")
        await ui.press("a", "x")
        await see.look("deeds", "Actions", "8 marked")
        await ui.press("c")
        await see.look("bulk", "flow runs")
        await see.look_through_a_slit("bulk")
        await ui.press("escape", "u", "x", "c")
        await see.look("question", "Cancel run")
        await ui.press("escape", "z")
        await see.look("journal", "Journal")
        await ui.press("escape")
        backend = await ui.app.backend()
        await backend.rename_flow_run(installation.runs[ALL], MARKUP, was=ALL)
        await ui.press("z")
        await see.look("journal with a command", "1 command")
        await ui.press("d")
        await see.look("a command", "Sent")
        await ui.press("escape", "enter")
        await see.look("take back", "Take back")
