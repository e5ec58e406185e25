"""The work that was done of late: by which agent, under which labels, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flowtui.frozen import frozen
from flowtui.models.ids import AgentId
from flowtui.models.runs import FlowRun

MOMENT = timedelta(seconds=1)
"""What took less is counted as if it had taken so long."""


@frozen
class Stint:
    """A run, as it took a place: whose, under which labels, from when to when."""

    agent_id: AgentId | None
    labels: tuple[str, ...]
    start: datetime
    end: datetime | None = None
    """None while it runs."""


@frozen
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
    """How many runs with a label ran at the same time at most, in each of so many parts of a time;
    what runs does so until its end."""
    part, edges = (until - since) / parts, []
    for one in stints:
        if label in one.labels:
            end = max(one.end or until, one.start + MOMENT)
            edges += [(max(one.start, since), 1), (end, -1)]
    counts = [0] * parts
    running = place = 0
    for when, change in sorted(edges):
        reached = max(0, min(parts - 1, int((when - since) / part)))
        while place < reached:
            place += 1
            counts[place] = running
        running += change
        counts[place] = max(counts[place], running)
    return counts
