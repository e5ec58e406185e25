"""What the page of a run tells of the task under the cursor, and the keys it offers for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.copies import copied_world
from tests.driver import UI, dashboard
from tests.ui.screens.test_task_run import chained_world
from tests.world import World

BROAD = (200, 60)


@pytest.fixture
async def chained() -> AsyncIterator[World]:
    async with copied_world(chained_world) as world:
        yield world


@asynccontextmanager
async def panel_of(world: World, run: str, **settings: Any) -> AsyncIterator[UI]:
    """The page of a run where there is room for the panel."""
    async with dashboard(world, BROAD, open_id=world.runs[run], **settings) as ui:
        await ui.sees("Its states", "downstream")
        yield ui


async def test_the_panel_tells_what_lies_around_a_mapped_child(chained: World) -> None:
    async with panel_of(chained, "brave-yak") as ui:
        await ui.sees("clean[17]", "KeyError: 'currency'", "17 of 40", "1 of 3")
        await ui.sees("upstream    ✓ fetch", "downstream  ╳ merge")
        await ui.highlight("merge")
        await ui.sees("upstream    ✗ clean", "Trigger was all_successful.")
        await ui.highlight("fetch")
        await ui.sees("upstream    nothing", "downstream  ✗ clean")


async def test_a_page_asks_once_what_waits_for_what_and_only_where_that_is_shown(
    chained: World,
) -> None:
    async with dashboard(chained, (120, 40), open_id=chained.runs["brave-yak"]) as ui:
        await ui.sees("30/40")
        await ui.highlight("merge")
        assert not any(b"FlowTasks" in asked for asked in chained.transport.requests)
        await ui.pilot.resize_terminal(*BROAD)
        await ui.sees("upstream    ✗ clean")
        await ui.highlight("fetch")
        await ui.sees("upstream    nothing")
        assert sum(b"FlowTasks" in asked for asked in chained.transport.requests) == 1


async def test_it_offers_what_makes_sense_for_the_task_and_each_key_does_it(
    chained: World,
) -> None:
    async with panel_of(chained, "brave-yak") as ui:
        await ui.sees("restart from failed, 3 task runs", "set state …", "mapped children")
        await ui.press("m")
        await ui.sees("Children  30 of 40 expected")
        await ui.press("escape")
        await ui.sees("Its states")
        await ui.press("x")
        await ui.sees("each one asks first")
        await ui.press("r")
        await ui.sees("Restart run  brave-yak", "3 task runs: clean[17]")
        await ui.press("escape")
        await ui.highlight("fetch")
        await ui.sees_no("mapped children")
        await ui.press("x")
        await ui.sees("each one asks first")
        await ui.press("t")
        await ui.sees("Set state  fetch", "of brave-yak")


async def test_a_read_only_profile_is_offered_no_key_that_changes_anything(
    chained: World,
) -> None:
    async with panel_of(chained, "brave-yak", profile={"read_only": True}) as ui:
        await ui.sees("mapped children, failed first")
        assert "restart from failed" not in ui.text
        assert "set state" not in ui.text
