"""When a program in this event loop has come to rest: what drivers of Textual wait for.

Textual's own pilot sleeps until this process uses little processor time for a fiftieth of a second:
twice a key, which is most of what tests of screens would take, and never sure where other programs
compete for the processors. The event loop knows better: when nothing in it is ready to go on, no
thread is at work for it and no question is under way to a backend, everybody waits for a timer or
for somebody outside.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import textual.app
import textual.pilot
from textual._context import active_app

LONGEST = 1.0
"""Seconds after which one goes on all the same: a question may be held on purpose."""

_asked: list[object] = []


@contextmanager
def under_way() -> Iterator[None]:
    """Something outside of the loop is at work for it; nobody is at rest before it is done."""
    question = object()
    _asked.append(question)
    try:
        yield
    finally:
        _asked.remove(question)


async def rest(min_sleep: float = 0, max_sleep: float = LONGEST) -> None:
    """Wait until everybody in this loop waits for something outside of it, and all is painted."""
    loop: Any = asyncio.get_running_loop()
    app: Any = active_app.get(None)
    until = time.monotonic() + max(min_sleep, max_sleep)
    turns = 0
    # Two idle turns: between them the loop looks for what has come from outside.
    while turns < 2 and time.monotonic() < until:
        await asyncio.sleep(0)
        if loop._ready:
            turns = 0
        elif _asked or _are_at_work(loop._default_executor) or _is_under_way(app):
            turns = 0
            await asyncio.sleep(0.001)
        else:
            turns = 0 if _paint(app) else turns + 1


def _are_at_work(threads: Any) -> bool:
    """Whether a thread does something for somebody in the loop."""
    return threads is not None and threads._idle_semaphore._value < len(threads._threads)


def _is_under_way(app: Any) -> bool:
    """Whether a key has not gone all its way through an app, or a new size."""
    return (
        getattr(app, "_under_way", None) is not None
        or getattr(app, "_resize_timer", None) is not None
    )


def _paint(app: Any) -> bool:
    """Paint what a screen would at the next tick of its timer; whether there was anything."""
    if app is None or not app._running or not app._screen_stack or app._batch_count:
        return False
    screen = app.screen
    waits = screen.is_current and (
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )
    if waits:
        screen._on_timer_update()
    return bool(waits)


def teach_the_pilot() -> None:
    """Let Textual's pilot wait for what is so, instead of for processor time."""
    textual.pilot.wait_for_idle = rest
    textual.app.wait_for_idle = rest
