"""What can be done to flows: safeguards, schedules, archiving."""

from __future__ import annotations

from flowtui.client.writing import Writer
from flowtui.errors import NotFound, Refused
from flowtui.models.ids import FlowId

SWITCHES = {
    "heartbeat": "flow_heartbeat",
    "lazarus": "flow_lazarus_process",
    "version_lock": "flow_version_lock",
}
"""The safeguards of a flow, and what the mutations that toggle them end in."""


class FlowCommands(Writer):
    """Commands on flows."""

    async def switch(self, flow_id: FlowId, safeguard: str, on: bool) -> None:
        """Turn a safeguard of a flow on or off; `safeguard` is a key of SWITCHES."""
        verb = "enable" if on else "disable"
        payload = await self._command(f"{verb}_{SWITCHES[safeguard]}", {"flow_id": flow_id})
        if payload.get("success") is False:
            raise Refused(f"The backend did not {verb} it, and did not say why.")

    async def switch_schedule(self, flow_id: FlowId, on: bool) -> None:
        """Turn a flow's schedule on or off, in the spelling this backend has."""
        spelled = (await self.capabilities()).schedule_inputs
        key = "flow_id" if "flow_id" in spelled or not spelled else "schedule_id"
        verb = "active" if on else "inactive"
        payload = await self._command(f"set_schedule_{verb}", {key: flow_id})
        if payload.get("success") is False:
            raise Refused("The backend did not switch the schedule: the flow may have none.")

    async def archive(self, flow_id: FlowId) -> None:
        """Archive a version: its runs stay, its schedule ends, and new runs are refused."""
        payload = await self._command("archive_flow", {"flow_id": flow_id})
        if payload.get("success") is False:
            raise NotFound(f"There is no flow {flow_id} on this backend.")
