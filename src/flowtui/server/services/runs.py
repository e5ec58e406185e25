"""Flow runs: made with the right labels, parameters and task runs, queued, named, kept alive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flowtui.errors import ApiError
from flowtui.frozen import frozen
from flowtui.models.states import SCHEDULED
from flowtui.server.services import agents, hooks, limits
from flowtui.server.services.states import FLOW_RUN, history_row
from flowtui.server.services.tasks import insert_task_runs
from flowtui.server.services.tenants import is_queue_paused
from flowtui.server.services.vocabulary import simple_state
from flowtui.server.services.words import random_name
from flowtui.server.storage import Row, Transaction, Where

QUEUE_LENGTH = 25
"""Runs given to an agent at a time."""

FLOW_COLUMNS = (
    "id",
    "tenant_id",
    "flow_group_id",
    "archived",
    "parameters",
    "run_config",
    "environment",
)
"""What a run needs to know of its flow; the serialized flow itself can be megabytes."""


@frozen
class NewFlowRun:
    """What may be said about a run that is to be made; exactly one of the first three names its
    flow, the first that is set."""

    flow_id: str | None = None
    version_group_id: str | None = None
    flow_group_id: str | None = None
    parameters: Mapping[str, Any] | None = None
    context: Mapping[str, Any] | None = None
    labels: Sequence[str] | None = None
    run_config: Mapping[str, Any] | None = None
    scheduled_start_time: datetime | None = None
    idempotency_key: str | None = None
    name: str | None = None
    auto_scheduled: bool = False


async def create_flow_run(
    tx: Transaction, new: NewFlowRun, *, key_lifetime: timedelta | None = None
) -> str:
    """Make a Scheduled run with its Pending task runs, and give its id.

    The key of a run that exists gives that run, whatever else is said; for ever, unless keys have
    a lifetime.
    """
    flow = await _flow_of(tx, new)
    if flow["archived"]:
        raise ApiError(f"Flow {flow['id']} is archived.")
    same_key: Where = {
        "flow_id": {"_eq": flow["id"]},
        "idempotency_key": {"_eq": new.idempotency_key},
    }
    if new.idempotency_key is not None:
        existing = await tx.first("flow_run", same_key, keep="alone")
        if existing is not None:
            if key_lifetime is None or existing["updated"] > tx.now - key_lifetime:
                return await _touched(tx, existing)
            known = {"id": {"_eq": existing["id"]}}
            await tx.update("flow_run", known, {"idempotency_key": None})
    group = await tx.get("flow_group", flow["flow_group_id"])
    assert group is not None
    start_time = new.scheduled_start_time or tx.now
    state = simple_state("Scheduled", "Flow run scheduled.", tx.now, start_time)
    run: Row = {
        "tenant_id": flow["tenant_id"],
        "flow_id": flow["id"],
        "name": new.name or random_name(),
        "parameters": run_parameters(flow, group, new.parameters),
        "context": _context(new.context),
        "labels": run_labels(flow, group, new),
        "run_config": _first_set(new.run_config, group["run_config"], flow["run_config"]),
        "scheduled_start_time": start_time,
        "auto_scheduled": new.auto_scheduled,
        "idempotency_key": new.idempotency_key,
        "version": 1,
        "state": state.type,
        "state_message": state.message,
        "state_timestamp": tx.now,
        "state_start_time": state.start_time,
        "serialized_state": dict(state.serialized),
    }
    if not await tx.insert("flow_run", [run], ignore_conflicts=new.idempotency_key is not None):
        existing = await tx.first("flow_run", same_key)
        assert existing is not None
        return await _touched(tx, existing)
    tasks = await tx.find("task", {"flow_id": {"_eq": flow["id"]}}, columns=("id", "cache_key"))
    await insert_task_runs(tx, run, tasks)
    record = history_row(FLOW_RUN, run, state, 1, tx)
    await tx.insert("flow_run_state", [record])
    before = {**run, "version": 0, "state": None, "state_message": None}
    await hooks.tell(tx, before, record)
    return str(run["id"])


async def _touched(tx: Transaction, run: Row) -> str:
    await tx.update("flow_run", {"id": {"_eq": run["id"]}}, {})
    return str(run["id"])


async def _flow_of(tx: Transaction, new: NewFlowRun) -> Row:
    if new.flow_id is not None:
        flow = await tx.get("flow", new.flow_id, columns=FLOW_COLUMNS, keep="shared")
        if flow is None:
            raise ApiError(f"Flow {new.flow_id} not found")
        return flow
    if new.version_group_id is not None:
        where: Where = {"version_group_id": {"_eq": new.version_group_id}}
        named = f"Version group {new.version_group_id}"
    elif new.flow_group_id is not None:
        where = {"flow_group_id": {"_eq": new.flow_group_id}}
        named = f"Flow group {new.flow_group_id}"
    else:
        raise ApiError("A flow id or version group ID must be provided.")
    flow = await tx.first(
        "flow",
        {**where, "archived": {"_eq": False}},
        order_by=(("version", "desc"),),
        columns=FLOW_COLUMNS,
        keep="shared",
    )
    if flow is None:
        raise ApiError(f"{named} has no unarchived flows.")
    return flow


def _first_set(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def run_labels(flow: Row, group: Row, new: NewFlowRun) -> list[str]:
    """The labels of the first source that has anything to say, sorted."""
    if new.labels is not None:
        return sorted(new.labels)
    if new.run_config is not None:
        return _labels_in(new.run_config)
    if group["labels"] is not None:
        return sorted(group["labels"])
    config = _first_set(group["run_config"], flow["run_config"], flow["environment"])
    return [] if config is None else _labels_in(config)


def _labels_in(config: Any) -> list[str]:
    labels = config.get("labels") if isinstance(config, Mapping) else None
    return sorted(str(label) for label in labels or [])


def parameter_declarations(flow: Row) -> list[Mapping[str, Any]]:
    """The parameters a flow was registered with."""
    declared = flow["parameters"]
    return [item for item in declared if isinstance(item, Mapping)] if declared else []


def required_parameters(flow: Row) -> set[str]:
    """Names without which a run of the flow cannot be made."""
    return {item["name"] for item in parameter_declarations(flow) if item.get("required")}


def run_parameters(flow: Row, group: Row, given: Any) -> dict[str, Any]:
    """The flow's defaults, the group's over them, and the given values over both.

    A default of the flow that counts as false in Python is left to the flow's own code, as the
    real server does: the task run of that parameter fills it in.
    """
    if given is not None and not isinstance(given, Mapping):
        raise ApiError("Parameters must be a JSON object.")
    parameters = {
        item["name"]: item["default"]
        for item in parameter_declarations(flow)
        if item.get("default")
    }
    parameters.update(group["default_parameters"] or {})
    parameters.update(given or {})
    missing = required_parameters(flow) - parameters.keys()
    if missing:
        raise ApiError(f"Required parameters were not supplied: {_as_set(missing)}")
    return parameters


def _context(given: Any) -> dict[str, Any]:
    if given is not None and not isinstance(given, Mapping):
        raise ApiError("The context must be a JSON object.")
    return dict(given or {})


def _as_set(names: set[str]) -> str:
    return "{" + ", ".join(repr(name) for name in sorted(names)) + "}"


async def delete_flow_run(tx: Transaction, flow_run_id: str) -> bool:
    """Remove a run with its task runs, states and logs."""
    return await tx.delete("flow_run", {"id": {"_eq": flow_run_id}}) > 0


async def set_flow_run_name(tx: Transaction, flow_run_id: str, name: str) -> bool:
    """Name a run."""
    if not name:
        raise ApiError("Invalid name")
    return await tx.update("flow_run", {"id": {"_eq": flow_run_id}}, {"name": name}) > 0


async def set_flow_run_labels(tx: Transaction, flow_run_id: str, labels: Sequence[str]) -> bool:
    """Label a run, so that another agent takes it."""
    values = {"labels": sorted(labels)}
    return await tx.update("flow_run", {"id": {"_eq": flow_run_id}}, values) > 0


async def record_heartbeat(tx: Transaction, table: str, run_id: str) -> None:
    """Note that a run is alive; one that is not there is no concern of its process."""
    await tx.update(table, {"id": {"_eq": run_id}}, {"heartbeat": tx.now})


async def runs_in_queue(
    tx: Transaction,
    *,
    tenant_id: str,
    before: datetime | None = None,
    labels: Sequence[str] | None = None,
    agent_id: str | None = None,
) -> list[str]:
    """Ids of runs that an agent with these labels should start, the longest due first.

    Asking is also how an agent shows that it is alive.
    """
    if agent_id is not None:
        await agents.note_contact(tx, agent_id)
    if await is_queue_paused(tx, tenant_id):
        return []
    places = await limits.places_for_labels(tx, tenant_id)
    waiting = await tx.rows(
        "runs_in_queue",
        tenant_id=tenant_id,
        states=sorted(SCHEDULED),
        before=before or tx.now,
        labels=sorted(set(labels or ())),
        taken=[label for label, free in places.items() if free <= 0],
        limit=QUEUE_LENGTH,
    )
    return [str(run["id"]) for run in waiting if _has_place(run, places)]


def _has_place(run: Row, places: dict[str, int]) -> bool:
    """Whether there is a place for a run beside those before it; then it is taken."""
    limited = set(run["labels"]) & places.keys() if run["state"] != "Running" else set()
    if any(places[label] <= 0 for label in limited):
        return False
    for label in limited:
        places[label] -= 1
    return True
