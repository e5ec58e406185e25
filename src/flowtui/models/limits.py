"""Limits: how many flow runs with a label, or task runs with a tag, may run at once."""

from __future__ import annotations

from datetime import datetime

from flowtui.frozen import frozen
from flowtui.models.ids import FlowRunId

LABEL = "label"
TAG = "tag"
QUEUED = "Queued"
"""The state of a task run that waits for a place."""


@frozen
class Limit:
    """A limit, and how many places under it are taken."""

    id: str
    kind: str
    """LABEL or TAG."""
    name: str
    limit: int
    used: int = 0

    @property
    def runs(self) -> str:
        """What it counts."""
        return "flow run" if self.kind == LABEL else "task run"

    @property
    def is_full(self) -> bool:
        """Whether what comes has to wait."""
        return self.used >= self.limit

    @property
    def free(self) -> int:
        """How many places are left."""
        return max(0, self.limit - self.used)

    @property
    def share(self) -> float:
        """How much of it is taken, of 1; a limit of none is full."""
        return min(1.0, self.used / self.limit) if self.limit else 1.0

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.kind, self.name


@frozen
class TagHolder:
    """A task run that has a place under a tag, or waits for one."""

    state: str
    task: str
    """Its task, with the index of a mapped child."""
    tags: tuple[str, ...]
    flow: str
    run: str
    run_id: FlowRunId
    since: datetime | None
    """When it started, or began to wait."""

    @property
    def waits(self) -> bool:
        """Whether it has no place yet."""
        return self.state == QUEUED
