"""Agents: who takes runs from the queue, who has gone quiet, and what waits for whom."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.agents import Agent, Contacts
from flowtui.models.filters_agents import AGENTS
from flowtui.models.ids import AgentId
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount
from flowtui.models.work import Stint, run_by
from flowtui.ui.actions import action
from flowtui.ui.agent_chosen import Chosen, chosen_lines
from flowtui.ui.agent_columns import (
    HEALTHS,
    ORDER,
    Worked,
    agent_columns,
    away_first,
    health_pieces,
)
from flowtui.ui.agent_contacts import contact_strip, most_asked
from flowtui.ui.agent_deeds import AGENT_DEEDS, REMOVE_AGENTS
from flowtui.ui.agent_labels import LATELY, label_lines, labels_of
from flowtui.ui.agent_lines import due_for, late_for
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece, between, blank, width_of
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.agent_closer import AgentCloser
from flowtui.ui.screens.bulk_actions import BulkActions
from flowtui.ui.screens.frame import selected
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

INTERVAL = 5.0
PLANNED = 300
"""Runs that are planned, of which those are shown that an agent would take."""

RUNNING_INTERVAL, PAST_INTERVAL = 10.0, 60.0
"""Seconds between two questions for what runs, and for what was in the last hours."""


@frozen
class Past:
    """What was of late: how often agents asked for work, and which runs ended."""

    contacts: Mapping[AgentId, Contacts] = field(default_factory=dict)
    ended: Sequence[Stint] | None = None
    at: datetime | None = None
    """Up to when."""


async def _past(backend: Backend, now: datetime) -> Past:
    return Past(*await gather(backend.contacts(), backend.ended_since(now - LATELY)), at=now)


def some_unhealthy(screen: Any) -> str | None:
    """Agents have not asked for work for a while."""
    return None if screen.unhealthy else "every agent is alive"


class AgentsScreen(AgentCloser, BulkActions):
    """The list of agents."""

    tab = "agents"
    title_text = "Agents"
    list_title = "agents"
    empty = "No agents yet. 'prefect agent local start' starts one."
    deeds = AGENT_DEEDS

    DEFAULT_CSS = """
    AgentsScreen {
        #title { padding: 0 2; }
        &.-low #title { padding: 1 2 0 2; }
        #table { height: 2; max-height: 40%; }
        &.-tall #table { margin-top: 1; }
        #below { height: 1fr; margin: 1 0; layout: vertical; }
        #chosen { background: $bg1; padding: 0 2; }
        &.-tall #chosen { padding: 1 2; }
        #labels { display: none; padding: 0 2; height: 1fr; margin-top: 1; }
        &.-tall.-wide #labels { display: block; }
        &.-broad #below { layout: horizontal; }
        &.-broad #chosen { width: 1fr; max-width: 140; }
        &.-broad #labels { width: 68; margin-top: 0; padding: 1 2; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.planned: Sequence[FlowRun] = ()
        self._at_work: Sequence[Stint] | None = None
        self._past = Past()

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
        with Container(id="below"):
            yield Lines(self._paint_chosen, ground="bg1", id="chosen")
            yield Lines(self._paint_labels, id="labels")

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
    def menu_subject(self) -> str:
        return self.subject.name if self.subject is not None else ""

    def make_listing(self) -> Listing[Agent]:
        app = self.flowtui
        return Listing(
            app.memory,
            ("agents",),
            AGENTS,
            lambda: agent_columns(self.shown_now, self._worked()),
            OwnOrder(ORDER, away_first),
            zone=app.zone,
        )

    def _worked(self) -> Worked:
        return Worked(
            waiting=lambda agent: len(due_for(agent, self.planned, self.flowtui.now())),
            late=lambda agent: len(late_for(agent, self.planned, self.flowtui.now())),
            runs=lambda agent: None if self._at_work is None else run_by(agent.id, self._at_work),
            strip=self._paint_strip if self._past.contacts else None,
        )

    def sources(self) -> list[Question]:
        app = self.flowtui
        asked = [
            Question(
                app.feed(("agents",), lambda backend: backend.agents(), INTERVAL),
                self.show_records,
                ("title",),
            ),
            Question(
                app.feed(("upcoming",), lambda backend: backend.upcoming(PLANNED), INTERVAL),
                self._show_planned,
                ("chosen",),
            ),
            Question(
                app.feed(("running now",), lambda backend: backend.running_now(), RUNNING_INTERVAL),
                self._show_running,
            ),
        ]
        if self.has_room_for_strips:
            past = app.feed(
                ("past work",), lambda backend: _past(backend, app.now()), PAST_INTERVAL
            )
            asked.append(Question(past, self._show_past))
        return asked

    def list_changed(self) -> None:
        rows = len(self.list_table.rows)
        self.list_table.styles.height = rows + 1 if rows else 2
        self.look_closer()
        self.repaint_below()

    def _show_planned(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        self.planned = snapshot.value or ()
        self.list_table.repaint()
        self.repaint_below()

    def _show_running(self, snapshot: Snapshot[list[Stint] | None]) -> None:
        self._at_work = snapshot.value
        self._repaint_times()

    def _show_past(self, snapshot: Snapshot[Past]) -> None:
        if snapshot.value is None:
            return
        had_any, self._past = bool(self._past.contacts), snapshot.value
        if bool(self._past.contacts) != had_any:
            self.show_list_columns()
        self._repaint_times()

    def _repaint_times(self) -> None:
        """Paint what tells of the runs that were, and of those that are."""
        self.list_table.repaint()
        self.query_one("#labels", Lines).repaint()

    @on(RecordTable.Highlighted)
    def repaint_below(self) -> None:
        """Paint what follows from the list, for the room that is left once that is known."""
        self.query_one("#title", Lines).repaint()
        self.query_one("#chosen").display = self.subject is not None
        self.call_after_refresh(self._repaint_below)

    def _repaint_below(self) -> None:
        """The screen may have gone meanwhile."""
        for lines in self.query("#below Lines").results(Lines):
            lines.repaint()

    def on_resize(self) -> None:
        super().on_resize()
        self.call_after_refresh(self._repaint_below)

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

    def _paint_strip(self, agent: Agent, palette: Palette, width: int) -> list[Piece]:
        contacts, now = self._past.contacts, self._past.at or self.shown_now()
        most = most_asked(contacts.values())
        return contact_strip(agent, contacts.get(agent.id), now, palette, most, width)

    def _paint_chosen(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.subject is None:
            return []
        known = self.agents, self.planned, self.lately
        chosen = Chosen(self.subject, *known, self.tells_past)
        size = width, self._rows_for_chosen()
        return chosen_lines(chosen, self.shown_now(), self.flowtui.zone, palette, size)

    def _rows_for_chosen(self) -> int:
        """What is left of the room below the table when every label has some of it."""
        room = self.query_one("#below").size.height
        if self.has_class("-low"):
            return room
        if self.has_class("-broad") or not self.has_room_for_strips:
            return room - 2
        known = labels_of(self.agents, self.planned, None, self.flowtui.now(), 0)
        return room - 3 - min(len(known) + 1, max(4, room // 3))

    def _paint_labels(self, palette: Palette, width: int) -> list[list[Piece]]:
        known = self._at_work is not None and self._past.ended is not None
        stints = [*(self._at_work or ()), *(self._past.ended or ())] if known else None
        size = width, self.query_one("#labels", Lines).size.height
        return label_lines(self.agents, self.planned, stints, self.flowtui.now(), palette, size)

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
