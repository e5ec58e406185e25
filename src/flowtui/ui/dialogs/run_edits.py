"""Changing a run that is there: each asks, names the run, and says what is sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual import on

from flowtui.errors import Conflict, Refused
from flowtui.models import states
from flowtui.models.agents import Agent, live_takers
from flowtui.models.ids import FlowRunId
from flowtui.models.inputs import parse_labels, shown_labels, shown_value
from flowtui.models.runs import FlowRun, NewFlowRun
from flowtui.models.tasks import SeenTaskRun, TaskRun
from flowtui.models.text import amount, away, listed
from flowtui.ui.dialogs.form import Entry, Form
from flowtui.ui.dialogs.question import Question, refused_if_moved
from flowtui.ui.ink import Piece
from flowtui.ui.named import PageOfRun
from flowtui.ui.themes import palette_of
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.fields import Field

if TYPE_CHECKING:
    from flowtui.ui.screens.frame import ActionScreen

NAMED = 6
"""Parameters or task runs that a question names; the rest are counted."""


def agents_note(
    agents: Sequence[Agent], labels: Sequence[str], now: datetime, palette: Palette
) -> list[Piece]:
    """How many agents would take a run with these labels, going by when they last asked."""
    takers = live_takers(agents, labels, now)
    if takers:
        sign = Piece(f"{palette.state_glyph('Running')} ", "success")
        return [sign, Piece(amount(len(takers), "agent"), "fg2")]
    sign = Piece(f"{palette.state_glyph(states.LATE)} ", "late", bold=True)
    return [sign, Piece("no live agent", "late")]


async def ask_to_start_now(screen: ActionScreen, run: FlowRun) -> None:
    """Ask, then have a run start that waits for its time."""
    app = screen.flowtui
    wait = (run.due - app.now()).total_seconds()
    late = run.shown_state(app.now()) == states.LATE
    question = Question(
        "Start now",
        run.name,
        run.flow_name,
        facts=(
            ("now", f"{run.state.type}, version {run.state.version}"),
            ("due", f"{away(-wait)} ago" if wait < 0 else f"in {away(wait)}"),
            ("becomes", "Scheduled, to start at once"),
            ("sends", "the state, guarded by its version"),
        ),
        act="Start the run now",
        warning=(
            "It is late already: no agent has taken it, and this changes nothing about that.",
            "W on the run says what it waits for.",
        )
        if late
        else (),
    )
    if not await app.push_screen_wait(question):
        return
    with refused_if_moved():
        await (await app.backend()).start_now(run.id, seen=run.state)
    app.say(f"{run.name} is scheduled to start now.", opens=PageOfRun(run.id))
    screen.refresh_now()


async def ask_to_rename(screen: ActionScreen, run: FlowRun) -> None:
    """Ask for another name, and send it."""
    app = screen.flowtui
    form = Form(
        "Rename run",
        run.name,
        (Entry("name", run.name, lambda text: "" if text else "a run needs a name"),),
        of=run.flow_name,
        facts=(("sends", "set_flow_run_name"),),
        act="Rename the run",
    )
    name = await form.only_value(app)
    if name is not None:
        await (await app.backend()).rename_flow_run(run.id, name, was=run.name)
        app.say(f"The run is called {name} now.", opens=PageOfRun(run.id))
        screen.refresh_now()


class LabelsForm(Form):
    """A form for labels, which says how many agents would take the run with them."""

    def __init__(self, *given: Any, agents: Sequence[Agent], now: datetime, **more: Any) -> None:
        super().__init__(*given, **more)
        self._agents = agents
        self._now = now

    def on_mount(self) -> None:
        self._note_agents()

    @on(Field.Changed)
    def _note_agents(self) -> None:
        labels = parse_labels(self.values[0])
        self._fields[0].show_note(agents_note(self._agents, labels, self._now, palette_of(self)))


async def ask_for_labels(screen: ActionScreen, run: FlowRun) -> None:
    """Ask for other labels, and send them."""
    app = screen.flowtui
    backend = await app.backend()
    form = LabelsForm(
        "Labels",
        run.name,
        (Entry("labels", shown_labels(run.labels), placeholder="none"),),
        of=run.flow_name,
        agents=await backend.agents(),
        now=app.now(),
        facts=(
            ("means", "an agent takes the run if it has all of them"),
            ("sends", "set_flow_run_labels: all of them, in place of those it has"),
        ),
        act="Set the labels",
    )
    typed = await form.only_value(app)
    if typed is None:
        return
    labels = parse_labels(typed)
    await backend.label_flow_run(run.id, labels, were=run.labels)
    app.say(f"{run.name} has {' '.join(labels) or 'no labels'} now.", opens=PageOfRun(run.id))
    screen.refresh_now()


async def ask_to_delete(screen: ActionScreen, run: FlowRun) -> bool:
    """Ask, then delete the run; whether it was deleted."""
    app = screen.flowtui
    backend = await app.backend()
    counts = await backend.task_run_counts(run.id)
    going = not run.is_finished
    question = Question(
        "Delete run",
        run.name,
        run.flow_name,
        facts=(
            ("now", f"{run.state.type}, version {run.state.version}"),
            ("deletes", f"the run, its {amount(counts.all, 'task run')}, its states and its log"),
            ("sends", "delete_flow_run; there is no way back"),
        ),
        act="Delete the run",
        leave="Keep it",
        warning=("It has not ended. Cancelling it keeps its history.",) if going else (),
    )
    if not await app.push_screen_wait(question):
        return False
    await backend.delete_flow_run(run.id)
    app.say(f"{run.name} is deleted.")
    return True


async def ask_to_run_again(screen: ActionScreen, run: FlowRun) -> FlowRunId | None:
    """Ask, then create a run with the same parameters and labels, on the newest version."""
    app = screen.flowtui
    assert run.flow_group_id is not None
    backend = await app.backend()
    detail = await backend.run(run.id)
    group = await backend.flow_group(run.flow_group_id)
    newest, before = group.latest, run.flow_version
    on_another = newest.version != before
    question = Question(
        "Run again now",
        run.name,
        run.flow_name,
        facts=(
            ("flow", f"v{newest.version}" + (f", that run was v{before}" if on_another else "")),
            ("with", _named_parameters(detail.run)),
            ("labels", " ".join(detail.run.labels) or "none"),
            ("start", "at once"),
            ("sends", "create_flow_run, with a key that makes sending twice harmless"),
        ),
        act="Start a new run",
        leave="Start nothing",
    )
    if not await app.push_screen_wait(question):
        return None
    new = NewFlowRun(
        flow_id=newest.id,
        idempotency_key=uuid.uuid4().hex,
        parameters=dict(detail.run.parameters),
        context=dict(detail.context) or None,
        labels=tuple(detail.run.labels),
    )
    return await backend.create_flow_run(new)


def _named_parameters(run: FlowRun) -> str:
    """The parameters in one line of words."""
    shown = [f"{name} = {shown_value(value)}" for name, value in run.parameters.items()]
    return listed(shown, NAMED) or "no parameters"


async def ask_to_approve(screen: ActionScreen, run: FlowRun) -> None:
    """Ask, then let go on what is paused: the run itself, or the task runs that wait."""
    app = screen.flowtui
    backend = await app.backend()
    paused = await backend.paused_task_runs(run.id)
    itself = run.state.type == "Paused"
    if not paused and not itself:
        raise Refused("nothing in it waits for approval.")
    await approve_asked(screen, run, paused, itself)


async def approve_asked(
    screen: ActionScreen, run: FlowRun, paused: Sequence[SeenTaskRun], itself: bool
) -> None:
    """Ask about these task runs, and the run itself where it is paused, and let them go on."""
    app = screen.flowtui
    names = listed([task.label for task in paused], NAMED)
    who = [*(["the run itself"] if itself else []), *([names] if names else [])]
    said = next((task.state.message for task in paused if task.state.message), run.state.message)
    question = Question(
        "Approve",
        run.name,
        run.flow_name,
        facts=(
            ("waits", "; ".join(who)),
            ("said", said or "nothing"),
            ("becomes", "Resume, to go on at once"),
            ("sends", "the state of each, guarded by its version"),
        ),
        act="Let it go on",
        leave="Let it wait",
    )
    if not await app.push_screen_wait(question):
        return
    backend = await app.backend()
    try:
        await backend.approve(paused)
        if itself:
            reason = "Flow run approved by hand."
            await backend.set_flow_run_state(run.id, "Resume", seen=run.state, reason=reason)
    except Conflict:
        raise Refused("it changed while you were looking; look again at what waits.") from None
    await backend.write_log(run.id, f"Approved by hand: {'; '.join(who)}.", app.now())
    app.say(f"{run.name} may go on.", opens=PageOfRun(run.id))
    screen.refresh_now()


async def ask_to_rename_task(screen: ActionScreen, task: TaskRun) -> None:
    """Ask for a name of a task run's own, and send it."""
    app = screen.flowtui
    form = Form(
        "Rename task run",
        task.label,
        (Entry("name", task.name, lambda text: "" if text else "give it a name"),),
        facts=(("keeps", f"its task is still {task.task_name}"), ("sends", "set_task_run_name")),
        act="Rename the task run",
    )
    name = await form.only_value(app)
    if name is not None:
        await (await app.backend()).rename_task_run(task.id, name)
        app.say(f"The task run is called {name} now.")
        screen.refresh_now()
