"""Messages: what hooks leave for people to read."""

from __future__ import annotations

from flowtui.server.storage import Transaction


async def mark_message(tx: Transaction, message_id: str, *, read: bool) -> bool:
    """Say that a message has been read, or has not."""
    return await tx.update("message", {"id": {"_eq": message_id}}, {"read": read}) > 0


async def delete_message(tx: Transaction, message_id: str) -> bool:
    """Remove a message."""
    return await tx.delete("message", {"id": {"_eq": message_id}}) > 0
