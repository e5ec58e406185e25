"""How what lies around the screens looks: palette, command line, zones, a silent backend."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from tests.driver import UI
from tests.ui.snapshots.test_pictures import Pictured
from tests.world import World, standard_world

Steps = Callable[[UI, World], Awaitable[None]]


async def palette(ui: UI, world: World) -> None:
    await ui.press("ctrl+p")
    await ui.sees("Palette", "versions")


async def commands(ui: UI, world: World) -> None:
    await ui.press("colon")
    await ui.sees("Commands")
    await ui.type("th")
    await ui.press("tab")
    await ui.sees("ansi16")


async def zone(ui: UI, world: World) -> None:
    await ui.press("T")
    await ui.sees("Time zone")
    await ui.type("europe b")
    await ui.sees("Europe/Berlin")


async def help_searched(ui: UI, world: World) -> None:
    await ui.press("question_mark", "slash")
    await ui.type("version")
    await ui.sees_no("Every key of this screen")


SCREENS: dict[str, Steps] = {
    "palette": palette,
    "commands": commands,
    "zone": zone,
    "help-searched": help_searched,
}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", list(SCREENS))
def test_screen(snap_compare, screen: str, size: tuple[int, int]) -> None:
    app = Pictured(standard_world)

    async def go(pilot: Pilot[None]) -> None:
        ui = UI(app, pilot)
        await app.backend()
        await ui.highlight("churn-features")
        if size[0] >= 110:
            await ui.sees("Some reference tasks failed.", "ok of runs")
        await SCREENS[screen](ui, app.world)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=go)
