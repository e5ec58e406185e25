"""Watching a run whose backend says something else than it should: it goes on.

FLOWTUI_FAULTS=all puts every kind of value into every field of every answer.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest
import pytest_asyncio

from flowtui.client.backend import Backend
from flowtui.config import Profile
from flowtui.errors import NotFound
from flowtui.models.ids import FlowRunId
from flowtui.ui.tokens import PALETTES
from flowtui.watch.block import View, header, live_block, summary
from flowtui.watch.follow import Follower
from flowtui.watch.lines import lines_of, plain_text
from flowtui.watch.story import Happening, Snapshot
from tests.copies import copied_world
from tests.ui.faults.bad_line import Change, names, operation_of, replaced
from tests.ui.faults.full_world import full_world
from tests.ui.faults.test_bad_line import ALL, SEED
from tests.ui.faults.test_every_question import ODD
from tests.watch.test_follow import QUICK
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOME = 12
"""Fields that are spoiled of a run's answers, if not all are."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def busy() -> AsyncIterator[World]:
    async with copied_world(full_world) as world:
        yield world


class Spoiling(httpx.AsyncBaseTransport):
    """Answers as a world does, and changes the answers to one question."""

    def __init__(self, way: httpx.AsyncBaseTransport) -> None:
        self._way = way
        self.spoils, self.change = "", replaced("", lambda value: value)
        self.fields: defaultdict[str, set[str]] = defaultdict(set)
        self.answered = 0
        self.news = asyncio.Event()
        """Something was answered, or came of it."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = (await request.aread()).decode()
        answer = await self._way.handle_async_request(request)
        operation, data = operation_of(body), json.loads(await answer.aread())["data"]
        names(data, self.fields[operation])
        self.answered += 1
        self.news.set()
        if operation == self.spoils:
            data = self.change(data)
        return httpx.Response(200, content=json.dumps({"data": data}))


class Screen:
    """Paints all it is told, as both ways of watching do."""

    def __init__(self, world: World, news: asyncio.Event) -> None:
        self._now = world.clock
        self._news = news
        self.told = 0

    def __call__(self, snapshot: Snapshot, happenings: Sequence[Happening]) -> None:
        palette = PALETTES["dark"]
        header(snapshot, palette)
        live_block(snapshot, self._now(), palette, 80, 24, View())
        summary(snapshot, self._now(), palette, 80)
        for one in happenings:
            lines_of(one, palette, 80)
            list(plain_text(one))
        self.told += 1
        self._news.set()


async def watched(world: World, way: Spoiling, run: str, spoils: str, change: Change) -> None:
    """A run is watched: first well, then with spoiled answers, then well again."""
    backend = Backend(Profile(name="world", api_url="http://world.test:4200"), way)
    screen = Screen(world, way.news)
    follower = Follower(backend, FlowRunId(world.runs[run]), screen, QUICK, world.clock)
    way.spoils = ""
    await follower.first()
    following = asyncio.create_task(follower.follow())
    following.add_done_callback(lambda _: way.news.set())
    try:
        for spoiled in (spoils, ""):
            way.spoils, way.change = spoiled, change
            await asyncio.wait_for(told_more(following, screen, way), 60)
        if following.done():
            following.result()
    finally:
        following.cancel()
        await asyncio.wait({following})
        await backend.close()


async def told_more(following: asyncio.Task[Snapshot], screen: Screen, way: Spoiling) -> None:
    """Wait until a round of questions has been answered, and what came of it was told."""
    told, answered = screen.told, way.answered
    while not following.done() and (way.answered < answered + 4 or screen.told <= told):
        way.news.clear()
        await way.news.wait()


@pytest.mark.parametrize("run", ["rosy-otter", "red-wasp", "odd-ibis"])
async def test_whatever_is_answered_the_run_is_watched_on(busy: World, run: str) -> None:
    way = Spoiling(busy.transport)
    await watched(busy, way, run, "", replaced("", lambda value: value))
    assert {"FlowRun", "TaskRuns", "Logs"} <= way.fields.keys()
    places = [
        (question, field, odd)
        for question in sorted(way.fields)
        for field in sorted(way.fields[question])
        for odd in ODD
    ]
    noise = random.Random(f"{SEED} {run}")
    for question, field, odd in places if ALL else noise.sample(places, SOME):
        try:
            await watched(busy, way, run, question, replaced(field, ODD[odd]))
        except NotFound:
            assert (field, odd) == ("flow_run_by_pk", "nothing"), "only who says so has no run"
