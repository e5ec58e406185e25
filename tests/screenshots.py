"""README's pictures, drawn from the world of `flowtui demo`: `python -m tests.screenshots`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from pathlib import Path

import httpx

import flowtui.ui.app
from flowtui.client.backend import Backend
from flowtui.config import Profile
from flowtui.demo.world import sample_backend
from flowtui.ui.app import FlowtuiApp
from tests.drawing import draw_screen
from tests.driver import UI

FOLDER = Path(__file__).parent.parent / "screenshots"
NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)
SIZE = (120, 40)


async def overview(ui: UI) -> None:
    await ui.press("1")
    await ui.sees("Attention", "Just happened", "churn-features")


async def log(ui: UI) -> None:
    await run(ui)
    await ui.press("l")
    await ui.sees("info")


async def why(ui: UI) -> None:
    await overview(ui)
    await ui.press("W")
    await ui.sees("Who could take it")


async def flows(ui: UI) -> None:
    await ui.highlight("churn-features")
    await ui.sees("ok of runs", "Last 36 runs")


async def run(ui: UI) -> None:
    await ui.press("3")
    await ui.highlight("orders-etl")
    await ui.press("enter")
    await ui.sees("Tasks", "lines", "eta")


async def set_state(ui: UI) -> None:
    await run(ui)
    await ui.press("x s")
    await ui.sees("guarded by version")


async def run_form(ui: UI) -> None:
    await ui.highlight("orders-etl")
    await ui.press("t")
    await ui.sees("Start run", "agent")


PICTURES: dict[str, Callable[[UI], Awaitable[None]]] = {
    "overview": overview,
    "flows": flows,
    "log": log,
    "why": why,
    "run": run,
    "run-light": run,
    "set-state": set_state,
    "run-form": run_form,
}
"""The name of each file, and the way to what it shows; `-light` is a theme."""


class Dashboard(FlowtuiApp):
    """The dashboard with a line that is always as fast."""

    CSS_PATH = Path(flowtui.ui.app.__file__).with_name("app.tcss")
    latency = 0.042  # type: ignore[assignment]


async def draw(name: str) -> str:
    """One picture as SVG."""
    theme = "light" if name.endswith("-light") else "dark"
    async with sample_backend(now=NOW) as (ours, _):
        transport = httpx.ASGITransport(ours.app)
        profile = Profile(api_url="http://demo.test:4200", name="demo")
        app = Dashboard(
            profile,
            connect=lambda _: Backend(profile, transport),
            clock=lambda: NOW,
            zone=timezone.utc,
            theme=f"flowtui-{theme}",
        )
        async with app.run_test(size=SIZE) as pilot:
            app.go_to("flows")
            await pilot.pause()
            await PICTURES[name](UI(app, pilot))
            await pilot.pause()
            return draw_screen(app)


async def draw_all() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in PICTURES:
        (FOLDER / f"{name}.svg").write_text(await draw(name), "utf-8")


if __name__ == "__main__":
    asyncio.run(draw_all())
