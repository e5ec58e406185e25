"""Whichever answer comes last, the page is the same: what an answer changes is painted with it."""

from __future__ import annotations

import asyncio
from math import inf
from types import SimpleNamespace
from uuid import UUID

import pytest

from flowtui.models import run_form
from tests.driver import UI
from tests.ui.faults.bad_line import BadLine, Fault, bad_line, only, whole
from tests.ui.faults.test_bad_line import on, page
from tests.ui.faults.test_every_question import LARGE, PLACES, Place, rested
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def late(line: BadLine, writer: asyncio.StreamWriter, body: str) -> bool:
    """Well, but not before it is released; until then it does not count as open."""
    line.open_requests -= 1
    await line.released.wait()
    line.open_requests += 1
    return await whole(line, writer, body)


def body_of(ui: UI) -> list[str]:
    """What stands between the bars, which tell how long an answer took."""
    return ui.lines[1:-1]


async def opened(world: World, line: BadLine, place: Place, fault: Fault) -> list[str]:
    """What a page shows once all is answered; what has a fault is answered last."""
    line.fault = fault
    line.released.clear()
    async with on(line, world, "api", LARGE) as ui:
        ui.app.slow_after = inf
        ui.app.feeds.pace.pause()
        await ui.app.push_screen((await page(place.page, world))())
        if place.at:
            await still(ui, line)
            if place.at not in ui.text:
                line.released.set()
            await ui.highlight(place.at)
        for key in place.keys:
            await rested(ui, line)
            await ui.press(key)
        await still(ui, line)
        line.released.set()
        await still(ui, line)
        return body_of(ui)


async def still(ui: UI, line: BadLine) -> None:
    """Wait until nothing is asked any more, and nothing moves."""
    seen: list[list[str]] = []

    def is_still() -> bool:
        seen.append(body_of(ui))
        return line.open_requests == 0 and len(seen) > 30 and seen[-1] == seen[-30]

    await ui.until(is_still, "it does not come to rest")


@pytest.mark.parametrize("name", PLACES)
async def test_whichever_answer_comes_last_the_page_is_the_same(
    busy: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(run_form, "uuid", SimpleNamespace(uuid4=lambda: UUID(int=7)))
    place = PLACES[name]
    async with bad_line(busy.installed.app) as line:
        shown = await opened(busy, line, place, whole)
        for operation, shows in place.asks.items():
            if shows:
                assert shows in "\n".join(shown)
            assert await opened(busy, line, place, only(operation, late)) == shown, operation
            assert line.met[operation] > 0
