"""Zombies: runs that count as running while their process is gone.

A living process sends a heartbeat every 30 seconds; a run that has missed four in a row is taken
for dead, if its flow group has heartbeats on. Then, in this order:

* Its Running task runs are tried again while they have retries left and the flow run could take
  them up; otherwise they have Failed.
* A flow run that was to be cancelled has Failed: nobody is left to confirm the cancellation.
* A flow run that counts as Running has Failed as well, unless something will go on with it: a task
  run that waits for its time or for somebody, or Lazarus. Where Lazarus is on for the flow it
  schedules the run again, and marks it Failed itself when that was in vain too often; otherwise the
  switch would promise another start and do nothing for a run whose process has died.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from flowtui.server.services.lazarus import TAKEN, UNDER_WAY
from flowtui.server.services.logs import NewLog, write_logs
from flowtui.server.services.states import FLOW_RUN, TASK_RUN, set_state
from flowtui.server.services.vocabulary import State, parse_state, simple_state
from flowtui.server.storage import Row, Transaction

TASK_LOGGER = "prefect-server.ZombieKiller.TaskRun"

FLOW_LOGGER = "prefect-server.ZombieKiller.FlowRun"

FLOW_RUN_DEAD = "No heartbeat detected from the flow run; marking the run as failed."

LONGEST_DELAY = timedelta(days=366)
"""A retry delay is whatever somebody registered, and may lie beyond the calendar's end."""


async def end_silent_task_runs(
    tx: Transaction, *, silent_for: timedelta, limit: int
) -> Counter[str]:
    """Retry or fail the Running task runs of flow runs that have gone silent, at most `limit`."""
    silent = await tx.rows("silent_task_runs", since=tx.now - silent_for, limit=limit)
    done: Counter[str] = Counter()
    for task_run in silent:
        state = await _retry(tx, task_run) or _failure(task_run, tx.now)
        await set_state(tx, TASK_RUN, task_run["id"], state)
        line = NewLog(
            task_run["flow_run_id"], task_run["id"], tx.now, TASK_LOGGER, "ERROR", state.message
        )
        await write_logs(tx, [line])
        retried = state.type == "Retrying"
        done["task runs retried" if retried else "task runs failed"] += 1
    return done


async def _retry(tx: Transaction, task_run: Row) -> State | None:
    """The state in which a task run waits for its next try, if it has one."""
    if task_run["flow_run_state"] != "Running":
        return None
    allowed = task_run["max_retries"] or 0
    past = {"task_run_id": {"_eq": task_run["id"]}, "state": {"_eq": "Retrying"}}
    number = await tx.count("task_run_state", past) + 1
    if number > allowed:
        return None
    delay = min(task_run["retry_delay"] or timedelta(), LONGEST_DELAY)
    # The missing space is the old server's; people search their logs for the whole sentence.
    message = (
        "No heartbeat detected from the remote task; retrying the run."
        f"This will be retry {number} of {allowed}."
    )
    document = {
        "type": "Retrying",
        "message": message,
        "start_time": (tx.now + delay).isoformat(),
        "run_count": number,
    }
    return parse_state(document, tx.now)


def _failure(task_run: Row, now: datetime) -> State:
    message = (
        "No heartbeat detected from the remote task; marking the task run"
        f" {task_run['id']} ({task_run['name']}) as failed."
    )
    return simple_state("Failed", message, now)


async def fail_silent_flow_runs(
    tx: Transaction, *, silent_for: timedelta, limit: int
) -> Counter[str]:
    """Fail the flow runs that have gone silent and that nothing will go on with, at most `limit`.

    Their task runs are asked first whether they are still under way, so those come first.
    """
    silent = await tx.rows(
        "silent_flow_runs",
        since=tx.now - silent_for,
        under_way=UNDER_WAY,
        taken=TAKEN,
        limit=limit,
    )
    for run in silent:
        state = simple_state("Failed", FLOW_RUN_DEAD, tx.now)
        await set_state(tx, FLOW_RUN, run["id"], state)
        line = NewLog(run["id"], None, tx.now, FLOW_LOGGER, "ERROR", FLOW_RUN_DEAD)
        await write_logs(tx, [line])
    return Counter({"flow runs failed": len(silent)})
