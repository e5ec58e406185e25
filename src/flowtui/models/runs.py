"""Flow runs: one execution of a flow, with its own parameters, states and times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.ids import AgentId, FlowGroupId, FlowId, FlowRunId
from flowtui.models.states import RunState, StateRecord


@frozen(slots=True)
class FlowRun:
    """A flow run as lists show it."""

    id: FlowRunId
    name: str
    state: RunState
    scheduled_start_time: datetime
    start_time: datetime | None = None
    end_time: datetime | None = None
    flow_id: FlowId | None = None
    flow_group_id: FlowGroupId | None = None
    flow_name: str = ""
    flow_version: int = 0
    project_name: str = ""
    auto_scheduled: bool = False
    labels: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_finished(self) -> bool:
        return states.is_finished(self.state.type)

    @property
    def due(self) -> datetime:
        """When it is to start, as long as it waits: by its state, else by its plan."""
        return self.state.start_time or self.scheduled_start_time

    @property
    def moved_at(self) -> datetime:
        """When its state changed last; its plan, where the backend does not say."""
        return self.state.timestamp or self.scheduled_start_time

    def shown_state(self, now: datetime) -> str:
        """The state's name as a person should see it: Late is one of them."""
        if states.is_late(self.state.type, self.due, now):
            return states.LATE
        return self.state.type

    def seconds(self, now: datetime) -> float | None:
        """How long it ran, or has been running; None before its start.

        The end is only believed when the run is over: a restarted run keeps its old `end_time`.
        """
        return run_seconds(self.state, self.start_time, self.end_time, now)


@frozen
class FlowRunDetail:
    """A flow run with all that its own page shows."""

    run: FlowRun
    flow_group_id: FlowGroupId
    states: tuple[StateRecord, ...] = ()
    agent_id: AgentId | None = None
    agent_name: str = ""
    heartbeat: datetime | None = None
    times_resurrected: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)
    run_config: Mapping[str, Any] | None = None
    idempotency_key: str = ""
    flow_archived: bool = False
    usual_seconds: float | None = None
    """The median of the flow's last successful runs."""
    updated: datetime | None = None
    created_by: str = ""
    """Who made it, where the backend keeps that."""


@frozen
class TaskRunCounts:
    """How many task runs a run has."""

    not_mapped: int
    """Those that are no children of a mapped task."""
    all: int


@frozen
class NewFlowRun:
    """What is sent to create a run; whatever is None is not sent, and the backend decides."""

    flow_id: FlowId
    idempotency_key: str
    name: str | None = None
    parameters: Mapping[str, Any] | None = None
    context: Mapping[str, Any] | None = None
    labels: tuple[str, ...] | None = None
    scheduled_start_time: datetime | None = None
    run_config: Mapping[str, Any] | None = None


def run_seconds(
    state: RunState, start: datetime | None, end: datetime | None, now: datetime
) -> float | None:
    """Seconds between start and end, or until now while it runs; None where it never started."""
    if start is None or states.is_scheduled(state.type) or state.type in ("Pending", "Submitted"):
        return None
    if states.is_finished(state.type):
        end = end or state.timestamp or start
        return max(0.0, (end - start).total_seconds())
    return max(0.0, (now - start).total_seconds())


def usual_seconds(runs: Iterable[FlowRun]) -> float | None:
    """The middle one of the durations of the runs that ended well; None where none did."""
    times = sorted(
        (run.end_time - run.start_time).total_seconds()
        for run in runs
        if run.start_time and run.end_time and states.is_success(run.state.type)
    )
    return times[len(times) // 2] if times else None
