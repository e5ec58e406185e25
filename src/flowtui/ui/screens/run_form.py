"""The form for a new run: a field a parameter, checked as one types, and what will be sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input

from flowtui.errors import FlowtuiError, Unreachable
from flowtui.models.agents import Agent
from flowtui.models.flows import FlowGroup, FlowVersion
from flowtui.models.ids import FlowGroupId
from flowtui.models.inputs import InputProblem, kind_of, parse_labels
from flowtui.models.run_form import ParameterField, run_form
from flowtui.models.runs import FlowRun, FlowRunDetail
from flowtui.models.text import cells, cut, moment, plain
from flowtui.ui.actions import action
from flowtui.ui.dialogs.run_edits import agents_note
from flowtui.ui.feeds import Snapshot
from flowtui.ui.form_facts import changed_note, is_other, is_untouched, said_lines, was_piece
from flowtui.ui.ink import Piece, between, blank
from flowtui.ui.named import PageOfRun
from flowtui.ui.paint import crumbs, heading, zoned_moment
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.form_ahead import FormAhead
from flowtui.ui.screens.form_tools import FIELDS
from flowtui.ui.screens.frame import BROAD, HANDS_OFF, WIDE, ActionScreen
from flowtui.ui.themes import palette_of
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.bars import KeyBar
from flowtui.ui.widgets.fields import Buttons, Field, PushButton
from flowtui.ui.widgets.painted import Lines

NOTHING_SENT = "nothing sent yet"
NARROWEST, NOTE = 23, 19
"""Cells of a field where the terminal is narrow, and of what stands behind it."""


def written(screen: Any) -> str | None:
    """Every value is valid."""
    if screen.form is None:
        return "the flow has not been read yet"
    if screen.flowtui.profile.read_only:
        return HANDS_OFF
    problems = screen.problems()
    if problems:
        name, problem = next(iter(problems.items()))
        return f"{name.removeprefix('parameter:')}: {problem.message}"
    return "it is being sent" if screen.is_sending else None


class RunFormScreen(FormAhead):
    """A new run of one flow, with the parameters of another run where one is given."""

    tab = "flows"
    title_text = "Run form"
    is_form = True
    hints = (("tab", "next field"),)

    DEFAULT_CSS = """
    RunFormScreen {
        #head { padding: 0 2 1 2; }
        &.-low #head { padding: 1 2; }
        #form { height: 1fr; scrollbar-size: 0 0; }
        #form Lines.block { padding: 0 2; }
        #form Lines.spaced { margin-top: 1; }
        #form Field { padding-right: 1; }
        #said { padding: 1 2; }
        #sent {
            display: none; background: $bg1;
            width: 42; height: 1fr; padding: 1 2; margin-bottom: 1;
        }
        &.-wide #sent { display: block; }
        &.-broad #sent { width: 60; }
        #hint { width: 1fr; margin-left: 1; }
        Buttons { padding: 0 2; margin-bottom: 1; }
    }
    """

    def __init__(
        self,
        group_id: FlowGroupId,
        like: FlowRun | None = None,
        older: FlowVersion | None = None,
    ) -> None:
        super().__init__()
        self.group_id = group_id
        self.like = like
        runs = older is not None and not older.archived
        self.wanted_version = older.id if older is not None and runs else None
        self.older = None if runs else older
        """A version that runs no more: its defaults stand in for those of the one that is run."""
        self._detail: FlowRunDetail | None = None
        """All of the run that this one is to be like."""
        self.is_sending = False
        self._is_filled = False
        """Every field stands there."""
        self._trouble = ""
        self._notes_at = 0
        """The cell at which what is said of fields begins."""
        self._leaving = False

    @property
    def menu_subject(self) -> str:
        return self.group.latest.name if self.group is not None else ""

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_head, id="head")
        with Horizontal():
            yield VerticalScroll(id="form", can_focus=False)
            yield Lines(self.paint_sent, ground="bg1", id="sent")

    def on_mount(self) -> None:
        self.query_one(KeyBar).show_note(NOTHING_SENT)

    def above(self) -> Callable[[], ActionScreen]:
        from flowtui.ui.screens.flow import FlowScreen

        return partial(FlowScreen, self.group_id)

    def sources(self) -> list[Question]:
        app, group_id = self.flowtui, self.group_id
        like = self.like
        sources: list[Question] = [
            Question(
                app.feed(("flow", group_id), lambda backend: backend.flow_group(group_id), 3.0),
                self._show_group,
            ),
            Question(
                app.feed(("agents",), lambda backend: backend.agents(), 10.0), self._show_agents
            ),
        ]
        if like is not None:
            run_id = like.id
            ask = app.feed(("run detail", run_id), lambda backend: backend.run(run_id), 60.0)
            sources.append(Question(ask, self._show_like))
        return [*sources, *self.questions_beside()]

    async def show_fields(self) -> None:
        assert self.form is not None
        place = self.query_one("#form", VerticalScroll)
        await place.remove_children()
        form = self.form
        widgets = [
            Lines(lambda palette, width: [heading("Run")], classes="block"),
            self._field("name", "empty: the server chooses", form.name),
            self._field("start", "now, +10m, 08:00, tomorrow 08:00", form.start),
            self._field("labels", self._usual_labels(), form.labels),
            Lines(self._paint_parameters, id="about", classes="block spaced"),
            *(self._parameter_field(one) for one in form.parameters),
            Lines(lambda palette, width: [heading("More")], classes="block spaced"),
            self._field("log_level", "as registered; debug, info …", form.log_level),
            self._field("context", 'none; JSON as {"key": 1}', form.context),
            self._field("run_config", "as registered", form.run_config),
            self._field("key", value=form.key, note="one a form"),
            Lines(self._paint_said, id="said"),
            Buttons(
                PushButton("Start run", acting=True, id="send"), Lines(self._paint_hint, id="hint")
            ),
        ]
        await place.mount_all(widgets)
        self._lay_out()
        first = next((one for one in form.parameters if one.problem), None)
        target = f"#parameter-{form.parameters.index(first)}" if first else "#name"
        self.query_one(target, Field).input.focus()
        self._is_filled = True
        self._check()

    def on_resize(self) -> None:
        super().on_resize()
        self._lay_out()

    def _lay_out(self) -> None:
        """Give the fields what room there is."""
        width, fields = self.size.width, list(self.query(Field))
        most, field = (30, 72) if width >= BROAD else (15, 44) if width >= WIDE else (15, 36)
        longest = max((cells(one.label) + 4 for one in fields), default=0)
        label = max(15, min(longest, most))
        beside = 60 if width >= BROAD else 42 if width >= WIDE else 0
        field = min(field, max(NARROWEST, width - beside - label - NOTE))
        self._notes_at = label + field + 3
        for one in fields:
            one.lay_out(label, field)

    def _field(self, name: str, placeholder: str = "", value: str = "", note: str = "") -> Field:
        called = name.replace("_", " ")
        return Field(called, value, placeholder=placeholder, note=note, id=name, width=36)

    def _parameter_field(self, one: ParameterField) -> Field:
        assert self.form is not None
        number = self.form.parameters.index(one)
        return Field(
            one.name,
            one.text,
            required=one.parameter.required,
            note=one.kind.name,
            placeholder="" if one.parameter.required else "empty: the default",
            id=f"parameter-{number}",
            width=36,
        )

    def _usual_labels(self) -> str:
        labels = self.labels_if_empty()
        return f"as registered: {' '.join(labels)}" if labels else "as registered: none"

    # Answers

    def _show_group(self, snapshot: Snapshot[FlowGroup]) -> None:
        if snapshot.value is None:
            self.show_notice(f"The flow cannot be read: {snapshot.error}", wrong=True)
            return
        self.group = snapshot.value
        if self.form is None:
            self._begin()
        elif self._is_outdated() and not self._trouble:
            newer = self.group.latest.version
            self._trouble = (
                f"v{newer} was registered meanwhile; this form is for v{self.form.version.version}."
            )
        self.query_one("#head", Lines).repaint()

    def _show_like(self, snapshot: Snapshot[FlowRunDetail]) -> None:
        self._detail = snapshot.value or self._detail
        if self.form is None:
            self._begin()

    def _begin(self) -> None:
        """Fill the form, once all is known that it is filled from."""
        if self.group is None or (self.like is not None and self._detail is None):
            return
        given = self.older.own_defaults if self.older is not None else None
        self.form = run_form(self.group, self._version(), given, like=self._detail)
        self.call_later(self.show_fields)

    def _version(self) -> FlowVersion:
        """The version to run."""
        assert self.group is not None
        versions = (one for one in self.group.versions if one.id == self.wanted_version)
        return next(versions, self.group.latest)

    def _is_outdated(self) -> bool:
        """Whether a version was registered while the form was being written."""
        assert self.group is not None
        assert self.form is not None
        newer = self.form.version.version < self.group.latest.version
        return newer and self.wanted_version is None

    def _show_agents(self, snapshot: Snapshot[list[Agent]]) -> None:
        self.agents = snapshot.value
        self._check()

    # Checking

    @on(Field.Changed)
    def _field_changed(self, event: Field.Changed) -> None:
        if self.form is None:
            return
        field, text = event.field, event.field.value
        if field.id in FIELDS:
            self.form = self.form.with_text(str(field.id), text)
        else:
            self.form = self.form.with_parameter(self._parameter_of(field), text)
        self._trouble = ""
        self._leaving = False
        self._check()

    def _parameter_of(self, field: Field) -> str:
        assert self.form is not None
        assert field.id is not None
        return self.form.parameters[int(field.id.rpartition("-")[2])].name

    def problems(self) -> dict[str, InputProblem]:
        """What is to be mended, by field."""
        assert self.form is not None
        return self.form.problems(self.flowtui.now(), self.flowtui.zone)

    def _check(self) -> None:
        """Say of every field, once it stands there, whether it is valid, and what follows."""
        if self.form is None or not self._is_filled:
            return
        problems = self.problems()
        for number, one in enumerate(self.form.parameters):
            field = self.query_one(f"#parameter-{number}", Field)
            problem = problems.get(f"parameter:{one.name}")
            shown = problem if problem and not is_untouched(one) else None
            field.show_wrong(shown.message if shown else "", shown.column if shown else None)
            kind = one.kind.name
            field.show_note(self._note_of(one, kind))
        start = problems.get("start")
        self.query_one("#start", Field).show_wrong(
            start.message if start else "", 0 if start else None
        )
        for name in ("log_level", "context", "run_config", "key"):
            wrong = problems.get(name)
            column = wrong.column if wrong and name in ("context", "run_config") else None
            self.query_one(f"#{name}", Field).show_wrong(wrong.message if wrong else "", column)
        self._note_start(start is None)
        self._note_labels()
        self.query_one("#send", PushButton).enabled = not problems and not self.is_sending
        for name in ("#about", "#said", "#sent", "#head", "#hint"):
            self.query_one(name, Lines).repaint()
        self.show_keys()

    def _note_of(self, one: ParameterField, kind: str) -> list[Piece]:
        if one.problem is None and not one.is_left_out:
            kind = kind_of(one.value).name
        pieces = [Piece(kind, "fg2")]
        if is_other(one):
            room = self.query_one("#about", Lines).size.width - self._notes_at - len(kind)
            pieces += [blank(2), was_piece(one, max(8, room))]
        return pieces

    def _note_start(self, is_valid: bool) -> None:
        assert self.form is not None
        app, note = self.flowtui, "at once"
        if is_valid:
            start = self.form.start_time(app.now(), app.zone)
            if start is not None:
                note = zoned_moment(start, app.now(), app.zone)
        self.start_says = note if is_valid else "not valid yet"
        self.query_one("#start", Field).show_note(note if is_valid else "")

    def _note_labels(self) -> None:
        """How many agents would take it, going by when they last asked for work."""
        assert self.form is not None
        if self.agents is not None:
            labels = parse_labels(self.form.labels) or self.labels_if_empty()
            note = agents_note(self.agents, labels, self.flowtui.now(), palette_of(self))
            self.query_one("#labels", Field).show_note(note)

    # Painting

    def _paint_head(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.form is None:
            return [crumbs("flow", "Run")]
        version = self.form.version
        note = ""
        if self.like is not None:
            began = self.like.start_time or self.like.scheduled_start_time
            when = moment(began, self.flowtui.now(), self.flowtui.zone)
            note = f"prefilled from {plain(self.like.name)}, {when}"
        if self.older is not None:
            note = f"prefilled from the defaults of v{self.older.version}"
        note = cut(note, width // 2, palette.ellipsis)
        parts = (version.project_name, f"{version.name} v{version.version}", "Run")
        path = crumbs(*parts, room=width - cells(note) - 2)
        return [between(path, [Piece(note, "fg2")], width)]

    def _paint_parameters(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.form is None:
            return []
        return [[*heading("Parameters"), *changed_note(self.form)]]

    def _paint_said(self, palette: Palette, width: int) -> list[list[Piece]]:
        """What keeps it from being sent, or what will happen."""
        if self.form is None:
            return []
        profile = self.flowtui.profile
        ready = f"sends create_flow_run to {profile.title}, to start {self.start_says}"
        if profile.read_only:
            ready = f"{profile.title} is read-only: this cannot be sent"
        return said_lines(self._trouble, self.problems(), ready, palette, width)

    def _paint_hint(self, palette: Palette, width: int) -> list[list[Piece]]:
        """Beside the button: the key that does the same from any field, or what it waits for."""
        if self.form is None or self.problems():
            return [[Piece("waits until every value is valid", "fg2")]]
        return [[Piece("f3", "fg0", bold=True), Piece(" from any field", "fg2")]]

    # What keys do

    @on(Input.Submitted)
    def _next_field(self) -> None:
        self.focus_next()

    @on(PushButton.Pressed, "#send")
    def _pressed(self) -> None:
        self.action_act("send")

    @action("f3", "send", written)
    async def send(self) -> None:
        """Create the run, and open it."""
        from flowtui.ui.screens.run import RunScreen

        assert self.form is not None
        app = self.flowtui
        self.is_sending = True
        self.query_one(KeyBar).show_note("sending …")
        try:
            request = self.form.request(app.now(), app.zone)
            run_id = await (await app.backend()).create_flow_run(request)
        except FlowtuiError as error:
            unknown = isinstance(error, Unreachable)
            tail = (
                " It may have been created; sending again starts no second run." if unknown else ""
            )
            self._trouble = f"{error}{tail}"
            self.query_one(KeyBar).show_note("not known to be sent" if unknown else NOTHING_SENT)
            return
        finally:
            self.is_sending = False
            self._check()
        app.last_named = PageOfRun(run_id)
        app.switch_screen(RunScreen(run_id))

    @action("escape", "leave")
    def go_back(self) -> None:
        """Leave, nothing sent; once something is typed, press twice."""
        if any(field.changed for field in self.query(Field)) and not self._leaving:
            self._leaving = True
            self.show_notice("esc again leaves: what you typed is lost")
        else:
            self.flowtui.go_back()

    @action("ctrl+r", "reset field", bar=True)
    def reset_field(self) -> None:
        """Put back what the field held at first."""
        for field in self.query(Field):
            if field.input.has_focus:
                field.reset()

    @action("f1", "help")
    def show_help(self) -> None:
        """Every key of this screen, and what it does."""
        super().show_help()
