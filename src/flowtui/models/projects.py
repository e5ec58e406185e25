"""Projects: named collections of flows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.flows import FlowSummary
from flowtui.models.ids import FlowGroupId, FlowId, ProjectId


@frozen
class Project:
    """A project, and how many flows it holds."""

    id: ProjectId
    name: str
    created: datetime
    description: str = ""
    flows: int = 0
    """Versions that are not archived: one a flow."""
    archived: int = 0
    """Versions that are."""


@frozen
class ProjectFlow:
    """A version of a flow that is in a project; each version can be in another one."""

    id: FlowId
    group_id: FlowGroupId
    name: str
    version: int
    archived: bool


@frozen
class ProjectSummary:
    """A project as the list of projects shows it: with the flows that can run."""

    project: Project
    flows: tuple[FlowSummary, ...] = ()
    """By name."""

    def states(self, now: datetime) -> list[str]:
        """How each flow that ever ran is, in the order of their names."""
        return [state for flow in self.flows if (state := flow.shown_state(now))]

    def shown_state(self, now: datetime) -> str:
        """The state of the flow that most wants to be seen; empty where none ever ran."""
        return min(self.states(now), key=_urgency, default="")

    def wrong(self, now: datetime) -> int:
        """How many flows are late or have failed last."""
        return sum(1 for state in self.states(now) if _urgency(state) < 2)

    @property
    def last_run(self) -> datetime | None:
        """When the newest run of any flow started."""
        started = (run.start_time for flow in self.flows for run in flow.recent_runs)
        return max((when for when in started if when), default=None)


def _urgency(state: str) -> int:
    if state == states.LATE:
        return 0
    if states.is_failed(state):
        return 1
    return 2 if states.is_running(state) else 3


def in_projects(projects: Iterable[Project], flows: Iterable[FlowSummary]) -> list[ProjectSummary]:
    """Projects with their flows, which know a project by its name."""
    found: dict[str, list[FlowSummary]] = {}
    for flow in flows:
        found.setdefault(flow.latest.project_name, []).append(flow)
    return [
        ProjectSummary(one, tuple(sorted(found.get(one.name, ()), key=lambda flow: flow.name)))
        for one in projects
    ]
