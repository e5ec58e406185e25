"""How runs went, in numbers: of a day, of a project, and of the past of a flow."""

from __future__ import annotations

from datetime import datetime

from flowtui.frozen import frozen


@frozen
class DayOutcome:
    """How the runs of a day went."""

    start: datetime
    succeeded: int = 0
    ended: int = 0

    @property
    def share(self) -> float:
        """How many of those that are over went well, from 0 to 1."""
        return self.succeeded / self.ended if self.ended else 0.0


@frozen
class ProjectOutcome:
    """How the runs of a project went."""

    name: str
    failed: int = 0
    ended: int = 0


@frozen
class PastRun:
    """A run as far as a graphic needs it."""

    state: str
    due: datetime
    seconds: float | None = None
