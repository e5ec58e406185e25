"""Mutations of limits on labels and tags."""

from __future__ import annotations

from typing import Any

from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import limits
from flowtui.server.storage import Transaction


async def _set(tx: Transaction, kind: limits.Kind, name: str, input: Input) -> Any:
    return {"id": await limits.set_limit(tx, kind, name, input["limit"], input.get("tenant_id"))}


@mutation("update_flow_concurrency_limit")
async def update_flow_concurrency_limit(tx: Transaction, input: Input, request: Request) -> Any:
    """Limit a label."""
    return await _set(tx, limits.BY_LABEL, input["label"], input)


@mutation("delete_flow_concurrency_limit")
async def delete_flow_concurrency_limit(tx: Transaction, input: Input, request: Request) -> Any:
    """Limit a label no longer."""
    return {"success": await limits.delete_limit(tx, limits.BY_LABEL, input["limit_id"])}


@mutation("update_task_concurrency_limit")
async def update_task_concurrency_limit(tx: Transaction, input: Input, request: Request) -> Any:
    """Limit a tag."""
    return await _set(tx, limits.BY_TAG, input["name"], input)


@mutation("update_task_tag_limit")
async def update_task_tag_limit(tx: Transaction, input: Input, request: Request) -> Any:
    """Limit a tag, in the Python client's words."""
    return await _set(tx, limits.BY_TAG, input["tag"], input)


@mutation("delete_task_concurrency_limit")
async def delete_task_concurrency_limit(tx: Transaction, input: Input, request: Request) -> Any:
    """Limit a tag no longer."""
    return {"success": await limits.delete_limit(tx, limits.BY_TAG, input["limit_id"])}


@mutation("delete_task_tag_limit")
async def delete_task_tag_limit(tx: Transaction, input: Input, request: Request) -> Any:
    """Limit a tag no longer, in the Python client's words."""
    return {"success": await limits.delete_limit(tx, limits.BY_TAG, input["limit_id"])}
