"""How a run usually goes: when each of its tasks starts and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from flowtui.frozen import frozen


@frozen
class UsualTask:
    """A task in a run that went well; all its mapped children together count as one."""

    after: timedelta
    """From the start of the run to its start."""

    lasted: timedelta


@frozen
class Course:
    """The tasks of the last run that went well, by their slugs."""

    run_name: str = ""
    version: int = 0
    """Of its flow."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    ended: datetime | None = None
    lasted: timedelta | None = None
    tasks: Mapping[str, UsualTask] = field(default_factory=dict)

    def expected(
        self, slug: str, run_start: datetime, start: datetime | None, now: datetime
    ) -> tuple[datetime, datetime] | None:
        """From when to when a task that is not over is expected to run; it is never past."""
        usual = self.tasks.get(slug)
        if usual is None:
            return None
        begins = start or max(now, run_start + usual.after)
        return begins, begins + usual.lasted
