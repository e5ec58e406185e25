"""Flow groups: what all versions of a flow share, settings and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowtui.errors import ApiError
from flowtui.server.storage import Row, Transaction

SETTINGS: Mapping[str, Any] = {
    "heartbeat_enabled": True,
    "lazarus_enabled": True,
    "version_locking_enabled": False,
}
"""What a new group starts with."""


async def create_group(
    tx: Transaction, *, tenant_id: str, version_group_id: str, idempotency_key: str | None
) -> Row:
    """Add the group that the versions of one flow will share."""
    group: Row = {
        "tenant_id": tenant_id,
        "name": version_group_id,
        "settings": {**SETTINGS, "idempotency_key": idempotency_key},
    }
    await tx.insert("flow_group", [group])
    created = await tx.get("flow_group", group["id"])
    assert created is not None
    return created


def flow_settings(group: Row) -> dict[str, Any]:
    """The group's settings as its flows show them: flow processes read them from the flow."""
    settings = dict(group["settings"] or {})
    settings.pop("idempotency_key", None)
    return settings


async def change_settings(tx: Transaction, flow_id: str, **changes: Any) -> None:
    """Change settings of the group a flow belongs to, and with it of all its versions."""
    flow = await tx.get("flow", flow_id)
    group = flow and await tx.get("flow_group", flow["flow_group_id"], keep="alone")
    if not group:
        raise ApiError("Invalid flow ID.")
    await write_settings(tx, group, changes)


async def write_settings(tx: Transaction, group: Row, changes: Mapping[str, Any]) -> None:
    """Lay changes over a group's settings and pass them on to its flows."""
    group["settings"] = {**(group["settings"] or {}), **changes}
    await tx.update("flow_group", {"id": {"_eq": group["id"]}}, {"settings": group["settings"]})
    await tx.update(
        "flow", {"flow_group_id": {"_eq": group["id"]}}, {"settings": flow_settings(group)}
    )


async def set_heartbeat(tx: Transaction, flow_id: str, enabled: bool) -> None:
    """Whether runs prove that they are alive; without, nothing notices that one has died."""
    await change_settings(tx, flow_id, heartbeat_enabled=enabled, disable_heartbeat=not enabled)


async def set_lazarus(tx: Transaction, flow_id: str, enabled: bool) -> None:
    """Whether runs that stopped answering are started again."""
    await change_settings(tx, flow_id, lazarus_enabled=enabled)


async def set_version_lock(tx: Transaction, flow_id: str, enabled: bool) -> None:
    """Whether work may start only at the version of the run its process was given."""
    await change_settings(tx, flow_id, version_locking_enabled=enabled)


async def set_group_value(tx: Transaction, group_id: str, column: str, value: Any) -> bool:
    """Write one of a group's own columns; None means "not set"."""
    return await tx.update("flow_group", {"id": {"_eq": group_id}}, {column: value}) > 0


async def set_labels(tx: Transaction, group_id: str, labels: list[str] | None) -> bool:
    """Labels for runs of every version; None leaves it to each flow, `[]` means none at all."""
    distinct = None if labels is None else sorted(set(labels))
    return await set_group_value(tx, group_id, "labels", distinct)


async def set_default_parameters(tx: Transaction, group_id: str, parameters: Any) -> bool:
    """Values that stand in for a flow's own defaults."""
    if not isinstance(parameters, Mapping):
        raise ApiError("Default parameters must be a JSON object.")
    return await set_group_value(tx, group_id, "default_parameters", dict(parameters))


async def delete_group(tx: Transaction, group_id: str) -> bool:
    """Remove a group with all versions and their runs."""
    await tx.delete("flow", {"flow_group_id": {"_eq": group_id}})
    return await tx.delete("flow_group", {"id": {"_eq": group_id}}) > 0
