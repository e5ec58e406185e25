"""The ways from a task run to others: along the edges of its flow, and among its siblings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flowtui.models.ids import FlowRunId, TaskRunId
from flowtui.models.task_detail import Neighbour, TaskRunDetail
from flowtui.models.tasks import TaskRun
from flowtui.ui.actions import action
from flowtui.ui.live_run import RunView
from flowtui.ui.screens.task_actions import TaskActions, with_task
from flowtui.ui.steering import Siblings
from flowtui.ui.task_rows import TaskRow

if TYPE_CHECKING:
    from flowtui.ui.screens.task_run import TaskRunScreen


def is_child(screen: Any) -> str | None:
    """It is one of the children of a mapped task."""
    task = screen.chosen_task
    return None if task is not None and task.is_child else "it is no mapped child"


def task_screen(
    run_id: FlowRunId, task_run_id: TaskRunId, at: TaskRunId | None = None
) -> TaskRunScreen:
    """The page of a task run; of a mapped one, with the cursor on that child."""
    from flowtui.ui.screens.task_run import TaskRunScreen

    return TaskRunScreen(run_id, task_run_id, at)


def with_upstream(screen: Any) -> str | None:
    """Something ran before it."""
    return _leads(screen.detail, screen.detail and screen.detail.upstream)


def with_downstream(screen: Any) -> str | None:
    """Something runs after it."""
    return _leads(screen.detail, screen.detail and screen.detail.downstream)


def _leads(detail: TaskRunDetail | None, ends: Sequence[Neighbour] | None) -> str | None:
    if detail is None:
        return "its neighbours have not been read yet"
    return None if ends else "there is nothing"


class TaskWalk(TaskActions):
    """A page of one task run."""

    run_id: FlowRunId
    view: RunView | None = None
    detail: TaskRunDetail | None = None
    row: TaskRow | None = None

    @property
    def copied_id(self) -> str:
        task = self.chosen_task
        return task.id if task is not None else ""

    def children_of(self, task: TaskRun) -> tuple[TaskRun, ...]:
        """The children of a mapped task run, in the order of their index."""
        assert self.view is not None
        found = (one for one in self.view.tasks if one.is_child and one.task_id == task.task_id)
        return tuple(sorted(found, key=lambda one: one.map_index))

    def follow_neighbours(self) -> None:
        """Show the neighbours as they are now; a mapped one as its children fare."""
        if self.detail is None or self.view is None:
            return
        tasks = {task.id: task for task in self.view.tasks}

        def now(one: Neighbour) -> Neighbour:
            task = tasks.get(one.task_run_id) if one.task_run_id else None
            if task is None:
                return one
            children = () if task.is_child else self.children_of(task)
            return replace(one, state=TaskRow(task.id, task, children).state)

        ends = (tuple(map(now, each)) for each in (self.detail.upstream, self.detail.downstream))
        upstream, downstream = ends
        self.detail = replace(self.detail, upstream=upstream, downstream=downstream)

    async def beside(self) -> Siblings | None:
        """The other children of its mapped task; of another task, the tasks of the run."""
        if self.row is None or self.view is None:
            return None
        here = self.row.task
        if here.is_child:
            found: Sequence[TaskRun] = self.children_of(here)
        else:
            others = (task for task in self.view.tasks if not task.is_child)
            found = sorted(others, key=_started)
        ids = [task.id for task in found]
        return Siblings(
            "task run", ids, here.id, lambda one: task_screen(self.run_id, TaskRunId(one))
        )

    @action("m", "siblings", is_child, bar=False)
    def open_siblings(self) -> None:
        """The mapped task with all its children; the cursor on this one."""
        task = self.chosen_task
        assert task is not None
        assert self.view is not None
        parents = (one for one in self.view.tasks if one.task_id == task.task_id)
        parent = next((one for one in parents if not one.is_child), None)
        if parent is not None:
            self.app.push_screen(task_screen(self.run_id, parent.id, at=task.id))

    @action("less_than_sign", "upstream", with_task, with_upstream)
    async def go_upstream(self) -> None:
        """What ran before it; where there are several, choose."""
        assert self.detail is not None
        await self._walk("Upstream", self.detail.upstream)

    @action("greater_than_sign", "downstream", with_task, with_downstream)
    async def go_downstream(self) -> None:
        """What runs after it; where there are several, choose."""
        assert self.detail is not None
        await self._walk("Downstream", self.detail.downstream)

    async def _walk(self, title: str, ends: Sequence[Neighbour]) -> None:
        from flowtui.ui.dialogs.neighbours import NeighbourPicker

        chosen: Neighbour | None = ends[0]
        if len(ends) > 1:
            name = self.row.task.label if self.row is not None else ""
            chosen = await self.app.push_screen_wait(NeighbourPicker(title, name, ends))
        if chosen is not None and chosen.task_run_id is not None:
            self.app.switch_screen(task_screen(self.run_id, chosen.task_run_id))


def _started(task: TaskRun) -> tuple[bool, float, str]:
    start = task.start_time
    return start is None, start.timestamp() if start else 0.0, task.task_name
