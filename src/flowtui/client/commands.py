"""What a backend can be told to do: one method a command, each refused for a read-only profile."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flowtui.client import reading
from flowtui.client.capabilities import Capabilities, capabilities_from
from flowtui.client.connection import Connection
from flowtui.config import Profile
from flowtui.errors import Conflict, NotFound, Refused, UsageProblem
from flowtui.models.ids import AgentId, FlowId, FlowRunId
from flowtui.models.runs import NewFlowRun
from flowtui.models.states import RunState
from flowtui.models.tasks import TaskRun
from flowtui.models.times import iso

SWITCHES = {
    "heartbeat": "flow_heartbeat",
    "lazarus": "flow_lazarus_process",
    "version_lock": "flow_version_lock",
}
"""The safeguards of a flow, and what the mutations that toggle them end in."""


class Commands:
    """What changes something on a backend; no screen can forget that a profile is read-only."""

    profile: Profile
    connection: Connection
    _capabilities: Capabilities | None = None

    async def capabilities(self) -> Capabilities:
        """What this backend can do; asked once."""
        if self._capabilities is None:
            answer = await self.connection.execute("capabilities")
            with reading.understood("what it can do"):
                self._capabilities = capabilities_from(answer)
        return self._capabilities

    async def run_state(self, run_id: FlowRunId) -> RunState:
        """What a run is in now. Raises NotFound."""
        answer = await self.connection.execute("flow_run_state", id=checked_id(run_id))
        with reading.understood("a flow run's state"):
            return reading.run_state(found(answer["flow_run_by_pk"], "flow run", run_id))

    async def create_flow_run(self, new: NewFlowRun) -> FlowRunId:
        """Create a run; the same idempotency key again gives the same run."""
        given: dict[str, Any] = {
            "flow_id": new.flow_id,
            "idempotency_key": new.idempotency_key,
            "flow_run_name": new.name,
            "parameters": new.parameters,
            "context": new.context,
            "labels": None if new.labels is None else list(new.labels),
            "scheduled_start_time": new.scheduled_start_time and iso(new.scheduled_start_time),
        }
        sent = {name: value for name, value in given.items() if value is not None}
        payload = await self._command("create_flow_run", sent)
        with reading.understood("the new run"):
            return FlowRunId(payload["id"])

    async def cancel_flow_run(self, run_id: FlowRunId) -> str:
        """Ask for a run to be cancelled; the answer is the state it is in now."""
        payload = await self._command("cancel_flow_run", {"flow_run_id": run_id})
        with reading.understood("cancelling"):
            return str(payload["state"])

    async def set_flow_run_state(
        self, run_id: FlowRunId, state: str, *, seen: RunState, reason: str = ""
    ) -> None:
        """Set a run's state by hand, if it is still the one that was seen.

        Raises Conflict, and writes nothing, when it has moved. Backends that do not check the
        version themselves are asked for it right before.
        """
        self._writable()
        wanted = {"type": state, "message": reason or f"Set to {state} by hand."}
        if (await self.capabilities()).guards_states:
            await self._command(
                "set_flow_run_state",
                {"flow_run_id": run_id, "version": seen.version, "state": wanted},
            )
            return
        now = await self.run_state(run_id)
        if now.version != seen.version:
            raise Conflict(f"The run has moved to {now.type}, version {now.version}.")
        entry = {"flow_run_id": run_id, "version": seen.version, "state": wanted}
        await self._command("set_flow_run_states", {"states": [entry]})

    async def write_log(self, run_id: FlowRunId, message: str, now: datetime) -> None:
        """Add a line to a run's log, as the web UI does when somebody sets a state."""
        line = {
            "flow_run_id": run_id,
            "timestamp": iso(now),
            "name": "flowtui",
            "level": "INFO",
            "message": message,
        }
        await self._command("write_run_logs", {"logs": [line]})

    async def switch(self, flow_id: FlowId, safeguard: str, on: bool) -> None:
        """Turn a safeguard of a flow on or off; `safeguard` is a key of SWITCHES."""
        verb = "enable" if on else "disable"
        payload = await self._command(f"{verb}_{SWITCHES[safeguard]}", {"flow_id": flow_id})
        if payload.get("success") is False:
            raise Refused(f"The backend did not {verb} it, and did not say why.")

    async def delete_agent(self, agent_id: AgentId) -> None:
        """Forget an agent; one that still asks for work comes back when it is started again."""
        payload = await self._command("delete_agent", {"agent_id": agent_id})
        if payload.get("success") is False:
            raise NotFound(f"There is no agent {agent_id} on this backend.")

    def _writable(self) -> None:
        if self.profile.read_only:
            raise UsageProblem(
                "This profile is read-only, so nothing was sent.",
                "Start without --read-only to change things.",
            )

    async def _command(self, mutation: str, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        self._writable()
        answer = await self.connection.execute(mutation, input=dict(sent))
        payload = answer.get(mutation)
        if not isinstance(payload, Mapping):
            raise Refused(f"The backend gave no answer to {mutation}.")
        return payload

    async def restart(
        self,
        run_id: FlowRunId,
        tasks: Iterable[TaskRun],
        *,
        seen: RunState,
        reason: str,
    ) -> None:
        """Set these task runs back to Pending, and the run to Scheduled, if it has not moved.

        Raises Conflict, and writes nothing, when the run has moved since it was seen.
        """
        self._writable()
        now = await self.run_state(run_id)
        if now.version != seen.version:
            raise Conflict(f"The run has moved to {now.type}, version {now.version}.")
        cleared = {"type": "Pending", "message": reason}
        entries = [
            {"task_run_id": task.id, "version": task.state.version, "state": cleared}
            for task in tasks
        ]
        if entries:
            await self._command("set_task_run_states", {"states": entries})
        await self.set_flow_run_state(run_id, "Scheduled", seen=seen, reason=reason)

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


def found(row: Mapping[str, Any] | None, kind: str, wanted: str) -> Mapping[str, Any]:
    """The row. Raises NotFound where there is none."""
    if row is None:
        raise NotFound(f"There is no {kind} {wanted} on this backend.")
    return row


def checked_id(text: str) -> str:
    """The id in its usual form. Raises UsageProblem."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise UsageProblem(
            f"{text!r} is not an id.", "Ids look like 3f7c02a1-5b7e-4c11-9d2e-0a6f1c22d41c."
        ) from None
