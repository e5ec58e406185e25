"""What can be done to many runs at once: adding a deed is a line here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flowtui.models import states
from flowtui.models.runs import FlowRun
from flowtui.ui.bulk import Becomes, BulkDeed, Kind, set_to

if TYPE_CHECKING:
    from flowtui.client.backend import Backend


async def _runs_again(backend: Backend, runs: Sequence[FlowRun]) -> Mapping[str, FlowRun]:
    return await backend.runs_again([run.id for run in runs])


async def _run_moved(backend: Backend, run: FlowRun) -> str:
    now = await backend.run_state(run.id)
    if now.version == run.state.version:
        return ""
    return f"it is {now.type} now, version {now.version}"


def _run_seconds(run: FlowRun, now: datetime) -> float | None:
    """Seconds since it began, or since it was or until it is due."""
    if states.is_scheduled(run.state.type):
        return (now - run.due).total_seconds()
    if run.is_finished:
        ended = run.end_time or run.state.timestamp
        return None if ended is None else (now - ended).total_seconds()
    return run.seconds(now)


RUNS: Kind[FlowRun] = Kind(
    noun="flow run",
    key=lambda run: run.id,
    name=lambda run: run.name,
    belongs=lambda run: run.flow_name,
    owner="flow",
    state=lambda run, now: run.shown_state(now),
    version=lambda run: run.state.version,
    seconds=_run_seconds,
    again=_runs_again,
    moved=_run_moved,
)


def _cancelled(run: FlowRun, now: datetime) -> Becomes:
    if run.is_finished:
        return Becomes(skip="it is over")
    if run.state.type == "Cancelling":
        return Becomes(skip="it is on its way")
    return Becomes("Cancelling" if states.is_running(run.state.type) else "Cancelled")


async def _cancel(backend: Backend, run: FlowRun) -> None:
    await backend.cancel_flow_run(run.id, run.state)


def _started(run: FlowRun, now: datetime) -> Becomes:
    if run.state.type != "Scheduled":
        return Becomes(skip=f"it does not wait for its time: {run.state.type}")
    return Becomes("Scheduled")


async def _start(backend: Backend, run: FlowRun) -> None:
    await backend.start_now(run.id, seen=run.state)


def _restarted(run: FlowRun, now: datetime) -> Becomes:
    if not states.is_finished(run.state.type):
        return Becomes(skip="it is not over")
    if states.is_success(run.state.type):
        return Becomes(skip="it went well")
    return Becomes("Scheduled")


async def _restart(backend: Backend, run: FlowRun) -> None:
    tasks = [task for task in await backend.task_runs(run.id) if task.is_reset_by_restart]
    await backend.restart(run.id, tasks, seen=run.state, reason="Flow run restarted by hand.")


async def _delete(backend: Backend, run: FlowRun) -> None:
    await backend.delete_flow_run(run.id)


CANCEL = BulkDeed(
    RUNS,
    "c",
    "Cancel {}",
    "cancel …",
    "Have them stopped; what has not begun ends at once.",
    "cancel_flow_run",
    _cancelled,
    _cancel,
    undo="what had not begun can be set back from the journal z; stopped work cannot",
)
START_NOW = BulkDeed(
    RUNS,
    "g",
    "Start {} now",
    "start now …",
    "Have those that wait for their time start at once.",
    "the state Scheduled, for now",
    _started,
    _start,
    undo="those that no agent has taken can be set back from the journal z",
    guards_itself=True,
)
RESTART = BulkDeed(
    RUNS,
    "r",
    "Restart {}",
    "restart …",
    "Run the failed ones again; good tasks are kept.",
    "set_task_run_states and the run's state",
    _restarted,
    _restart,
    undo="those that no agent has taken can be set back from the journal z",
    guards_itself=True,
)
DELETE = BulkDeed(
    RUNS,
    "d",
    "Delete {}",
    "delete …",
    "Remove them with their task runs, states and logs.",
    "delete_flow_run",
    lambda run, now: Becomes("deleted"),
    _delete,
    undo="there is no way back; cancelling keeps the history",
    removes=True,
)


def setting(state: str, key: str, text: str) -> BulkDeed[FlowRun]:
    """Setting runs to a state by hand."""

    def becomes(run: FlowRun, now: datetime) -> Becomes:
        same = run.state.type == state and state != "Scheduled"
        return Becomes(skip=f"it is {state}") if same else Becomes(state)

    async def send(backend: Backend, run: FlowRun) -> None:
        await backend.set_flow_run_state(
            run.id, state, seen=run.state, reason=f"Flow run set to {state} by hand."
        )

    undo = "what was over or waited can be set back from the journal z"
    return set_to(RUNS, state, key, text, becomes, send, undo=undo)


RUN_DEEDS: tuple[BulkDeed[FlowRun], ...] = (
    CANCEL,
    RESTART,
    START_NOW,
    setting("Success", "s", "They count as done."),
    setting("Failed", "f", "They count as failed."),
    setting("Scheduled", "q", "They run again from now; done tasks stay done."),
    setting("Cancelled", "e", "They end, and every task run that is not over."),
    DELETE,
)
