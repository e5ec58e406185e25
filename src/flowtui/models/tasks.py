"""Task runs: what a flow run is made of."""

from __future__ import annotations

import re
from datetime import datetime

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.ids import FlowRunId, TaskId, TaskRunId
from flowtui.models.runs import run_seconds
from flowtui.models.states import RunState, StateRecord

_WRAPPINGS = ("Error during execution of task: ", "Unexpected error: ")
"""What Prefect's task runner puts before every exception: of the task, and of anything else."""

_EXCEPTION = re.compile(r"(?:[\w]+\.)*([A-Z]\w*)(?=[(:])")
"""An exception's class as `repr` and as tracebacks write it, maybe with its module."""


def unwrapped(message: str) -> str:
    """What a state says, in the task's own words."""
    for wrapping in _WRAPPINGS:
        if message.startswith(wrapping):
            return message.removeprefix(wrapping)
    return message


def in_a_word(said: str) -> str:
    """The exception of a message that begins with one, without what it says and where it is from.

    `KeyError("'currency_code'")` is a `KeyError`; a message without one stays as it is.
    """
    found = _EXCEPTION.match(said)
    return found[1] if found is not None else said


@frozen(slots=True)
class TaskRun:
    """One task's execution in one flow run; mapped children have a `map_index` of 0 and up."""

    id: TaskRunId
    flow_run_id: FlowRunId
    task_id: TaskId
    task_name: str
    task_slug: str
    state: RunState
    map_index: int = -1
    name: str = ""
    max_retries: int = 0
    start_time: datetime | None = None
    end_time: datetime | None = None
    updated: datetime | None = None
    states: tuple[StateRecord, ...] = ()
    expected_children: int = 0
    """How many mapped children its state says there will be; 0 where it says nothing."""

    @property
    def is_child(self) -> bool:
        """One of the children of a mapped task."""
        return self.map_index >= 0

    @property
    def label(self) -> str:
        """`load`, or `load[3]` for a mapped child."""
        return f"{self.task_name}[{self.map_index}]" if self.is_child else self.task_name

    @property
    def said(self) -> str:
        """What its state says, in the task's own words."""
        return unwrapped(self.state.message)

    @property
    def cause(self) -> str:
        """Why it went wrong: of one that is retried, what its last attempt said."""
        if self.state.type != "Retrying":
            return self.said
        wrong = [one.message for one in self.states if states.is_failed(one.type)]
        return unwrapped(wrong[-1]) if wrong else self.said

    @property
    def is_finished(self) -> bool:
        return states.is_finished(self.state.type)

    @property
    def is_reset_by_restart(self) -> bool:
        """Whether a restart of its run sets it back to Pending, as in the web UI."""
        return self.state.type in ("Failed", "TimedOut", "TriggerFailed", "Cancelled")

    def seconds(self, now: datetime) -> float | None:
        """How long it ran, or has been running; None before its start."""
        return run_seconds(self.state, self.start_time, self.end_time, now)

    @property
    def attempts(self) -> int:
        """How often it was started."""
        return sum(1 for record in self.states if record.type == "Running")

    @property
    def attempts_allowed(self) -> int | None:
        """How often it may be started without a restart; None where it has been more often."""
        allowed = self.max_retries + 1
        return allowed if self.attempts <= allowed else None

    @property
    def seen(self) -> SeenTaskRun:
        """What of it a command needs."""
        return SeenTaskRun(self.id, self.task_name, self.map_index, self.state)


@frozen
class SeenTaskRun:
    """A task run as far as a command needs it: what it is called, and what it was seen in."""

    id: TaskRunId
    task_name: str
    map_index: int
    state: RunState

    @property
    def label(self) -> str:
        """As `TaskRun.label`."""
        return f"{self.task_name}[{self.map_index}]" if self.map_index >= 0 else self.task_name
