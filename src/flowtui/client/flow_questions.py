"""What a backend can be asked of one flow, beyond its versions and its runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flowtui.client import reading
from flowtui.client.conditions import where
from flowtui.client.connection import Connection
from flowtui.client.rows import all_rows, runs_of
from flowtui.models import states
from flowtui.models.conditions import ANYTHING, Compared, every
from flowtui.models.ids import FlowGroupId, FlowId
from flowtui.models.runs import FlowRun
from flowtui.models.tasks import TaskRun
from flowtui.models.times import iso

if TYPE_CHECKING:  # a page of one flow reads with them; the first page does without
    from flowtui.models.attention import Failure
    from flowtui.models.flow_errors import FlowError, FlowTroubles
    from flowtui.models.flow_tasks import FlowTask
    from flowtui.models.flows import FlowEnds

ERROR_RUNS = 50
"""Runs that are looked through for errors."""
TROUBLES_SINCE, ELSEWHERE_SINCE = timedelta(days=7), timedelta(hours=24)
"""How far back is counted which tasks fail, and looked for the same error in other flows."""
OTHERS = 20
"""Failed runs of other flows that are looked through for it."""


def counted(group_id: FlowGroupId, since: datetime | None = None) -> dict[str, Any]:
    """Which runs each number of `flow_counts.graphql` counts."""
    from flowtui.client.flow_reading import COUNTED

    of_flow = Compared("flow.flow_group_id", "=", group_id)
    lately = ANYTHING if since is None else Compared("updated", ">=", since)
    return {
        name: where(every((of_flow, lately, Compared("state", "in", tuple(sorted(family))))))
        for name, family in COUNTED.values()
    }


class FlowQuestions:
    """Questions about one flow."""

    connection: Connection

    async def flow_tasks(self, flows: Iterable[FlowId]) -> list[FlowTask]:
        """The tasks of some versions; empty where they have none, as while they register."""
        from flowtui.client.flow_reading import flow_task

        wanted = list(flows)
        rows = await all_rows(self.connection, "flow_tasks", "task", flows=wanted) if wanted else ()
        with reading.understood("the tasks of a flow"):
            return [flow_task(row) for row in rows]

    async def flow_errors(
        self, group_id: FlowGroupId, since: datetime | None = None
    ) -> list[FlowError]:
        """What failed in the last runs, the newest first."""
        from flowtui.client.flow_reading import flow_errors

        answer = await self.connection.execute(
            "flow_errors",
            group=group_id,
            since=iso(since) if since is not None else None,
            failed=sorted(states.FAILURES),
            limit=ERROR_RUNS,
        )
        with reading.understood("the errors of a flow"):
            return [one for row in answer["flow_run"] for one in flow_errors(row)]

    async def flow_troubles(
        self, group_id: FlowGroupId, now: datetime, broad: bool = True
    ) -> FlowTroubles:
        """Why the last failed run of a flow failed; `broad` is also which tasks fail most, and what
        failed in other flows."""
        from flowtui.client.flow_reading import flow_troubles
        from flowtui.models.flow_errors import TROUBLED_RUNS

        answer = await self.connection.execute(
            "flow_troubles",
            group=group_id,
            since=iso(now - TROUBLES_SINCE),
            lately=iso(now - ELSEWHERE_SINCE),
            failed=sorted(states.FAILURES),
            limit=TROUBLED_RUNS if broad else 0,
            others=OTHERS if broad else 0,
        )
        with reading.understood("what went wrong in a flow"):
            return flow_troubles(answer)

    async def version_failures(self, flows: Iterable[FlowId]) -> Mapping[FlowId, Failure]:
        """Why the last failed run of each of some versions failed; those without are left out."""
        from flowtui.client.flow_reading import version_failures

        answer = await self.connection.execute(
            "version_failures", flows=list(flows), failed=sorted(states.FAILURES)
        )
        with reading.understood("why the runs of a version failed"):
            return version_failures(answer)

    async def flows_lately(self, since: datetime) -> Mapping[FlowGroupId, FlowEnds]:
        """How the runs of every flow ended since a moment; those without any are left out."""
        from flowtui.client.flow_reading import flows_lately

        answer = await self.connection.execute(
            "flows_lately",
            since=iso(since),
            succeeded=sorted(states.SUCCESS),
            failed=sorted(states.FAILURES),
        )
        with reading.understood("how runs ended lately"):
            return flows_lately(answer)

    async def flow_upcoming(self, group_id: FlowGroupId, limit: int = 100) -> list[FlowRun]:
        """Runs of a flow that are planned or late, the one that is due first in front."""
        return await runs_of(
            self.connection, "flow_upcoming", "planned runs", group=group_id, limit=limit
        )

    async def flow_counts(
        self, group_id: FlowGroupId, since: datetime | None = None
    ) -> Mapping[str, int]:
        """How many runs of a flow are in which state, of those that moved since a moment."""
        from flowtui.client.flow_reading import flow_counts

        answer = await self.connection.execute("flow_counts", **counted(group_id, since))
        with reading.understood("how the runs of a flow stand"):
            return flow_counts(answer)

    async def task_history(
        self, group_id: FlowGroupId, slug: str, limit: int = 20
    ) -> list[tuple[TaskRun, str]]:
        """The last runs of a task in any version of a flow, with the names of their flow runs."""
        answer = await self.connection.execute(
            "task_history", group=group_id, slug=slug, limit=limit
        )
        with reading.understood("the runs of a task"):
            return [
                (reading.task_run(row), reading.text(row["flow_run"]["name"]))
                for row in answer["task_run"]
            ]
