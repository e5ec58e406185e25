"""Holding back all scheduled runs of a tenant, and letting them go."""

from __future__ import annotations

from flowtui.client.writing import Writer


class QueueCommands(Writer):
    """Commands on the work queue, which not every backend has."""

    async def pause_queue(self, tenant_id: str) -> None:
        """Give no scheduled run to any agent from now on."""
        await self._command("pause_tenant_work_queue", {"tenant_id": tenant_id})

    async def resume_queue(self, tenant_id: str) -> None:
        """Give scheduled runs to the agents again."""
        await self._command("resume_tenant_work_queue", {"tenant_id": tenant_id})
