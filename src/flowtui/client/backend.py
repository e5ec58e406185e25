"""A backend: one method a question or a command. Models in and out, errors are `BackendError`s."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flowtui.client import reading
from flowtui.client.about_questions import AboutQuestions
from flowtui.client.agent_questions import AgentQuestions
from flowtui.client.bulk_questions import BulkQuestions
from flowtui.client.calendar_questions import CalendarQuestions
from flowtui.client.commands import Commands
from flowtui.client.connection import Connection
from flowtui.client.creators import CreatorQuestions
from flowtui.client.flow_questions import FlowQuestions
from flowtui.client.free_questions import FreeQuestions
from flowtui.client.limits import LimitQuestions
from flowtui.client.log_questions import LogQuestions
from flowtui.client.overview_questions import OverviewQuestions
from flowtui.client.project_questions import ProjectQuestions
from flowtui.client.rows import PAGE, runs_of
from flowtui.client.run_lists import RunListQuestions
from flowtui.client.run_questions import RunQuestions
from flowtui.client.search_questions import SearchQuestions
from flowtui.client.task_pages import TaskRunQuestions
from flowtui.client.wanted import checked_id, found
from flowtui.config import Profile
from flowtui.errors import NotFound, UsageProblem
from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.attention import Overview
from flowtui.models.flows import FlowGroup, FlowSummary
from flowtui.models.ids import FlowGroupId, FlowRunId
from flowtui.models.runs import FlowRun, FlowRunDetail
from flowtui.models.times import iso

if TYPE_CHECKING:
    import httpx

    from flowtui.models.diagnosis import Circumstances


@frozen
class Place:
    """Something that has a page of its own."""

    kind: str
    """`run`, `task_run`, `log` or `flow`; for a flow the id is its group's."""

    id: str
    within: str = ""
    """The run that a task run or a line of a log belongs to."""


class Backend(
    Commands,
    AboutQuestions,
    AgentQuestions,
    BulkQuestions,
    CalendarQuestions,
    CreatorQuestions,
    FlowQuestions,
    FreeQuestions,
    LimitQuestions,
    LogQuestions,
    OverviewQuestions,
    ProjectQuestions,
    RunListQuestions,
    RunQuestions,
    TaskRunQuestions,
    SearchQuestions,
):
    """Any Prefect 1 GraphQL API.

    A read-only profile refuses every command here, so no screen can forget to.
    """

    def __init__(self, profile: Profile, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.profile = profile
        self.connection = Connection(profile, transport)

    @property
    def latency(self) -> float | None:
        """Seconds the last answer took."""
        return self.connection.latency

    async def close(self) -> None:
        await self.connection.close()

    # Questions

    async def flows(self, limit: int = PAGE, archived: bool = False) -> list[FlowSummary]:
        """Every flow that can run, or every one all of whose versions are archived, by name.

        The newest version stands for the flow.
        """
        where: dict[str, Any] = {"archived": {"_eq": archived}}
        if archived:
            where["flow_group"] = {"_not": {"flows": {"archived": {"_eq": False}}}}
        answer = await self.connection.execute("flows", where=where, limit=limit)
        with reading.understood("flows"):
            found = [reading.flow_summary(row) for row in answer["flow"]]
        newest: dict[FlowGroupId, FlowSummary] = {}
        for flow in found:
            newest.setdefault(flow.group_id, flow)
        made = await self.with_creators([flow.latest for flow in newest.values()])
        return [
            replace(flow, latest=latest) for flow, latest in zip(newest.values(), made, strict=True)
        ]

    async def flow_group(self, group_id: FlowGroupId) -> FlowGroup:
        """A flow with all its versions. Raises NotFound."""
        answer = await self.connection.execute(
            "flow_group",
            id=checked_id(group_id),
            succeeded=sorted(states.SUCCESS),
            finished=sorted(states.ENDED),
        )
        with reading.understood("a flow"):
            group = reading.flow_group(found(answer["flow_group_by_pk"], "flow", group_id))
        return replace(group, versions=tuple(await self.with_creators(group.versions)))

    async def flow_runs(self, group_id: FlowGroupId, limit: int = 200) -> list[FlowRun]:
        """The newest runs of a flow group; those that are planned are newer than all others."""
        return await runs_of(self.connection, "flow_runs", "flow runs", group=group_id, limit=limit)

    async def overview(
        self, since: datetime, limit: int = 200, project: str | None = None
    ) -> Overview:
        """How the runs since a moment went, of a project or of all; failures, the newest first."""
        answer = await self.connection.execute(
            "overview",
            since=iso(since),
            project=project,
            succeeded=sorted(states.SUCCESS),
            failed=sorted(states.FAILURES),
            limit=limit,
        )
        with reading.understood("how runs went"):
            return reading.overview(answer, since)

    async def upcoming(self, limit: int = 200) -> list[FlowRun]:
        """Runs that are planned or late, the one that is due first in front."""
        return await runs_of(self.connection, "upcoming", "planned runs", limit=limit)

    async def run(self, run_id: FlowRunId) -> FlowRunDetail:
        """One run with its state history. Raises NotFound."""
        answer = await self.connection.execute("flow_run", id=checked_id(run_id))
        with reading.understood("a flow run"):
            detail = reading.flow_run_detail(found(answer["flow_run_by_pk"], "flow run", run_id))
        return await self.with_creator(detail)

    async def place_of(self, wanted: str) -> Place:
        """Where an id leads to: a run, a task run, a flow, or, as RUN#LINE, a line of a run's log.

        Raises NotFound.
        """
        whole, _, line = wanted.partition("#")
        answer = await self.connection.execute("place", id=checked_id(whole))
        with reading.understood("an id"):
            run, task_run = answer["flow_run_by_pk"], answer["task_run_by_pk"]
            flow, group = answer["flow_by_pk"], answer["flow_group_by_pk"]
            if run:
                run_id = reading.identity(run["id"])
                return Place("log", checked_id(line), run_id) if line else Place("run", run_id)
            if task_run:
                run_id = reading.identity(task_run["flow_run_id"])
                return Place("task_run", checked_id(whole), run_id)
            if flow or group:
                group_id = group["id"] if group else flow["flow_group_id"]
                return Place("flow", reading.identity(group_id))
        raise NotFound(f"There is no flow and no run {wanted} on this backend.")

    async def run_named(self, wanted: str) -> FlowRunId:
        """A run's id from its id or its name. Raises NotFound; UsageProblem for an unclear name."""
        try:
            return FlowRunId(checked_id(wanted))
        except UsageProblem:
            answer = await self.connection.execute("runs_named", name=wanted)
        with reading.understood("a name"):
            found = [FlowRunId(reading.identity(row["id"])) for row in answer["flow_run"]]
        if not found:
            raise NotFound(f"There is no flow run {wanted!r} on this backend.")
        if len(found) > 1:
            raise UsageProblem(
                f"Several flow runs are called {wanted!r}.", f"The newest is {found[0]}."
            )
        return found[0]

    async def circumstances(self, run_id: FlowRunId, now: datetime) -> Circumstances:
        """All that says why a run is or is not running. Raises NotFound."""
        from flowtui.models.diagnosis import Circumstances

        detail = await self.run(run_id)
        return Circumstances(
            detail=detail,
            group=await self.flow_group(detail.flow_group_id),
            agents=await self.agents(),
            is_queue_paused=await self.is_queue_paused(),
            now=now,
        )

    async def agents(self) -> list[Agent]:
        """Every agent, the one that asked last first."""
        answer = await self.connection.execute("agents")
        with reading.understood("agents"):
            return [reading.agent(row) for row in answer["agent"]]
