"""Agents: processes that take runs from the queue; known by name, type and labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from flowtui.errors import ApiError
from flowtui.server.services.states import REPEATED_WITHIN
from flowtui.server.storage import Row, Transaction

SPAN: Final = 240
"""Seconds over which contacts are counted together."""

SPANS: Final = 45
"""Such counts are kept for each agent, three hours of them."""


async def register_agent(
    tx: Transaction,
    *,
    tenant_id: str | None,
    type: str,
    name: str | None = None,
    labels: Sequence[str] | None = None,
    agent_config_id: str | None = None,
    core_version: str | None = None,
) -> str:
    """The id of the agent with exactly these traits, made at its first registration."""
    # An agent that asks twice at once is one agent.
    if tenant_id is None or await tx.get("tenant", tenant_id, keep="alone") is None:
        raise ApiError("No tenant found.")
    traits: Row = {
        "tenant_id": tenant_id,
        "type": type,
        "name": name,
        "core_version": core_version,
        "labels": sorted(set(labels or [])),
    }
    existing = await tx.first("agent", {column: _is(value) for column, value in traits.items()})
    if existing is not None:
        await _seen(tx, existing)
        return str(existing["id"])
    agent: Row = {
        **traits,
        "agent_config_id": agent_config_id,
        "last_queried": tx.now,
        "contacts": one_more(None, tx.now),
    }
    await tx.insert("agent", [agent])
    return str(agent["id"])


async def note_contact(tx: Transaction, agent_id: str, times: int = 1) -> None:
    """An agent has asked for work, once or so many times just now."""
    agent = await tx.get("agent", agent_id, columns=("id", "contacts"), keep="alone")
    if agent is not None:
        await _seen(tx, agent, times)


async def _seen(tx: Transaction, agent: Row, times: int = 1) -> None:
    contacts = one_more(agent["contacts"], tx.now, times)
    values = {"last_queried": tx.now, "contacts": contacts}
    await tx.update("agent", {"id": {"_eq": agent["id"]}}, values)


def one_more(contacts: Any, now: datetime, times: int = 1) -> dict[str, Any]:
    """How often an agent was heard of in each of the last spans, with one time more.

    `times` has the oldest span in front, and the last is the `span`-th of that many `seconds`
    since 1970. It stands in the agent's own row: to note it is no write but the one there is.
    """
    span = int(now.timestamp()) // SPAN
    last: int = contacts["span"] if contacts else span
    before: list[int] = contacts["times"] if contacts else [0]
    counts = [*before, *[0] * min(SPANS, max(0, span - last))]
    # Where the clock went back, the last span has it.
    counts[-1] += times
    return {"seconds": SPAN, "span": max(span, last), "times": counts[-SPANS:]}


def _is(value: Any) -> dict[str, Any]:
    return {"_is_null": True} if value is None else {"_eq": value}


async def delete_agent(tx: Transaction, agent_id: str) -> bool:
    """Forget an agent; the runs it took stay."""
    return await tx.delete("agent", {"id": {"_eq": agent_id}}) > 0


async def create_agent_config(
    tx: Transaction, *, tenant_id: str, name: str | None, settings: Any
) -> str:
    """Settings that agents can share by id; a request that arrives twice makes them once."""
    # A request that arrives twice at once waits here for itself.
    await tx.get("tenant", tenant_id, columns=("id",), keep="alone")
    config: Row = {"tenant_id": tenant_id, "name": name, "settings": settings or {}}
    same = {column: _is(value) for column, value in config.items()}
    recently = {"_gt": tx.now - REPEATED_WITHIN}
    existing = await tx.first("agent_config", {**same, "created": recently}, columns=("id",))
    if existing is not None:
        return str(existing["id"])
    await tx.insert("agent_config", [config])
    return str(config["id"])


async def update_agent_config(
    tx: Transaction, config_id: str, *, name: str | None, settings: Any
) -> bool:
    """Change what is given; None leaves a value as it is."""
    given = {"name": name, "settings": settings}
    values = {column: value for column, value in given.items() if value is not None}
    return await tx.update("agent_config", {"id": {"_eq": config_id}}, values) > 0


async def delete_agent_config(tx: Transaction, config_id: str) -> bool:
    """Remove settings; agents that used them stay, without."""
    return await tx.delete("agent_config", {"id": {"_eq": config_id}}) > 0
