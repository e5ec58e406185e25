"""A window on many runs: what comes back late must leave no hole in what is held."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from flowtui.client.backend import Backend
from flowtui.models.filter_fields import RUNS
from flowtui.models.run_lists import key_of
from flowtui.ui import run_window
from flowtui.ui.run_window import RunWindow
from tests.world import World


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_window, "PAGE", 8)


class Slow:
    """A backend whose next lists come when they are let through."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.asked, self.may_come = asyncio.Event(), asyncio.Event()

    async def run_lists(self, *wanted: Any) -> Any:
        answer = await self._backend.run_lists(*wanted)
        self.asked.set()
        await self.may_come.wait()
        return answer


async def test_a_look_that_comes_back_after_going_to_the_top_leaves_no_hole(world: World) -> None:
    """The part of the list that it speaks of is not held any more."""
    backend = world.backend()
    window = RunWindow(lambda now: RUNS.parse("", now, None), world.clock)
    await window.look(backend)
    while window.goes_on_below and len(window.been) < 40:
        await window.read_below(backend)
    everything = [run.id for run in window.been]
    window.look_near(window.been[-1])

    slow = Slow(backend)
    looking = asyncio.create_task(window.look(slow))  # type: ignore[arg-type]
    await slow.asked.wait()
    window.go_to_the_top()
    slow.may_come.set()
    await looking
    await window.look(backend)

    held = [run.id for run in window.been]
    assert held == everything[: len(held)]
    assert [key_of(run) for run in window.been] == sorted(map(key_of, window.been), reverse=True)
    await backend.close()
