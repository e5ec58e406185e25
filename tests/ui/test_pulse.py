"""The beat of a screen, which goes with its screen."""

from __future__ import annotations

import asyncio
import gc
from typing import Any
from weakref import ref

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from flowtui.ui.pulse import pulse_of, until_beat

LONGEST = 30.0
"""Seconds until a timer that was taken back is forgotten by the loop, and more."""


class Page(Screen[None]):
    """A page on which something counts seconds."""

    def compose(self) -> ComposeResult:
        yield Static()

    def on_mount(self) -> None:
        counting = self.query_one(Static)
        pulse_of(self).join(counting, counting.refresh)


async def test_a_page_that_was_left_is_held_by_nobody() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        await app.push_screen(Page())
        await pilot.pause()
        assert pulse_of(app.screen).is_beating
        page = ref(app.screen)
        await app.pop_screen()
        until = asyncio.get_running_loop().time() + LONGEST
        while page() is not None:
            assert asyncio.get_running_loop().time() < until
            await pilot.pause(0.05)
            gc.collect()


class Counted(Screen[None]):
    """Counts the timers that are set on it."""

    timers = 0

    def compose(self) -> ComposeResult:
        yield Static()

    def set_timer(self, *args: Any, **kwargs: Any) -> Timer:
        self.timers += 1
        return super().set_timer(*args, **kwargs)


async def test_who_joins_again_at_every_beat_is_told_once_a_second() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        page = Counted()
        await app.push_screen(page)
        await pilot.pause()
        counting, pulse, told = page.query_one(Static), pulse_of(page), []

        def count() -> None:
            told.append(1)
            pulse.join(counting, count)

        pulse.follow(counting, lambda: told.append(2))
        pulse.join(counting, count)
        before, told[:] = page.timers, []
        for _ in range(5):
            pulse.beat()
        assert page.timers == before + 5
        assert told == [1, 2] * 5
        pulse.leave(counting)


@pytest.mark.parametrize(("is_slow", "beat"), [(False, 1004.0), (True, 1005.0)])
def test_a_slow_line_has_a_beat_every_five_seconds(is_slow: bool, beat: float) -> None:
    assert 0 < 1003.4 + until_beat(1003.4, is_slow) - beat < 0.01
