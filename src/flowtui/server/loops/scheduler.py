"""The scheduler: keeps the next runs of every active schedule in the queue."""

from __future__ import annotations

from functools import partial

from flowtui.server.loops import Loop, Tally
from flowtui.server.services import schedules
from flowtui.server.storage import Storage


async def schedule(storage: Storage) -> int:
    """Make the runs that are missing, flow by flow, so that nobody waits for a whole pass."""
    made = 0
    for flow_id in await storage.write(schedules.active_flows):
        made += await storage.write(partial(schedules.schedule_flow, flow_id=flow_id))
    return made


def scheduler(every: float) -> Loop:
    """The loop."""

    async def once(storage: Storage) -> Tally:
        return {"runs made": await schedule(storage)}

    return Loop("scheduler", every, once)
