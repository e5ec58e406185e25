"""What can be changed about a run that is there: its name, its labels, its start, its existence."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.client.run_commands import RunCommands
from flowtui.models.ids import FlowRunId
from flowtui.models.journal import Still, Undo
from flowtui.models.states import RunState


class RunEdits(RunCommands):
    """Commands on one run."""

    async def rename_flow_run(self, run_id: FlowRunId, name: str, *, was: str) -> None:
        """Give a run another name."""
        undo = Undo(
            f"rename it back to {was}",
            "set_flow_run_name",
            {"flow_run_id": run_id, "name": was},
            Still("flow_run", run_id, "name", (name,)),
        )
        sent = {"flow_run_id": run_id, "name": name}
        await self._command("set_flow_run_name", sent, undo=undo, missing=f"flow run {run_id}")

    async def label_flow_run(
        self, run_id: FlowRunId, labels: Sequence[str], *, were: Sequence[str]
    ) -> None:
        """Give a run other labels, which say what agents may take it."""
        undo = Undo(
            f"give it back its labels: {' '.join(were) or 'none'}",
            "set_flow_run_labels",
            {"flow_run_id": run_id, "labels": list(were)},
            Still("flow_run", run_id, "labels", (list(labels),)),
        )
        sent = {"flow_run_id": run_id, "labels": list(labels)}
        await self._command("set_flow_run_labels", sent, undo=undo, missing=f"flow run {run_id}")

    async def start_now(self, run_id: FlowRunId, *, seen: RunState) -> None:
        """Have a run that waits for its time start at once. Raises Conflict when it has moved."""
        await self.set_flow_run_state(
            run_id, "Scheduled", seen=seen, reason="Flow run started now, by hand."
        )

    async def delete_flow_run(self, run_id: FlowRunId) -> None:
        """Delete a run with its task runs, states and log; nothing brings it back."""
        sent = {"flow_run_id": run_id}
        await self._command("delete_flow_run", sent, missing=f"flow run {run_id}")
