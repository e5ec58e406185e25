"""Prose over Pilot: what a user sees and does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timezone
from math import inf
from typing import Any

from textual.pilot import Pilot

from flowtui.config import Profile
from flowtui.ui.app import FlowtuiApp
from flowtui.ui.themes import palette_of
from tests.world import World

PATIENCE = 60.0
"""Seconds until something that should appear counts as missing."""


class UI:
    """The dashboard in front of somebody."""

    def __init__(self, app: FlowtuiApp, pilot: Pilot[Any], patience: float = PATIENCE) -> None:
        self.app = app
        self.pilot = pilot
        self.patience = patience

    @property
    def text(self) -> str:
        """The whole screen."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def last_line(self) -> str:
        """Keys, or what was said."""
        return self.lines[-1]

    @property
    def is_answered(self) -> bool:
        """Whether all that the page asks has had an answer, good or bad."""
        asked = [one.feed.snapshot for one in getattr(self.app.screen, "_listening", ())]
        return all(one.took is not None or one.error is not None for one in asked)

    def line_with(self, text: str) -> str:
        """The first line that has this in it; empty when none has."""
        return next((line for line in self.lines if text in line), "")

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other; `x s` is two."""
        for key in keys:
            await self.pilot.press(*key.split(" "))

    async def type(self, text: str) -> None:
        """Type text into the field that has the focus."""
        await self.pilot.press(*("space" if key == " " else key for key in text))

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until something holds; never for a time."""
        deadline = asyncio.get_running_loop().time() + self.patience
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, f"{what}\n{self.text}"
            await asyncio.sleep(0.02)
            await self.pilot.pause()

    async def sees(self, *texts: str) -> None:
        """Wait until all of this is on the screen."""
        for text in texts:
            await self.until(lambda text=text: text in self.text, f"{text!r} is not to be seen")

    async def sees_no(self, text: str) -> None:
        """Wait until this is gone from the screen."""
        await self.until(lambda: text not in self.text, f"{text!r} is still to be seen")

    async def highlight(self, name: str) -> None:
        """Move the cursor down to the row with this name; once more from the top if it moved."""
        await self.sees(name)
        for step in range(450):
            bar = palette_of(self.app).glyph("focus")
            if any(bar in line.partition(name)[0] and name in line for line in self.lines):
                return
            await self.press("j" if step % 150 < 149 else "g")
        raise AssertionError(f"no row is called {name!r}\n{self.text}")


@asynccontextmanager
async def dashboard(
    world: World, size: tuple[int, int] = (120, 40), **settings: Any
) -> AsyncIterator[UI]:
    """The dashboard over a world, at a size, with times in UTC."""
    profile = Profile(name="world", **settings.pop("profile", {}))
    app = FlowtuiApp(
        profile,
        connect=lambda _: world.backend(read_only=profile.read_only),
        clock=world.clock,
        zone=settings.pop("zone", timezone.utc),
        theme=settings.pop("theme", "flowtui-dark"),
        view=settings.pop("view", "flows"),
        **settings,
    )
    app.slow_after = inf
    async with app.run_test(size=size) as pilot:
        yield UI(app, pilot)
