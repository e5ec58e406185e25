"""README's pictures, drawn from the world of `flowtui demo`: `python -m tests.screenshots`.

Names after it draw those only.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timezone
from math import inf
from pathlib import Path

import httpx

import flowtui.ui.app
from flowtui.client.backend import Backend
from flowtui.config import Profile
from flowtui.demo.world import sample_backend
from flowtui.ui.app import FlowtuiApp
from flowtui.ui.screens.log import LogScreen
from tests.drawing import draw_screen
from tests.driver import UI

FOLDER = Path(__file__).parent.parent / "screenshots"
NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)
SIZE = (120, 40)


async def overview(ui: UI) -> None:
    await ui.press("1")
    await ui.sees("Attention", "Just happened", "churn-features")
    await ui.sees("Last ", "next 10", "now", "load_warehouse[", "p50")


async def flows(ui: UI) -> None:
    await ui.highlight("churn-features")
    await ui.sees("ok of runs", "Last 36 runs")


async def versions(ui: UI) -> None:
    await ui.highlight("orders-etl")
    await ui.press("enter")
    await ui.sees("Read me")
    await ui.press("V")
    await ui.sees("Parameters", "Go back")


async def run(ui: UI) -> None:
    await ui.press("3")
    await ui.highlight("rosy-otter")
    await ui.press("enter")
    await ui.sees("Tasks", "lines", "eta", "KeyError")


async def time_lock(ui: UI) -> None:
    await run(ui)
    await ui.press("h", "j", "k")
    await ui.sees("locked to")


async def log(ui: UI) -> None:
    await run(ui)
    await ui.press("f")
    await ui.until(lambda: isinstance(ui.app.screen, LogScreen), "the log does not open")
    await ui.press("g", "slash")
    await ui.type("currency|deadlock")
    await ui.press("enter", "ampersand", "n", "n")
    await ui.sees("hit 3 of", "only hits")


async def why(ui: UI) -> None:
    await overview(ui)
    await ui.press("W")
    await ui.sees("Who could take it", "Copy for the ticket")


async def run_form(ui: UI) -> None:
    await ui.highlight("orders-etl")
    await ui.press("t")
    await ui.sees("Start run", "agent")


async def bulk(ui: UI) -> None:
    await ui.press("3")
    await ui.sees("Running")
    await ui.press("g", "space", "space", "space", "space", "x")
    await ui.sees("each asks first")
    await ui.press("c")
    await ui.sees("Cancel 4 flow runs", "type 4 to go on")


async def journal(ui: UI) -> None:
    await ui.press("3")
    await ui.highlight("orders-etl")
    await ui.press("x c")
    await ui.sees("cancel_flow_run")
    await ui.press("tab", "enter")
    await ui.sees_no("cancel_flow_run")
    await ui.press("z")
    await ui.sees("1 command")


async def agents(ui: UI) -> None:
    await ui.press("4")
    await ui.sees("without an agent")
    await ui.highlight("onprem-batch")
    await ui.sees("asked for work, 2 h", "last 24 h", "slots taken")


async def calendar(ui: UI) -> None:
    await ui.press("6")
    await ui.sees("planned", "At once")


PICTURES: dict[str, Callable[[UI], Awaitable[None]]] = {
    "overview": overview,
    "flows": flows,
    "versions": versions,
    "run": time_lock,
    "run-light": run,
    "log": log,
    "why": why,
    "run-form": run_form,
    "bulk": bulk,
    "journal": journal,
    "agents": agents,
    "calendar-light": calendar,
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
        app.slow_after = inf
        async with app.run_test(size=SIZE) as pilot:
            app.go_to("flows")
            await pilot.pause()
            await PICTURES[name](UI(app, pilot))
            await pilot.pause()
            return draw_screen(app)


async def draw_all(names: Sequence[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in names or PICTURES:
        (FOLDER / f"{name}.svg").write_text(await draw(name), "utf-8")


if __name__ == "__main__":
    asyncio.run(draw_all(sys.argv[1:]))
