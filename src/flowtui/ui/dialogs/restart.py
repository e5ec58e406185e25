"""Restarting a run: which task runs are reset is shown before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

from flowtui.models.runs import FlowRun
from flowtui.models.tasks import SeenTaskRun, TaskRun
from flowtui.models.text import amount, listed
from flowtui.ui.dialogs.question import Question, refused_if_moved
from flowtui.ui.named import PageOfRun
from flowtui.ui.screens.frame import ActionScreen

NAMED = 6
"""Task runs that the question names; the rest are counted."""
NEVER = datetime.max.replace(tzinfo=timezone.utc)
"""When a task run began that never did: after all that have."""


async def ask_to_restart(screen: ActionScreen, run: FlowRun, tasks: Sequence[TaskRun]) -> None:
    """Ask, then reset the task runs that went wrong and schedule the run again."""
    app = screen.flowtui
    wrong = sorted((task for task in tasks if task.is_reset_by_restart), key=_when_it_went)
    done = sum(1 for task in tasks if task.is_finished) - len(wrong)
    question = Question(
        "Restart run",
        run.name,
        run.flow_name,
        facts=(
            ("now", f"{run.state.type}, version {run.state.version}"),
            ("resets", _named(wrong)),
            (
                "keeps",
                f"{amount(done, 'task run')} done; what they returned is passed on only where "
                "Prefect stored it",
            ),
            ("becomes", "Scheduled, to start at once"),
            ("sends", "set_task_run_states, then the run's state, guarded by its version"),
        ),
        act="Restart the run",
        leave="Leave it as it is",
    )
    if not await app.push_screen_wait(question):
        return
    reason = "Flow run restarted by hand."
    backend = await app.backend()
    with refused_if_moved():
        await backend.restart(run.id, wrong, seen=run.state, reason=reason)
    await backend.write_log(run.id, reason, app.now())
    said = f"{run.name} is scheduled again; {amount(len(wrong), 'task run')} will run."
    app.say(said, opens=PageOfRun(run.id))
    screen.refresh_now()


async def ask_to_restart_from(
    screen: ActionScreen, run: FlowRun, task: TaskRun, *, misses_inputs: bool
) -> None:
    """Ask, then reset a task run and those of all tasks that follow, and schedule the run again."""
    app = screen.flowtui
    backend = await app.backend()
    follow = await backend.downstream_of(run.id, task.task_id)
    own = [task.seen] if task.is_child else []
    reset = [*own, *(one for one in follow if not own or one.task_name != task.task_name)]
    question = Question(
        "Restart from here",
        task.label,
        f"of {run.name}",
        facts=(
            ("now", f"the run is {run.state.type}, version {run.state.version}"),
            ("resets", _named(reset)),
            ("becomes", "Pending; the run is Scheduled, to start at once"),
            ("sends", "set_task_run_states, then the run's state, guarded by its version"),
        ),
        act="Restart from here",
        leave="Leave it as it is",
        warning=(
            "What it takes from the tasks before it is not kept.",
            "They do not run again, so it may find nothing to work on.",
        )
        if misses_inputs
        else (),
    )
    if not await app.push_screen_wait(question):
        return
    reason = f"Flow run restarted from {task.label} by hand."
    with refused_if_moved():
        await backend.restart(run.id, reset, seen=run.state, reason=reason)
    await backend.write_log(run.id, reason, app.now())
    app.say(f"{run.name} is scheduled again, from {task.label}.", opens=PageOfRun(run.id))
    screen.refresh_now()


def _when_it_went(task: TaskRun) -> tuple[datetime, datetime, str, int]:
    """What failed comes before what it took along, which never began."""
    ended = task.state.timestamp or NEVER
    return task.start_time or NEVER, ended, task.task_name, task.map_index


def _named(tasks: Sequence[TaskRun | SeenTaskRun]) -> str:
    if not tasks:
        return "no task run; none went wrong"
    return f"{amount(len(tasks), 'task run')}: {listed([task.label for task in tasks], NAMED)}"
