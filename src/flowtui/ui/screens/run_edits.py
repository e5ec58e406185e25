"""What can be changed about a run that is there, on its own page and in lists of runs."""

from __future__ import annotations

from typing import Any

from flowtui.models import states
from flowtui.ui.actions import action
from flowtui.ui.screens.run_actions import RunActions, with_run


def waiting(screen: Any) -> str | None:
    """The run has not been taken yet."""
    state = screen.chosen_run.state.type
    return None if states.is_scheduled(state) else f"it does not wait for its time: {state}"


def may_be_paused(screen: Any) -> str | None:
    """Something in it may wait for somebody."""
    state = screen.chosen_run.state.type
    return f"the run is over: {state}" if states.is_finished(state) else None


class RunEdits(RunActions):
    """A screen on which a run can be chosen and edited."""

    @action("g", "start now …", with_run, waiting, menu=True)
    async def start_now(self) -> None:
        """Have it start at once, though its time has not come."""
        from flowtui.ui.dialogs.run_edits import ask_to_start_now

        assert self.chosen_run is not None
        await ask_to_start_now(self, self.chosen_run)

    @action("K", "run again now …", with_run, menu=True)
    async def run_again_now(self) -> None:
        """A new run with the same parameters and labels, at once, on the newest version."""
        from flowtui.ui.dialogs.run_edits import ask_to_run_again
        from flowtui.ui.screens.run import RunScreen

        assert self.chosen_run is not None
        made = await ask_to_run_again(self, self.chosen_run)
        if made is not None:
            self.app.push_screen(RunScreen(made))

    @action("a", "approve …", with_run, may_be_paused, menu=True)
    async def approve(self) -> None:
        """Let what is paused go on."""
        from flowtui.ui.dialogs.run_edits import ask_to_approve

        assert self.chosen_run is not None
        await ask_to_approve(self, self.chosen_run)

    @action("n", "rename …", with_run, menu=True)
    async def rename_run(self) -> None:
        """Give it another name."""
        from flowtui.ui.dialogs.run_edits import ask_to_rename

        assert self.chosen_run is not None
        await ask_to_rename(self, self.chosen_run)

    @action("L", "labels …", with_run, menu=True)
    async def edit_labels(self) -> None:
        """Give it other labels, which say what agents may take it."""
        from flowtui.ui.dialogs.run_edits import ask_for_labels

        assert self.chosen_run is not None
        await ask_for_labels(self, self.chosen_run)

    @action("D", "delete …", with_run, menu=True)
    async def delete_run(self) -> None:
        """Delete it with its task runs and its log."""
        from flowtui.ui.dialogs.run_edits import ask_to_delete

        assert self.chosen_run is not None
        if await ask_to_delete(self, self.chosen_run):
            self.run_deleted()

    def run_deleted(self) -> None:
        """Show that it is gone."""
        self.refresh_now()
