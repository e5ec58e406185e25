"""Projects: named collections of flows within a tenant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowtui.errors import ApiError
from flowtui.server.storage import Transaction


async def create_project(
    tx: Transaction, *, tenant_id: str, name: str, description: str | None = None
) -> str:
    """Add a project; a name that is taken is a `UniquenessViolation`, which clients look for."""
    project: dict[str, Any] = {"tenant_id": tenant_id, "name": name, "description": description}
    await tx.insert("project", [project])
    return str(project["id"])


async def delete_project(tx: Transaction, project_id: str) -> bool:
    """Remove a project with its flows and their runs; their flow groups stay."""
    return await tx.delete("project", {"id": {"_eq": project_id}}) > 0


async def set_project_name(tx: Transaction, project_id: str, name: str) -> str:
    """Rename a project."""
    return await _update(tx, project_id, {"name": name})


async def set_project_description(tx: Transaction, project_id: str, text: str | None) -> str:
    """Describe a project; None takes the description away."""
    return await _update(tx, project_id, {"description": text})


async def _update(tx: Transaction, project_id: str, values: Mapping[str, Any]) -> str:
    if not await tx.update("project", {"id": {"_eq": project_id}}, values):
        raise ApiError("Update failed")
    return project_id
