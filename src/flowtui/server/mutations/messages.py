"""Mutations of messages."""

from __future__ import annotations

from typing import Any

from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import messages
from flowtui.server.storage import Transaction


@mutation("mark_message_as_read")
async def mark_message_as_read(tx: Transaction, input: Input, request: Request) -> Any:
    """Say that a message has been read."""
    return {"success": await messages.mark_message(tx, input["message_id"], read=True)}


@mutation("mark_message_as_unread")
async def mark_message_as_unread(tx: Transaction, input: Input, request: Request) -> Any:
    """Say that a message is still to be read."""
    return {"success": await messages.mark_message(tx, input["message_id"], read=False)}


@mutation("delete_message")
async def delete_message(tx: Transaction, input: Input, request: Request) -> Any:
    """Remove a message."""
    return {"success": await messages.delete_message(tx, input["message_id"])}
