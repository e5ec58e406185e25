"""Flows, their groups and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.ids import FlowGroupId, FlowId
from flowtui.models.runs import FlowRun, usual_seconds
from flowtui.models.schedules import Schedule


@frozen
class Parameter:
    """A value a flow takes; a required one has no default."""

    name: str
    required: bool
    default: Any = None


@frozen
class Safeguards:
    """The three settings of a flow group that keep its runs healthy."""

    heartbeat: bool = True
    lazarus: bool = True
    version_lock: bool = False


@frozen
class FlowVersion:
    """One registered version of a flow."""

    id: FlowId
    name: str
    version: int
    created: datetime
    archived: bool
    project_name: str = ""
    core_version: str = ""
    schedule: Schedule | None = None
    is_schedule_active: bool = False
    parameters: tuple[Parameter, ...] = ()
    run_config: Mapping[str, Any] | None = None
    storage: str = ""
    """The kind of it."""
    storage_settings: Mapping[str, Any] | None = None
    environment: Mapping[str, Any] | None = None
    version_group_id: str = ""
    description: str = ""
    created_by: str = ""
    """Who registered it, where the backend keeps that."""
    recent_runs: tuple[FlowRun, ...] = ()
    """Newest first, at most ten, those still Scheduled left out."""
    succeeded: int = 0
    finished: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it was registered with: of its run config, else of its environment."""
        for document in (self.run_config, self.environment):
            labels = (document or {}).get("labels")
            if isinstance(labels, list):
                return tuple(str(label) for label in labels)
        return ()

    @property
    def own_defaults(self) -> Mapping[str, Any]:
        """What it takes where nobody gives it anything."""
        return {one.name: one.default for one in self.parameters if not one.required}

    @property
    def usual_seconds(self) -> float | None:
        """How long the last of its runs that ended well took: the middle one."""
        return usual_seconds(self.recent_runs)


@frozen
class FlowEnds:
    """How runs of a flow ended: those that went well, and those that failed."""

    succeeded: int = 0
    failed: int = 0

    @property
    def all_of_them(self) -> int:
        """Both; one that was cancelled says nothing of the flow."""
        return self.succeeded + self.failed

    def __add__(self, other: FlowEnds) -> FlowEnds:
        return FlowEnds(self.succeeded + other.succeeded, self.failed + other.failed)


@frozen
class FlowSummary:
    """A flow as the list of flows shows it: its newest version, and the last runs of its group."""

    group_id: FlowGroupId
    latest: FlowVersion
    safeguards: Safeguards = field(default_factory=Safeguards)
    schedule: Schedule | None = None
    """The group's own schedule, else that of the version."""
    recent_runs: tuple[FlowRun, ...] = ()
    """Newest first, at most ten, over the newest versions."""
    next_run: FlowRun | None = None
    group_labels: tuple[str, ...] | None = None
    """The group's own labels; None where it has none and those of the version hold."""

    @property
    def name(self) -> str:
        return self.latest.name

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels its runs get if nobody says otherwise."""
        if self.group_labels is not None:
            return self.group_labels
        return self.latest.labels

    @property
    def usual_seconds(self) -> float | None:
        """How long the last runs that ended well took: the middle one."""
        return usual_seconds(self.recent_runs)

    def shown_state(self, now: datetime) -> str:
        """What matters most: a late run, else what runs, else how the last one ended."""
        if self.next_run is not None and self.next_run.shown_state(now) == states.LATE:
            return states.LATE
        if not self.recent_runs:
            return self.next_run.shown_state(now) if self.next_run else ""
        return self.recent_runs[0].shown_state(now)


@frozen
class FlowGroup:
    """A flow with its whole history of versions, newest first."""

    id: FlowGroupId
    versions: tuple[FlowVersion, ...]
    safeguards: Safeguards = field(default_factory=Safeguards)
    schedule: Schedule | None = None
    labels: tuple[str, ...] | None = None
    default_parameters: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""
    run_config: Mapping[str, Any] | None = None

    @property
    def latest(self) -> FlowVersion:
        """The version that runs: the newest that is not archived, else the newest."""
        return next((one for one in self.versions if not one.archived), self.versions[0])

    @property
    def last_run(self) -> FlowRun | None:
        """The run that was planned last, of any version, those still Scheduled left out."""
        return next(iter(self.last_runs), None)

    @property
    def last_runs(self) -> list[FlowRun]:
        """The last runs of each version, the one that was planned last in front."""
        runs = (run for version in self.versions for run in version.recent_runs)
        return sorted(runs, key=lambda run: run.scheduled_start_time, reverse=True)

    @property
    def effective_labels(self) -> tuple[str, ...]:
        """The labels its runs get if nobody says otherwise."""
        return self.latest.labels if self.labels is None else self.labels

    def missing_parameters(self, version: FlowVersion) -> tuple[str, ...]:
        """What a run of the version must be given, because nothing stands in for it."""
        return tuple(one.name for one in self.effective_parameters(version) if one.required)

    def effective_parameters(self, version: FlowVersion) -> tuple[Parameter, ...]:
        """The version's parameters with the group's defaults over their own."""
        return tuple(
            Parameter(one.name, False, self.default_parameters[one.name])
            if one.name in self.default_parameters
            else one
            for one in sorted(version.parameters, key=lambda one: one.name)
        )
