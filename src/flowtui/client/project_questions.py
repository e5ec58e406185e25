"""What a backend can be asked of projects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flowtui.client import reading
from flowtui.client.connection import Connection
from flowtui.client.rows import all_rows
from flowtui.models.ids import FlowGroupId, ProjectId

if TYPE_CHECKING:  # a page of projects reads with them; the first page does without
    from flowtui.models.projects import Project, ProjectFlow


class ProjectQuestions:
    """Questions about projects."""

    connection: Connection

    async def projects(self) -> list[Project]:
        """Every project, by name."""
        from flowtui.client.project_reading import project

        answer = await self.connection.execute("projects")
        with reading.understood("projects"):
            return [project(row) for row in answer["project"]]

    async def flows_of_project(self, project_id: ProjectId) -> list[ProjectFlow]:
        """Every version that is in a project, the archived ones too."""
        return await self._versions(project=project_id)

    async def versions_of_groups(self, groups: Iterable[FlowGroupId]) -> list[ProjectFlow]:
        """Every version of some flows, wherever they are."""
        wanted = list(groups)
        return await self._versions(groups=wanted) if wanted else []

    async def count_runs_of_project(self, project_id: ProjectId) -> int:
        """How many runs there are of all that is in a project."""
        answer = await self.connection.execute("project_runs", project=project_id)
        with reading.understood("the runs of a project"):
            return reading.count(answer["flow_run_aggregate"])

    async def _versions(self, **wanted: Any) -> list[ProjectFlow]:
        from flowtui.client.project_reading import project_flow

        rows = await all_rows(self.connection, "project_flows", "flow", **wanted)
        with reading.understood("the flows of a project"):
            return [project_flow(row) for row in rows]
