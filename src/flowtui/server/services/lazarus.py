"""Lazarus: runs that were lost on their way are scheduled again, a few times.

A run is lost when it should be under way (Running or Submitted), has not been heard of for long,
and no task run of it will take it further. That is what an agent leaves behind that died between
taking a run and starting it, or whose answer to Submitted was lost, and what a flow process leaves
that was ended from outside. Both safeguards of the flow group have to be on: without heartbeats
nobody can tell a lost run from a quiet one.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from flowtui.models.states import RUNNING, family
from flowtui.server.services.logs import NewLog, write_logs
from flowtui.server.services.states import FLOW_RUN, set_state
from flowtui.server.services.vocabulary import simple_state
from flowtui.server.storage import Transaction

LOGGER = "prefect-server.Lazarus.FlowRun"

RESCHEDULED = "Rescheduled by a Lazarus process."

UNDER_WAY = tuple(sorted(family("Scheduled") | RUNNING))
"""States of a task run with which its flow run goes on, whoever has to wake it."""

TAKEN = ("Queued", "Submitted")
"""States in which a task run is on its way into a process. That takes a while, and no longer: a
run that is resumed has been silent for as long as it waited, and must not be started twice."""


async def reschedule_lost_runs(
    tx: Transaction, *, silent_for: timedelta, attempts: int, limit: int
) -> Counter[str]:
    """Schedule lost runs again, at most `limit` of them; one that was lost too often has failed.

    Done again it finds none of them: they are lost no longer.
    """
    lost = await tx.rows(
        "lost_flow_runs",
        since=tx.now - silent_for,
        under_way=UNDER_WAY,
        taken=TAKEN,
        limit=limit,
    )
    done: Counter[str] = Counter()
    for run in lost:
        before = run["times_resurrected"] or 0
        if before < attempts:
            await _reschedule(tx, run["id"], before + 1)
            done["runs rescheduled"] += 1
        else:
            await _give_up(tx, run["id"], attempts)
            done["runs failed"] += 1
    return done


async def _reschedule(tx: Transaction, run_id: str, attempt: int) -> None:
    state = simple_state("Scheduled", RESCHEDULED, tx.now, tx.now)
    await set_state(tx, FLOW_RUN, run_id, state)
    await tx.update("flow_run", {"id": {"_eq": run_id}}, {"times_resurrected": attempt})
    await _log(tx, run_id, "INFO", f"{RESCHEDULED} This is attempt {attempt}.")


async def _give_up(tx: Transaction, run_id: str, attempts: int) -> None:
    message = (
        f"A Lazarus process attempted to reschedule this run {attempts} times without success."
        " Marking as failed."
    )
    await set_state(tx, FLOW_RUN, run_id, simple_state("Failed", message, tx.now))
    await _log(tx, run_id, "ERROR", message)


async def _log(tx: Transaction, run_id: str, level: str, message: str) -> None:
    await write_logs(tx, [NewLog(run_id, None, tx.now, LOGGER, level, message)])
