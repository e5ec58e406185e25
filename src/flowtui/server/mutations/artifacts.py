"""Mutations of artifacts."""

from __future__ import annotations

from typing import Any

from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import artifacts
from flowtui.server.storage import Transaction


@mutation("create_task_run_artifact")
async def create_task_run_artifact(tx: Transaction, input: Input, request: Request) -> Any:
    """Leave an artifact with a task run."""
    artifact_id = await artifacts.create_task_run_artifact(
        tx,
        task_run_id=input["task_run_id"],
        kind=input["kind"],
        data=input["data"],
        tenant_id=input.get("tenant_id"),
        largest=request.sizes.artifact,
    )
    return {"id": artifact_id}


@mutation("update_task_run_artifact")
async def update_task_run_artifact(tx: Transaction, input: Input, request: Request) -> Any:
    """Put other data in an artifact's place."""
    success = await artifacts.update_task_run_artifact(
        tx, input["task_run_artifact_id"], input["data"], largest=request.sizes.artifact
    )
    return {"success": success}


@mutation("delete_task_run_artifact")
async def delete_task_run_artifact(tx: Transaction, input: Input, request: Request) -> Any:
    """Remove an artifact."""
    success = await artifacts.delete_task_run_artifact(tx, input["task_run_artifact_id"])
    return {"success": success}
