"""What can be done to many agents at once: adding a deed is a line here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flowtui.errors import NotFound
from flowtui.models.agents import Agent
from flowtui.ui.bulk import Becomes, BulkDeed, Kind

if TYPE_CHECKING:
    from flowtui.client.backend import Backend


async def _agents_again(backend: Backend, agents: Sequence[Agent]) -> Mapping[str, Agent]:
    return {agent.id: agent for agent in await backend.agents()}


async def _agent_moved(backend: Backend, agent: Agent) -> str:
    """An agent has moved when it asked for work."""
    now = (await _agents_again(backend, ())).get(agent.id)
    if now is None:
        raise NotFound("it is gone")
    return "" if now.last_queried == agent.last_queried else "it has asked for work meanwhile"


def _quiet_seconds(agent: Agent, now: datetime) -> float | None:
    return None if agent.last_queried is None else (now - agent.last_queried).total_seconds()


AGENTS: Kind[Agent] = Kind(
    noun="agent",
    key=lambda agent: agent.id,
    name=lambda agent: agent.name or "agent",
    belongs=lambda agent: " ".join(agent.labels),
    owner="labels",
    state=lambda agent, now: agent.health(now),
    version=lambda agent: None,
    seconds=_quiet_seconds,
    again=_agents_again,
    moved=_agent_moved,
)


async def _remove(backend: Backend, agent: Agent) -> None:
    await backend.delete_agent(agent.id)


REMOVE_AGENTS = BulkDeed(
    AGENTS,
    "d",
    "Remove {}",
    "remove …",
    "Forget those that are gone for good; the runs they took stay.",
    "delete_agent",
    lambda agent, now: (
        Becomes(skip="it is alive") if agent.health(now) == "healthy" else Becomes("removed")
    ),
    _remove,
    undo="an agent that is started again comes back by itself",
    removes=True,
)

AGENT_DEEDS: tuple[BulkDeed[Agent], ...] = (REMOVE_AGENTS,)
