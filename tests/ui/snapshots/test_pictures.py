"""How the screens look: each at its sizes, in its themes, and in the conditions it can be in.

`pytest tests/ui/snapshots --snapshot-update` after a look has changed on purpose, and a look at
what changed. `matrix` is the table of what is drawn.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timezone
from math import inf
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from syrupy.assertion import SnapshotAssertion

import flowtui.ui.app
from flowtui.client.backend import Backend
from flowtui.config import Profile
from flowtui.models import run_form
from flowtui.server.services import flows as server_flows
from flowtui.ui import feeds
from flowtui.ui.app import FlowtuiApp
from flowtui.ui.pulse import pulse_of
from flowtui.ui.screens import VIEWS, every_screen
from flowtui.ui.screens.agent import AgentScreen
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.themes import PREFIX
from flowtui.ui.widgets.table import RecordTable
from tests.driver import UI
from tests.sheet import Sheet, SheetFile
from tests.ui.faults.test_bad_line import page
from tests.ui.snapshots import ways
from tests.ui.snapshots.matrix import EVERYWHERE, SMALL, TWO, USUAL, WALKS, Drawn, Size
from tests.world import URL, World, WorldClock, empty_world

pytestmark = pytest.mark.asyncio(loop_scope="module")
REFUSAL = "The database is being moved; try again in an hour."
NEVER_OLD = ("journal:JournalScreen", "run_form:RunFormScreen")
"""What is read from a file here, and what is asked for once: neither says how old it is."""
CLASSES = dict(zip(EVERYWHERE, every_screen(), strict=True))
FIXED = UUID("6f0c1d52-77aa-4e0b-9b5e-2f1c8e3a90d4")
"""What is made up anew each time is this here."""


class Way(httpx.AsyncBaseTransport):
    """The way to the world's backend: free, held, refusing, or cut."""

    def __init__(self, world: World, is_held: bool = False, refusal: str = "") -> None:
        self._inner = world.transport
        self.under_way = 0
        self.is_held = is_held
        self.is_cut = False
        self.refusal = refusal

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_held:
            await asyncio.Event().wait()
        if self.is_cut:
            raise httpx.ConnectError("Connection refused", request=request)
        if self.refusal:
            return httpx.Response(200, json={"errors": [{"message": self.refusal}]})
        self.under_way += 1
        try:
            return await self._inner.handle_async_request(request)
        finally:
            self.under_way -= 1


class Pictured(FlowtuiApp):
    """The dashboard with a line that is always as fast."""

    CSS_PATH = Path(flowtui.ui.app.__file__).with_name("app.tcss")
    latency = 0.042  # type: ignore[assignment]


@asynccontextmanager
async def pictured(world: World, size: Size, **way: Any) -> AsyncIterator[tuple[UI, Way]]:
    """The dashboard over a world, and the way between them."""
    line = Way(world, **way)
    profile = Profile(name="prod", api_url=URL)
    app = Pictured(
        profile,
        connect=lambda _: Backend(profile, line),
        clock=world.clock,
        zone=timezone.utc,
        theme=f"{PREFIX}dark",
        view="flows",
    )
    app.slow_after = inf
    async with app.run_test(size=size) as pilot:
        yield UI(app, pilot, patience=60), line


class Worlds:
    """The worlds that are only looked at, each made when it is first wanted."""

    def __init__(self) -> None:
        self._made: dict[str, World] = {}
        self._open = AsyncExitStack()

    async def named(self, name: str) -> World:
        if name not in self._made:
            self._made[name] = await self.make(name)
        return self._made[name]

    async def make(self, name: str) -> World:
        """One that may be changed."""
        world = await self._open.enter_async_context(empty_world(WorldClock()))
        await ways.WORLDS[name](world)
        return world

    async def close(self) -> None:
        await self._open.aclose()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def worlds() -> AsyncIterator[Worlds]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_form, "uuid", SimpleNamespace(uuid4=lambda: FIXED))
        patch.setattr(server_flows, "uuid4", lambda: UUID(int=random.getrandbits(128), version=4))
        made = Worlds()
        yield made
        await made.close()


@pytest.fixture
def pictures(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """The sheets that were looked at and kept."""
    return snapshot.use_extension(SheetFile)


async def settled(ui: UI, way: Way) -> None:
    """Wait until nothing is asked, all is answered, and nothing moves any more."""
    seen: list[str] = []

    def is_still() -> bool:
        seen.append(ui.text)
        asked = way.under_way or not (way.is_held or ui.is_answered)
        return not asked and len(seen) > 1 and seen[-1] == seen[-2]

    await ui.until(is_still, "the screen does not come to rest")


async def at_size(ui: UI, way: Way, size: Size) -> None:
    """Give the terminal a size, and the screen the time to fill it."""
    if ui.app.size == size:
        return
    await ui.pilot.resize_terminal(*size)
    await at_rest(ui, way)


async def at_rest(ui: UI, way: Way) -> None:
    """Wait until nothing moves, and the bars say what is so now: the clock too, which has seconds
    where something counts them, and hears of it with the next second."""
    await settled(ui, way)
    for screen in ui.app.screen_stack:
        for table in screen.query(RecordTable):
            table.repaint()
        pulse_of(screen).beat()
    if isinstance(ui.app.screen, ActionScreen):
        ui.app.screen.show_keys()
        await ui.pilot.pause()


async def in_theme(ui: UI, name: str) -> None:
    """Show everything in another theme: nothing moves by that, and nothing is asked."""
    if ui.app.theme == PREFIX + name:
        return
    ui.app.theme = PREFIX + name
    is_told = asyncio.Event()
    ui.app.call_next(is_told.set)  # comes after the styles were read anew
    await is_told.wait()
    await ui.pilot.pause()


async def drawn(ui: UI, way: Way, looks: tuple[Drawn, ...]) -> str:
    """The screen in several looks."""
    sheet = Sheet()
    await at_rest(ui, way)
    for look in looks:
        await in_theme(ui, look.theme)
        await at_size(ui, way, look.size)
        sheet.add(str(look), ui.app)
    await in_theme(ui, "dark")
    return str(sheet)


@pytest.mark.parametrize("name", list(WALKS))
async def test_screens(worlds: Worlds, pictures: SnapshotAssertion, name: str) -> None:
    walk = WALKS[name]
    world = await (worlds.make if walk.changes else worlds.named)(walk.world)
    async with pictured(world, walk.stops[0].drawn[0].size) as (ui, way):
        for stop in walk.stops:
            await at_size(ui, way, stop.drawn[0].size)
            for step in stop.way:
                await step(ui, world)
            if stop.screen:
                assert type(ui.app.screen) is CLASSES[stop.screen]
            assert await drawn(ui, way, stop.drawn) == pictures(name=stop.name)


# Conditions ---------------------------------------------------------------------------------------


def _called(name: str) -> str:
    return name.partition(":")[0].replace("_", "-")


async def _open(ui: UI, world: World, name: str) -> None:
    """Open a tab or a page, without waiting for what it shows."""
    if name in VIEWS:
        await ui.press(VIEWS[name].digit)
    elif name == "agent:AgentScreen":
        known = {one.name: one for one in await world.backend().agents()}
        await ui.app.push_screen(AgentScreen(known["mainframe-1"]))
    else:
        await ui.app.push_screen((await page(name, world))())
    await ui.pilot.pause()


async def test_empty(worlds: Worlds, pictures: SnapshotAssertion) -> None:
    async with pictured(await worlds.named("nothing"), USUAL) as (ui, way):
        for name, view in VIEWS.items():
            await ui.press(view.digit)
            await ui.until(lambda name=name: ui.app.screen.tab == name, f"{name} is not shown")
            await settled(ui, way)
            await _answered(ui)
            await ui.sees_no("Asking")
            assert await drawn(ui, way, TWO) == pictures(name=name)


async def _answered(ui: UI) -> None:
    """Wait until each of its questions has an answer."""
    asked = getattr(ui.app.screen, "_listening", ())
    await ui.until(lambda: all(one.feed.snapshot.value is not None for one in asked), "no answer")


async def test_loading(worlds: Worlds, pictures: SnapshotAssertion) -> None:
    world = await worlds.named("night")
    async with pictured(world, USUAL, is_held=True) as (ui, way):
        for name in EVERYWHERE:
            await _open(ui, world, name)
            assert await drawn(ui, way, (Drawn(USUAL),)) == pictures(name=_called(name))


async def test_refused(worlds: Worlds, pictures: SnapshotAssertion) -> None:
    world = await worlds.named("night")
    async with pictured(world, SMALL, refusal=REFUSAL) as (ui, way):
        for name in EVERYWHERE:
            await _open(ui, world, name)
            assert await drawn(ui, way, (Drawn(SMALL),)) == pictures(name=_called(name))


async def healed(ui: UI) -> None:
    """Ask again, and wait for a good answer."""
    ui.app.screen.refresh_now()  # type: ignore[attr-defined]
    await ui.until(lambda: not is_stale(ui), "no good answer comes")


def is_stale(ui: UI) -> bool:
    """Whether the page shows no answer, or one that has been followed by a failure."""
    snapshot = ui.app.screen._main_feed.snapshot  # type: ignore[attr-defined]
    return snapshot.value is None or snapshot.error is not None


def all_failed(ui: UI) -> bool:
    """Whether no question of the page is answered any more."""
    asked = ui.app.screen._listening  # type: ignore[attr-defined]
    return all(one.feed.snapshot.error is not None for one in asked)


async def test_silent(
    worlds: Worlds, pictures: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await worlds.named("night")
    async with pictured(world, USUAL) as (ui, way):
        for name in EVERYWHERE:
            way.is_cut = False
            await _open(ui, world, name)
            screen: Any = ui.app.screen
            if screen._main_feed is None or name in NEVER_OLD:
                continue
            await healed(ui)
            await settled(ui, way)
            way.is_cut = True
            screen.refresh_now()
            await ui.until(lambda: all_failed(ui), f"{name} does not notice")
            with monkeypatch.context() as patch:
                patch.setattr(feeds.Snapshot, "age", 41.0)
                patch.setattr(feeds.Feed, "due_in", 5.0)
                screen._show_ages()
                await ui.sees("again in 5 s", "41 s old")
                assert await drawn(ui, way, (Drawn(USUAL),)) == pictures(name=_called(name))
