"""Mutations of agents and of the settings they share."""

from __future__ import annotations

from typing import Any

from flowtui.server.mutations.registry import Input, Request, mutation
from flowtui.server.services import agents
from flowtui.server.storage import Transaction


@mutation("register_agent")
async def register_agent(tx: Transaction, input: Input, request: Request) -> Any:
    """The id of the agent with these traits."""
    agent_id = await agents.register_agent(
        tx,
        tenant_id=input.get("tenant_id"),
        type=input["type"],
        name=input.get("name"),
        labels=input.get("labels"),
        agent_config_id=input.get("agent_config_id"),
        core_version=request.core_version,
    )
    return {"id": agent_id}


@mutation("delete_agent")
async def delete_agent(tx: Transaction, input: Input, request: Request) -> Any:
    """Forget an agent."""
    return {"success": await agents.delete_agent(tx, input["agent_id"])}


@mutation("create_agent_config")
async def create_agent_config(tx: Transaction, input: Input, request: Request) -> Any:
    """Add settings that agents can share."""
    config_id = await agents.create_agent_config(
        tx,
        tenant_id=input["tenant_id"],
        name=input.get("name"),
        settings=input.get("settings"),
    )
    return {"id": config_id}


@mutation("update_agent_config")
async def update_agent_config(tx: Transaction, input: Input, request: Request) -> Any:
    """Change shared settings."""
    success = await agents.update_agent_config(
        tx, input["agent_config_id"], name=input.get("name"), settings=input.get("settings")
    )
    return {"success": success}


@mutation("delete_agent_config")
async def delete_agent_config(tx: Transaction, input: Input, request: Request) -> Any:
    """Remove shared settings."""
    return {"success": await agents.delete_agent_config(tx, input["agent_config_id"])}
