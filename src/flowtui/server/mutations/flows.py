"""Mutations of flows: registration, archiving, and the safeguards of their groups."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import flows, groups, tasks
from flowtui.server.storage import Transaction


def _new_flow(input: Input, serialized_flow: Any) -> flows.NewFlow:
    return flows.NewFlow(
        project_id=input["project_id"],
        serialized_flow=serialized_flow,
        version_group_id=input.get("version_group_id"),
        set_schedule_active=bool(input.get("set_schedule_active", True)),
        description=input.get("description"),
        idempotency_key=input.get("idempotency_key"),
    )


@mutation("create_flow")
async def create_flow(tx: Transaction, input: Input, request: Request) -> Any:
    """Register a flow."""
    return {"id": await flows.create_flow(tx, _new_flow(input, input["serialized_flow"]))}


@mutation("create_flow_from_compressed_string")
async def create_flow_from_compressed_string(
    tx: Transaction, input: Input, request: Request
) -> Any:
    """Register a flow that was compressed on the way."""
    document = flows.decompressed(input["serialized_flow"], request.sizes.flow)
    return {"id": await flows.create_flow(tx, _new_flow(input, document))}


@mutation("register_tasks")
async def register_tasks(tx: Transaction, input: Input, request: Request) -> Any:
    """Add tasks to a flow."""
    await tasks.register_tasks(tx, input["flow_id"], input["serialized_tasks"])
    return {"success": True}


@mutation("register_edges")
async def register_edges(tx: Transaction, input: Input, request: Request) -> Any:
    """Add edges to a flow."""
    await tasks.register_edges(tx, input["flow_id"], input["serialized_edges"])
    return {"success": True}


@mutation("delete_flow")
async def delete_flow(tx: Transaction, input: Input, request: Request) -> Any:
    """Remove a flow with all it has."""
    return {"success": await flows.delete_flow(tx, input["flow_id"])}


@mutation("archive_flow")
async def archive_flow(tx: Transaction, input: Input, request: Request) -> Any:
    """Retire a flow."""
    success = await flows.archive_flow(tx, input["flow_id"])
    return {"id": input["flow_id"] if success else None, "success": success}


@mutation("update_flow_project")
async def update_flow_project(tx: Transaction, input: Input, request: Request) -> Any:
    """Move a flow to another project."""
    return {"id": await flows.set_flow_project(tx, input["flow_id"], input["project_id"])}


def _safeguard(
    name: str, enabled: bool, switch: Callable[[Transaction, str, bool], Awaitable[None]]
) -> None:
    @mutation(name)
    async def toggle(tx: Transaction, input: Input, request: Request) -> Any:
        await switch(tx, input["flow_id"], enabled)
        return {"success": True}


for _name, _switch in (
    ("flow_heartbeat", groups.set_heartbeat),
    ("flow_lazarus_process", groups.set_lazarus),
    ("flow_version_lock", groups.set_version_lock),
):
    _safeguard(f"enable_{_name}", True, _switch)
    _safeguard(f"disable_{_name}", False, _switch)
