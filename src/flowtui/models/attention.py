"""What needs a human: failures grouped by cause, and runs that nobody takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.ids import FlowRunId
from flowtui.models.runs import FlowRun
from flowtui.models.tasks import unwrapped

_VARYING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|0x[0-9a-f]+|\d+", re.I
)


def signature_of(message: str) -> str:
    """What a state says without what differs from one time to the next: numbers and ids."""
    return _VARYING.sub("#", unwrapped(message))


@frozen
class Failure:
    """A run that failed, and the first task run that did, if one did."""

    run: FlowRun
    task: str = ""
    message: str = ""

    @property
    def cause(self) -> str:
        """What went wrong, in the task's own words, else in the run's."""
        return unwrapped(self.message or self.run.state.message)

    @property
    def signature(self) -> str:
        """The cause without what differs from one time to the next: numbers and ids."""
        return signature_of(self.cause)


@frozen
class Overview:
    """How runs went since a moment, as the backend counts them."""

    since: datetime
    succeeded: int = 0
    failed: int = 0
    cancelled: int = 0
    running: int = 0
    failures: tuple[Failure, ...] = ()
    """The newest first; as many as were asked for."""

    @property
    def finished(self) -> int:
        return self.succeeded + self.failed + self.cancelled


@frozen
class Matter:
    """One thing that needs a human: a cause, and the runs it has."""

    state: str
    flow_name: str
    cause: str
    run_id: FlowRunId
    """The newest of its runs: the one to open."""

    runs: int
    since: datetime
    """When it happened last, or has been waiting from."""

    task: str = ""
    flow_group_id: str = ""
    first: datetime | None = None
    """When the first of its runs went wrong."""
    version: int = 0
    """The oldest version of the flow it happened in."""
    agent: Agent | None = None
    """Who would take what is late: of those that may, the one that asked last."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.state, self.flow_name, self.cause


def matters(
    overview: Overview, planned: Iterable[FlowRun], agents: Sequence[Agent], now: datetime
) -> list[Matter]:
    """What is late first, then failures by cause, the newest first."""
    return [*_late(planned, agents, now), *_failed(overview.failures)]


def _late(planned: Iterable[FlowRun], agents: Sequence[Agent], now: datetime) -> list[Matter]:
    by_flow: dict[str, list[FlowRun]] = {}
    for run in planned:
        if run.shown_state(now) == states.LATE:
            by_flow.setdefault(run.flow_name, []).append(run)
    found = []
    for name, runs in by_flow.items():
        first = runs[0]
        live = any(agent.takes(first.labels) and agent.health(now) == "healthy" for agent in agents)
        labels = " ".join(first.labels)
        missing = f"no live agent takes {labels}" if labels else "no live agent without labels"
        found.append(
            Matter(
                states.LATE,
                name,
                "an agent is there, but does not take it" if live else missing,
                first.id,
                len(runs),
                first.due,
                flow_group_id=first.flow_group_id or "",
                version=first.flow_version,
                agent=_asked_last(agent for agent in agents if agent.takes(first.labels)),
            )
        )
    return sorted(found, key=lambda one: one.since)


def _asked_last(agents: Iterable[Agent]) -> Agent | None:
    asked = [(agent.last_queried, agent) for agent in agents if agent.last_queried is not None]
    return max(asked, key=lambda one: one[0])[1] if asked else None


def _failed(failures: Sequence[Failure]) -> list[Matter]:
    groups: dict[tuple[str, str], list[Failure]] = {}
    for failure in failures:
        groups.setdefault((failure.run.flow_name, failure.signature), []).append(failure)
    found = []
    for alike in groups.values():
        newest = alike[0]
        found.append(
            Matter(
                newest.run.state.type,
                newest.run.flow_name,
                newest.cause,
                newest.run.id,
                len(alike),
                newest.run.moved_at,
                newest.task,
                newest.run.flow_group_id or "",
                first=min(one.run.moved_at for one in alike),
                version=min(one.run.flow_version for one in alike),
            )
        )
    return sorted(found, key=lambda one: one.since, reverse=True)
