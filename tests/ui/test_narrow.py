"""Every screen and every dialog in windows of any size, and while the window changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from textual.widget import Widget

from flowtui.ui.screens import VIEWS
from flowtui.ui.widgets.bars import KeyBar, TopBar
from flowtui.ui.widgets.dialog import Dialog
from tests.copies import copied_world
from tests.driver import UI, dashboard
from tests.world import World, standard_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZES = ((60, 20), (40, 10), (1, 1), (120, 40), (24, 3), (3, 24), (60, 20))
"""In which each of them is looked at, one after the other."""

PAGES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(VIEWS, ()),
    "flow": (),
    "flow versions": ("V",),
    "run": (),
    "log": ("l",),
    "why": ("W",),
    "form": ("t",),
    "journal": ("z",),
}
"""The keys that lead to each screen, from the tab or the page it is called after."""

DIALOGS: dict[str, tuple[str, ...]] = {
    "help": ("question_mark",),
    "help searched": ("question_mark", "slash"),
    "menu": ("x",),
    "palette": ("ctrl+p",),
    "command line": ("colon",),
    "find": ("ctrl+k", "o", "t"),
    "zone": ("T",),
    "connection": ("exclamation_mark",),
    "sort": ("s",),
    "columns": ("w",),
    "export": ("E",),
    "filter": ("slash",),
    "project": ("p",),
    "cancel": ("x", "c"),
    "set state": ("x", "s"),
}
"""The keys that open each dialog over the list of runs."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def night() -> AsyncIterator[World]:
    async with copied_world(standard_world) as world:
        yield world


def is_painted(ui: UI, size: tuple[int, int]) -> bool:
    """Whether the screen is painted for a window of that size, and what has the focus is in it."""
    screen: Any = ui.app.screen
    width, height = size
    strips = screen._compositor.render_strips()
    if [strip.cell_length for strip in strips] != [width] * height:
        return False
    focused: Widget | None = screen.focused
    small = width < 40 or height < 10
    return small or focused is None or focused.region.overlaps(screen.region)


def assert_whole(ui: UI, size: tuple[int, int]) -> None:
    """Its bars are there, and a dialog is in the window."""
    screen: Any = ui.app.screen
    width, height = size
    if width < 40 or height < 10:
        return
    bars = [*screen.query(KeyBar), *screen.query(TopBar)]
    assert bars
    for bar in bars:
        assert bar.region.width == width, size
        assert bar.region.height >= 1, size
        assert screen.region.contains_region(bar.region), size
    if isinstance(screen, Dialog):
        assert screen.region.contains_region(screen.query_one("#dialog").region), size


async def look_at_all_sizes(ui: UI) -> None:
    for size in SIZES:
        await ui.pilot.resize_terminal(*size)
        await ui.until(lambda size=size: is_painted(ui, size), f"it is not painted for {size}")
        assert_whole(ui, size)


@pytest.mark.parametrize("page", PAGES)
async def test_a_screen_is_whole_at_any_size(night: World, page: str) -> None:
    tab = page if page in VIEWS else "runs"
    given: dict[str, Any] = {"view": tab}
    if page.startswith("flow "):
        given["open_id"] = await night.group_of("orders-etl")
    elif page not in VIEWS:
        given["open_id"] = await night.group_of("orders-etl")
        if page in ("run", "log", "why"):
            given["open_id"] = night.runs["rosy-otter"]
    async with dashboard(night, **given) as ui:
        if "open_id" in given:
            await ui.sees("orders-etl", "commerce")
        else:
            await ui.sees(VIEWS[tab].shown)
        await ui.press(*PAGES[page])
        await ui.pilot.pause()
        assert not isinstance(ui.app.screen, Dialog)
        await look_at_all_sizes(ui)
        await ui.press("question_mark", "escape")


async def test_every_dialog_is_whole_at_any_size(night: World) -> None:
    async with dashboard(night, view="runs", size=(60, 20)) as ui:
        for name, keys in DIALOGS.items():
            await ui.highlight("rosy-otter")
            await ui.press(*keys)
            await ui.until(
                lambda: isinstance(ui.app.screen, Dialog) or ui.app.screen.filter_line.is_open,
                f"{name} is open",
            )
            await look_at_all_sizes(ui)
            while isinstance(ui.app.screen, Dialog):
                await ui.press("escape")
            await ui.until(lambda: ui.app.screen.title_text == "Runs", f"{name} is closed")
            if name == "filter":
                await ui.press("escape")
