"""Loops: what the backend does by itself, each a pass that can be repeated without harm."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from flowtui.server.storage import Storage

log = logging.getLogger("flowtui.server.loops")


@dataclass(frozen=True)
class Loop:
    """A pass, and how often it is made."""

    name: str
    every: float
    """Seconds from the start of one pass to the start of the next."""

    once: Callable[[Storage], Awaitable[int]]
    """Makes one pass at the storage's time; answers how much there was to do."""


async def keep_going(loop: Loop, storage: Storage) -> None:
    """Make passes until cancelled; one that fails is logged, and the next comes in its time."""
    while True:
        started = time.monotonic()
        try:
            done = await loop.once(storage)
            log.debug("%s: %d", loop.name, done)
        except Exception:
            log.exception("A pass of the %s failed; the next one tries again", loop.name)
        await asyncio.sleep(max(0.0, started + loop.every - time.monotonic()))
