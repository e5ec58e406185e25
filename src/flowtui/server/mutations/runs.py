"""Mutations of flow runs."""

from __future__ import annotations

from typing import Any

from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import runs, states
from flowtui.server.storage import Transaction


@mutation("create_flow_run")
async def create_flow_run(tx: Transaction, input: Input, request: Request) -> Any:
    """Make a run."""
    given = dict(input)
    new = runs.NewFlowRun(name=given.pop("flow_run_name", None), **given)
    return {"id": await runs.create_flow_run(tx, new, key_lifetime=request.key_lifetime)}


@mutation("delete_flow_run")
async def delete_flow_run(tx: Transaction, input: Input, request: Request) -> Any:
    """Remove a run with its history."""
    return {"success": await runs.delete_flow_run(tx, input["flow_run_id"])}


@mutation("set_flow_run_name")
async def set_flow_run_name(tx: Transaction, input: Input, request: Request) -> Any:
    """Name a run."""
    return {"success": await runs.set_flow_run_name(tx, input["flow_run_id"], input["name"])}


@mutation("set_flow_run_labels")
async def set_flow_run_labels(tx: Transaction, input: Input, request: Request) -> Any:
    """Label a run."""
    return {"success": await runs.set_flow_run_labels(tx, input["flow_run_id"], input["labels"])}


@mutation("cancel_flow_run")
async def cancel_flow_run(tx: Transaction, input: Input, request: Request) -> Any:
    """Ask a run to stop."""
    return {"state": await states.cancel_flow_run(tx, input["flow_run_id"])}


@mutation("get_runs_in_queue")
async def get_runs_in_queue(tx: Transaction, input: Input, request: Request) -> Any:
    """What an agent should start."""
    flow_run_ids = await runs.runs_in_queue(
        tx,
        tenant_id=input["tenant_id"],
        before=input.get("before"),
        labels=input.get("labels"),
        agent_id=request.agent_id,
    )
    return {"flow_run_ids": flow_run_ids}


@mutation("update_flow_run_heartbeat")
async def update_flow_run_heartbeat(tx: Transaction, input: Input, request: Request) -> Any:
    """A run is alive."""
    await runs.record_heartbeat(tx, "flow_run", input["flow_run_id"])
    return {"success": True}
