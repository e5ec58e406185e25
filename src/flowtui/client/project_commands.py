"""What can be done to projects, and moving flows from one to another."""

from __future__ import annotations

from typing import Any

from flowtui.client import reading
from flowtui.client.about_questions import AboutQuestions
from flowtui.client.writing import Writer
from flowtui.models.ids import FlowId, ProjectId


class ProjectCommands(AboutQuestions, Writer):
    """Commands on projects."""

    async def create_project(self, name: str, description: str = "") -> ProjectId:
        """Add a project to the tenant that is looked at; the same name twice is refused."""
        self._writable()
        sent: dict[str, Any] = {"tenant_id": (await self.tenant()).id, "name": name}
        if description:
            sent["description"] = description
        payload = await self._command("create_project", sent)
        with reading.understood("the new project"):
            return ProjectId(reading.identity(payload["id"]))

    async def rename_project(self, project_id: ProjectId, name: str) -> None:
        """Call a project something else; a name that is taken is refused."""
        await self._command("set_project_name", {"project_id": project_id, "name": name})

    async def describe_project(self, project_id: ProjectId, description: str) -> None:
        """Describe a project; nothing takes the description away."""
        sent = {"project_id": project_id, "description": description or None}
        await self._command("set_project_description", sent)

    async def delete_project(self, project_id: ProjectId) -> None:
        """Remove a project with all that is in it: flows, their runs, and their logs."""
        sent = {"project_id": project_id}
        await self._command("delete_project", sent, missing=f"project {project_id}")

    async def move_flow(self, flow_id: FlowId, project_id: ProjectId) -> None:
        """Move one version of a flow to another project; the others stay where they are."""
        await self._command("update_flow_project", {"flow_id": flow_id, "project_id": project_id})
