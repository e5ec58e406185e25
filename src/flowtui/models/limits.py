"""Limits: how many flow runs with a label, or task runs with a tag, may run at once."""

from __future__ import annotations

from dataclasses import dataclass

LABEL = "label"
TAG = "tag"


@dataclass(frozen=True)
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
