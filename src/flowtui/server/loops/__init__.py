"""Loops: what the backend does by itself, each a pass that can be repeated without harm."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from flowtui.frozen import frozen
from flowtui.server.storage import Operation, Storage

log = logging.getLogger("flowtui.server.loops")

BATCH = 50
"""Runs dealt with in one transaction: few enough that nobody waits for long behind them."""

ASK_AGAIN = 5.0
"""Seconds after which a server that leads no loop looks whether the one that does is gone."""

Tally = Mapping[str, int]
"""What a pass did, counted by what it is called."""


@frozen
class Loop:
    """A pass, and how often it is made."""

    name: str
    every: float
    """Seconds from the start of one pass to the start of the next."""

    once: Callable[[Storage], Awaitable[Tally]]
    """Makes one pass at the storage's time."""

    after: float = 0.0
    """Seconds before the first pass, so that runs which outlived the server can be heard again."""


def told(loop: str, tally: Tally) -> str:
    """What a pass of a loop did, in one line."""
    return f"{loop}: " + ", ".join(f"{what} {count}" for what, count in tally.items())


@dataclass
class Passes:
    """How a loop has fared."""

    passes: int = 0
    failures: int = 0
    last: float = 0.0
    """When the last pass that did not fail ended, in seconds since 1970."""

    lag: float = 0.0
    """Seconds that the last pass began later than it was to."""


async def keep_going(loop: Loop, storage: Storage, history: Passes | None = None) -> None:
    """Make passes until cancelled; one that fails is logged, and the next comes in its time.

    Of several servers on a database one makes them; the others are there in case it goes.
    """
    history = history or Passes()
    due = time.monotonic() + loop.after
    await asyncio.sleep(loop.after)
    while True:
        if not await storage.leads(loop.name):
            await asyncio.sleep(min(loop.every, ASK_AGAIN))
            due = time.monotonic()
            continue
        started = time.monotonic()
        history.passes += 1
        history.lag = max(0.0, started - due)
        due = started + loop.every
        try:
            tally = await loop.once(storage)
            history.last = time.time()
            level = logging.INFO if any(tally.values()) else logging.DEBUG
            log.log(level, "%s", told(loop.name, tally))
        except Exception:
            history.failures += 1
            log.exception("A pass of the %s failed; the next one tries again", loop.name)
        await asyncio.sleep(max(0.0, started + loop.every - time.monotonic()))


async def in_batches(storage: Storage, batch: Operation[Counter[str]], most: int) -> Counter[str]:
    """Repeat an operation that deals with up to `BATCH` runs until it finds fewer, or `most` are
    dealt with.
    """
    done: Counter[str] = Counter()
    while True:
        found = await storage.write(batch)
        done.update(found)
        if found.total() < BATCH or done.total() >= most:
            return done
