"""The run page is locked in time: timeline, log and tasks stand on the same moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from flowtui.ui.widgets.log import LogView
from tests.driver import UI, dashboard
from tests.world import World


@asynccontextmanager
async def rosy_otter(world: World, size: tuple[int, int] = (120, 40)) -> AsyncIterator[UI]:
    """The run that goes wrong tonight."""
    async with dashboard(world, size=size, open_id=world.runs["rosy-otter"]) as ui:
        await ui.sees("10/12", "16 lines")
        yield ui


def message(ui: UI) -> str:
    """The line of the log that one stands on."""
    line = ui.app.screen.query_one(LogView).line
    return str(line.message) if line is not None else ""


async def test_moving_in_the_timeline_moves_the_log_and_back(world: World) -> None:
    async with rosy_otter(world) as ui:
        await ui.press("h")
        await ui.sees("locked to 03:14")
        await ui.press("ctrl+left", "ctrl+left", "l")
        assert message(ui).startswith("copied 1800")
        assert any(line.count("│") for line in ui.lines), ui.text
        await ui.press("tab")
        for _ in range(20):
            if message(ui).startswith("copied 18007"):
                break
            await ui.press("k")
        await ui.sees("locked to 03:08:21")
        await ui.press("tab", "escape")
        await ui.sees("following")
        await ui.sees_no("locked to")


async def test_while_locked_another_task_is_another_moment(world: World) -> None:
    async with rosy_otter(world) as ui:
        await ui.press("h")
        await ui.sees("locked to")
        await ui.highlight("[7] KeyError")
        await ui.sees("locked to 03:08:21")
        assert message(ui).startswith("Task 'load_warehouse[137]': Exception")


async def test_the_timeline_is_zoomed_and_panned(world: World) -> None:
    async with rosy_otter(world) as ui:
        await ui.sees("03:04", "03:08", "now")
        await ui.press("less_than_sign")
        await ui.sees("+ zooms")
        await ui.press("plus", "plus", "plus")
        await ui.sees_no("03:04")
        await ui.press(*["less_than_sign"] * 20)
        await ui.sees("03:02")
        await ui.sees_no("now")
        await ui.press("underscore", "underscore", "underscore")
        await ui.sees("03:08", "now")


async def test_new_lines_are_counted_while_the_time_is_locked(world: World) -> None:
    async with rosy_otter(world) as ui:
        await ui.press("h", "ctrl+left")
        for number in range(3):
            await world.log("rosy-otter", f"new line {number}")
        await ui.press("r")
        await ui.sees("+3 new", "locked to")
        await ui.press("F")
        await ui.sees("following", "new line 2")


async def test_what_is_expected_lies_behind_now(world: World) -> None:
    await world.flow("steady", tasks=["first", "second"])
    for name in ("good", "going"):
        await world.run("steady", name)
        await world.start(name)
        await world.task(name, "first", "Running")
        if name == "good":
            world.clock.forward(seconds=60)
            await world.task(name, "first", "Success")
            await world.task(name, "second", "Running")
            world.clock.forward(seconds=60)
            await world.task(name, "second", "Success")
            await world.set(name, "Success")
    world.clock.forward(seconds=20)
    async with dashboard(world, open_id=world.runs["going"], theme="flowtui-mono") as ui:
        await ui.sees("second", "····")
        first, second = (ui.line_with(name) for name in ("first", "second"))
        assert first.rindex("·") < second.index("·") + 2, ui.text
        assert "██" in first
        assert "█" not in second
