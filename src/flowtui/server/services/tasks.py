"""Tasks and edges of a flow, and the task runs that stand for them in a flow run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flowtui.errors import ApiError
from flowtui.frozen import frozen
from flowtui.server.services.vocabulary import PENDING
from flowtui.server.storage import Keep, Row, Transaction

UNMAPPED = -1
"""The map index of a task run that is not one of many."""


def slug_of(reference: Any) -> str:
    """The slug in `{slug: ...}` or a bare string."""
    if isinstance(reference, Mapping):
        reference = reference.get("slug")
    if not isinstance(reference, str):
        raise ApiError(str({"slug": ["Missing data for required field."]}))
    return reference


def _duration(seconds: Any) -> timedelta | None:
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise ApiError(str({"retry_delay": ["Not a valid period of time."]}))
    try:
        return timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        raise ApiError(str({"retry_delay": ["Not a valid period of time."]})) from None


def _trigger(trigger: Any) -> str | None:
    if isinstance(trigger, Mapping):
        trigger = trigger.get("fn")
    return None if trigger is None else str(trigger)


def _task_row(flow: Row, task: Any) -> Row:
    if not isinstance(task, Mapping):
        raise ApiError(str({"tasks": ["Invalid input type."]}))
    row: Row = {
        "flow_id": flow["id"],
        "tenant_id": flow["tenant_id"],
        "name": task.get("name"),
        "slug": slug_of(task),
        "type": task.get("type"),
        "max_retries": task.get("max_retries"),
        "retry_delay": _duration(task.get("retry_delay")),
        "trigger": _trigger(task.get("trigger")),
        "tags": list(task.get("tags") or []),
        "cache_key": task.get("cache_key"),
        "auto_generated": bool(task.get("auto_generated")),
        "mapped": bool(task.get("mapped")),
        "description": task.get("description"),
    }
    if task.get("id"):
        row["id"] = task["id"]
    return row


async def register_tasks(tx: Transaction, flow_id: str, tasks: Any) -> None:
    """Add the tasks a flow does not have yet, also to the copy that flow processes load."""
    flow = await _flow(tx, flow_id, keep="alone")
    documents = _listed(tasks, "serialized_tasks")
    await insert_tasks(tx, flow, documents)
    serialized = dict(flow["serialized_flow"] or {})
    known = list(serialized.get("tasks") or [])
    slugs = {slug_of(task) for task in known}
    fresh = [task for task in documents if slug_of(task) not in slugs]
    if fresh:
        serialized["tasks"] = known + fresh
        await tx.update("flow", {"id": {"_eq": flow_id}}, {"serialized_flow": serialized})


async def insert_tasks(tx: Transaction, flow: Row, tasks: Sequence[Any]) -> None:
    """Add rows for tasks; a slug the flow has already is left as it is."""
    rows = [_task_row(flow, task) for task in tasks]
    if rows:
        await tx.insert("task", rows, ignore_conflicts=True)


async def register_edges(tx: Transaction, flow_id: str, edges: Any) -> None:
    """Add the edges a flow does not have yet."""
    flow = await _flow(tx, flow_id)
    await insert_edges(tx, flow, _listed(edges, "serialized_edges"))


async def insert_edges(tx: Transaction, flow: Row, edges: Sequence[Any]) -> None:
    """Add rows for edges, which name their tasks by slug."""
    if not edges:
        return
    tasks = await tx.find("task", {"flow_id": {"_eq": flow["id"]}})
    ids = {task["slug"]: task["id"] for task in tasks}
    rows = [_edge_row(flow, edge, ids) for edge in edges]
    await tx.insert("edge", rows, ignore_conflicts=True)


def _edge_row(flow: Row, edge: Any, ids: Mapping[str, str]) -> Row:
    if not isinstance(edge, Mapping):
        raise ApiError(str({"edges": ["Invalid input type."]}))
    upstream = ids.get(slug_of(edge.get("upstream_task")))
    downstream = ids.get(slug_of(edge.get("downstream_task")))
    if upstream is None or downstream is None:
        raise ApiError(
            "Edges could not be registered - some edges reference tasks that do not exist within"
            " this flow."
        )
    return {
        "flow_id": flow["id"],
        "tenant_id": flow["tenant_id"],
        "upstream_task_id": upstream,
        "downstream_task_id": downstream,
        "key": edge.get("key"),
        "mapped": bool(edge.get("mapped")),
    }


async def _flow(tx: Transaction, flow_id: str, *, keep: Keep | None = None) -> Row:
    flow = await tx.get("flow", flow_id, keep=keep)
    if flow is None:
        raise ApiError("Invalid flow ID.")
    return flow


def _listed(documents: Any, name: str) -> list[Any]:
    if documents is None:
        return []
    if not isinstance(documents, list):
        raise ApiError(f"`{name}` must be a list.")
    return documents


@frozen
class TaskRunInfo:
    """What a flow process wants to know of a task run before it works on it."""

    id: str
    version: int
    state: str | None
    serialized_state: Any


async def get_or_create_task_run(
    tx: Transaction, *, flow_run_id: str, task_id: str, map_index: int | None = None
) -> TaskRunInfo:
    """The task run for that task and index, made if this is the first to ask for it."""
    identity: Row = {
        "flow_run_id": flow_run_id,
        "task_id": task_id,
        "map_index": UNMAPPED if map_index is None else map_index,
    }
    found = {column: {"_eq": value} for column, value in identity.items()}
    task_run = await tx.first("task_run", found)
    if task_run is None:
        task = await tx.get("task", task_id)
        if task is None:
            raise ApiError("Invalid task ID")
        flow_run = await tx.get("flow_run", flow_run_id)
        if flow_run is None:
            raise ApiError("Invalid ID")
        await insert_task_runs(
            tx, flow_run, [task], map_index=identity["map_index"], ignore_conflicts=True
        )
        task_run = await tx.first("task_run", found)
    if task_run is None:
        raise ApiError("Invalid ID")
    return _info(task_run)


def _info(task_run: Row) -> TaskRunInfo:
    return TaskRunInfo(
        task_run["id"], task_run["version"], task_run["state"], task_run["serialized_state"]
    )


async def get_task_run_info(tx: Transaction, task_run_id: str) -> TaskRunInfo:
    """The present state of one task run."""
    task_run = await tx.get("task_run", task_run_id)
    if task_run is None:
        raise ApiError("Invalid task run ID")
    return _info(task_run)


async def insert_task_runs(
    tx: Transaction,
    flow_run: Row,
    tasks: Sequence[Row],
    *,
    map_index: int = UNMAPPED,
    ignore_conflicts: bool = False,
) -> None:
    """Add Pending task runs, with the first entry of their history."""
    runs: list[Row] = [
        {
            "flow_run_id": flow_run["id"],
            "task_id": task["id"],
            "tenant_id": flow_run["tenant_id"],
            "map_index": map_index,
            "cache_key": task["cache_key"],
            "version": 1,
            "state": PENDING["type"],
            "state_message": PENDING["message"],
            "state_timestamp": tx.now,
            "serialized_state": dict(PENDING),
        }
        for task in tasks
    ]
    if not runs or not await tx.insert("task_run", runs, ignore_conflicts=ignore_conflicts):
        return
    await tx.insert(
        "task_run_state",
        [
            {
                "task_run_id": run["id"],
                "tenant_id": run["tenant_id"],
                "timestamp": tx.now,
                "state": PENDING["type"],
                "message": PENDING["message"],
                "serialized_state": dict(PENDING),
                "version": 1,
            }
            for run in runs
        ],
    )


async def set_task_run_name(tx: Transaction, task_run_id: str, name: str) -> bool:
    """Name a task run."""
    if not name:
        raise ApiError("Invalid name")
    return await tx.update("task_run", {"id": {"_eq": task_run_id}}, {"name": name}) > 0


@frozen
class MappedChildren:
    """The children of a mapped task run, taken together."""

    min_start_time: datetime | None
    max_end_time: datetime | None
    state_counts: Mapping[str, int]


async def mapped_children(tx: Transaction, task_run_id: str) -> MappedChildren:
    """When the children of a mapped task run started and ended, and how many are in which state."""
    counted = await tx.rows("mapped_children", task_run_id=task_run_id)
    starts = [row["min_start_time"] for row in counted if row["min_start_time"]]
    ends = [row["max_end_time"] for row in counted if row["max_end_time"]]
    return MappedChildren(
        min_start_time=min(starts, default=None),
        max_end_time=max(ends, default=None),
        state_counts={row["state"]: row["runs"] for row in counted},
    )
