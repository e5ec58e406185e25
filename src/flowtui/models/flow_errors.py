"""What went wrong in the last runs of a flow."""

from __future__ import annotations

from datetime import datetime

from flowtui.frozen import frozen
from flowtui.models.attention import Failure
from flowtui.models.ids import TaskRunId
from flowtui.models.runs import FlowRun

TROUBLED_RUNS = 100
"""The last failed runs of a flow of which is counted in which tasks they failed."""


@frozen
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


@frozen
class FailingTask:
    """A task, and how many runs it failed in."""

    name: str
    runs: int


@frozen
class FlowTroubles:
    """What went wrong in a flow lately, in a few words."""

    last: Failure | None = None
    """Its last run that failed."""
    runs: int = 0
    """Failed runs that were looked through for tasks."""
    tasks: tuple[FailingTask, ...] = ()
    """Those that failed in them, the worst first."""
    elsewhere: tuple[Failure, ...] = ()
    """What failed in other flows, the newest first."""

    @property
    def same_elsewhere(self) -> tuple[Failure, ...]:
        """The last of each other flow in which a task failed as in the last run of this one."""
        if self.last is None or not self.last.task:
            return ()
        found: dict[str, Failure] = {}
        for one in self.elsewhere:
            if one.task and one.signature == self.last.signature:
                found.setdefault(one.run.flow_group_id or one.run.flow_name, one)
        return tuple(found.values())
