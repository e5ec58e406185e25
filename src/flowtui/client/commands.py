"""What a backend can be told to do: one method a command, a class a subject."""

from __future__ import annotations

from flowtui.client.flow_commands import FlowCommands
from flowtui.client.project_commands import ProjectCommands
from flowtui.client.queue_commands import QueueCommands
from flowtui.client.run_edits import RunEdits
from flowtui.client.task_commands import TaskRunCommands
from flowtui.models.ids import AgentId


class Commands(RunEdits, TaskRunCommands, FlowCommands, ProjectCommands, QueueCommands):
    """What changes something on a backend."""

    async def delete_agent(self, agent_id: AgentId) -> None:
        """Forget an agent; one that still asks for work comes back when it is started again."""
        sent = {"agent_id": agent_id}
        await self._command("delete_agent", sent, missing=f"agent {agent_id}")
