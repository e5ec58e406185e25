"""How projects, the calendar, limits and the API look; `test_pictures` says how to renew it."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from flowtui.ui.themes import PREFIX
from tests.driver import UI
from tests.ui.snapshots.test_pictures import Fill, Pictured, Steps, nothing
from tests.world import World, standard_world

Picture = tuple[str, Fill, Steps, tuple[int, int], str]
"""Name, what the world is filled with, the way there, size and theme."""


async def limited_world(world: World) -> None:
    """The world with limits, of which one is full."""
    await standard_world(world)
    for label, limit in (("prod", 2), ("mainframe", 3)):
        await world.do("update_flow_concurrency_limit", label=label, limit=limit)
    for tag, limit in (("warehouse", 4), ("api", 12)):
        await world.do("update_task_concurrency_limit", name=tag, limit=limit)
    now = world.clock.time
    await world.flow("nightly", labels=["prod"], tasks=[{"slug": "call", "tags": ["api"]}])
    for number in range(2):
        await world.run("nightly", f"nightly-{number + 1}")
        await world.start(f"nightly-{number + 1}")
        await world.task(f"nightly-{number + 1}", "call", "Running")
    world.clock.time = now


async def projects(ui: UI, world: World) -> None:
    await ui.press("5")
    await ui.until(lambda: "Late" in ui.line_with("finance"), "flows were not asked for")


async def calendar(ui: UI, world: World) -> None:
    await ui.press("6")
    await ui.sees("82 planned")
    await ui.highlight("churn-features")
    await ui.press("N")
    await ui.sees("Failed 01:16 to 01:18")


async def limits(ui: UI, world: World) -> None:
    await ui.press("7")
    await ui.sees("what comes waits in Queued")


async def api(ui: UI, world: World) -> None:
    await ui.press("8", "f3")
    await ui.sees("74 lines in", "quick-quokka")


async def new_project(ui: UI, world: World) -> None:
    await projects(ui, world)
    await ui.press("x n")
    await ui.sees("New project")
    await ui.type("ml")
    await ui.sees("there is a project of that name already")


async def no_projects(ui: UI, world: World) -> None:
    await ui.press("5")
    await ui.sees("No projects yet.")


async def no_day(ui: UI, world: World) -> None:
    await ui.press("6")
    await ui.sees("Nothing ran on this day")


async def no_limits(ui: UI, world: World) -> None:
    await ui.press("7")
    await ui.sees("Nothing is limited.")


async def runs_below(ui: UI, world: World) -> None:
    await ui.highlight("churn-features")
    await ui.sees("Runs of churn-features", "churn-features-9", "Some reference tasks failed.")


PICTURES: tuple[Picture, ...] = (
    ("projects", standard_world, projects, (80, 24), "mono"),
    ("new-project", standard_world, new_project, (120, 40), "dark"),
    ("calendar", standard_world, calendar, (80, 24), "ansi16"),
    ("calendar", standard_world, calendar, (120, 40), "dark"),
    ("calendar", standard_world, calendar, (200, 60), "light"),
    ("limits", limited_world, limits, (120, 40), "light"),
    ("api", standard_world, api, (120, 40), "dark"),
    ("runs-below", standard_world, runs_below, (200, 60), "dark"),
    ("no-projects", nothing, no_projects, (80, 24), "dark"),
    ("no-day", nothing, no_day, (80, 24), "dark"),
    ("no-limits", nothing, no_limits, (80, 24), "dark"),
)


def called(picture: Picture) -> str:
    """What the picture's file is called."""
    name, _, _, (width, height), theme = picture
    return f"{name}-{width}x{height}-{theme}"


@pytest.mark.parametrize("picture", PICTURES, ids=called)
def test_place(snap_compare, picture: Picture) -> None:
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
