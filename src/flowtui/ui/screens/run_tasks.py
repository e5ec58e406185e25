"""The tasks of a run's page: what is told of the one under the cursor, and what is done to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flowtui.errors import FlowtuiError
from flowtui.models import states
from flowtui.models.course import Course
from flowtui.models.flow_tasks import FlowTask
from flowtui.models.runs import FlowRun
from flowtui.models.tasks import TaskRun
from flowtui.models.text import amount
from flowtui.ui.actions import Action, action
from flowtui.ui.ink import Piece
from flowtui.ui.run_panel import Told, neighbours_of, panel
from flowtui.ui.screens.run_edits import RunEdits
from flowtui.ui.screens.run_graph import GraphKeys
from flowtui.ui.screens.run_time import TimeKeys, read
from flowtui.ui.screens.task_actions import set_state_of
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines


def restartable(screen: Any) -> str | None:
    """The run is over without success, or something in it went wrong."""
    run = screen.view.detail.run
    if states.is_failed(run.state.type) or run.state.type == "Cancelled":
        return None
    if any(task.is_reset_by_restart for task in screen.view.tasks):
        return None
    return "nothing in it went wrong"


def on_task(screen: Any) -> str | None:
    """A task is under the cursor."""
    return None if screen.chosen_task is not None else "no task is selected"


class RunTasks(TimeKeys, GraphKeys, RunEdits):
    """A page of one run with its tasks as rows, and a panel that tells of one of them."""

    _edges: tuple[FlowTask, ...] | None = None
    """The flow's tasks, asked once, and only where the panel is to be seen."""

    @property
    def all_rows(self) -> Sequence[TaskRow]:
        """Every task of the run, whatever the filter leaves."""
        return ()

    @property
    def chosen_task(self) -> TaskRun | None:
        """The task run under the cursor."""
        return self.tasks.record.task if self.tasks.record is not None else None

    # What the panel tells

    def task_changed(self) -> None:
        self.query_one("#task", Lines).repaint()
        run = self.chosen_run
        if self._edges is None and run is not None and self.has_class("-broad"):
            self._edges = ()
            self.run_worker(self._ask_edges(run), group="edges")

    async def _ask_edges(self, run: FlowRun) -> None:
        """What waits for what; a backend that cannot say costs the panel no more than that."""
        if run.flow_id is None:
            return
        try:
            self._edges = tuple(await (await self.flowtui.backend()).flow_tasks([run.flow_id]))
        except FlowtuiError:
            return
        self.query_one("#task", Lines).repaint()

    def paint_task(self, palette: Palette, width: int) -> list[list[Piece]]:
        """The task under the cursor, where there is room for it beside the log."""
        row = self.tasks.record
        if row is None or self.view is None or not self.has_class("-broad"):
            return []
        upstream, downstream = (
            neighbours_of(row, self._edges, self.all_rows) if self._edges else (None, None)
        )
        told = Told(
            row,
            self.view.detail.run,
            self.all_rows,
            self.view.course or Course(),
            upstream,
            downstream,
            self._to_do(),
        )
        size = width, self.query_one("#task", Lines).size.height
        return panel(told, self.shown_now(), palette, size, self.flowtui.zone)

    def _to_do(self) -> list[tuple[str, str]]:
        """The keys that make sense for this task as it is now, each with what it does."""
        assert self.view is not None
        wrong = sum(task.is_reset_by_restart for task in self.view.tasks)
        course = self.view.course
        wanted = {
            "approve": "approve …",
            "restart_run": f"restart from failed, {amount(wrong, 'task run')}" if wrong else "",
            "set_task_state": "set state …",
            "show_diff": f"full diff with {course.run_name}"
            if course is not None and course.run_name
            else "",
            "open_children": "mapped children, failed first",
        }
        declared = {one.name: one for one in self.actions}
        return [
            (declared[name].shown_key, label)
            for name, label in wanted.items()
            if label and self._makes_sense(declared[name])
        ]

    def _makes_sense(self, one: Action) -> bool:
        task = self.chosen_task
        if task is None or (one.in_menu and self.flowtui.profile.read_only):
            return False
        if one.name == "open_children" and self.mapped_task(task) is None:
            return False
        if one.name == "approve" and task.state.type != "Paused":
            return False
        return one.refusal(self) is None

    def mapped_task(self, task: TaskRun) -> TaskRun | None:
        """The task run whose children those of this task are; None where there are none."""
        same = (row for row in self.all_rows if row.task.task_id == task.task_id)
        return next((row.task for row in same if row.children), None)

    # What keys do

    def subject_of(self, declared: Action) -> str:
        if declared.name == "set_task_state" and self.chosen_task is not None:
            return self.chosen_task.label
        return super().subject_of(declared)

    @action("t", "set task's state …", read, on_task, menu=True)
    async def set_task_state(self) -> None:
        """Set the state of the task under the cursor by hand, if it has not moved meanwhile."""
        task, run = self.chosen_task, self.chosen_run
        assert task is not None
        assert run is not None
        await set_state_of(self, task, run)

    @action("m", "children", bar=False, pane="tasks")
    def open_children(self) -> None:
        """The mapped task under the cursor, with all its children; the cursor on this one."""
        from flowtui.ui.screens.task_run import TaskRunScreen

        row = self.tasks.record
        parent = self.mapped_task(row.task) if row is not None else None
        if row is None or parent is None or self.view is None:
            self.show_notice("children: this task has none", wrong=True)
            return
        child = row.task.id if row.task.is_child else None
        self.app.push_screen(TaskRunScreen(self.run_id, parent.id, at=child))

    @action("e", "next failure", read, bar=False, pane="tasks")
    def next_failure(self) -> None:
        """Go to the next task that went wrong; after the last one, the first."""
        rows, here = self.tasks.rows, self.tasks.cursor
        wrong = self._wrong_rows()
        if not wrong:
            self.show_notice("no task went wrong")
            return
        at = next((i for i in wrong if i > here), wrong[0])
        self.tasks.go_to(rows[at].key)

    def _wrong_rows(self) -> list[int]:
        rows = self.tasks.rows
        return [i for i, row in enumerate(rows) if not row.is_strip and states.is_failed(row.state)]

    def stand_on_failure(self) -> None:
        """Put the cursor on what went wrong, where something did: that is what is looked for."""
        rows = [self.tasks.rows[at] for at in self._wrong_rows()]
        for row in [row for row in rows if not row.children][:1]:
            self.tasks.go_to(row.key)
