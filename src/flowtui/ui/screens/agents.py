"""Agents: who takes runs from the queue, who has gone quiet, and what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from flowtui.models import states
from flowtui.models.agents import STALE_FOR, Agent
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, away, clock, cut, plain, zone_name
from flowtui.ui.actions import action
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.question import Question
from flowtui.ui.feeds import Feed, Snapshot
from flowtui.ui.graphics import bar, state_pieces
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import due_piece, heading
from flowtui.ui.screens.frame import ActionScreen, Handler, selected
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 5.0
PLANNED = 300
"""Runs that are planned, of which those are shown that an agent would take."""

WAITING_SHOWN = 8
HEALTHS = ("old", "stale", "healthy")
LOOKS = {
    "healthy": ("dot", "Success", "success"),
    "stale": ("", "Late", "late"),
    "old": ("", "Failed", "failed"),
}
"""Health → glyph (or that of a state), state, colour."""


def health_pieces(health: str, palette: Palette) -> list[Piece]:
    """The glyph and the word of an agent's health."""
    glyph, state, token = LOOKS[health]
    shown = palette.glyph(glyph) if glyph else palette.state_glyph(state)
    loud = health != "healthy"
    return [Piece(f"{shown} ", token, bold=loud), Piece(health, token if loud else "fg2")]


class AgentsScreen(ActionScreen):
    """The list of agents."""

    tab = "agents"
    title_text = "Agents"

    DEFAULT_CSS = """
    AgentsScreen {
        #title { padding: 0 2; }
        &.-low #title { padding: 1 2 0 2; }
        #table { height: auto; max-height: 50%; }
        &.-tall #table { margin-top: 1; }
        #below { height: 1fr; margin: 1 0; }
        #waiting { padding: 0 2; }
        #labels { padding: 0 2; width: 48; }
        &.-narrow #labels { display: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.agents: Sequence[Agent] = ()
        self.planned: Sequence[FlowRun] = ()

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_title, id="title")
        yield RecordTable[Agent](
            self._columns(), lambda agent: agent.id, sentence="Asking for agents …", id="table"
        )
        with Horizontal(id="below"):
            yield Lines(self._paint_waiting, id="waiting")
            yield Lines(self._paint_labels, id="labels")

    def on_mount(self) -> None:
        self.table.focus()

    @property
    def table(self) -> RecordTable[Agent]:
        return self.query_one("#table", RecordTable)

    @property
    def subject(self) -> Agent | None:
        """The agent under the cursor."""
        return self.table.record

    @property
    def menu_subject(self) -> str:
        return self.subject.name if self.subject is not None else ""

    def sources(self) -> list[tuple[Feed[Any], Handler]]:
        app = self.flowtui
        return [
            (app.feed(("agents",), lambda backend: backend.agents(), INTERVAL), self._show),
            (
                app.feed(("upcoming",), lambda backend: backend.upcoming(PLANNED), INTERVAL),
                self._show_planned,
            ),
        ]

    def _show(self, snapshot: Snapshot[list[Agent]]) -> None:
        if snapshot.value is None:
            self.table.say("No answer yet.")
            return
        now = self.flowtui.now()
        order = {"stale": 0, "old": 1, "healthy": 2}
        self.agents = sorted(
            snapshot.value, key=lambda agent: (order[agent.health(now)], agent.name.lower())
        )
        empty = "No agent has ever asked for work. Start one with 'prefect agent local start'."
        self.table.show(self.agents, empty=empty)
        self.table.styles.height = len(self.agents) + 1 if self.agents else 2
        self._repaint()

    def _show_planned(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        self.planned = snapshot.value or ()
        self.table.repaint()
        self._repaint()

    @on(RecordTable.Highlighted)
    def _repaint(self) -> None:
        for name in ("#title", "#waiting", "#labels"):
            self.query_one(name, Lines).repaint()

    def _late_for(self, agent: Agent) -> list[FlowRun]:
        """Runs that are late and that this agent would take."""
        now = self.flowtui.now()
        return [
            run
            for run in self.planned
            if run.shown_state(now) == states.LATE and agent.takes(run.labels)
        ]

    # Painting

    def _columns(self) -> list[Column[Agent]]:
        def health(agent: Agent) -> str:
            return agent.health(self.shown_now())

        def asked(agent: Agent) -> Piece:
            if agent.last_queried is None:
                return Piece("never", "failed")
            seconds = self.shown_now() - agent.last_queried
            return Piece(
                away(seconds), "fg1" if health(agent) == "healthy" else LOOKS[health(agent)][2]
            )

        return [
            Column(
                "status",
                paint=lambda agent, palette, width: health_pieces(health(agent), palette),
                least=9,
                ticks=True,
            ),
            Column(
                "agent",
                lambda agent: agent.name or "agent",
                token=lambda agent: "fg1" if health(agent) == "healthy" else "fg0",
                bold=lambda agent: health(agent) != "healthy",
                least=12,
                most=24,
            ),
            Column(
                "type",
                lambda agent: agent.type.removesuffix("Agent").lower() or None,
                token="fg2",
                drop=2,
                most=12,
            ),
            Column(
                "labels",
                lambda agent: " ".join(agent.labels) or "none",
                token="fg2",
                least=8,
                most=20,
                grows=True,
            ),
            Column("asked", asked, right=True, least=7, ticks=True),
            Column("late", self._late, right=True, least=4),
            Column(
                "core", lambda agent: agent.core_version or None, right=True, token="fg2", drop=1
            ),
        ]

    def _late(self, agent: Agent) -> Piece:
        late = len(self._late_for(agent))
        return Piece(str(late), "late" if late else "fg2", bold=bool(late))

    def _paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        now = self.flowtui.now()
        pieces = [Piece("Agents", "fg0", bold=True)]
        for health in HEALTHS:
            count = sum(1 for agent in self.agents if agent.health(now) == health)
            if count:
                glyph, word = health_pieces(health, palette)
                pieces += [blank(3), glyph, Piece(f"{count} ", "fg0", bold=True), word]
        orphans = sum(
            1
            for run in self.planned
            if run.shown_state(now) == states.LATE
            and not any(a.takes(run.labels) and a.health(now) == "healthy" for a in self.agents)
        )
        said = f"{amount(orphans, 'run')} late without an agent" if orphans else ""
        return [between(pieces, [Piece(said, "late")], width)]

    def _paint_waiting(self, palette: Palette, width: int) -> list[list[Piece]]:
        agent = self.subject
        if agent is None:
            return []
        now, zone = self.shown_now(), self.flowtui.zone
        lines = [fit_pieces(self._contact(agent), width), []]
        mine = [run for run in self.planned if agent.takes(run.labels)]
        late = len(self._late_for(agent))
        note = f"{late} late, {len(mine) - late} planned" if mine else "nothing it would take"
        lines.append(heading("Waiting for it", note))
        for run in mine[:WAITING_SHOWN]:
            due = run.state.start_time or run.scheduled_start_time
            left = [
                Piece(f"{clock(due, zone, seconds=False)}  ", "fg2"),
                *state_pieces(run.shown_state(now), palette, 12),
                Piece(cut(plain(run.flow_name), 24).ljust(26), "fg1"),
            ]
            lines.append(between(left, [due_piece(run, now, palette)], width))
        return lines

    def _contact(self, agent: Agent) -> list[Piece]:
        """When it asked last, and what follows from that."""
        now, zone = self.shown_now(), self.flowtui.zone
        name = Piece(plain(agent.name or "agent"), "fg0", bold=True)
        if agent.last_queried is None:
            return [name, Piece("  has never asked for work", "fg2")]
        asked = f"{clock(agent.last_queried, zone)} {zone_name(agent.last_queried, zone)}"
        said = f"  last asked {asked}, {away(now - agent.last_queried)} ago"
        if agent.health(now) == "stale":
            old = agent.last_queried + STALE_FOR
            said += f"; counts as old from {clock(old, zone, seconds=False)}"
        return [name, Piece(said, "fg2")]

    def _paint_labels(self, palette: Palette, width: int) -> list[list[Piece]]:
        """Every label, who serves it, and how much is planned for it."""
        now = self.flowtui.now()
        due: dict[str, int] = {}
        for run in self.planned:
            for label in run.labels:
                due[label] = due.get(label, 0) + 1
        named = {label for agent in self.agents for label in agent.labels} | set(due)
        most = max(due.values(), default=0)
        lines = [
            between(
                [*fit_pieces(heading("Every label"), 18), Piece("live agents", "fg2")],
                [Piece("planned".ljust(10), "fg2")],
                width,
            )
        ]
        for label in sorted(named, key=lambda one: (-due.get(one, 0), one)):
            live = sum(1 for a in self.agents if label in a.labels and a.health(now) == "healthy")
            missing = due.get(label, 0) > 0 and not live
            left = [
                Piece(cut(plain(label), 16).ljust(18), "late" if missing else "fg1", bold=missing),
                Piece("none" if missing else str(live), "late" if missing else "fg1"),
            ]
            count = due.get(label, 0)
            share = bar(count / most, palette, 10, "scheduled") if most else []
            lines.append(
                between(
                    fit_pieces(left, 26),
                    [Piece(f"{count}  ", "fg1" if count else "fg2"), *share],
                    width,
                )
            )
        return lines

    # What keys do

    @action("d", "remove …", selected, menu=True)
    async def remove_agent(self) -> None:
        """Forget an agent that is gone for good."""
        agent, app = self.subject, self.flowtui
        assert agent is not None
        now = app.now()
        asked = "never" if agent.last_queried is None else f"{away(now - agent.last_queried)} ago"
        alive = agent.health(now) == "healthy"
        question = Question(
            "Remove agent",
            agent.name or "agent",
            f"on {app.profile.title}",
            facts=(
                ("now", f"{agent.health(now)}, asked for work {asked}"),
                ("keeps", "the runs it took, which then name no agent"),
                ("sends", "delete_agent"),
            ),
            act="Remove the agent",
            warning=("It is alive: it goes on asking for work without being listed.",)
            if alive
            else (),
        )
        if not await app.push_screen_wait(question):
            return
        await (await app.backend()).delete_agent(agent.id)
        app.say(f"{agent.name or 'The agent'} is removed.")
        self.refresh_now()
