"""How bulk actions, the journal and an agent look; `test_pictures` says how to renew it."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from flowtui.ui.themes import PREFIX
from tests.driver import UI
from tests.ui.snapshots.test_pictures import Fill, Pictured, Steps, staffed_world
from tests.world import World

Picture = tuple[str, Fill, Steps, tuple[int, int], str]
"""Name, what the world is filled with, the way there, size and theme."""


async def _preview(ui: UI) -> None:
    await ui.press("3")
    await ui.sees("red-wasp", "grey-heron")
    await ui.press("g", "space", "space", "space", "space", "x", "c")
    await ui.sees("Cancel 4 flow runs", "1 left alone")


async def bulk_preview(ui: UI, world: World) -> None:
    await _preview(ui)
    await ui.type("3")


async def bulk_result(ui: UI, world: World) -> None:
    await _preview(ui)
    await world.set("rosy-otter", "Success")
    await ui.type("3")
    await ui.press("enter", "enter")
    await ui.sees("2 done", "1 moved")
    await ui.until(lambda: "Leave" in ui.text and "to go" not in ui.text, "it has not ended")


async def deeds(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.sees("red-wasp")
    await ui.press("a", "x")
    await ui.sees("set to Cancelled")


async def journal(ui: UI, world: World) -> None:
    (await ui.app.backend()).clock = world.clock
    await bulk_result(ui, world)
    await ui.press("enter", "z")
    await ui.sees("2 commands", "red-wasp of ledger-reconcile")


async def agent(ui: UI, world: World) -> None:
    await ui.press("4")
    await ui.highlight("mainframe-1")
    await ui.press("enter")
    await ui.sees("agents / mainframe-1", "red-wasp", "It has taken no run")


PICTURES: tuple[Picture, ...] = (
    ("bulk-preview", staffed_world, bulk_preview, (120, 40), "dark"),
    ("bulk-preview", staffed_world, bulk_preview, (80, 24), "ansi16"),
    ("bulk-result", staffed_world, bulk_result, (120, 40), "light"),
    ("bulk-result", staffed_world, bulk_result, (80, 24), "mono"),
    ("deeds", staffed_world, deeds, (80, 24), "dark"),
    ("journal", staffed_world, journal, (120, 40), "dark"),
    ("journal", staffed_world, journal, (80, 24), "mono"),
    ("agent", staffed_world, agent, (120, 40), "light"),
    ("agent", staffed_world, agent, (80, 24), "ansi16"),
)


def _named(picture: Picture) -> str:
    name, _, _, (width, height), theme = picture
    return f"{name}-{width}x{height}-{theme}"


@pytest.mark.parametrize("picture", PICTURES, ids=_named)
def test_deed(snap_compare, picture: Picture) -> None:
    _, fill, steps, size, theme = picture
    app = Pictured(fill)

    async def go(pilot: Pilot[None]) -> None:
        ui = UI(app, pilot)
        await app.backend()
        app.theme = PREFIX + theme
        app.go_to("flows")
        await pilot.pause()
        await steps(ui, app.world)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=go)
