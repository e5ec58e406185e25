"""Artifacts: links and markdown that a task leaves for people to read."""

from __future__ import annotations

from typing import Any

from flowtui.errors import ApiError
from flowtui.server.services.sizes import STANDARD, check_size
from flowtui.server.services.states import REPEATED_WITHIN
from flowtui.server.storage import Row, Transaction


async def create_task_run_artifact(
    tx: Transaction,
    *,
    task_run_id: str,
    kind: str,
    data: Any,
    tenant_id: str | None = None,
    largest: int = STANDARD.artifact,
) -> str:
    """Leave an artifact with a task run; the same again, at once, is the same artifact."""
    _check_size(data, largest)
    task_run = await tx.get("task_run", task_run_id, keep="alone")
    if task_run is None:
        raise ApiError(f"Task run {task_run_id} not found")
    if tenant_id is not None and tenant_id != task_run["tenant_id"]:
        raise ApiError("Invalid tenant ID.")
    repeated = await tx.first(
        "task_run_artifact",
        {
            "task_run_id": {"_eq": task_run_id},
            "kind": {"_eq": kind},
            "data": {"_eq": data},
            "created": {"_gt": tx.now - REPEATED_WITHIN},
        },
        columns=("id",),
    )
    if repeated is not None:
        return str(repeated["id"])
    artifact: Row = {
        "tenant_id": task_run["tenant_id"],
        "task_run_id": task_run_id,
        "kind": kind,
        "data": data,
    }
    await tx.insert("task_run_artifact", [artifact])
    return str(artifact["id"])


async def update_task_run_artifact(
    tx: Transaction, artifact_id: str, data: Any, *, largest: int = STANDARD.artifact
) -> bool:
    """Put other data in an artifact's place."""
    _check_size(data, largest)
    return await tx.update("task_run_artifact", {"id": {"_eq": artifact_id}}, {"data": data}) > 0


async def delete_task_run_artifact(tx: Transaction, artifact_id: str) -> bool:
    """Remove an artifact."""
    return await tx.delete("task_run_artifact", {"id": {"_eq": artifact_id}}) > 0


def _check_size(data: Any, largest: int) -> None:
    words = f"Artifact data payload exceeds {largest} bytes limit."
    check_size(words, data, largest, "largest_artifact")
