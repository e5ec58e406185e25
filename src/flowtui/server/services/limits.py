"""Limits: how many flow runs with a label, or task runs with a tag, may run at once.

A place is taken while a run is Running or Cancelling. A run needs one under every limited label or
tag that it has; without one its process waits in Queued and asks again. Agents are not even handed
runs for which there is no place, and for them a run that was taken, but has not begun, counts too.
"""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.errors import ApiError
from flowtui.frozen import frozen
from flowtui.server.services.tenants import seed_default_tenant
from flowtui.server.storage import Keep, Row, Transaction, Where


@frozen
class Kind:
    """Labels and tags differ in where their limits are kept, and in how their users are found."""

    table: str
    places: str
    """The question that counts the places taken."""

    runs: str
    marks: str


BY_LABEL = Kind("flow_concurrency_limit", "places_by_label", "flow run", "label")
BY_TAG = Kind("task_concurrency_limit", "places_by_tag", "task run", "tag")


async def tenant_or_first(tx: Transaction, tenant_id: str | None) -> str:
    """The tenant that is meant: clients that know only one do not name it."""
    if tenant_id is None:
        return await seed_default_tenant(tx)
    if await tx.get("tenant", tenant_id, columns=("id",)) is None:
        raise ApiError("Invalid tenant id.")
    return tenant_id


async def set_limit(
    tx: Transaction, kind: Kind, name: str, limit: int, tenant_id: str | None = None
) -> str:
    """Limit a label or a tag, anew or for the first time; the id of the limit."""
    if not name:
        raise ApiError(f"A limit needs a {kind.marks}.")
    if limit < 0:
        raise ApiError("Concurrency limits must be >= 0.")
    tenant_id = await tenant_or_first(tx, tenant_id)
    known = {"tenant_id": {"_eq": tenant_id}, "name": {"_eq": name}}
    found = await tx.first(kind.table, known, columns=("id",))
    if found is not None:
        await tx.update(kind.table, {"id": {"_eq": found["id"]}}, {"limit": limit})
        return str(found["id"])
    row: Row = {"tenant_id": tenant_id, "name": name, "limit": limit}
    await tx.insert(kind.table, [row])
    return str(row["id"])


async def delete_limit(tx: Transaction, kind: Kind, limit_id: str) -> bool:
    """Let as many run as want to."""
    return await tx.delete(kind.table, {"id": {"_eq": limit_id}}) > 0


async def _limits(
    tx: Transaction,
    kind: Kind,
    tenant_id: str,
    names: Sequence[str] | None = None,
    *,
    keep: Keep | None = None,
) -> dict[str, int]:
    where: Where = {"tenant_id": {"_eq": tenant_id}}
    if names is not None:
        where = {**where, "name": {"_in": list(names)}}
    found = await tx.find(
        kind.table, where, order_by=(("name", "asc"),), columns=("name", "limit"), keep=keep
    )
    return {row["name"]: row["limit"] for row in found}


async def usage(
    tx: Transaction, kind: Kind, tenant_id: str, names: Sequence[str] | None = None
) -> dict[str, int]:
    """How many places are taken under each name; without names, under each that is limited."""
    if names is None:
        names = list(await _limits(tx, kind, tenant_id))
    return await _taken(tx, kind, tenant_id, names)


async def _taken(
    tx: Transaction, kind: Kind, tenant_id: str, names: Sequence[str], *, submitted: bool = False
) -> dict[str, int]:
    if not names:
        return {}
    found = await tx.rows(kind.places, tenant_id=tenant_id, names=list(names), submitted=submitted)
    taken = {row["name"]: row["usage"] for row in found}
    return {name: taken.get(name, 0) for name in names}


async def places_for_labels(tx: Transaction, tenant_id: str) -> dict[str, int]:
    """How many more runs agents may be handed under each limited label."""
    limits = await _limits(tx, BY_LABEL, tenant_id)
    taken = await _taken(tx, BY_LABEL, tenant_id, list(limits), submitted=True)
    return {label: limit - taken[label] for label, limit in limits.items()}


async def reason_to_wait(tx: Transaction, kind: Kind, run: Row) -> str | None:
    """Why a run that wants to begin has to wait, or None when there is a place for it."""
    tenant_id = run["tenant_id"]
    if tenant_id is None:
        return None
    names = await _marks(tx, kind, run)
    # Whoever counts the places and takes one is alone while doing so.
    limits = await _limits(tx, kind, tenant_id, names, keep="alone") if names else {}
    taken = await _taken(tx, kind, tenant_id, list(limits))
    for name, limit in limits.items():
        if taken[name] >= limit:
            runs = kind.runs if limit == 1 else f"{kind.runs}s"
            return f"The limit of {limit} {runs} with the {kind.marks} {name} is reached."
    return None


async def _marks(tx: Transaction, kind: Kind, run: Row) -> list[str]:
    if kind is BY_LABEL:
        return list(run["labels"] or ())
    task = await tx.get("task", run["task_id"], columns=("tags",))
    return list(task["tags"] or ()) if task else []
