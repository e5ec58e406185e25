"""The first screens as whole pictures, SVG that any browser shows beside the one before.

`test_pictures` keeps every screen as a sheet of words and paint, which is cheaper to draw and to
compare; these few show what an operator sees first.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import timezone
from math import inf
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

import flowtui.ui.app
from flowtui.config import Profile
from flowtui.ui.app import FlowtuiApp
from tests.copies import copied_world
from tests.drawing import draw_screen
from tests.driver import UI
from tests.world import World, WorldClock, standard_world


class Drawn(FlowtuiApp):
    """The dashboard over a world of its own, painted cell by cell, with a line always as fast."""

    CSS_PATH = Path(flowtui.ui.app.__file__).with_name("app.tcss")
    latency = 0.042  # type: ignore[assignment]
    world: World

    def __init__(self) -> None:
        self._time = WorldClock()
        super().__init__(
            Profile(name="prod"),
            clock=self._time,
            zone=timezone.utc,
            theme="flowtui-dark",
            view="flows",
        )
        self.slow_after = inf
        self._opened = AsyncExitStack()

    async def _make_backend(self) -> None:
        copied = copied_world(standard_world, self._time)
        self.world = await self._opened.enter_async_context(copied)
        self._backend = self.world.backend()
        self._connected.set()

    async def on_unmount(self) -> None:
        await self._opened.aclose()

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        return draw_screen(self)


async def overview(ui: UI) -> None:
    await ui.press("1")
    await ui.sees("no live agent", "Just happened", "03:20")


async def flows(ui: UI) -> None:
    await ui.highlight("churn-features")
    await ui.sees("7 / 9", "Some reference tasks failed.", "Agents")


async def run(ui: UI) -> None:
    await ui.press("3")
    await ui.highlight("rosy-otter")
    await ui.press("enter")
    await ui.sees("16 lines", "12 ok")


@pytest.mark.parametrize("go", [overview, flows, run], ids=lambda go: str(go.__name__))
def test_what_is_seen_first(snap_compare: Any, go: Any) -> None:
    app = Drawn()

    async def walk(pilot: Pilot[None]) -> None:
        ui = UI(app, pilot)
        await app.backend()
        await go(ui)
        await pilot.pause()

    assert snap_compare(app, terminal_size=(120, 40), run_before=walk)
