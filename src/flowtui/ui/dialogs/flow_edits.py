"""What holds for all versions of a flow: its labels, its default parameters, and a run of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual import on

from flowtui.models.agents import Agent
from flowtui.models.flows import FlowGroup, Parameter
from flowtui.models.ids import FlowRunId
from flowtui.models.inputs import (
    InputProblem,
    Kind,
    kind_of,
    parse_labels,
    parse_value,
    shown_value,
)
from flowtui.models.runs import NewFlowRun
from flowtui.models.text import listed, plain
from flowtui.ui.dialogs.form import Entry, Form
from flowtui.ui.dialogs.question import Question
from flowtui.ui.dialogs.run_edits import LabelsForm
from flowtui.ui.named import PageOfRun
from flowtui.ui.widgets.fields import PushButton

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from flowtui.ui.screens.flow_page import FlowPage

NAMED = 6
"""Parameters that a question names."""


class GroupLabels(LabelsForm):
    """Labels for all versions; another answer is to have none of one's own."""

    def __init__(self, group: FlowGroup, agents: Sequence[Agent], now: Any) -> None:
        own = group.labels
        registered = " ".join(group.latest.labels) or "none"
        self.wants_reset = False
        """Whether the labels of each version are to hold again."""
        self._has_own = own is not None
        super().__init__(
            "Labels",
            group.latest.name,
            (Entry("labels", " ".join(group.effective_labels), _check_labels, placeholder="none"),),
            agents=agents,
            now=now,
            facts=(
                ("now", "set for all versions" if own is not None else "as registered"),
                ("before", f"registered with v{group.latest.version}: {registered}"),
                ("means", "new runs get them, and an agent needs all of them to take one"),
                ("sends", "set_flow_group_labels"),
            ),
            act="Set the labels",
        )

    def compose_buttons(self) -> ComposeResult:
        if self._has_own:
            yield PushButton("As registered", acting=True, id="reset")

    @on(PushButton.Pressed, "#reset")
    def _reset(self) -> None:
        self.wants_reset = True
        self.dismiss(True)


def _check_labels(text: str) -> str:
    """What is wrong with typed labels: one that is there twice."""
    typed = [part for part in text.replace(",", " ").split() if part]
    twice = next((one for place, one in enumerate(typed) if one in typed[:place]), None)
    return f"{plain(twice)} is there twice" if twice else ""


async def ask_for_group_labels(screen: FlowPage) -> None:
    """Ask for labels, and send them; or leave it to each version again."""
    app, group = screen.flowtui, screen.group
    assert group is not None
    backend = await app.backend()
    form = GroupLabels(group, await backend.agents(), app.now())
    if not await app.push_screen_wait(form):
        return
    labels = None if form.wants_reset else parse_labels(form.values[0])
    await backend.set_group_labels(group.id, labels, were=group.labels)
    if labels is None:
        app.say(f"Runs of {group.latest.name} get the labels they were registered with again.")
    else:
        app.say(f"Runs of {group.latest.name} get {' '.join(labels) or 'no labels'} now.")
    screen.refresh_now()


def _check(kind: Kind) -> Callable[[str], str]:
    """What is wrong with a value of that kind; nothing typed leaves it to the version."""

    def check(text: str) -> str:
        if not text.strip():
            return ""
        try:
            parse_value(text, kind)
        except InputProblem as problem:
            return problem.message
        return ""

    return check


def _entry(one: Parameter, group: FlowGroup) -> Entry:
    own = group.default_parameters
    kind = Kind("any") if one.required else kind_of(one.default)
    note = kind.name + (", required" if one.required else "")
    left = "required: each run must give it" if one.required else shown_value(one.default)
    value = shown_value(own[one.name]) if one.name in own else ""
    return Entry(one.name, value, _check(kind), note=note, placeholder=left)


async def ask_for_default_parameters(screen: FlowPage) -> None:
    """A field a parameter of the newest version; an empty one leaves the version's own."""
    app, group = screen.flowtui, screen.group
    assert group is not None
    parameters = sorted(group.latest.parameters, key=lambda one: one.name)
    names = {one.name for one in parameters}
    gone = {key: value for key, value in group.default_parameters.items() if key not in names}
    kept = ", ".join(f"{key} = {shown_value(value)}" for key, value in gone.items())
    form = Form(
        "Default parameters",
        group.latest.name,
        [_entry(one, group) for one in parameters],
        of=f"v{group.latest.version}",
        facts=(
            ("empty", "what the version itself has, shown in its field"),
            *((("unknown", f"{kept}: the newest version does not take it; kept"),) if gone else ()),
            ("sends", "set_flow_group_default_parameters: all of them"),
        ),
        act="Set the defaults",
    )
    if not parameters:
        app.say(f"v{group.latest.version} takes no parameters.", wrong=True)
        return
    if not await app.push_screen_wait(form):
        return
    values = dict(gone)
    for one, text in zip(parameters, form.values, strict=True):
        if text:
            kind = Kind("any") if one.required else kind_of(one.default)
            values[one.name] = parse_value(text, kind)
    backend = await app.backend()
    await backend.set_default_parameters(group.id, values, were=group.default_parameters)
    app.say(f"The default parameters of {group.latest.name} are set.")
    screen.refresh_now()


async def ask_to_run(screen: FlowPage) -> None:
    """Ask, then start a run with nothing but defaults."""
    app, group = screen.flowtui, screen.group
    assert group is not None
    given = group.effective_parameters(group.latest)
    shown = [f"{one.name} = {shown_value(one.default)}" for one in given]
    question = Question(
        "Run",
        group.latest.name,
        f"v{group.latest.version}",
        facts=(
            ("with", listed(shown, NAMED) or "no parameters"),
            ("labels", " ".join(group.effective_labels) or "none"),
            ("start", "at once"),
            ("sends", "create_flow_run, with a key that makes sending twice harmless"),
        ),
        act="Start the run",
        leave="Start nothing",
    )
    if not await app.push_screen_wait(question):
        return
    backend = await app.backend()
    parameters = {one.name: one.default for one in given}
    new = NewFlowRun(group.latest.id, uuid.uuid4().hex, parameters=parameters)
    run_id: FlowRunId = await backend.create_flow_run(new)
    made = await backend.run(run_id)
    app.say(f"{plain(made.run.name)} is planned.", opens=PageOfRun(run_id))
    screen.refresh_now()
