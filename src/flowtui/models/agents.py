"""Agents: what takes runs from the queue."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from flowtui.frozen import frozen
from flowtui.models.ids import AgentId

HEALTHY_FOR = timedelta(minutes=5)
STALE_FOR = timedelta(minutes=720)


@frozen
class Contacts:
    """How often an agent asked for work, counted over spans of time."""

    seconds: int
    """How long a span is."""
    span: int
    """Which one the last is, counted since 1970."""
    times: tuple[int, ...]
    """The oldest span in front."""

    def until(self, now: datetime, spans: int) -> list[int | None]:
        """The counts of the last spans up to now; None where it was not known yet."""
        passed = max(0, int(now.timestamp()) // self.seconds - self.span)
        behind = self.times + (0,) * min(spans, passed)  # a clock may be years away
        unknown: list[int | None] = [None] * max(0, spans - len(behind))
        return [*unknown, *behind[-spans:]]


@frozen
class Agent:
    """An agent, and when it last asked for work."""

    id: AgentId
    name: str
    type: str
    labels: tuple[str, ...] = ()
    last_queried: datetime | None = None
    core_version: str = ""

    def health(self, now: datetime) -> str:
        """`healthy`, `stale` or `old`, by the web UI's thresholds of 5 and 720 minutes."""
        if self.last_queried is None or now - self.last_queried > STALE_FOR:
            return "old"
        return "healthy" if now - self.last_queried <= HEALTHY_FOR else "stale"

    def takes(self, labels: Iterable[str]) -> bool:
        """Whether all these labels are its own; a run without any goes to an agent without any."""
        wanted = set(labels)
        return wanted <= set(self.labels) if wanted else not self.labels


def live_takers(agents: Iterable[Agent], labels: Collection[str], now: datetime) -> list[Agent]:
    """Those that ask for work and would take a run with these labels."""
    return [one for one in agents if one.takes(labels) and one.health(now) == "healthy"]
