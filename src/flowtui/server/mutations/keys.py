"""Mutations of API keys."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import keys
from flowtui.server.storage import Transaction


@mutation("create_api_key")
async def create_api_key(tx: Transaction, input: Input, request: Request) -> Any:
    """Make a key."""
    return asdict(await keys.create_key(tx, **input))


@mutation("delete_api_key")
async def delete_api_key(tx: Transaction, input: Input, request: Request) -> Any:
    """Revoke a key."""
    return {"success": await keys.delete_key(tx, input["key_id"])}
