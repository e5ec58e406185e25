"""What can be done to a task run, on its own page."""

from __future__ import annotations

from typing import Any

from flowtui.models.runs import FlowRun
from flowtui.models.task_detail import TaskRunDetail
from flowtui.models.tasks import TaskRun
from flowtui.ui.actions import action
from flowtui.ui.screens.frame import ActionScreen


def with_task(screen: Any) -> str | None:
    """There is a task run to do it to."""
    return None if screen.chosen_task is not None else "the task run has not been read yet"


def paused(screen: Any) -> str | None:
    """It waits for somebody."""
    state = screen.chosen_task.state.type
    return None if state == "Paused" else f"it does not wait for approval: {state}"


async def set_state_of(screen: ActionScreen, task: TaskRun, run: FlowRun) -> None:
    """Ask what a task run is to be set to, and set it."""
    from flowtui.ui.dialogs.set_state import SetStateDialog
    from flowtui.ui.dialogs.settable import SettableTask

    subject = SettableTask(task, f"of {run.name}")
    changed = await screen.app.push_screen_wait(SetStateDialog(subject))
    if changed:
        screen.show_notice(f"{task.label} was set to {changed}.")
        screen.refresh_now()


class TaskActions(ActionScreen):
    """A screen on which a task run can be chosen."""

    detail: TaskRunDetail | None = None
    """What is known of the task run that the page is about."""

    @property
    def chosen_task(self) -> TaskRun | None:
        """The task run that keys act on."""
        return None

    @property
    def chosen_run(self) -> FlowRun | None:
        """The run that it belongs to."""
        return None

    @property
    def menu_subject(self) -> str:
        return self.chosen_task.label if self.chosen_task is not None else ""

    @action("s", "set state …", with_task, menu=True)
    async def set_state(self) -> None:
        """Set its state by hand, if it has not moved meanwhile."""
        task, run = self.chosen_task, self.chosen_run
        assert task is not None
        assert run is not None
        await set_state_of(self, task, run)

    @action("r", "restart from here …", with_task, menu=True)
    async def restart_from(self) -> None:
        """Run this task and all that follow from it again."""
        from flowtui.ui.dialogs.restart import ask_to_restart_from

        task, run = self.chosen_task, self.chosen_run
        assert task is not None
        assert run is not None
        misses = self.detail is not None and self.detail.misses_inputs
        await ask_to_restart_from(self, run, task, misses_inputs=misses)

    @action("a", "approve …", with_task, paused, menu=True)
    async def approve(self) -> None:
        """Let it go on from its pause."""
        from flowtui.ui.dialogs.run_edits import approve_asked

        task, run = self.chosen_task, self.chosen_run
        assert task is not None
        assert run is not None
        await approve_asked(self, run, [task.seen], itself=False)

    @action("n", "rename …", with_task, menu=True)
    async def rename_task(self) -> None:
        """Give it a name of its own."""
        from flowtui.ui.dialogs.run_edits import ask_to_rename_task

        assert self.chosen_task is not None
        await ask_to_rename_task(self, self.chosen_task)
