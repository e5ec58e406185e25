"""Tenants: who shares a server; one named `default` is there from the start."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from flowtui.errors import ApiError
from flowtui.server.storage import Transaction

DEFAULT_SLUG = "default"


async def seed_default_tenant(tx: Transaction) -> str:
    """The first tenant's id, made when there is none: clients refuse a server without tenants."""
    tenant = await tx.first("tenant", order_by=(("created", "asc"),))
    if tenant is not None:
        return str(tenant["id"])
    return await create_tenant(tx, name=DEFAULT_SLUG, slug=DEFAULT_SLUG)


def slugified(text: str) -> str:
    """Lower case, plain letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _check_slug(slug: str) -> None:
    if not slug or slug != slugified(slug):
        raise ApiError('Slug must be "slugified" (lowercase; no spaces)')


async def create_tenant(tx: Transaction, *, name: str, slug: str) -> str:
    """Add a tenant and give its id."""
    _check_slug(slug)
    tenant: dict[str, Any] = {"name": name, "slug": slug}
    await tx.insert("tenant", [tenant])
    return str(tenant["id"])


async def delete_tenant(tx: Transaction, tenant_id: str, *, confirm: bool) -> bool:
    """Remove a tenant with everything it has."""
    if not confirm:
        raise ApiError("Must pass `confirm=True` to proceed.")
    return await tx.delete("tenant", {"id": {"_eq": tenant_id}}) > 0


async def rename_tenant(tx: Transaction, tenant_id: str, name: str) -> str:
    """Change the name people see."""
    return await _update(tx, tenant_id, {"name": name})


async def set_tenant_slug(tx: Transaction, tenant_id: str, slug: str) -> str:
    """Change the name that stands in URLs."""
    _check_slug(slug)
    return await _update(tx, tenant_id, {"slug": slug})


async def _update(tx: Transaction, tenant_id: str, values: Mapping[str, Any]) -> str:
    if not await tx.update("tenant", {"id": {"_eq": tenant_id}}, values):
        raise ApiError("Update failed.")
    return tenant_id


async def merge_tenant_settings(
    tx: Transaction, tenant_id: str, settings: Mapping[str, Any]
) -> str:
    """Lay new settings over the old, key by key."""
    tenant = await tx.get("tenant", tenant_id, keep="alone")
    if tenant is None:
        raise ApiError("Invalid tenant id.")
    return await _update(tx, tenant_id, {"settings": {**tenant["settings"], **settings}})


QUEUE_PAUSED = "work_queue_paused"
"""The setting under which clients look for a pause."""


async def pause_work_queue(tx: Transaction, tenant_id: str, *, paused: bool) -> None:
    """Hand the tenant's runs to no agent, or to agents again; runs under way go on."""
    await merge_tenant_settings(tx, tenant_id, {QUEUE_PAUSED: paused})


async def is_queue_paused(tx: Transaction, tenant_id: str) -> bool:
    """Whether the tenant's runs are handed to no agent just now."""
    tenant = await tx.get("tenant", tenant_id, columns=("settings",))
    return tenant is not None and bool((tenant["settings"] or {}).get(QUEUE_PAUSED))
