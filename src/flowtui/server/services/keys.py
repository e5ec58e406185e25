"""API keys: shown once, kept as a hash, good until they expire or are revoked.

A key is 256 random bits, so a plain SHA-256 of it is as hard to turn round as the key is to guess;
slow hashes protect what people choose themselves. Names are unique: a request to make a key that
arrives twice makes one, and the second answer says so.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from flowtui.errors import ApiError
from flowtui.frozen import frozen
from flowtui.server.storage import Row, Transaction

PREFIX: Final = "ftk_"
"""Lets people, and programs that look for leaked secrets, know a key when they see one."""

USER: Final = "00000000-0000-4000-8000-000000000001"
"""The one user there is; clients want somebody to make keys for."""


@frozen
class NewKey:
    """A key that was just made; nobody will see it again."""

    id: str
    key: str


@frozen
class Verdict:
    """Whether a key is good, and whether there are any."""

    good: bool
    some: bool


def hashed(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


async def create_key(
    tx: Transaction,
    *,
    name: str,
    expires_at: datetime | None = None,
    user_id: str | None = None,
    default_tenant_id: str | None = None,
) -> NewKey:
    """Make a key."""
    if not name.strip():
        raise ApiError("Invalid name")
    if expires_at is not None and expires_at <= tx.now:
        raise ApiError("A key cannot expire before it is made.")
    key = PREFIX + secrets.token_urlsafe(32)
    row: Row = {
        "name": name,
        "hash": hashed(key),
        "user_id": user_id or USER,
        "default_tenant_id": default_tenant_id,
        "expires_at": expires_at,
    }
    await tx.insert("api_key", [row])
    return NewKey(str(row["id"]), key)


async def delete_key(tx: Transaction, key_id: str) -> bool:
    """Let a key open nothing any more."""
    return await tx.delete("api_key", {"id": {"_eq": key_id}}) > 0


async def keys(tx: Transaction) -> Sequence[Row]:
    """Every key there is, as far as it can be told."""
    return await tx.find("auth_api_key", order_by=(("created", "asc"),))


async def verdict(tx: Transaction, key: str) -> Verdict:
    """What a key is worth."""
    found = await tx.first(
        "api_key",
        {
            "hash": {"_eq": hashed(key)},
            "_or": [{"expires_at": {"_is_null": True}}, {"expires_at": {"_gt": tx.now}}],
        },
        columns=("id",),
    )
    some = found is not None or await tx.first("api_key", {}, columns=("id",)) is not None
    return Verdict(found is not None, some)
