"""Lazarus: schedules runs again that were lost on their way."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from flowtui.server.loops import BATCH, Loop, Tally, in_batches
from flowtui.server.services.lazarus import reschedule_lost_runs
from flowtui.server.storage import Storage

MOST = 500
"""Runs in one pass: what was lost together, by a machine or a network, does not come back all at
once."""


async def bring_back(storage: Storage, *, silent_for: float, attempts: int) -> Tally:
    """Schedule the lost runs again; those of which nothing was heard for so many seconds."""
    batch = partial(
        reschedule_lost_runs,
        silent_for=timedelta(seconds=silent_for),
        attempts=attempts,
        limit=BATCH,
    )
    return {"runs rescheduled": 0, "runs failed": 0, **await in_batches(storage, batch, MOST)}


def lazarus(every: float, *, silent_for: float, attempts: int, after: float) -> Loop:
    """The loop."""
    once = partial(bring_back, silent_for=silent_for, attempts=attempts)
    return Loop("lazarus", every, once, after)
