"""Questions about agents: the runs they took."""

from __future__ import annotations

from flowtui.client.connection import Connection
from flowtui.client.rows import NEWEST_FIRST, runs_of
from flowtui.models.ids import AgentId
from flowtui.models.runs import FlowRun


class AgentQuestions:
    """What is asked about one agent."""

    connection: Connection

    async def runs_of_agent(self, agent_id: AgentId, limit: int = 100) -> list[FlowRun]:
        """The newest runs that an agent took."""
        return await runs_of(
            self.connection,
            "run_page",
            "the runs of an agent",
            where={"agent_id": {"_eq": agent_id}},
            order=NEWEST_FIRST,
            limit=limit,
        )
