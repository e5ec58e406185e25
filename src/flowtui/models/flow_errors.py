"""What went wrong in the last runs of a flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flowtui.models.ids import TaskRunId
from flowtui.models.runs import FlowRun


@dataclass(frozen=True)
class FlowError:
    """A task run that failed, or a run that failed without one."""

    run: FlowRun
    task: str
    """Empty where the run itself failed."""
    state: str
    message: str
    time: datetime | None
    task_run_id: TaskRunId | None = None

    @property
    def id(self) -> str:
        """What tells it from the others."""
        return self.task_run_id or self.run.id
