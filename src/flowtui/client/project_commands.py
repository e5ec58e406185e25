"""What can be done to projects, and moving flows from one to another."""

from __future__ import annotations

from typing import Any

from flowtui.client import reading
from flowtui.client.writing import Writer
from flowtui.errors import NotFound, Refused
from flowtui.models.ids import FlowId, ProjectId


class ProjectCommands(Writer):
    """Commands on projects."""

    async def create_project(self, name: str, description: str = "") -> ProjectId:
        """Add a project to the tenant that is looked at; the same name twice is refused."""
        self._writable()
        sent: dict[str, Any] = {"tenant_id": await self._tenant_id(), "name": name}
        if description:
            sent["description"] = description
        payload = await self._command("create_project", sent)
        with reading.understood("the new project"):
            return ProjectId(payload["id"])

    async def rename_project(self, project_id: ProjectId, name: str) -> None:
        """Call a project something else; a name that is taken is refused."""
        await self._command("set_project_name", {"project_id": project_id, "name": name})

    async def describe_project(self, project_id: ProjectId, description: str) -> None:
        """Describe a project; nothing takes the description away."""
        sent = {"project_id": project_id, "description": description or None}
        await self._command("set_project_description", sent)

    async def delete_project(self, project_id: ProjectId) -> None:
        """Remove a project with all that is in it: flows, their runs, and their logs."""
        payload = await self._command("delete_project", {"project_id": project_id})
        if payload.get("success") is False:
            raise NotFound(f"There is no project {project_id} on this backend.")

    async def move_flow(self, flow_id: FlowId, project_id: ProjectId) -> None:
        """Move one version of a flow to another project; the others stay where they are."""
        await self._command("update_flow_project", {"flow_id": flow_id, "project_id": project_id})

    async def _tenant_id(self) -> str:
        """The tenant new things belong to: the profile's, else the first that can be seen."""
        answer = await self.connection.execute("tenants")
        with reading.understood("tenants"):
            known = {
                name: str(row["id"])
                for row in answer["tenant"]
                for name in (row["id"], row["slug"])
            }
        wanted = self.profile.tenant
        if wanted and wanted in known:
            return known[wanted]
        if not known:
            raise Refused("this backend has no tenant yet; 'flowtui server start' makes one.")
        return next(iter(known.values()))
