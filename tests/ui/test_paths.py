"""The way to a page: its title names what it is within, and a key climbs it."""

from __future__ import annotations

import pytest

from tests.driver import UI, dashboard
from tests.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


RUN = "commerce / orders-etl v5 / rosy-otter"


def pages(ui: UI) -> list[str]:
    """The pages that lie upon each other, the tab first."""
    return [type(one).__name__.removesuffix("Screen") for one in ui.app.screen_stack[1:]]


async def test_every_page_says_what_it_is_within_and_a_key_goes_there(night: World) -> None:
    async with dashboard(night, view="runs") as ui:
        await ui.highlight("rosy-otter")
        await ui.press("enter")
        await ui.sees(RUN, "heartbeat 12 m ago")
        for key, path in (
            ("l", f"{RUN} / log"),
            ("W", f"{RUN} / why"),
            ("A", f"{RUN} / artifacts"),
        ):
            await ui.press(key)
            await ui.sees(path)
            await ui.press("backspace")
            await ui.sees("heartbeat 12 m ago")
            assert pages(ui) == ["Runs", "Run"], "the page one came from is gone back to"
        await ui.highlight("extract_orders")
        await ui.press("enter")
        await ui.sees(f"{RUN} / extract_orders")
        await ui.press("A")
        await ui.sees(f"{RUN} / extract_orders / artifacts")
        await ui.press("backspace")
        await ui.sees("Its neighbours")
        await ui.press("backspace", "backspace")
        await ui.sees("commerce / orders-etl ", "Versions")
        assert pages(ui) == ["Runs", "Flow"], "it stands in the place of the run's page"
        await ui.press("t")
        await ui.sees("commerce / orders-etl v5 / Run")
        await ui.press("escape")
        await ui.sees("Versions")
        await ui.press("backspace")
        await ui.sees("Flows  7 in 4 projects")
        await ui.press("backspace")
        await ui.sees("up: no page stands above this one")


async def test_a_page_that_was_opened_by_its_id_has_the_same_way_up(night: World) -> None:
    async with dashboard(night, view="overview", open_id=night.runs["rosy-otter"]) as ui:
        await ui.sees(RUN, "heartbeat 12 m ago")
        await ui.press("backspace")
        await ui.sees("commerce / orders-etl ", "Versions")
        await ui.press("minus")
        await ui.sees(RUN, "heartbeat 12 m ago")
        await ui.press("escape")
        await ui.sees("Attention")
        assert pages(ui) == ["Overview"]
