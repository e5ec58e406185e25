"""Mutations of tenants."""

from __future__ import annotations

from typing import Any

from flowtui.errors import ApiError
from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import tenants
from flowtui.server.storage import Transaction


@mutation("create_tenant")
async def create_tenant(tx: Transaction, input: Input, request: Request) -> Any:
    """Add a tenant."""
    return {"id": await tenants.create_tenant(tx, name=input["name"], slug=input["slug"])}


@mutation("delete_tenant")
async def delete_tenant(tx: Transaction, input: Input, request: Request) -> Any:
    """Remove a tenant and everything it has."""
    success = await tenants.delete_tenant(tx, input["tenant_id"], confirm=input["confirm"])
    return {"success": success}


@mutation("update_tenant_name")
async def update_tenant_name(tx: Transaction, input: Input, request: Request) -> Any:
    """Change the name people see."""
    return {"id": await tenants.rename_tenant(tx, input["tenant_id"], input["name"])}


@mutation("update_tenant_slug")
async def update_tenant_slug(tx: Transaction, input: Input, request: Request) -> Any:
    """Change the name that stands in URLs."""
    return {"id": await tenants.set_tenant_slug(tx, input["tenant_id"], input["slug"])}


@mutation("update_tenant_settings")
async def update_tenant_settings(tx: Transaction, input: Input, request: Request) -> Any:
    """Lay settings over the tenant's own."""
    settings = input.get("settings", {})
    if not isinstance(settings, dict):
        raise ApiError("Tenant settings must be a JSON object.")
    return {"id": await tenants.merge_tenant_settings(tx, input["tenant_id"], settings)}


@mutation("pause_tenant_work_queue")
async def pause_tenant_work_queue(tx: Transaction, input: Input, request: Request) -> Any:
    """Hand no run to any agent."""
    await tenants.pause_work_queue(tx, input["tenant_id"], paused=True)
    return {"success": True}


@mutation("resume_tenant_work_queue")
async def resume_tenant_work_queue(tx: Transaction, input: Input, request: Request) -> Any:
    """Hand runs to agents again."""
    await tenants.pause_work_queue(tx, input["tenant_id"], paused=False)
    return {"success": True}
