"""Watching a run whose backend says something else than it should: it goes on.

FLOWTUI_FAULTS=all puts every kind of value into every field of every answer.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pytest

from flowtui.client.backend import Backend
from flowtui.config import Profile
from flowtui.errors import NotFound
from flowtui.models.ids import FlowRunId
from flowtui.ui.tokens import PALETTES
from flowtui.watch.block import View, header, live_block, summary
from flowtui.watch.follow import Follower, Tell
from flowtui.watch.lines import lines_of, plain_text
from flowtui.watch.story import Happening, Snapshot
from tests.ui.faults.bad_line import BadLine, Fault, bad_line, changing, only, replaced, whole
from tests.ui.faults.test_bad_line import ALL, SEED
from tests.ui.faults.test_every_question import ODD
from tests.watch.test_follow import QUICK
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOME = 12
"""Fields that are spoiled of a run's answers, if not all are."""


def painting(world: World) -> Tell:
    """Paints all it is told, as both ways of watching do."""
    palette = PALETTES["dark"]

    def tell(snapshot: Snapshot, happenings: Sequence[Happening]) -> None:
        header(snapshot, palette)
        live_block(snapshot, world.clock(), palette, 80, 24, View())
        summary(snapshot, world.clock(), palette, 80)
        for one in happenings:
            lines_of(one, palette, 80)
            list(plain_text(one))

    return tell


async def asked_again(line: BadLine, following: asyncio.Task[Snapshot]) -> None:
    """Wait until a round of questions is over: the next one begins with the run."""
    wanted = line.asked["FlowRun"] + 2
    while not following.done() and line.asked["FlowRun"] < wanted:
        line.news.clear()
        await line.news.wait()


async def watched(world: World, line: BadLine, run: str, fault: Fault) -> None:
    """A run is watched: first well, then while something goes wrong, then well again."""
    backend = Backend(Profile(name="world", api_url=line.url))
    run_id = FlowRunId(world.runs[run])
    follower = Follower(backend, run_id, painting(world), QUICK, world.clock)
    line.fault = whole
    await follower.first()
    following = asyncio.create_task(follower.follow())
    following.add_done_callback(lambda _: line.news.set())
    try:
        for one in (fault, whole):
            line.fault = one
            await asyncio.wait_for(asked_again(line, following), 60)
        if following.done():
            following.result()
    finally:
        following.cancel()
        await asyncio.wait({following})
        await backend.close()


@pytest.mark.parametrize("run", ["rosy-otter", "red-wasp", "odd-ibis"])
async def test_whatever_is_answered_the_run_is_watched_on(busy: World, run: str) -> None:
    async with bad_line(busy.installed.app) as line:
        await watched(busy, line, run, whole)
        assert {"FlowRun", "TaskRuns", "Logs"} <= line.fields.keys()
        places = [
            (question, field, odd)
            for question in sorted(line.fields)
            for field in sorted(line.fields[question])
            for odd in ODD
        ]
        noise = random.Random(f"{SEED} {run}")
        for question, field, odd in places if ALL else noise.sample(places, SOME):
            spoiled = changing(replaced(field, ODD[odd]))
            try:
                await watched(busy, line, run, only(question, spoiled))
            except NotFound:
                assert (field, odd) == ("flow_run_by_pk", "nothing"), "only who says so has no run"
