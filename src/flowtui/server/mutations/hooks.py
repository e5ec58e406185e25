"""Mutations of cloud hooks."""

from __future__ import annotations

from typing import Any

from flowtui.errors import ApiError
from flowtui.server.mutations.registry import (
    Deferred,
    Input,
    MutationContext,
    Request,
    mutation,
)
from flowtui.server.services import hooks
from flowtui.server.storage import Transaction


@mutation("create_cloud_hook")
async def create_cloud_hook(tx: Transaction, input: Input, request: Request) -> Any:
    """Have somebody told of states."""
    return {"id": await hooks.create_hook(tx, **input)}


@mutation("delete_cloud_hook")
async def delete_cloud_hook(tx: Transaction, input: Input, request: Request) -> Any:
    """Remove a hook."""
    return {"success": await hooks.delete_hook(tx, input["cloud_hook_id"])}


@mutation("set_cloud_hook_active")
async def set_cloud_hook_active(tx: Transaction, input: Input, request: Request) -> Any:
    """Switch a hook on."""
    return {"success": await hooks.set_active(tx, input["cloud_hook_id"], True)}


@mutation("set_cloud_hook_inactive")
async def set_cloud_hook_inactive(tx: Transaction, input: Input, request: Request) -> Any:
    """Switch a hook off."""
    return {"success": await hooks.set_active(tx, input["cloud_hook_id"], False)}


@mutation("test_cloud_hook")
async def test_cloud_hook(tx: Transaction, input: Input, request: Request) -> Any:
    """Show whether a hook works; what is wrong is the answer, not a failure of the request."""
    try:
        call = await hooks.try_out(
            tx,
            input["cloud_hook_id"],
            flow_run_id=input.get("flow_run_id"),
            state_type=input.get("state_type"),
        )
    except ApiError as refused:
        return {"success": False, "error": refused.message}
    if call is None:
        return {"success": True}
    tried = call

    async def finish(context: MutationContext) -> Any:
        problem = await context.call(tried)
        return {"success": problem is None, "error": problem}

    return Deferred(finish)
