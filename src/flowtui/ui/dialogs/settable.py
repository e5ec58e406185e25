"""What a state can be set of by hand: a run, with or without its task runs, or one task run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from flowtui.frozen import frozen
from flowtui.models.ids import FlowRunId
from flowtui.models.runs import FlowRun
from flowtui.models.states import RunState
from flowtui.models.tasks import TaskRun
from flowtui.models.text import amount
from flowtui.ui.widgets.fields import Option

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

NONE, NOT_MAPPED, ALL = "none", "not mapped", "all"
"""Which task runs of a run are set to the same state."""

RUN_TARGETS = (
    ("Success", "counts as done"),
    ("Failed", "counts as failed"),
    ("Cancelled", "ends it, and every task run that is not over"),
    ("Finished", "over, neither good nor bad"),
    ("Scheduled", "runs again from now; done tasks stay done"),
)
"""What a flow run can be set to, as in the web UI."""

TASK_TARGETS = (
    ("Success", "counts as done, what follows goes on"),
    ("Failed", "counts as failed, ends this task run"),
    ("Cancelled", "ends it, what follows will not start"),
    ("Finished", "over, neither good nor bad"),
    ("TimedOut", "counts as failed, for it took too long"),
    ("Scheduled", "runs again once its run goes on"),
    ("Resume", "goes on from a pause"),
    ("Pending", "clears it, as if it had not started"),
)
"""What a task run can be set to, as in the web UI."""


class Settable(Protocol):
    """One thing whose state is set."""

    @property
    def name(self) -> str: ...

    @property
    def place(self) -> str: ...

    @property
    def seen(self) -> RunState: ...

    @property
    def run_id(self) -> FlowRunId: ...

    @property
    def targets(self) -> Sequence[tuple[str, str]]: ...

    def said(self, state: str, reason: str) -> str:
        """The message of the state, and the line of the log."""

    async def scopes(self, backend: Backend) -> Sequence[Option]:
        """Which task runs can be set along; none to choose from where that makes no sense."""

    async def read(self, backend: Backend) -> RunState:
        """What it is in now."""

    async def send(
        self, backend: Backend, state: str, seen: RunState, reason: str, scope: str
    ) -> None:
        """Set it. Raises Conflict when it has moved since it was seen."""


def _because(reason: str) -> str:
    return f" because {reason!r}" if reason else ""


@frozen
class SettableRun:
    """A flow run."""

    run: FlowRun
    place: str = ""
    targets: Sequence[tuple[str, str]] = RUN_TARGETS

    @property
    def name(self) -> str:
        return self.run.name

    @property
    def seen(self) -> RunState:
        return self.run.state

    @property
    def run_id(self) -> FlowRunId:
        return self.run.id

    def said(self, state: str, reason: str) -> str:
        return f"Flow run set to {state} by hand{_because(reason)}."

    async def scopes(self, backend: Backend) -> Sequence[Option]:
        counts = await backend.task_run_counts(self.run.id)
        options = [
            Option(NONE, "none", "only the run itself"),
            Option(NOT_MAPPED, f"{counts.not_mapped} not mapped", "mapped children stay"),
        ]
        if counts.all > counts.not_mapped:
            options.append(Option(ALL, f"all {counts.all}", "mapped children too"))
        return options if counts.all else ()

    async def read(self, backend: Backend) -> RunState:
        return await backend.run_state(self.run.id)

    async def send(
        self, backend: Backend, state: str, seen: RunState, reason: str, scope: str
    ) -> None:
        if scope == NONE:
            await backend.set_flow_run_state(self.run.id, state, seen=seen, reason=reason)
        else:
            await backend.set_with_task_runs(
                self.run.id, state, seen=seen, reason=reason, mapped=scope == ALL
            )


@frozen
class SettableTask:
    """One task run."""

    task: TaskRun
    place: str = ""
    targets: Sequence[tuple[str, str]] = TASK_TARGETS

    @property
    def name(self) -> str:
        return self.task.label

    @property
    def seen(self) -> RunState:
        return self.task.state

    @property
    def run_id(self) -> FlowRunId:
        return self.task.flow_run_id

    def said(self, state: str, reason: str) -> str:
        return f"Task run {self.task.label} set to {state} by hand{_because(reason)}."

    async def scopes(self, backend: Backend) -> Sequence[Option]:
        return ()

    async def read(self, backend: Backend) -> RunState:
        return await backend.task_run_state(self.task.id)

    async def send(
        self, backend: Backend, state: str, seen: RunState, reason: str, scope: str
    ) -> None:
        await backend.set_task_run_state(self.task.id, state, seen=seen, reason=reason)


def scope_words(scope: str, options: Sequence[Option]) -> str:
    """What is sent before the run's own state."""
    label = next((one.label for one in options if one.value == scope), "")
    if scope == NONE or not label:
        return ""
    return amount(int("".join(filter(str.isdigit, label)) or 0), "task run")
