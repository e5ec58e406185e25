"""How the screens look: whole pictures of each, over a world that is always the same.

`pytest --snapshot-update` after a look has changed on purpose, and a look at what it wrote.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timezone
from math import inf
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from textual.pilot import Pilot

import flowtui.ui.app
from flowtui.config import Profile
from flowtui.models import run_form
from flowtui.ui.app import FlowtuiApp
from tests.drawing import draw_screen
from tests.driver import UI
from tests.hostile import hostile_world
from tests.ui.screens.test_artifacts import litter
from tests.ui.screens.test_task_run import chain
from tests.ui.screens.test_why import agent
from tests.world import World, WorldClock, empty_world, standard_world

Fill = Callable[[World], Awaitable[None]]
Steps = Callable[[UI, World], Awaitable[None]]


class Pictured(FlowtuiApp):
    """The dashboard over a world of its own, painted cell by cell."""

    CSS_PATH = Path(flowtui.ui.app.__file__).with_name("app.tcss")
    latency = 0.042  # type: ignore[assignment]

    def __init__(self, fill: Fill) -> None:
        self._time = WorldClock()
        super().__init__(
            Profile(name="prod"),
            clock=self._time,
            zone=timezone.utc,
            theme="flowtui-dark",
            view="flows",
        )
        self._fill = fill
        self.slow_after = inf
        self._opened = AsyncExitStack()
        self.world: World

    async def _make_backend(self) -> None:
        self.world = await self._opened.enter_async_context(empty_world(self._time))
        await self._fill(self.world)
        self._backend = self.world.backend()
        self._connected.set()

    async def on_unmount(self) -> None:
        await self._opened.aclose()

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        return draw_screen(self)


async def nothing(world: World) -> None:
    """A backend that somebody has just started."""


async def out_of_reach(world: World) -> None:
    """A backend that does not answer."""
    world.transport.is_down = True


# The way to each picture --------------------------------------------------------------------------


async def flows(ui: UI, world: World) -> None:
    await ui.highlight("churn-features")
    if ui.app.size.width >= 110:
        await ui.sees("Some reference tasks failed.", "ok of runs")


async def runs(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.highlight("slow-lynx")


async def flow(ui: UI, world: World) -> None:
    await ui.highlight("orders-etl")
    await ui.press("enter")
    await ui.sees("Read me", "rosy-otter")
    if ui.app.size.height >= 30:
        await ui.sees("last 24 h")


async def versions(ui: UI, world: World) -> None:
    await flow(ui, world)
    await ui.press("V", "j")
    await ui.sees("ok of runs")
    if ui.app.size.width >= 110:
        await ui.sees("v3 → v4", "What the runs say")


async def run(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.highlight("rosy-otter")
    await ui.press("enter")
    await ui.sees("16 lines")


async def task(ui: UI, world: World) -> None:
    await run(ui, world)
    await ui.highlight("KeyError")
    await ui.press("enter")
    await ui.sees("child 7", "upstream", "KeyError: 'currency_code'")


async def locked(ui: UI, world: World) -> None:
    await run(ui, world)
    await ui.press("h")
    await ui.highlight("KeyError")
    await ui.sees("locked to 03:08:21")


async def children(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.highlight("brave-yak")
    await ui.press("enter")
    await ui.sees("30/30")
    await ui.highlight("[17] KeyError")
    await ui.press("m")
    await ui.sees("30 of 40 expected", "upstream")


async def set_state(ui: UI, world: World) -> None:
    await run(ui, world)
    await ui.press("x s")
    await ui.sees("only the run itself")
    await ui.press("tab", "tab", "j", "j")
    await ui.sees("the state of 17 task runs, then")


async def whose(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.highlight("brave-yak")
    await ui.press("enter")
    await ui.sees("/ brave-yak", "31 lines")
    await ui.press("f")
    await ui.sees("31 lines")
    await ui.press("u", "j", "j")
    await ui.sees("everybody")


async def artifacts(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.highlight("slow-lynx")
    await ui.press("enter")
    await ui.sees("/ slow-lynx")
    await ui.press("A")
    await ui.sees("3 artifacts")
    await ui.press("j")
    await ui.sees("18 240")


async def form(ui: UI, world: World) -> None:
    await ui.highlight("orders-etl")
    await ui.press("t")
    await ui.sees("no live agent", "log level")
    await ui.type("2026-11-19")
    await ui.press("up")
    for _ in range(6):
        await ui.press("backspace")
    await ui.type(" 204]")
    await ui.sees("expected ','")


async def conflict(ui: UI, world: World) -> None:
    await run(ui, world)
    await ui.press("x s")
    await ui.sees("guarded by version", "only the run itself")
    await world.set("rosy-otter", "TimedOut", "It timed out meanwhile.")
    await ui.press("tab", "tab", "tab", "tab", "enter")
    await ui.sees("It changed while you were looking. Nothing was sent.", "Look again")


async def cancel(ui: UI, world: World) -> None:
    await run(ui, world)
    await ui.press("x c")
    await ui.sees("cancel_flow_run")


async def safeguard(ui: UI, world: World) -> None:
    await flow(ui, world)
    await ui.press("x h")
    await ui.sees("all versions of the flow")


async def menu(ui: UI, world: World) -> None:
    await run(ui, world)
    await ui.press("x")
    await ui.sees("each one asks first")


async def keys(ui: UI, world: World) -> None:
    await flows(ui, world)
    await ui.press("?")
    await ui.sees("Keys  Flows")


async def states(ui: UI, world: World) -> None:
    await run(ui, world)
    await ui.press("H")
    await ui.sees("Submitted for execution")


async def details(ui: UI, world: World) -> None:
    await run(ui, world)
    await ui.press("d")
    await ui.sees("scheduled for")


async def chained_world(world: World) -> None:
    """The world with a run whose tasks hang together."""
    await standard_world(world)
    await chain(world)


async def littered_world(world: World) -> None:
    """The world with a run that left artifacts."""
    await standard_world(world)
    await litter(world)


async def staffed_world(world: World) -> None:
    """The world with three agents: alive, away, and gone for days."""
    await standard_world(world)
    await agent(world, "mainframe-1", "mainframe", minutes_ago=31)
    await agent(world, "k8s-prod-1", "prod", "k8s")
    await agent(world, "legacy-local", minutes_ago=4000)


async def overview(ui: UI, world: World) -> None:
    await ui.press("1")
    await ui.sees("Attention", "no live agent", "churn-features", "03:16")


async def agents(ui: UI, world: World) -> None:
    await ui.press("4")
    await ui.sees("1 run late without an agent", "1 late, 10 planned")


async def why(ui: UI, world: World) -> None:
    await ui.press("3")
    await ui.highlight("red-wasp")
    await ui.press("W")
    await ui.sees("No living agent takes a run with the label mainframe.")


async def log(ui: UI, world: World) -> None:
    await run(ui, world)
    await ui.press("l")
    await ui.sees("KeyError")


async def empty(ui: UI, world: World) -> None:
    await ui.sees("No flows yet.")


async def unreachable(ui: UI, world: World) -> None:
    await ui.sees("No backend answers")


async def hostile(ui: UI, world: World) -> None:
    await ui.sees("8 in 8 projects")
    await ui.press("3")
    await ui.sees("Running")
    await ui.press("g", "enter")
    await ui.sees("7/7", "lines")


SCREENS: dict[str, tuple[Fill, Steps]] = {
    "overview": (staffed_world, overview),
    "flows": (standard_world, flows),
    "runs": (standard_world, runs),
    "flow": (standard_world, flow),
    "versions": (standard_world, versions),
    "run": (standard_world, run),
    "locked": (standard_world, locked),
    "task": (standard_world, task),
    "children": (chained_world, children),
    "artifacts": (littered_world, artifacts),
    "whose": (chained_world, whose),
    "set-state": (standard_world, set_state),
    "log": (standard_world, log),
    "why": (staffed_world, why),
    "agents": (staffed_world, agents),
    "run-form": (standard_world, form),
    "conflict": (standard_world, conflict),
    "cancel": (standard_world, cancel),
    "safeguard": (standard_world, safeguard),
    "menu": (standard_world, menu),
    "help": (standard_world, keys),
    "states": (standard_world, states),
    "details": (standard_world, details),
    "empty": (nothing, empty),
    "unreachable": (out_of_reach, unreachable),
    "hostile": (hostile_world, hostile),
}


@pytest.fixture(autouse=True)
def same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run form makes up a key; here it is always this one."""
    fixed = SimpleNamespace(uuid4=lambda: UUID("6f0c1d52-77aa-4e0b-9b5e-2f1c8e3a90d4"))
    monkeypatch.setattr(run_form, "uuid", fixed)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", list(SCREENS))
def test_screen(snap_compare, screen: str, size: tuple[int, int]) -> None:
    fill, steps = SCREENS[screen]
    app = Pictured(fill)

    async def go(pilot: Pilot[None]) -> None:
        ui = UI(app, pilot)
        await app.backend()
        app.go_to("flows")
        await pilot.pause()
        await steps(ui, app.world)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=go)
