"""Purging: finished runs of long ago go, with all that hangs on them, a little at a time.

What goes on, waits or may be taken up again stays, however old it is. Each step is a small
transaction, so that nobody waits behind it, and none leaves anything that the next would not find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from flowtui.models.states import FINISHED
from flowtui.server.storage import Transaction

RUNS: Final = 10
"""Flow runs dealt with together."""

ROWS: Final = 1000
"""Rows that one step removes, or a few times as many states."""

Place = tuple[datetime, str]
"""Where a page of runs ended: a scheduled start and an id."""


def _old(before: datetime) -> dict[str, Any]:
    return {
        "state": {"_in": sorted(FINISHED)},
        "state_timestamp": {"_lte": before},
        # Also what the index goes by: nothing is found that was yet to start.
        "scheduled_start_time": {"_lte": before},
    }


async def old_runs(
    tx: Transaction, before: datetime, *, limit: int, after: Place | None = None
) -> list[Place]:
    """Runs that ended before a time, those that started first coming first."""
    where = _old(before)
    if after is not None:
        time, id = after
        where["scheduled_start_time"]["_gte"] = time
        same = {"scheduled_start_time": {"_eq": time}, "id": {"_gt": id}}
        where["_or"] = [{"scheduled_start_time": {"_gt": time}}, same]
    found = await tx.find(
        "flow_run",
        where,
        order_by=(("scheduled_start_time", "asc"), ("id", "asc")),
        limit=limit,
        columns=("id", "scheduled_start_time"),
    )
    return [(row["scheduled_start_time"], str(row["id"])) for row in found]


async def weighed(tx: Transaction, ids: Sequence[str]) -> Counter[str]:
    """How many rows of each kind hang on some flow runs."""
    of_runs = {"flow_run_id": {"_in": list(ids)}}
    tasks = [row["id"] for row in await tx.find("task_run", of_runs, columns=("id",))]
    weight = Counter(
        {
            "flow runs": len(ids),
            "task runs": len(tasks),
            "states": await tx.count("flow_run_state", of_runs),
            "log lines": await tx.count("log", of_runs),
        }
    )
    # A mapped task can have more children than a statement has room for.
    for first in range(0, len(tasks), ROWS):
        of_tasks = {"task_run_id": {"_in": tasks[first : first + ROWS]}}
        weight["states"] += await tx.count("task_run_state", of_tasks)
        weight["artifacts"] += await tx.count("task_run_artifact", of_tasks)
    return weight


async def purge_step(tx: Transaction, before: datetime, ids: Sequence[str]) -> Counter[str]:
    """Remove a part of some flow runs, and say what; nothing when they are gone, or taken up."""
    where = {**_old(before), "id": {"_in": list(ids)}}
    order = (("id", "asc"),)
    # Nobody takes one up again between our looking and its going.
    found = await tx.find("flow_run", where, order_by=order, columns=("id",), keep="alone")
    runs = [row["id"] for row in found]
    if not runs:
        return Counter()
    of_runs = {"flow_run_id": {"_in": runs}}
    lines = await tx.find("log", of_runs, limit=ROWS, columns=("id",))
    if lines:
        await tx.delete("log", {"id": {"_in": [line["id"] for line in lines]}})
        return Counter({"log lines": len(lines)})
    tasks = [row["id"] for row in await tx.find("task_run", of_runs, limit=ROWS, columns=("id",))]
    if tasks:
        of_tasks = {"task_run_id": {"_in": tasks}}
        gone = {
            "task runs": len(tasks),
            "states": await tx.count("task_run_state", of_tasks),
            "artifacts": await tx.count("task_run_artifact", of_tasks),
        }
        await tx.delete("task_run", {"id": {"_in": tasks}})
        return Counter(gone)
    states = await tx.count("flow_run_state", of_runs)
    await tx.delete("flow_run", {"id": {"_in": runs}})
    return Counter({"flow runs": len(runs), "states": states})
