"""An agent: who it is, what it runs, what waits for it, and what it ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual import on
from textual.app import ComposeResult

from flowtui.models import states
from flowtui.models.agents import Agent, Contacts
from flowtui.models.ids import AgentId
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, plain
from flowtui.ui.actions import action
from flowtui.ui.agent_columns import health_pieces
from flowtui.ui.agent_contacts import contact_strip, most_asked
from flowtui.ui.agent_lines import contact, late_for, taken_by
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import crumbs, heading, labelled
from flowtui.ui.pane_ages import Question
from flowtui.ui.run_columns import in_order, run_columns
from flowtui.ui.screens.frame import TALL
from flowtui.ui.screens.run_edits import RunEdits
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 5.0
PLANNED = 300
CONTACTS_INTERVAL = 60.0
HISTORY = 100
"""Runs it took that are shown."""
COLUMNS = ("state", "run", "flow", "start", "time", "message")


class AgentScreen(RunEdits):
    """One agent."""

    tab = "agents"
    title_text = "Agent"

    DEFAULT_CSS = """
    AgentScreen {
        Lines { padding: 0 2; }
        &.-low #head { padding: 1 2 0 2; }
        #facts, #waiting-title, #ran-title { margin-top: 1; }
        #waiting { height: 2; }
        #ran { margin-bottom: 1; }
        &.-low #facts { display: none; }
    }
    """

    def __init__(self, agent: Agent) -> None:
        super().__init__()
        self.agent = agent
        self.planned: Sequence[FlowRun] = ()
        self.taken: Sequence[FlowRun] = ()
        self._is_gone = False
        self._knows_taken = False
        self._contacts: Mapping[AgentId, Contacts] = {}
        self._contacts_at: datetime | None = None

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_head, id="head")
        yield Lines(self._paint_facts, id="facts")
        yield Lines(self._paint_waiting, id="waiting-title")
        yield self._table("waiting", "Asking for what is planned …")
        yield Lines(self._paint_ran, id="ran-title")
        yield self._table("ran", "Asking for the runs it took …")

    def _table(self, id: str, sentence: str) -> RecordTable[FlowRun]:
        app = self.flowtui
        columns = [
            one for one in run_columns(self.shown_now, lambda: app.zone) if one.called in COLUMNS
        ]
        return RecordTable[FlowRun](columns, lambda run: run.id, sentence=sentence, id=id)

    def on_mount(self) -> None:
        self.waiting.focus()

    @property
    def waiting(self) -> RecordTable[FlowRun]:
        return self.query_one("#waiting", RecordTable)

    @property
    def ran(self) -> RecordTable[FlowRun]:
        return self.query_one("#ran", RecordTable)

    @property
    def chosen_run(self) -> FlowRun | None:
        table = self.ran if self.focused is self.ran else self.waiting
        run: FlowRun | None = table.record
        return run

    @property
    def menu_subject(self) -> str:
        return self.chosen_run.name if self.chosen_run is not None else self.agent.name

    # Feeds

    def above(self) -> str:
        return "agents"

    def sources(self) -> list[Question]:
        app, agent_id = self.flowtui, self.agent.id
        contacts = app.feed(("contacts",), lambda backend: backend.contacts(), CONTACTS_INTERVAL)
        shows_facts = app.size.height >= TALL
        asked = [Question(contacts, self._show_contacts)] if shows_facts else []
        return [
            Question(
                app.feed(
                    ("runs of agent", agent_id),
                    lambda backend: backend.runs_of_agent(agent_id, HISTORY),
                    INTERVAL,
                ),
                self._show_taken,
                ("ran-title",),
            ),
            Question(
                app.feed(("agents",), lambda backend: backend.agents(), INTERVAL),
                self._show_agents,
                ("head",),
            ),
            Question(
                app.feed(("upcoming",), lambda backend: backend.upcoming(PLANNED), INTERVAL),
                self._show_planned,
                ("waiting-title",),
            ),
            *asked,
        ]

    def _show_taken(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        if snapshot.value is None:
            self.ran.say("No answer yet.")
            return
        self.taken, self._knows_taken = in_order(snapshot.value, self.flowtui.now()), True
        self.ran.show(self.taken, empty="It has taken no run that is still known.")
        self._repaint("#ran-title")
        self._share()

    def _show_agents(self, snapshot: Snapshot[list[Agent]]) -> None:
        if snapshot.value is not None:
            found = next((one for one in snapshot.value if one.id == self.agent.id), None)
            self._is_gone = found is None
            self.agent = found or self.agent
            self._repaint("#head", "#facts")

    def _show_contacts(self, snapshot: Snapshot[Mapping[AgentId, Contacts]]) -> None:
        self._contacts, self._contacts_at = snapshot.value or {}, self.shown_now()
        self._repaint("#facts")

    def _show_planned(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        if snapshot.value is None:
            self.waiting.say("No answer yet.")
            return
        self.planned = snapshot.value
        mine = taken_by(self.agent, self.planned)
        self.waiting.show(mine, empty="Nothing it would take is planned.")
        self._repaint("#waiting-title")
        self._share()

    def on_resize(self) -> None:
        super().on_resize()
        self.call_after_refresh(self._share)

    def _share(self) -> None:
        """What waits for it gets its share of the page, and what the runs it took leave free."""
        waiting, ran = self.waiting, self.ran
        least = self.size.height * 2 // 5
        free = waiting.size.height + ran.size.height - max(1, len(ran.rows)) - 1
        most = max(least, free) if self._knows_taken else least
        waiting.styles.height = min(max(1, len(waiting.rows)) + 1, most)

    def _repaint(self, *names: str) -> None:
        for name in names:
            self.query_one(name, Lines).repaint()

    # Painting

    def _paint_head(self, palette: Palette, width: int) -> list[list[Piece]]:
        name = self.agent.name or "agent"
        health = health_pieces(self.agent.health(self.shown_now()), palette)
        right = [Piece("removed", "late")] if self._is_gone else health
        return [between(crumbs("agents", name, room=width - 20), right, width)]

    def _paint_facts(self, palette: Palette, width: int) -> list[list[Piece]]:
        agent = self.agent
        labels = " ".join(agent.labels) or "none: it takes runs without labels only"
        said = contact(agent, self.shown_now(), self.flowtui.zone)[1:]
        asked = [
            piece._replace(text=piece.text.strip().removeprefix("last asked "), fg="fg1")
            for piece in said
        ]
        known, now = self._contacts.get(agent.id), self._contacts_at or self.shown_now()
        strip = contact_strip(agent, known, now, palette, most_asked([known])) if known else []
        note = Piece("  4 minutes a step", "fg2")
        return [
            labelled("last asked", asked, width),
            *([labelled("asked, 2 h", [*strip, note], width)] if strip else []),
            labelled("labels", [Piece(plain(labels), "fg1")], width),
            labelled("type", [Piece(plain(agent.type), "fg1")], width),
            labelled("core", [Piece(plain(agent.core_version) or "–", "fg1")], width),
            labelled("id", [Piece(agent.id, "fg2")], width),
        ]

    def _paint_waiting(self, palette: Palette, width: int) -> list[list[Piece]]:
        late = late_for(self.agent, self.planned, self.flowtui.now())
        mine = taken_by(self.agent, self.planned)
        pieces = heading("Waiting for it")
        if late:
            pieces += [blank(2), Piece(f"{len(late)} late", "late", bold=True)]
        if mine:
            pieces += [blank(2), Piece(f"{len(mine) - len(late)} planned", "fg2")]
        return [fit_pieces(pieces, width)]

    def _paint_ran(self, palette: Palette, width: int) -> list[list[Piece]]:
        going = [run for run in self.taken if not run.is_finished]
        over = [run for run in self.taken if states.is_finished(run.state.type)]
        good = sum(1 for run in over if states.is_success(run.state.type))
        pieces = heading("Took", f"{amount(len(going), 'run')} in progress" if self.taken else "")
        said = f"{good} ok of the last {len(over)}" if over else ""
        return [between(pieces, [Piece(said, "fg2")] if said else [], width)]

    # What keys do

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.open_run()

    @on(RecordTable.Highlighted)
    def _highlighted(self) -> None:
        self.show_keys()

    @action("enter", "open")
    def open_run(self) -> None:
        """The run under the cursor."""
        from flowtui.ui.screens.run import RunScreen

        if self.chosen_run is not None:
            self.app.push_screen(RunScreen(self.chosen_run.id))

    @action("tab,shift+tab", "waiting / took")
    def next_pane(self) -> None:
        """From what waits for it to what it took, and back."""
        (self.ran if self.waiting.has_focus else self.waiting).focus()

    @action("d", "remove agent …", menu=True)
    async def remove_agent(self) -> None:
        """Forget the agent, if it is gone for good."""
        from flowtui.ui.dialogs.agents import ask_to_remove

        if await ask_to_remove(self, self.agent):
            self.flowtui.go_back()
