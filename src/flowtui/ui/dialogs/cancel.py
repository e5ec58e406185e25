"""Cancelling a run."""

from __future__ import annotations

from flowtui.models import states
from flowtui.models.runs import FlowRun
from flowtui.ui.dialogs.question import Question
from flowtui.ui.named import PageOfRun
from flowtui.ui.screens.frame import ActionScreen


async def ask_to_cancel(screen: ActionScreen, run: FlowRun) -> None:
    """Ask, then cancel the run, and say what it has become."""
    app = screen.flowtui
    becomes = "Cancelling" if states.is_running(run.state.type) else "Cancelled"
    means = (
        "Its process is told within seconds; what runs now may finish first."
        if becomes == "Cancelling"
        else "It has not started, so it ends at once."
    )
    undo = (
        "stopped work cannot be taken back"
        if becomes == "Cancelling"
        else f"z  opens the journal, which sets it back to {run.state.type}"
    )
    question = Question(
        "Cancel run",
        run.name,
        run.flow_name,
        facts=(
            ("now", f"{run.state.type}, version {run.state.version}"),
            ("becomes", f"{becomes}. {means}"),
            ("sends", "cancel_flow_run"),
            ("undo", undo),
        ),
        act="Cancel the run",
        leave="Let it go on",
    )
    if not await app.push_screen_wait(question):
        return
    state = await (await app.backend()).cancel_flow_run(run.id, run.state)
    app.say(f"{run.name} is {state}.", opens=PageOfRun(run.id))
    screen.refresh_now()
