"""Keys that arrive at once, as a bad line hands them over, do what they do one by one."""

from __future__ import annotations

import pytest
from textual import events

from tests.driver import UI, dashboard
from tests.world import World

NAMES = {"/": "slash", ":": "colon", "\r": "enter", "\x1b": "escape", "-": "minus", " ": "space"}


def burst(ui: UI, keys: str) -> None:
    """All of these in one packet."""
    for key in keys:
        character = key if key.isprintable() else None
        ui.app.post_message(events.Key(NAMES.get(key, key), character))


async def test_letters_after_a_slash_are_the_filters(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        burst(ui, "/orders-etl\r")
        await ui.sees("/ orders-etl")
        await ui.sees_no("never-ran")


async def test_a_key_that_opens_a_page_has_the_next_ones_wait_for_it(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        burst(ui, ":runs\r")
        await ui.sees("rosy-otter")
        burst(ui, "2/orders\r")
        await ui.sees("/ orders")
        burst(ui, "\r")
        await ui.sees("Versions")


async def test_keys_go_on_when_the_page_they_were_typed_on_is_gone(world: World) -> None:
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        burst(ui, "/orders-etl\r\r")
        await ui.sees("Versions")
        burst(ui, "V\x1b3")
        await ui.until(lambda: ui.app.screen.tab == "runs", "the tab of runs")


async def test_a_menu_takes_the_letter_that_was_typed_after_its_key(world: World) -> None:
    async with dashboard(world, view="runs") as ui:
        await ui.highlight("rosy-otter")
        burst(ui, "xs")
        await ui.sees("Set state")


@pytest.mark.parametrize("size", [(80, 24), (20, 3)])
async def test_a_held_key_moves_as_often_as_it_came(world: World, size: tuple[int, int]) -> None:
    async with dashboard(world, size) as ui:
        await ui.until(lambda: len(ui.app.screen.list_table.rows) == 7, "seven flows")
        burst(ui, "jjj")
        await ui.until(lambda: ui.app.screen.list_table.cursor == 3, "three rows down")


async def test_a_line_that_is_not_to_be_seen_never_has_the_focus(world: World) -> None:
    """A new page's style comes after its first focus, and a key of a burst may be between."""
    async with dashboard(world) as ui:
        await ui.sees("never-ran")
        line = ui.app.screen.filter_line.input
        assert not line.focusable
        await ui.press("slash")
        assert line.focusable
        assert line.has_focus
        await ui.press("escape")
        await ui.until(lambda: not line.focusable, "the line to be closed")


async def test_a_finished_line_gives_the_focus_away_before_the_next_key(world: World) -> None:
    async with dashboard(world, (120, 40), open_id=world.runs["rosy-otter"]) as ui:
        await ui.sees("16 lines")
        await ui.press("l")
        await ui.sees("16 lines, 03:01")
        line = ui.app.screen.query_one("#search")
        for word in ("load", "the", "row", "a"):
            burst(ui, f"/{word}\rnn")
            await ui.until(
                lambda word=word: line.value.startswith(word) and not line.has_focus,
                "the line to be finished",
            )
            assert line.value == word
            await ui.press("escape")
