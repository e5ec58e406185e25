"""The zombie killer: ends runs whose process is gone."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from flowtui.server.loops import BATCH, Loop, Tally, in_batches
from flowtui.server.services.zombies import end_silent_task_runs, fail_silent_flow_runs
from flowtui.server.storage import Storage

MOST = 5000
"""Task runs, and then flow runs, in one pass."""


async def end_silent_runs(storage: Storage, *, silent_for: float) -> Tally:
    """Retry or fail the runs of which nothing was heard for so many seconds, tasks first."""
    silence = timedelta(seconds=silent_for)
    tasks = partial(end_silent_task_runs, silent_for=silence, limit=BATCH)
    flows = partial(fail_silent_flow_runs, silent_for=silence, limit=BATCH)
    return {
        "task runs retried": 0,
        "task runs failed": 0,
        **await in_batches(storage, tasks, MOST),
        **await in_batches(storage, flows, MOST),
    }


def zombie_killer(every: float, *, silent_for: float) -> Loop:
    """The loop; processes that went on while the server was away are heard before it begins."""
    once = partial(end_silent_runs, silent_for=silent_for)
    return Loop("zombie-killer", every, once, after=silent_for)
