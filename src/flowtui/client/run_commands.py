"""What can be done to runs: create, cancel, set a state by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flowtui.client import reading
from flowtui.client.wanted import checked_id, found
from flowtui.client.writing import Writer
from flowtui.errors import Conflict
from flowtui.models import states
from flowtui.models.ids import FlowRunId
from flowtui.models.journal import Still, Undo
from flowtui.models.runs import NewFlowRun
from flowtui.models.states import RunState
from flowtui.models.times import iso


class RunCommands(Writer):
    """Commands on runs."""

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
            "run_config": new.run_config,
            "scheduled_start_time": new.scheduled_start_time and iso(new.scheduled_start_time),
        }
        sent = {name: value for name, value in given.items() if value is not None}
        payload = await self._command("create_flow_run", sent, undo=_cancelling_it)
        with reading.understood("the new run"):
            return FlowRunId(reading.identity(payload["id"]))

    async def cancel_flow_run(self, run_id: FlowRunId, seen: RunState | None = None) -> str:
        """Ask for a run to be cancelled; the answer is the state it is in now.

        With the state it was `seen` in, a run that had not begun can be set back to it.
        """
        undo = await self._setting_back(run_id, "Cancelled", seen) if seen else None
        payload = await self._command("cancel_flow_run", {"flow_run_id": run_id}, undo=undo)
        with reading.understood("cancelling"):
            return reading.text(payload["state"])

    async def set_flow_run_state(
        self, run_id: FlowRunId, state: str, *, seen: RunState, reason: str = ""
    ) -> None:
        """Set a run's state by hand, if it is still the one that was seen.

        Raises Conflict, and writes nothing, when it has moved. Backends that do not check the
        version themselves are asked for it right before.
        """
        self._writable()
        wanted = {"type": state, "message": reason or f"Set to {state} by hand."}
        undo = await self._setting_back(run_id, state, seen)
        if not (await self.capabilities()).guards_states:
            await self._check_run(run_id, seen)
        await self._command(*await self._setting(run_id, seen.version, wanted), undo=undo)

    async def _check_run(self, run_id: FlowRunId, seen: RunState) -> None:
        """Raise Conflict when a run has moved since it was seen."""
        now = await self.run_state(run_id)
        if now.version != seen.version:
            raise Conflict(f"The run has moved to {now.type}, version {now.version}.")

    async def _setting(
        self, run_id: FlowRunId, version: int, state: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """The mutation that sets a state, guarded where the backend can, and its input."""
        entry = {"flow_run_id": run_id, "version": version, "state": dict(state)}
        if (await self.capabilities()).guards_states:
            return "set_flow_run_state", entry
        return "set_flow_run_states", {"states": [entry]}

    async def _setting_back(self, run_id: FlowRunId, state: str, seen: RunState) -> Undo | None:
        """What sets a run back to what it was seen in, where that stands for no process."""
        if not (states.is_finished(seen.type) or states.is_scheduled(seen.type)):
            return None
        back: dict[str, Any] = {"type": seen.type, "message": f"Set back to {seen.type} by hand."}
        if seen.start_time is not None:
            back["start_time"] = iso(seen.start_time)
        version = seen.version + 1
        mutation, given = await self._setting(run_id, version, back)
        still = Still("flow_run", run_id, "version", (version,))
        return Undo(f"set it back from {state} to {seen.type}", mutation, given, still)

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


def _cancelling_it(payload: Mapping[str, Any]) -> Undo:
    """What undoes the creation of a run that has not ended."""
    run_id = reading.identity(payload["id"])
    unfinished = tuple(name for name in states.STATE_NAMES if not states.is_finished(name))
    return Undo(
        "cancel the run that was created",
        "cancel_flow_run",
        {"flow_run_id": run_id},
        Still("flow_run", run_id, "state", unfinished),
    )
