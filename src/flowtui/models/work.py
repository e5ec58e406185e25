"""The work that was done of late: by which agent, under which labels, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flowtui.models.ids import AgentId
from flowtui.models.runs import FlowRun


@dataclass(frozen=True)
class Stint:
    """A run, as it took a place: whose, under which labels, from when to when."""

    agent_id: AgentId | None
    labels: tuple[str, ...]
    start: datetime
    end: datetime | None = None
    """None while it runs."""


@dataclass(frozen=True)
class Lately:
    """The newest runs that an agent took, and how many of those of the last while went well."""

    runs: Sequence[FlowRun] = ()
    succeeded: int = 0
    ended: int = 0


def run_by(agent_id: AgentId, running: Iterable[Stint]) -> int:
    """How many of these an agent runs."""
    return sum(1 for one in running if one.agent_id == agent_id)


def taken(
    label: str, stints: Iterable[Stint], since: datetime, until: datetime, parts: int
) -> list[int]:
    """How many runs with a label ran in each of so many parts of a time; what runs does so until
    its end."""
    whole = max((until - since).total_seconds(), 1.0)
    counts = [0] * parts
    for one in stints:
        if label in one.labels:
            start = (one.start - since).total_seconds() / whole * parts
            end = ((one.end or until) - since).total_seconds() / whole * parts
            for part in range(max(0, int(start)), min(parts, int(end) + 1)):
                counts[part] += 1
    return counts
