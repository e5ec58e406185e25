"""Keys that come in a burst: each one acts on what the one before it has left.

A bad line hands keys over by the packet, `/crm` and enter at once. Textual gives each to what has
the focus when it arrives, so that the letters would act on the list, as its own keys, before the
filter line has the focus. Here a key waits until the one before it has gone all its way.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from textual import events
from textual.app import App, ReturnType
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker

PATIENCE = 2.0
"""Seconds after which a key is taken to have gone its way: what it was given to may be gone."""

BEHIND = "behind"
"""The group of workers that open no page, so that no key waits for them."""

LOOKS, PAUSE = 50, 0.01
"""How often, and how many seconds apart, to look whether a page opens that takes the next key."""


class Passed(Message):
    """Follows a key on its way up, and so reaches the app after it.

    What the key made its target say, as that a line is finished, is behind the first one; the
    second one follows that.
    """

    def __init__(self, is_second: bool = False) -> None:
        super().__init__()
        self.is_second = is_second


class LedByBindings(Widget):
    """A widget that hears no key itself, nor does what it stands in: keys go to the screen at once,
    and are spared the way from task to task up to it."""

    def _forward_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key):
            self.screen._forward_event(event)
        else:
            super()._forward_event(event)


class TypedAhead(App[ReturnType]):
    """An app that takes one key at a time."""

    _under_way: Passed | None = None
    """What follows the key that has not gone its way yet."""
    _typed_on: Screen[Any] | None = None
    _typed_into: MessagePump | None = None
    _at_work: frozenset[Worker[Any]] = frozenset()
    """What was being done before the key."""
    _overdue: Timer | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._typed_ahead: deque[events.Key] = deque()

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._under_way is not None:
            self._typed_ahead.append(event)
            self._watch(self._under_way)
        else:
            await self._take(event)

    async def _take(self, key: events.Key) -> None:
        self._typed_on, self._at_work = self.screen, frozenset(self.workers)
        into = self._typed_into = self.focused or self.screen
        target = self.screen if isinstance(into, LedByBindings) else into
        follower = self._under_way = Passed()
        await super().on_event(key)
        if not target.post_message(follower):
            self.call_later(self._settle, follower)

    def _watch(self, follower: Passed) -> None:
        if self._overdue is None:
            self._overdue = self.set_timer(PATIENCE, lambda: self._next_key(follower))

    def _stop_watching(self) -> None:
        if self._overdue is not None:
            self._overdue.stop()
            self._overdue = None

    async def on_passed(self, message: Passed) -> None:
        """The key was acted on; what that put in line, as a new focus, goes first."""
        message.stop()
        if message is not self._under_way:
            return
        if self._typed_ahead and not message.is_second and self._typed_into is not None:
            second = Passed(is_second=True)
            if self._typed_into.post_message(second):
                self._stop_watching()
                self._under_way = second
                self._watch(second)
                return
        self.call_later(self._settle, message)

    def pop_screen(self) -> AwaitComplete:
        """Leave a page; what followed a key through it will not arrive."""
        popped = super().pop_screen()
        if self._under_way is not None:
            self.call_later(self._settle, self._under_way)
        return popped

    async def _settle(self, follower: Passed, looks: int = LOOKS) -> None:
        """Wait for what the key has begun, and for the page that it has opened."""
        if follower is not self._under_way:
            return
        if looks and self._typed_ahead and self._is_on_its_way():
            self.set_timer(PAUSE, lambda: self._settle(follower, looks - 1))
        else:
            await self._next_key(follower)

    def _is_on_its_way(self) -> bool:
        """Whether another page may be about to open, or to say what has its focus."""
        screen = self.screen
        if screen is self._typed_on:
            begun = (one for one in self.workers if one not in self._at_work)
            return any(one.is_running and one.group != BEHIND for one in begun)
        return not screen.is_mounted or screen.focused is None

    async def _next_key(self, follower: Passed) -> None:
        if follower is not self._under_way:
            return
        self._stop_watching()
        self._under_way = self._typed_on = self._typed_into = None
        if self._typed_ahead:
            await self._take(self._typed_ahead.popleft())
            if self._typed_ahead and self._under_way is not None:
                self._watch(self._under_way)
