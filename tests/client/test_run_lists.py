"""Lists of very many runs: the backend gives what a filter lets through, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from flowtui.client.backend import Backend
from flowtui.models.conditions import ANYTHING, Compared, none_of, opposite
from flowtui.models.filter_fields import RUNS
from flowtui.models.run_lists import key_of
from flowtui.models.runs import FlowRun
from tests.copies import copied_world
from tests.world import World, standard_world

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def night() -> AsyncIterator[World]:
    """The standard world, only looked at, with a run that is odd in every way."""
    async with copied_world(standard_world) as world:
        odd = {"day": "2021-03-04", "n": 1, "deep": {"a": [1, 2]}, "empty": None}
        await world.flow("Straße_100%", "ml")
        await world.run("Straße_100%", "Ünlike", parameters=odd, labels=["prod", "k8s"])
        yield world


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def backend(night: World) -> AsyncIterator[Backend]:
    backend = night.backend()
    yield backend
    await backend.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def runs(backend: Backend) -> list[FlowRun]:
    """All of them, as the pages give them."""
    return [run async for page in backend.each_page(ANYTHING, 7) for run in page]


EXACT = """
    orders
    heron,otter
    orders-*
    name:rosy-otter !flow:weather
    flow:Stra* project:ml
    "100%"
    flow:_
    state:failed
    state:late,running
    !state:success,late
    state:scheduled
    state:pending
    state:wrong since:6h
    label:prod
    !label:prod state:scheduled
    !label:*
    label:*
    version:>3
    !version:v5
    param:since
    param:since=2026-11-01
    param:n=1
    param:day=2021-03-04
    param:empty=null
    param:since=2026-11-01,2026-11-19
    !param:since state:success
    since:2h
    !since:2h
    since:+10m until:+2h
    until:1d
    age:<20m
    age:>=1h age:<8h
    message:cancelled
    !message:succeeded
    by:schedule
    !by:schedule state:late
"""

BROADER = """
    name:/^v.-run/
    name:ünlike
    flow:straße
    time:>10m
    param:day=2021-*
    param:d*=2021-03-04
    !name:/^v/ state:failed
    label:pr*
    time:>10m state:failed
"""


@pytest.mark.parametrize("text", [line.strip() for line in EXACT.strip().splitlines()])
async def test_the_backend_finds_just_what_the_filter_lets_through(
    night: World, backend: Backend, runs: list[FlowRun], text: str
) -> None:
    wanted = RUNS.parse(text, night.clock())
    assert wanted.problem is None
    assert wanted.meaning.is_exact
    found = {run.id async for page in backend.each_page(wanted.condition) for run in page}
    assert found == {run.id for run in runs if wanted.matches(run)}
    assert await backend.count_runs(wanted.condition) == len(found)


@pytest.mark.parametrize("text", [line.strip() for line in BROADER.strip().splitlines()])
async def test_what_cannot_be_asked_for_is_not_lost(
    night: World, backend: Backend, runs: list[FlowRun], text: str
) -> None:
    wanted = RUNS.parse(text, night.clock())
    assert wanted.problem is None
    assert not wanted.meaning.is_exact
    found = {run.id async for page in backend.each_page(wanted.condition) for run in page}
    meant = {run.id for run in runs if wanted.matches(run)}
    assert meant
    assert meant <= found


async def test_an_id_or_its_beginning_is_found(backend: Backend, runs: list[FlowRun]) -> None:
    for begun in (runs[3].id, runs[3].id[:13], runs[3].id[:8].upper()):
        wanted = RUNS.parse(begun, runs[3].scheduled_start_time)
        found = [run.id async for page in backend.each_page(wanted.condition) for run in page]
        assert runs[3].id in found
        assert found == [run.id for run in runs if wanted.matches(run)]


async def test_pages_have_every_run_once_the_newest_first(
    backend: Backend, runs: list[FlowRun]
) -> None:
    keys = [key_of(run) for run in runs]
    assert keys == sorted(set(keys), reverse=True)
    assert len(keys) == await backend.count_runs() > 40
    above = await backend.runs_above(ANYTHING, keys[20], 5)
    assert above == runs[15:20]
    below = await backend.runs_below(ANYTHING, keys[20], 5)
    assert below == runs[21:26]


async def test_a_list_has_three_parts_and_every_run_is_in_one(
    night: World, backend: Backend, runs: list[FlowRun]
) -> None:
    lists = await backend.run_lists(ANYTHING, night.clock(), limit=500)
    together = [*lists.at_work, *lists.been, *lists.to_come]
    assert {run.id for run in together} == {run.id for run in runs}
    assert len(together) == len(runs)
    assert "rosy-otter" in [run.name for run in lists.at_work]
    cut = await backend.run_lists(ANYTHING, night.clock(), key_of(lists.been[4]), 5, 2)
    assert cut.been == lists.been[5:10]
    assert (cut.been_is_last, cut.to_come_is_last) == (False, False)


async def test_the_latest_runs_are_those_at_work_and_the_newest_that_are_over_not_the_planned(
    night: World, backend: Backend, runs: list[FlowRun]
) -> None:
    lists = await backend.run_lists(ANYTHING, night.clock(), limit=500)
    latest = await backend.latest_runs(night.clock(), limit=3)
    assert {run.id for run in latest} == {run.id for run in (*lists.at_work, *lists.been[:3])}
    assert latest == sorted(latest, key=key_of, reverse=True)
    assert lists.to_come


async def test_the_opposite_of_a_comparison_holds_where_there_is_no_value(
    backend: Backend, runs: list[FlowRun]
) -> None:
    ended = Compared("end_time", "absent", negated=True)
    early = Compared("end_time", "<", runs[0].scheduled_start_time)
    assert 0 < await backend.count_runs(early) < len(runs)
    for condition in (early, ended, opposite(early)):
        count = await backend.count_runs(condition) + await backend.count_runs(opposite(condition))
        assert count == len(runs)
    assert not none_of(RUNS.parse("time:>1m", runs[0].scheduled_start_time).meaning).is_exact
