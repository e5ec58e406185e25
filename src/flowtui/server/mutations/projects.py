"""Mutations of projects."""

from __future__ import annotations

from typing import Any

from flowtui.errors import ApiError
from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import projects
from flowtui.server.storage import Transaction


@mutation("create_project")
async def create_project(tx: Transaction, input: Input, request: Request) -> Any:
    """Add a project to a tenant."""
    project_id = await projects.create_project(
        tx,
        tenant_id=input["tenant_id"],
        name=input["name"],
        description=input.get("description"),
    )
    return {"id": project_id}


@mutation("delete_project")
async def delete_project(tx: Transaction, input: Input, request: Request) -> Any:
    """Remove a project with its flows and their runs."""
    return {"success": await projects.delete_project(tx, input["project_id"])}


@mutation("set_project_name")
async def set_project_name(tx: Transaction, input: Input, request: Request) -> Any:
    """Rename a project."""
    return {"id": await projects.set_project_name(tx, input["project_id"], input["name"])}


@mutation("set_project_description")
async def set_project_description(tx: Transaction, input: Input, request: Request) -> Any:
    """Describe a project; leaving the description out is a slip, not a wish to clear it."""
    if "description" not in input:
        raise ApiError("'description'")
    project_id = await projects.set_project_description(
        tx, input["project_id"], input["description"]
    )
    return {"id": project_id}
