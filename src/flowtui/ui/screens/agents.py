"""Agents: who takes runs from the queue, who has gone quiet, and what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.filters_agents import AGENTS
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount
from flowtui.ui.actions import action
from flowtui.ui.agent_ahead import ahead_lines
from flowtui.ui.agent_columns import HEALTHS, ORDER, agent_columns, away_first, health_pieces
from flowtui.ui.agent_deeds import AGENT_DEEDS, REMOVE_AGENTS
from flowtui.ui.agent_lines import contact, label_lines, late_for, taken_by, waiting_line
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece, between, blank, fit_pieces, width_of
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.paint import heading
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.bulk_actions import BulkActions
from flowtui.ui.screens.frame import selected
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 5.0
PLANNED = 300
"""Runs that are planned, of which those are shown that an agent would take."""

WAITING_SHOWN = 8
LINE = 80
"""Cells that the line of a run needs at most."""


def some_unhealthy(screen: Any) -> str | None:
    """Agents have not asked for work for a while."""
    return None if screen.unhealthy else "every agent is alive"


class AgentsScreen(BulkActions):
    """The list of agents."""

    tab = "agents"
    title_text = "Agents"
    list_title = "agents"
    empty = "No agents yet. Start one with 'prefect agent local start'."
    deeds = AGENT_DEEDS

    DEFAULT_CSS = """
    AgentsScreen {
        #title { padding: 0 2; }
        &.-low #title { padding: 1 2 0 2; }
        #table { height: 2; max-height: 50%; }
        &.-tall #table { margin-top: 1; }
        #below { height: 1fr; margin: 1 0; }
        &.-tall #below { height: auto; max-height: 1fr; margin: 1 0 0 0; }
        #waiting { padding: 0 2; }
        #ahead { display: none; height: 1fr; padding: 0 2; margin: 1 0; }
        &.-tall #ahead { display: block; }
        #labels { padding: 0 2; width: 48; }
        &.-narrow #labels { display: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.planned: Sequence[FlowRun] = ()

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_title, id="title")
        yield self.make_filter_line()
        yield RecordTable[Agent](
            self.listing.shown_columns(),
            lambda agent: agent.id,
            sentence="Asking for agents …",
            marks=True,
            id="table",
        )
        with Horizontal(id="below"):
            yield Lines(self._paint_waiting, id="waiting")
            yield Lines(self._paint_labels, id="labels")
        yield Lines(self._paint_ahead, id="ahead")

    def on_mount(self) -> None:
        self.list_table.focus()

    @property
    def agents(self) -> Sequence[Agent]:
        """All there are, whatever the filter leaves."""
        agents: Sequence[Agent] = self.listing.records
        return agents

    @property
    def unhealthy(self) -> list[Agent]:
        """Those that have not asked for work for a while."""
        now = self.flowtui.now()
        return [agent for agent in self.agents if agent.health(now) != "healthy"]

    @property
    def subject(self) -> Agent | None:
        """The agent under the cursor."""
        return self.list_table.record

    @property
    def menu_subject(self) -> str:
        return self.subject.name if self.subject is not None else ""

    def make_listing(self) -> Listing[Agent]:
        app = self.flowtui
        return Listing(
            app.memory,
            ("agents",),
            AGENTS,
            lambda: agent_columns(self.shown_now, lambda agent: len(self._late_for(agent))),
            OwnOrder(ORDER, away_first),
            zone=app.zone,
        )

    def sources(self) -> list[Question]:
        app = self.flowtui
        return [
            Question(
                app.feed(("agents",), lambda backend: backend.agents(), INTERVAL),
                self.show_records,
                ("title",),
            ),
            Question(
                app.feed(("upcoming",), lambda backend: backend.upcoming(PLANNED), INTERVAL),
                self._show_planned,
                ("waiting",),
            ),
        ]

    def list_changed(self) -> None:
        rows = len(self.list_table.rows)
        self.list_table.styles.height = rows + 1 if rows else 2
        self._repaint()

    def _show_planned(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        self.planned = snapshot.value or ()
        self.list_table.repaint()
        self._repaint()

    @on(RecordTable.Highlighted)
    def _repaint(self) -> None:
        for name in ("#title", "#waiting", "#labels"):
            self.query_one(name, Lines).repaint()
        self.call_after_refresh(self._repaint_ahead)

    def _repaint_ahead(self) -> None:
        """Paint for the room that is left, once that is known; the screen may have gone with it."""
        for lines in self.query("#ahead").results(Lines):
            lines.repaint()

    def on_resize(self) -> None:
        super().on_resize()
        self.call_after_refresh(self._repaint_ahead)

    def _late_for(self, agent: Agent) -> list[FlowRun]:
        return late_for(agent, self.planned, self.flowtui.now())

    # Painting

    def _paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        now = self.flowtui.now()
        pieces = self.listing.heading("Agents", "", width)
        counts: list[Piece] = []
        for health in HEALTHS:
            count = sum(1 for agent in self.agents if agent.health(now) == health)
            if count:
                glyph, word = health_pieces(health, palette)
                counts += [blank(3), glyph, Piece(f"{count} ", "fg0", bold=True), word]
        orphans = sum(
            1
            for run in self.planned
            if run.shown_state(now) == states.LATE
            and not any(a.takes(run.labels) and a.health(now) == "healthy" for a in self.agents)
        )
        said = Piece(f"{amount(orphans, 'run')} late without an agent" if orphans else "", "late")
        if width_of([*pieces, *counts, said]) + 3 > width:
            return [between(pieces, [said] if said.text else counts, width)]
        return [between([*pieces, *counts], [said], width)]

    def _paint_waiting(self, palette: Palette, width: int) -> list[list[Piece]]:
        agent = self.subject
        if agent is None:
            return []
        now, zone, needed = self.shown_now(), self.flowtui.zone, min(width, LINE)
        mine = taken_by(agent, self.planned)
        late = len(self._late_for(agent))
        note = f"{late} late, {len(mine) - late} planned" if mine else "nothing it would take"
        lines = [fit_pieces(contact(agent, now, zone, width), width), []]
        lines.append(heading("Waiting for it", note))
        return [
            *lines,
            *(waiting_line(run, now, zone, palette, needed) for run in mine[:WAITING_SHOWN]),
        ]

    def _paint_labels(self, palette: Palette, width: int) -> list[list[Piece]]:
        return label_lines(self.agents, self.planned, self.flowtui.now(), palette, width)

    def _paint_ahead(self, palette: Palette, width: int) -> list[list[Piece]]:
        agent, height = self.subject, self.query_one("#ahead", Lines).size.height
        if agent is None:
            return []
        now, zone = self.shown_now(), self.flowtui.zone
        return ahead_lines(agent, self.agents, self.planned, now, zone, palette, (width, height))

    # What keys do

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.open_agent()

    @action("enter", "open", selected)
    def open_agent(self) -> None:
        """The agent under the cursor: what it runs, what waits for it, and what it ran."""
        from flowtui.ui.screens.agent import AgentScreen

        if self.subject is not None:
            self.app.push_screen(AgentScreen(self.subject))

    @action("d", "remove …", selected, menu=True)
    async def remove_agent(self) -> None:
        """Forget an agent that is gone for good."""
        from flowtui.ui.dialogs.agents import ask_to_remove

        if self.subject is not None:
            await ask_to_remove(self, self.subject)

    @action("u", "clean up …", some_unhealthy, menu=True)
    async def clean_up(self) -> None:
        """Forget every agent that is stale or old; each is shown before."""
        await self.do_to_many(REMOVE_AGENTS, away_first(self.unhealthy, self.flowtui.now()))
