"""What can be done to a run, on its own page and wherever one is under the cursor."""

from __future__ import annotations

from typing import Any

from flowtui.models import states
from flowtui.models.runs import FlowRun
from flowtui.ui.actions import Action, action
from flowtui.ui.screens.frame import ActionScreen

USUAL = (
    "restart_run",
    "set_state",
    "set_task_state",
    "cancel_run",
    "run_again",
    "run_again_now",
    "start_now",
    "approve",
    "rename_run",
    "edit_labels",
    "delete_run",
)
"""How the menu orders what is done to a run; what a screen adds of its own comes before."""


def _usual(one: Action) -> int:
    return USUAL.index(one.name) if one.name in USUAL else -1


def with_run(screen: Any) -> str | None:
    """There is a run to do it to."""
    return None if screen.chosen_run is not None else "no run is selected"


def unfinished(screen: Any) -> str | None:
    """The run goes on."""
    state = screen.chosen_run.state.type
    return f"the run is over: {state}" if states.is_finished(state) else None


def not_cancelling(screen: Any) -> str | None:
    """Nobody has asked for it yet."""
    cancelling = screen.chosen_run.state.type == "Cancelling"
    return "it is being cancelled already" if cancelling else None


class RunActions(ActionScreen):
    """A screen on which a run can be chosen."""

    @property
    def chosen_run(self) -> FlowRun | None:
        """The run that keys act on."""
        return None

    @property
    def menu_subject(self) -> str:
        return self.chosen_run.name if self.chosen_run is not None else ""

    @property
    def menu_actions(self) -> tuple[Action, ...]:
        """What is done to a run, the most usual first, what removes it last."""
        return tuple(sorted(super().menu_actions, key=_usual))

    @action("l", "log", with_run)
    def open_log(self) -> None:
        """Its log on the whole screen: to search, filter, copy and save."""
        from flowtui.ui.screens.log import LogScreen

        assert self.chosen_run is not None
        self.app.push_screen(LogScreen(self.chosen_run.id))

    @action("W", "why", with_run)
    def explain(self) -> None:
        """Why the run is not running: what it has passed, and what it waits for."""
        from flowtui.ui.screens.why import WhyScreen

        assert self.chosen_run is not None
        self.app.push_screen(WhyScreen(self.chosen_run.id))

    @action("s", "set state …", with_run, menu=True)
    async def set_state(self) -> None:
        """Set its state by hand, if it has not moved meanwhile."""
        from flowtui.ui.dialogs.set_state import SetStateDialog
        from flowtui.ui.dialogs.settable import SettableRun

        run = self.chosen_run
        assert run is not None
        subject = SettableRun(run, run.flow_name)
        changed = await self.app.push_screen_wait(SetStateDialog(subject))
        if changed:
            self.show_notice(f"The run was set to {changed}.")
            self.refresh_now()

    @action("c", "cancel …", with_run, unfinished, not_cancelling, menu=True)
    async def cancel_run(self) -> None:
        """Have it stopped; what runs now may finish first."""
        from flowtui.ui.dialogs.cancel import ask_to_cancel

        assert self.chosen_run is not None
        await ask_to_cancel(self, self.chosen_run)

    @action("k", "run again …", with_run, menu=True)
    def run_again(self) -> None:
        """Write a new run with the same parameters."""
        from flowtui.ui.screens.run_form import RunFormScreen

        run = self.chosen_run
        assert run is not None
        assert run.flow_group_id is not None
        self.app.push_screen(RunFormScreen(run.flow_group_id, like=run))
