"""Questions about agents: the runs they took."""

from __future__ import annotations

from flowtui.client import reading
from flowtui.client.connection import Connection
from flowtui.models.ids import AgentId
from flowtui.models.runs import FlowRun


class AgentQuestions:
    """What is asked about one agent."""

    connection: Connection

    async def runs_of_agent(self, agent_id: AgentId, limit: int = 100) -> list[FlowRun]:
        """The newest runs that an agent took."""
        answer = await self.connection.execute(
            "run_page",
            where={"agent_id": {"_eq": agent_id}},
            order=[{"scheduled_start_time": "desc"}, {"id": "desc"}],
            limit=limit,
        )
        with reading.understood("the runs of an agent"):
            return [reading.flow_run(row) for row in answer["flow_run"]]
