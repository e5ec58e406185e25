"""Task runs of one run in the order they last changed, page by page."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from flowtui.frozen import frozen
from flowtui.models.tasks import TaskRun


@frozen
class TaskPlace:
    """Where to go on reading: behind this task run, or, at the end, a little before it."""

    updated: datetime
    id: str


@frozen
class TaskPage:
    """Some task runs that changed."""

    tasks: tuple[TaskRun, ...] = field(default=())
    place: TaskPlace | None = None
    complete: bool = True
    """Nothing else has changed."""
