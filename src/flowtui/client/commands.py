"""What a backend can be told to do: one method a command, a class a subject."""

from __future__ import annotations

from flowtui.client.flow_commands import FlowCommands
from flowtui.client.project_commands import ProjectCommands
from flowtui.client.queue_commands import QueueCommands
from flowtui.client.run_edits import RunEdits
from flowtui.client.task_commands import TaskRunCommands
from flowtui.errors import NotFound
from flowtui.models.ids import AgentId


class Commands(RunEdits, TaskRunCommands, FlowCommands, ProjectCommands, QueueCommands):
    """What changes something on a backend."""

    async def delete_agent(self, agent_id: AgentId) -> None:
        """Forget an agent; one that still asks for work comes back when it is started again."""
        payload = await self._command("delete_agent", {"agent_id": agent_id})
        if payload.get("success") is False:
            raise NotFound(f"There is no agent {agent_id} on this backend.")
