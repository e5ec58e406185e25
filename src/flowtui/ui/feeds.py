"""Feeds: what the screens show, fetched once however many screens show it.

A feed asks one question while somebody listens: one request at a time, slower when it is refused,
and the last good answer is kept. Nobody listening, nothing asked.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from dataclasses import field, replace
from typing import Any, Generic, TypeVar

from flowtui.errors import FlowtuiError, NotUnderstood, Refused, Unauthorized
from flowtui.frozen import frozen

T = TypeVar("T")

LONGEST_PAUSE = 30.0
"""Seconds between two tries, however often the backend refused."""

REMEMBERED = 8
"""Feeds nobody listens to whose answers are kept, so that going back shows them at once."""

SHORTEST = 2.0
"""Seconds an answer may take to come that is asked for at once, as the next page of many."""

PATIENCE = 3
"""Answers may be this many intervals old before they count as stale."""


@frozen
class Snapshot(Generic[T]):
    """The last good answer, and what has gone wrong since."""

    value: T | None = None
    error: FlowtuiError | None = None
    failures: int = 0
    """In a row; each refusal doubles the pause."""

    taken: float = field(default_factory=time.monotonic)
    """When the last good answer came (monotonic seconds)."""

    interval: float = 2.0
    took: float | None = None
    """Seconds from the question to the last good answer."""

    @property
    def age(self) -> float:
        """Seconds since the last good answer, or since the first question."""
        return time.monotonic() - self.taken

    @property
    def is_stale(self) -> bool:
        """Old enough that clocks made from it would be inventions."""
        return self.error is not None or self.stale_in < 0

    @property
    def stale_in(self) -> float:
        """Seconds until it is too old, unless another answer comes."""
        return PATIENCE * max(self.interval, SHORTEST) + 1 - self.age


Listener = Callable[[Snapshot[Any]], None]


class Pace:
    """How often all feeds ask: as each one wants to, as somebody said, or not at all."""

    def __init__(self) -> None:
        self.seconds: float | None = None
        """Between two questions of any feed; None is what each one wants."""
        self._going = asyncio.Event()
        self._going.set()

    @property
    def is_paused(self) -> bool:
        """Whether nothing is asked by itself."""
        return not self._going.is_set()

    def pause(self) -> None:
        """Ask nothing by itself from now on."""
        self._going.clear()

    def resume(self) -> None:
        """Ask again."""
        self._going.set()

    def every(self, seconds: float | None) -> None:
        """Ask so often; None is as each feed wants."""
        self.seconds = seconds

    async def going(self) -> None:
        """Wait until feeds may ask."""
        await self._going.wait()


class Feed(Generic[T]):
    """One question, asked again and again."""

    def __init__(
        self,
        ask: Callable[[], Awaitable[T]],
        interval: float | Callable[[T | None], float],
        pace: Pace | None = None,
    ) -> None:
        self._ask = ask
        self._pace = pace or Pace()
        self._due = 0.0
        self._interval = interval
        self._listeners: list[Listener] = []
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self.snapshot: Snapshot[T] = Snapshot()

    @property
    def interval(self) -> float:
        """Seconds from an answer to the next question; it may depend on the answer."""
        if self._pace.seconds is not None:
            return self._pace.seconds
        if callable(self._interval):
            return self._interval(self.snapshot.value)
        return self._interval

    def listen(self, listener: Listener) -> None:
        """Tell the listener of every answer from now on, and of the last one at once."""
        self._listeners.append(listener)
        if self.snapshot.value is not None or self.snapshot.error is not None:
            listener(self.snapshot)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def leave(self, listener: Listener) -> None:
        """Stop telling the listener; the last one out turns the feed off."""
        if listener in self._listeners:
            self._listeners.remove(listener)
        if not self._listeners and self._task is not None:
            self._task.cancel()
            self._task = None

    @property
    def due_in(self) -> float:
        """Seconds until it asks by itself; 0 while it asks."""
        return max(0.0, self._due - time.monotonic())

    @property
    def is_listened_to(self) -> bool:
        """Whether anybody wants its answers."""
        return bool(self._listeners)

    def refresh(self) -> None:
        """Ask now; never skipped, though it waits for the request under way."""
        self._hurry.set()

    async def _run(self) -> None:
        while True:
            self._hurry.clear()
            await self._ask_once()
            pause = self._pause()
            self._due = time.monotonic() + pause
            try:
                await asyncio.wait_for(self._hurry.wait(), pause)
            except asyncio.TimeoutError:
                await self._may_ask()

    def _pause(self) -> float:
        """Seconds to wait now: longer each time a backend that is there refuses; one that is away
        is looked for as often as ever, so that it is shown at once when it comes back."""
        snapshot = self.snapshot
        if not isinstance(snapshot.error, (Refused, Unauthorized)):
            return self.interval
        longer = self.interval * float(2 ** min(snapshot.failures, 6))
        return max(self.interval, min(LONGEST_PAUSE, longer))

    async def _may_ask(self) -> None:
        """Wait while nothing is to be asked by itself; whoever asks by hand goes on."""
        if not self._pace.is_paused:
            return
        waiting = [asyncio.ensure_future(one) for one in (self._pace.going(), self._hurry.wait())]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

    async def _ask_once(self) -> None:
        started = time.monotonic()
        self._due = 0.0
        before = self.snapshot
        try:
            value = await self._ask()
            self._tell(Snapshot(value, took=time.monotonic() - started))
        except FlowtuiError as error:
            self._fail(error)
        except Exception as fault:  # a page that stops without a word would be believed
            self.snapshot = before
            self._fail(NotUnderstood(f"flowtui does not understand the answer: {fault!r}"))

    def _fail(self, error: FlowtuiError) -> None:
        with suppress(Exception):  # a page that cannot even show that is asked for once more
            self._tell(replace(self.snapshot, error=error, failures=self.snapshot.failures + 1))

    def _tell(self, snapshot: Snapshot[T]) -> None:
        self.snapshot = snapshot
        self.snapshot = snapshot = replace(snapshot, interval=self.interval)
        faults: list[Exception] = []
        for listener in tuple(self._listeners):
            try:
                listener(snapshot)
            except Exception as fault:  # the others hear it nevertheless
                faults.append(fault)
        if faults:
            raise faults[0]


class Feeds:
    """Every feed that is listened to, one a question, and a few that were."""

    def __init__(self) -> None:
        self._feeds: dict[Hashable, Feed[Any]] = {}
        self.pace = Pace()

    @property
    def known(self) -> list[tuple[Hashable, Feed[Any]]]:
        """What somebody listens to, and what was listened to lately, with its question."""
        return list(self._feeds.items())

    def feed(
        self,
        question: Hashable,
        ask: Callable[[], Awaitable[T]],
        interval: float | Callable[[T | None], float] = 2.0,
    ) -> Feed[T]:
        """The feed for a question; made when it is first wanted."""
        feed = self._feeds.pop(question, None) or Feed(ask, interval, self.pace)
        self._feeds[question] = feed
        idle = [asked for asked, known in self._feeds.items() if not known.is_listened_to]
        for asked in idle[:-REMEMBERED]:
            del self._feeds[asked]
        return feed
