"""What can be done to many task runs at once: adding a deed is a line here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from flowtui.models.tasks import TaskRun
from flowtui.ui.bulk import Becomes, BulkDeed, Kind, set_to

if TYPE_CHECKING:
    from flowtui.client.backend import Backend


async def _tasks_again(backend: Backend, tasks: Sequence[TaskRun]) -> Mapping[str, TaskRun]:
    seen = await backend.seen_task_runs({"id": {"_in": [task.id for task in tasks]}})
    now = {str(one.id): one.state for one in seen}
    return {task.id: replace(task, state=now[task.id]) for task in tasks if task.id in now}


async def _task_moved(backend: Backend, task: TaskRun) -> str:
    now = await backend.task_run_state(task.id)
    same = now.version == task.state.version
    return "" if same else f"it is {now.type} now, version {now.version}"


TASKS: Kind[TaskRun] = Kind(
    noun="task run",
    key=lambda task: task.id,
    name=lambda task: task.label,
    belongs=lambda task: "",
    owner="",
    state=lambda task, now: task.state.type,
    version=lambda task: task.state.version,
    seconds=lambda task, now: task.seconds(now),
    again=_tasks_again,
    moved=_task_moved,
)


def setting_tasks(state: str, key: str, text: str) -> BulkDeed[TaskRun]:
    """Setting task runs to a state by hand."""

    def becomes(task: TaskRun, now: datetime) -> Becomes:
        return Becomes(skip=f"it is {state}") if task.state.type == state else Becomes(state)

    async def send(backend: Backend, task: TaskRun) -> None:
        await backend.set_task_run_state(task.id, state, seen=task.state)

    return set_to(TASKS, state, key, text, becomes, send)


TASK_DEEDS: tuple[BulkDeed[TaskRun], ...] = (
    setting_tasks("Success", "s", "They count as done, without a result."),
    setting_tasks("Failed", "f", "They count as failed."),
    setting_tasks("Skipped", "k", "They count as passed over."),
    setting_tasks("Pending", "p", "They run again, if their run does."),
)
