"""What a change of state means: a list of rules, read from top to bottom, then one write.

A rule looks at the change somebody asks for and lets it pass, alters it, refuses it with an
`ApiError`, or answers None when there is nothing left to do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flowtui.errors import ApiError
from flowtui.frozen import frozen
from flowtui.models.states import FINISHED, RUNNING
from flowtui.server.services import hooks, limits
from flowtui.server.services.sizes import STANDARD
from flowtui.server.services.vocabulary import ENDING, State, parse_state, queued, simple_state
from flowtui.server.storage import Row, Transaction

SUBMITTED_ONCE_WITHIN = timedelta(seconds=30)
"""How long a run that one agent has taken is refused to every other."""


REPEATED_WITHIN = timedelta(seconds=120)
"""A client gives up repeating a request after about a minute; later, it means a new one."""


@frozen
class RunKind:
    """Flow runs and task runs differ in their tables' names, and in little else."""

    table: str
    history: str
    reference: str
    """The history's column that names the run."""

    words: str


FLOW_RUN = RunKind("flow_run", "flow_run_state", "flow_run_id", "flow run")
TASK_RUN = RunKind("task_run", "task_run_state", "task_run_id", "task run")


@frozen
class Change:
    """A state that somebody wants a run to be in."""

    kind: RunKind
    run: Row
    state: State
    version: int | None = None
    """The run's version as the sender knew it."""

    guarded: bool = False
    """The sender means this version and no other."""

    agent_id: str | None = None

    waits: bool = False
    """For a free place, instead of going into the state that was asked for."""

    @property
    def claims(self) -> bool:
        """Whoever gets this state acts on it: an agent starts a process, a process does work."""
        return self.state.type in ("Submitted", "Running")

    @property
    def is_stale(self) -> bool:
        """The run has moved since the sender looked."""
        return self.version is not None and self.version != self.run["version"]


@frozen
class Outcome:
    """What the sender of a state is told."""

    id: str
    status: str = "SUCCESS"
    message: str | None = None
    version: int = 0


Rule = Callable[[Transaction, Change], Awaitable["Change | None"]]


async def submitted_at_most_once(tx: Transaction, change: Change) -> Change:
    """Without this, two agents that saw the same run in the queue both start it.

    A repeated request looks exactly like a second agent of the same name, so it is refused too:
    not starting can be mended, starting twice cannot.
    """
    if change.kind is not FLOW_RUN or change.state.type != "Submitted":
        return change
    recently = {"_gt": tx.now - SUBMITTED_ONCE_WITHIN}
    taken = await tx.first(
        "flow_run_state",
        {
            "flow_run_id": {"_eq": change.run["id"]},
            "state": {"_eq": "Submitted"},
            "timestamp": recently,
        },
    )
    if taken is not None:
        raise ApiError("State update failed: this run has already been submitted.")
    return change


async def same_transition_twice_is_once(tx: Transaction, change: Change) -> Change | None:
    """Without this, a request repeated after a lost answer adds a state nobody sent.

    A claim under a version guard is left to the guard: of two processes that ask for the same
    thing at the same version, only one may hear yes.
    """
    if change.claims and await _locked(tx, change):
        return change
    if change.version is None:
        repeated = (change.run["state_timestamp"] or tx.now) > tx.now - REPEATED_WITHIN
    else:
        repeated = change.version == change.run["version"] - 1
    if repeated and _same(change, since=tx.now - REPEATED_WITHIN):
        return None
    return change


def _same(change: Change, since: datetime) -> bool:
    state, stored = change.state, change.run["serialized_state"]
    if not isinstance(stored, dict) or stored.get("type") != state.type:
        return False
    ignored = set()
    if state.implied_start and change.run["state_start_time"] is not None:
        # "Now" was a moment earlier when it was said first; a start still ahead is another wish.
        if not since < change.run["state_start_time"] <= (state.start_time or since):
            return False
        ignored.add("start_time")
    if not state.serialized.get("cached_inputs"):
        # They are carried forward, so the stored state may have them where the new one cannot.
        ignored.add("cached_inputs")
    fields = (set(state.serialized) | set(stored)) - ignored
    return all(state.serialized.get(field) == stored.get(field) for field in fields)


async def version_as_the_sender_saw_it(tx: Transaction, change: Change) -> Change:
    """Without this, somebody who looks at an old screen overwrites what happened since, and two
    processes that were given the same run both do its work.

    The client's own paths send stale versions with states that are not Running, so only a guarded
    change is held to its version whatever the state.
    """
    if change.is_stale and await _locked(tx, change):
        raise ApiError(
            f"State update failed for {change.kind.words} ID {change.run['id']}: the run is at"
            f" version {change.run['version']}, and the update was for version {change.version}.",
            code="VERSION_LOCKING_ERROR",
        )
    return change


async def work_begun_elsewhere_is_left_there(tx: Transaction, change: Change) -> Change:
    """Without this, a process that comes to a locked run late does what is under way or done: the
    client remembers a task's state from when it came, but asks for its version just before.
    """
    begun = change.run["state"] == "Running" or change.run["state"] in FINISHED - {"Looped"}
    if (
        begun
        and change.kind is TASK_RUN
        and change.state.type == "Running"
        and await _locked(tx, change)
    ):
        raise ApiError(
            f"State update failed for task run ID {change.run['id']}: it is"
            f" {change.run['state']} already.",
            code="VERSION_LOCKING_ERROR",
        )
    return change


async def _locked(tx: Transaction, change: Change) -> bool:
    if change.guarded:
        return True
    if change.state.type != "Running" or change.version is None:
        return False
    runs: dict[str, Any] = {"id": {"_eq": change.run["id"]}}
    if change.kind is TASK_RUN:
        runs = {"id": {"_eq": change.run["flow_run_id"]}}
    group = await tx.first("flow_group", {"flows": {"flow_runs": runs}})
    return bool(group and (group["settings"] or {}).get("version_locking_enabled"))


async def task_runs_only_while_flow_runs(tx: Transaction, change: Change) -> Change:
    """Without this, a task starts after its flow run was cancelled, failed or handed on."""
    if change.kind is not TASK_RUN or not change.state.is_running:
        return change
    flow_run = await tx.get("flow_run", change.run["flow_run_id"])
    if flow_run is None or flow_run["state"] != "Running":
        raise ApiError(
            f"State update failed for task run ID {change.run['id']}: provided a running state but"
            f" associated flow run {change.run['flow_run_id']} is not in a running state."
        )
    return change


async def limited_places_are_kept(tx: Transaction, change: Change) -> Change:
    """Without this, a limit on a label or a tag is a number that nobody heeds: agents and
    processes that looked at the same time all find the last place free."""
    if change.state.type != "Running" or change.run["state"] in RUNNING:
        return change
    kind = limits.BY_LABEL if change.kind is FLOW_RUN else limits.BY_TAG
    reason = await limits.reason_to_wait(tx, kind, change.run)
    if reason is None:
        return change
    return replace(change, state=queued(reason, change.run["serialized_state"], tx.now), waits=True)


async def cached_inputs_survive(tx: Transaction, change: Change) -> Change:
    """Without this, a task that is retried or resumed in a new process has lost its inputs."""
    if change.kind is not TASK_RUN or change.state.serialized.get("cached_inputs"):
        return change
    remembered = (change.run["serialized_state"] or {}).get("cached_inputs")
    if not remembered:
        return change
    return replace(change, state=change.state.with_cached_inputs(remembered))


async def cancelled_flow_cancels_its_tasks(tx: Transaction, change: Change) -> Change:
    """Without this, tasks of a cancelled run stay Pending or Running for ever: the process that
    was told to stop reports the flow run only."""
    if change.kind is not FLOW_RUN or change.state.type != "Cancelled":
        return change
    unfinished = await tx.find(
        "task_run",
        {
            "flow_run_id": {"_eq": change.run["id"]},
            "_or": [{"state": {"_nin": sorted(FINISHED)}}, {"state": {"_is_null": True}}],
        },
        order_by=(("id", "asc"),),
        keep="alone",
    )
    for task_run in unfinished:
        await _write(tx, await cached_inputs_survive(tx, Change(TASK_RUN, task_run, change.state)))
    return change


RULES: tuple[Rule, ...] = (
    submitted_at_most_once,
    same_transition_twice_is_once,
    version_as_the_sender_saw_it,
    work_begun_elsewhere_is_left_there,
    task_runs_only_while_flow_runs,
    limited_places_are_kept,
    cached_inputs_survive,
    cancelled_flow_cancels_its_tasks,
)


@frozen
class StateRequest:
    """One entry of a set-states mutation: the run, the state as sent, the version as known."""

    id: str
    state: Any
    version: int | None = None
    guarded: bool = False
    agent_id: str | None = None
    largest: int = STANDARD.state


async def set_states(
    tx: Transaction, kind: RunKind, requests: Sequence[StateRequest]
) -> list[Outcome]:
    """Set each state in order; all of them or, if one is refused, none."""
    return [
        await set_state(
            tx,
            kind,
            request.id,
            parse_state(request.state, tx.now, largest=request.largest),
            version=request.version,
            guarded=request.guarded,
            agent_id=request.agent_id,
        )
        for request in requests
    ]


async def set_state(
    tx: Transaction,
    kind: RunKind,
    run_id: str,
    state: State,
    *,
    version: int | None = None,
    guarded: bool = False,
    agent_id: str | None = None,
) -> Outcome:
    """Put a run into a state, if the rules allow it, and say what became of it."""
    while True:
        run = await tx.get(kind.table, run_id, keep="alone")
        if run is None:
            raise ApiError(f"State update failed for {kind.words} ID {run_id}")
        change = await _ruled(tx, Change(kind, run, state, version, guarded, agent_id))
        if change is None:
            return Outcome(run_id, version=run["version"])
        if change.waits and _waits_already(run):
            # It asks again and again; that it does is all there is to know.
            await tx.update(kind.table, {"id": {"_eq": run_id}}, {"heartbeat": tx.now})
            return Outcome(run_id, "QUEUED", change.state.message, run["version"])
        # Where several servers share a database, the run may move between the two statements.
        if await _write(tx, change):
            version = run["version"] + 1
            if change.waits:
                return Outcome(run_id, "QUEUED", change.state.message, version)
            return Outcome(run_id, version=version)


def _waits_already(run: Row) -> bool:
    """Whether we had the run wait for a free place; others who say Queued name a time."""
    return run["state"] == "Queued" and run["state_start_time"] is None


async def _ruled(tx: Transaction, change: Change) -> Change | None:
    for rule in RULES:
        ruled = await rule(tx, change)
        if ruled is None:
            return None
        change = ruled
    return change


async def _write(tx: Transaction, change: Change) -> bool:
    """Write the run and its history, unless the run has moved since it was read."""
    run, state = change.run, change.state
    version = run["version"] + 1
    values: dict[str, Any] = {
        "version": version,
        "state": state.type,
        "serialized_state": dict(state.serialized),
        "state_start_time": state.start_time,
        "state_timestamp": tx.now,
        "state_message": state.message,
        "state_result": None,
    }
    if state.type == "Running":
        values["start_time"] = min(run["start_time"] or tx.now, tx.now)
    if state.type in ENDING:
        values["end_time"] = max(run["end_time"] or tx.now, tx.now)
    submitted = change.kind is FLOW_RUN and state.type == "Submitted"
    if state.is_running or submitted or change.waits:
        values["heartbeat"] = tx.now
    if submitted and change.agent_id and await tx.get("agent", change.agent_id):
        values["agent_id"] = change.agent_id
    unmoved = {"id": {"_eq": run["id"]}, "version": {"_eq": run["version"]}}
    if not await tx.update(change.kind.table, unmoved, values):
        return False
    record = history_row(change.kind, run, state, version, tx)
    await tx.insert(change.kind.history, [record])
    if change.kind is FLOW_RUN:
        await hooks.tell(tx, run, record)
    return True


def history_row(kind: RunKind, run: Row, state: State, version: int, tx: Transaction) -> Row:
    """The record of one state of one run."""
    return {
        kind.reference: run["id"],
        "tenant_id": run["tenant_id"],
        "timestamp": tx.now,
        "state": state.type,
        "message": state.message,
        "result": None,
        "start_time": state.start_time,
        "serialized_state": dict(state.serialized),
        "version": version,
    }


async def cancel_flow_run(tx: Transaction, flow_run_id: str) -> str:
    """Ask a run to stop, and give the name of the state it is in then."""
    run = await tx.get("flow_run", flow_run_id, keep="alone")
    if run is None:
        raise ApiError(f"Invalid flow run ID: {flow_run_id}.")
    if run["state"] in FINISHED:
        return str(run["state"])
    if run["state"] in ("Running", "Cancelling"):
        state = simple_state("Cancelling", "Flow run is cancelling", tx.now)
    else:
        state = simple_state("Cancelled", "Flow run is cancelled", tx.now)
    await set_state(tx, FLOW_RUN, flow_run_id, state)
    return state.type
