"""Questions about agents: how often they asked, what they took, and under which labels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flowtui.client import reading
from flowtui.client.rows import NEWEST_FIRST, runs_of
from flowtui.client.writing import Writer
from flowtui.models import states
from flowtui.models.agents import Contacts
from flowtui.models.ids import AgentId
from flowtui.models.runs import FlowRun
from flowtui.models.times import iso, told_time
from flowtui.models.work import Lately, Stint

MOST_RUNNING = 300
"""Runs that run now and are looked at; where there are more, nobody is told how many he has."""

MOST_ENDED = 600
"""Runs that ended lately and are looked at."""

LONGEST_SPAN = 86_400
"""Seconds over which a backend may count how often an agent asked."""


class AgentQuestions(Writer):
    """What is asked about one agent, and about the work of all."""

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

    async def agent_lately(self, agent_id: AgentId, since: datetime, limit: int = 8) -> Lately:
        """The newest runs that an agent took, and how many of those since a moment went well."""
        answer = await self.connection.execute(
            "agent_lately",
            agent=agent_id,
            since=iso(since),
            succeeded=sorted(states.SUCCESS),
            ended=sorted(states.ENDED),
            limit=limit,
        )
        with reading.understood("the last runs of an agent"):
            return Lately(
                tuple(reading.flow_run(row) for row in answer["flow_run"]),
                reading.count(answer["succeeded"]),
                reading.count(answer["ended"]),
            )

    async def running_now(self) -> list[Stint] | None:
        """What runs now; None where that is too much to be looked at."""
        asked = {"running": sorted(states.RUNNING), "limit": MOST_RUNNING}
        answer = await self.connection.execute("running_now", **asked)
        with reading.understood("what runs"):
            rows = answer["flow_run"]
            # One that was started again still has the end that it had before.
            found = [_stint({**row, "end_time": None}) for row in rows if row["start_time"]]
            return found if len(rows) < MOST_RUNNING else None

    async def ended_since(self, since: datetime) -> list[Stint] | None:
        """What ended since a moment; None where that is too much to be looked at."""
        asked = {"since": iso(since), "running": sorted(states.RUNNING), "limit": MOST_ENDED}
        answer = await self.connection.execute("ended_lately", **asked)
        with reading.understood("what ended"):
            rows = answer["flow_run"]
            found = [_stint(row) for row in rows if row["start_time"]]
            return found if len(rows) < MOST_ENDED else None

    async def contacts(self) -> Mapping[AgentId, Contacts]:
        """How often each agent asked for work lately; nothing where the backend keeps no count."""
        if not (await self.capabilities()).contacts:
            return {}
        answer = await self.connection.execute("contacts")
        with reading.understood("how often agents asked"):
            return {
                AgentId(reading.identity(row["id"])): _contacts(row["contacts"])
                for row in answer["agent"]
                if row["contacts"] is not None
            }


def _stint(row: reading.Json) -> Stint:
    agent_id = row["agent_id"]
    return Stint(
        AgentId(reading.identity(agent_id)) if agent_id else None,
        reading.texts(row["labels"]),
        told_time(row["start_time"]),
        reading.moment(row["end_time"]),
    )


def _contacts(kept: Any) -> Contacts:
    seconds = reading.number(kept["seconds"])
    if not 0 < seconds <= LONGEST_SPAN:
        raise ValueError(f"spans of {seconds} seconds")
    return Contacts(
        seconds, reading.number(kept["span"]), tuple(map(reading.number, kept["times"]))
    )
