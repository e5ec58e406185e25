"""README's pictures, drawn from the world of `flowtui demo`: `python -m tests.screenshots`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from pathlib import Path

import httpx

from flowtui.client.backend import Backend
from flowtui.config import Profile
from flowtui.demo.world import sample_backend
from flowtui.ui.app import FlowtuiApp
from tests.drawing import draw_screen
from tests.driver import UI

FOLDER = Path(__file__).parent.parent / "screenshots"
NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)
SIZES = ((120, 40), (80, 24))


async def flows(ui: UI) -> None:
    await ui.highlight("churn-features")


async def flow(ui: UI) -> None:
    await ui.highlight("orders-etl")
    await ui.press("enter")
    await ui.sees("heartbeat")


async def versions(ui: UI) -> None:
    await flow(ui)
    await ui.press("V")
    await ui.sees("registered")


async def run(ui: UI) -> None:
    await ui.press("2")
    await ui.highlight("orders-etl")
    await ui.press("enter")
    await ui.sees("Log", "Tasks", "lines")


async def set_state(ui: UI) -> None:
    await run(ui)
    await ui.press("x s")
    await ui.sees("guarded by version")


async def run_form(ui: UI) -> None:
    await ui.highlight("orders-etl")
    await ui.press("t")
    await ui.sees("Parameters")


PICTURES: dict[str, Callable[[UI], Awaitable[None]]] = {
    "flows": flows,
    "flow": flow,
    "versions": versions,
    "run": run,
    "set-state": set_state,
    "run-form": run_form,
}


async def draw(name: str, size: tuple[int, int], theme: str = "dark") -> None:
    """Draw one picture as SVG."""
    async with sample_backend(now=NOW) as (ours, _):
        transport = httpx.ASGITransport(ours.app)
        profile = Profile(api_url="http://demo.test:4200", name="demo")
        app = FlowtuiApp(
            profile,
            connect=lambda _: Backend(profile, transport),
            clock=lambda: NOW,
            zone=timezone.utc,
            theme=f"flowtui-{theme}",
        )
        async with app.run_test(size=size) as pilot:
            ui = UI(app, pilot)
            await PICTURES[name](ui)
            await pilot.pause()
            svg = draw_screen(app)
    ending = "" if theme == "dark" else f"-{theme}"
    path = FOLDER / f"{name}{ending}-{size[0]}x{size[1]}.svg"
    path.write_text(svg, "utf-8")


async def draw_all() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in PICTURES:
        for size in SIZES:
            await draw(name, size)
    await draw("run", SIZES[0], "light")


if __name__ == "__main__":
    asyncio.run(draw_all())
