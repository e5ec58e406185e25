"""What can be done from the overview to many runs at once, and to the work queue."""

from __future__ import annotations

from typing import Any

from flowtui.models.runs import FlowRun
from flowtui.models.text import amount
from flowtui.ui.actions import action
from flowtui.ui.run_deeds import CANCEL, DELETE
from flowtui.ui.screens.bulk_actions import do_to_many
from flowtui.ui.screens.run_edits import RunEdits


def some_late(screen: Any) -> str | None:
    """Runs are late."""
    return None if screen.late_runs else "no run is late"


def some_unfinished(screen: Any) -> str | None:
    """Runs are in progress."""
    return None if screen.unfinished_runs else "nothing runs"


class OverviewDeeds(RunEdits):
    """A page that knows which runs are late and which are in progress."""

    is_queue_paused = False

    @property
    def late_runs(self) -> list[FlowRun]:
        """Those that should have started."""
        return []

    @property
    def unfinished_runs(self) -> list[FlowRun]:
        """Those in progress."""
        return []

    @action("e", "clear late runs …", some_late, menu=True)
    async def clear_late(self) -> None:
        """Cancel or delete every run that is late; each is shown before."""
        from flowtui.ui.dialogs.deeds import DeedMenu

        late = self.late_runs
        which = f"{amount(len(late), 'late run')}; cancelling keeps their history"
        deed = await self.app.push_screen_wait(DeedMenu((CANCEL, DELETE), which))
        if deed is not None:
            await do_to_many(self, deed, late)

    @action("C", "cancel all in progress …", some_unfinished, menu=True)
    async def cancel_all(self) -> None:
        """Have everything stopped that runs or has been submitted; each is shown before."""
        await do_to_many(self, CANCEL, self.unfinished_runs)

    @action("Q", "work queue …", menu=True)
    async def switch_queue(self) -> None:
        """Pause or resume the work queue: while it is paused no agent is given a run."""
        from flowtui.ui.dialogs.queue import ask_to_switch_queue

        await ask_to_switch_queue(self.flowtui, not self.is_queue_paused)
        self.refresh_now()
