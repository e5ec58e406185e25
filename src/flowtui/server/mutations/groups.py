"""Mutations of flow groups."""

from __future__ import annotations

from typing import Any

from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import groups
from flowtui.server.storage import Transaction


@mutation("set_flow_group_default_parameters")
async def set_flow_group_default_parameters(tx: Transaction, input: Input, request: Request) -> Any:
    """Values that stand in for a flow's own defaults."""
    success = await groups.set_default_parameters(tx, input["flow_group_id"], input["parameters"])
    return {"success": success}


@mutation("set_flow_group_labels")
async def set_flow_group_labels(tx: Transaction, input: Input, request: Request) -> Any:
    """Labels for runs of every version."""
    success = await groups.set_labels(tx, input["flow_group_id"], input.get("labels"))
    return {"success": success}


@mutation("set_flow_group_run_config")
async def set_flow_group_run_config(tx: Transaction, input: Input, request: Request) -> Any:
    """How runs of every version are run."""
    success = await groups.set_group_value(
        tx, input["flow_group_id"], "run_config", input.get("run_config")
    )
    return {"success": success}


@mutation("set_flow_group_description")
async def set_flow_group_description(tx: Transaction, input: Input, request: Request) -> Any:
    """Describe a flow in all its versions."""
    success = await groups.set_group_value(
        tx, input["flow_group_id"], "description", input.get("description")
    )
    return {"success": success}


@mutation("delete_flow_group")
async def delete_flow_group(tx: Transaction, input: Input, request: Request) -> Any:
    """Remove a group with all versions of its flow."""
    return {"success": await groups.delete_group(tx, input["flow_group_id"])}
