"""What can be done to flows: safeguards, schedules, what a group stands for, archiving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flowtui.client.writing import Writer
from flowtui.frozen import frozen
from flowtui.models.ids import FlowGroupId, FlowId
from flowtui.models.journal import Still, Undo
from flowtui.models.schedules import Schedule

if TYPE_CHECKING:
    from flowtui.models.group_schedule import GroupSchedule

SWITCHES = {
    "heartbeat": "flow_heartbeat",
    "lazarus": "flow_lazarus_process",
    "version_lock": "flow_version_lock",
}
"""The safeguards of a flow, and what the mutations that toggle them end in."""

_SETTINGS = {
    "heartbeat": "heartbeat_enabled",
    "lazarus": "lazarus_enabled",
    "version_lock": "version_locking_enabled",
}


class FlowCommands(Writer):
    """Commands on flows."""

    async def switch(self, flow_id: FlowId, safeguard: str, on: bool) -> None:
        """Turn a safeguard of a flow on or off; `safeguard` is a key of SWITCHES."""
        verb, back = ("enable", "disable") if on else ("disable", "enable")
        undo = Undo(
            f"{back} {safeguard.replace('_', ' ')} again",
            f"{back}_{SWITCHES[safeguard]}",
            {"flow_id": flow_id},
            Still("flow", flow_id, f"flow_group.settings.{_SETTINGS[safeguard]}", (on,)),
        )
        refusal = f"The backend did not {verb} it, and did not say why."
        sent = {"flow_id": flow_id}
        await self._command(f"{verb}_{SWITCHES[safeguard]}", sent, refusal=refusal, undo=undo)

    async def switch_schedule(self, flow_id: FlowId, on: bool) -> None:
        """Turn a flow's schedule on or off, in the spelling this backend has."""
        spelled = (await self.capabilities()).schedule_inputs
        key = "flow_id" if "flow_id" in spelled or not spelled else "schedule_id"
        verb, back = ("active", "inactive") if on else ("inactive", "active")
        undo = Undo(
            f"switch the schedule {'off' if on else 'on'} again",
            f"set_schedule_{back}",
            {key: flow_id},
            Still("flow", flow_id, "is_schedule_active", (on,)),
        )
        refusal = "The backend did not switch the schedule: the flow may have none."
        await self._command(f"set_schedule_{verb}", {key: flow_id}, refusal=refusal, undo=undo)

    async def archive(self, flow_id: FlowId) -> None:
        """Archive a version: its runs stay, its schedule ends, and new runs are refused."""
        await self._command("archive_flow", {"flow_id": flow_id}, missing=f"flow {flow_id}")

    async def set_group_labels(
        self,
        group_id: FlowGroupId,
        labels: tuple[str, ...] | None,
        were: tuple[str, ...] | None = None,
    ) -> None:
        """Labels for the runs of every version; None leaves it to each version again."""
        sent = None if labels is None else list(labels)
        before = None if were is None else list(were)
        way = _Way("labels", "put the labels back", before, sent)
        await self._on_group("set_flow_group_labels", group_id, way, labels=sent)

    async def set_default_parameters(
        self,
        group_id: FlowGroupId,
        parameters: Mapping[str, Any],
        were: Mapping[str, Any] | None = None,
    ) -> None:
        """Values that stand in for the defaults of every version."""
        sent = dict(parameters)
        way = _Way("default_parameters", "put the defaults back", dict(were or {}), sent)
        await self._on_group(
            "set_flow_group_default_parameters", group_id, way.called("parameters"), parameters=sent
        )

    async def set_group_schedule(
        self, group_id: FlowGroupId, schedule: GroupSchedule, was: Schedule | None = None
    ) -> None:
        """Give every version this schedule instead of its own; no clocks takes it away again."""
        from flowtui.models.group_schedule import group_schedule

        mutation, sent = _schedule_sent(schedule)
        target = {"flow_group_id": group_id}
        undo = None
        if was is None or all(one.is_editable for one in was.details):
            back, given = _schedule_sent(group_schedule(was))
            undo = Undo("put the schedule back", back, {**target, **given})
        await self._command(mutation, {**target, **sent}, undo=undo, missing=f"flow {group_id}")

    async def describe(self, group_id: FlowGroupId, description: str, was: str = "") -> None:
        """Describe a flow in all its versions; nothing takes the description away."""
        way = _Way("description", "put the read me back", was or None, description or None)
        await self._on_group(
            "set_flow_group_description", group_id, way, description=description or None
        )

    async def delete_flow(self, flow_id: FlowId) -> None:
        """Remove a version with its tasks, runs and logs."""
        await self._command("delete_flow", {"flow_id": flow_id}, missing=f"flow {flow_id}")

    async def delete_flow_group(self, group_id: FlowGroupId) -> None:
        """Remove a flow with all its versions and their runs."""
        await self._on_group("delete_flow_group", group_id)

    async def _on_group(
        self, mutation: str, group_id: FlowGroupId, way: _Way | None = None, **sent: Any
    ) -> None:
        target = {"flow_group_id": group_id}
        undo = None
        if way is not None:
            still = Still("flow_group", group_id, way.column, (way.after,))
            back = {**target, way.argument or way.column: way.before}
            undo = Undo(way.says, mutation, back, still)
        await self._command(mutation, {**target, **sent}, undo=undo, missing=f"flow {group_id}")


@frozen
class _Way:
    """A column of a group that is written, and what it held before."""

    column: str
    says: str
    before: Any
    after: Any
    argument: str = ""
    """What the mutation calls it, where that is something else."""

    def called(self, argument: str) -> _Way:
        """The same, with what the mutation calls it."""
        return replace(self, argument=argument)


def _schedule_sent(schedule: GroupSchedule) -> tuple[str, dict[str, Any]]:
    """The mutation that makes this the group's schedule, and what it takes besides the group."""
    if not schedule.clocks:
        return "delete_flow_group_schedule", {}
    sent: dict[str, Any] = {}
    for kind, name in (("cron", "cron_clocks"), ("interval", "interval_clocks")):
        clocks = [one.sent() for one in schedule.clocks if one.kind == kind]
        if clocks:
            sent[name] = clocks
    if schedule.zone:
        sent["timezone"] = schedule.zone
    return "set_flow_group_schedule", sent
