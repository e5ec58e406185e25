"""Why a run is not running: the answer, what was checked for it, and who could take the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal

from flowtui.models import ticket
from flowtui.models.agents import Contacts
from flowtui.models.diagnosis import OK, OPEN, Circumstances, Diagnosis, diagnose, takers_last_seen
from flowtui.models.ids import AgentId, FlowRunId
from flowtui.models.remedies import Around, remedies, same_cause
from flowtui.models.runs import FlowRun
from flowtui.models.text import cells, duration, plain
from flowtui.ui.actions import action
from flowtui.ui.feeds import Snapshot
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.named import PageOfFlow
from flowtui.ui.paint import crumbs, heading, way_to, wrapped, zoned_moment
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.frame import WIDE, ActionScreen
from flowtui.ui.screens.run_edits import RunEdits
from flowtui.ui.steering import Siblings, runs_beside
from flowtui.ui.tokens import Palette
from flowtui.ui.why_lines import asked_lines, same_lines, taker_lines, ticket_lines
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.reading import Reading

INTERVAL = 5.0
"""Seconds between two looks."""

AROUND_INTERVAL = 30.0
"""Between two looks at what is planned besides, and at who asked when."""
PLANNED = 300
"""Runs that are planned, of which those are told of that wait for the same."""

_MARKS = {OK: ("✓", "+", "success"), OPEN: ("·", ".", "fg3")}


def answered(screen: Any) -> str | None:
    """It is known why."""
    return None if screen.diagnosis is not None else "it is not known yet"


def has_schedule_on(screen: Any) -> str | None:
    """The flow of the run plans runs by itself."""
    if screen.known is None:
        return "it is not known yet"
    is_on = screen.known.group.latest.is_schedule_active
    return None if is_on else "the schedule of this flow is off"


class WhyScreen(RunEdits):
    """The diagnosis of one run."""

    tab = "runs"
    title_text = "Why"

    DEFAULT_CSS = """
    WhyScreen {
        #head { padding: 0 2 1 2; }
        &.-low #head { padding: 1 2; }
        #page { height: 1fr; margin-bottom: 1; }
        #page Lines { padding: 0 2; }
        #answer { margin-bottom: 1; }
        #page > Horizontal { height: auto; }
        &.-narrow #takers { display: none; }
        #takers { width: 54; }
        &.-broad #checks { width: 74; }
        &.-broad #takers { width: 66; }
        #asked { margin-top: 1; }
        &.-broad #answer, &.-broad #ticket { max-width: 140; }
    }
    """

    def __init__(self, run_id: FlowRunId) -> None:
        super().__init__()
        self.run_id = run_id
        self.known: Circumstances | None = None
        self.diagnosis: Diagnosis | None = None
        self._planned: Sequence[FlowRun] = ()
        self._contacts: Mapping[AgentId, Contacts] = {}

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_head, id="head")
        with Reading(id="page"):
            yield Lines(self._paint_answer, id="answer")
            yield Lines(self._paint_remedies, id="remedies")
            with Horizontal():
                yield Lines(self._paint_checks, id="checks")
                yield Lines(self._paint_takers, id="takers")
            yield Lines(self._paint_asked, id="asked")
            yield Lines(self._paint_ticket, id="ticket")

    def on_mount(self) -> None:
        self.query_one("#page").focus()

    @action("W", "look again")
    def explain(self) -> None:
        """Ask the backend again why the run is not running."""
        self.refresh_now()

    @property
    def chosen_run(self) -> FlowRun | None:
        return self.known.run if self.known is not None else None

    async def beside(self) -> Siblings | None:
        run = self.chosen_run
        if run is None:
            return None
        return await runs_beside(self.flowtui, run.id, run.flow_group_id, WhyScreen)

    def above(self) -> Callable[[], ActionScreen]:
        from flowtui.ui.screens.run import RunScreen

        return partial(RunScreen, self.run_id)

    def sources(self) -> list[Question]:
        app, run_id = self.flowtui, self.run_id
        feed = app.feed(
            ("why", run_id), lambda backend: backend.circumstances(run_id, app.now()), INTERVAL
        )
        asked = [Question(feed, self._show, ("head",))]
        if app.size.width >= WIDE:
            planned = app.feed(
                ("planned besides",), lambda backend: backend.upcoming(PLANNED), AROUND_INTERVAL
            )
            contacts = app.feed(("contacts",), lambda backend: backend.contacts(), AROUND_INTERVAL)
            asked += [
                Question(planned, self._show_planned),
                Question(contacts, self._show_contacts),
            ]
        return asked

    def _show(self, snapshot: Snapshot[Circumstances]) -> None:
        if snapshot.value is None:
            return
        self.known = snapshot.value
        self.diagnosis = diagnose(self.known, self.flowtui.zone)
        self._repaint()

    def _show_planned(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        self._planned = snapshot.value or ()
        self._repaint()

    def _show_contacts(self, snapshot: Snapshot[Mapping[AgentId, Contacts]]) -> None:
        self._contacts = snapshot.value or {}
        self._repaint()

    def _repaint(self) -> None:
        for lines in self.query(Lines):
            lines.repaint()

    # Painting

    def _paint_head(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.known is None:
            return [crumbs("run", "why")]
        run = self.known.run
        due = f"due {zoned_moment(self.known.due, self.known.now, self.flowtui.zone)}"
        path = crumbs(*way_to(run), "why", room=width - cells(due) - 2)
        state = state_pieces(run.shown_state(self.known.now), palette)
        since = run.moved_at
        waits = (self.known.now - max(since, min(self.known.due, self.known.now))).total_seconds()
        return [
            between(path, [Piece(due, "fg2")], width),
            [],
            [*state, blank(2), Piece(duration(waits), "fg0", bold=True)],
        ]

    def _paint_answer(self, palette: Palette, width: int) -> list[list[Piece]]:
        """The answer, on the page's one tinted band where something is wrong."""
        if self.diagnosis is None:
            return [[Piece("Looking at the run, its flow and the agents …", "fg2")]]
        ground = "late-tint" if self.diagnosis.is_bad else "bg1"
        token = "late" if self.diagnosis.is_bad else "ok-quiet"
        rows = [(self.diagnosis.headline, "fg0", True), (self.diagnosis.detail, "fg1", False)]
        if self.diagnosis.cause is not None and self.diagnosis.cause.help:
            mend = f"{palette.glyph('then')} {self.diagnosis.cause.help}"
            rows.append((mend, "fg0", False))
        lines: list[list[Piece]] = [[]]
        for sentence, ink, bold in rows:
            for row in wrapped(plain(sentence), width - 4) if sentence else ():
                lines.append([Piece(row, ink, bold=bold)])
        lines.append([])
        bar = Piece(palette.glyph("beside"), token, ground)
        return [
            [bar, *(one._replace(bg=ground) for one in fit_pieces([blank(2), *line], width - 1))]
            for line in lines
        ]

    def _paint_checks(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.diagnosis is None:
            return []
        lines = [heading("Checked, in the order a run passes them")]
        for check in self.diagnosis.checks:
            glyph, ascii_glyph, token = _MARKS.get(check.verdict, ("✗", "x", "failed"))
            wrong = check.verdict not in _MARKS
            text = "fg0" if wrong else "fg2" if check.verdict == OPEN else "fg1"
            said = wrapped(plain(check.text), max(1, width - 15)) or [""]
            lines.append(
                [
                    Piece(ascii_glyph if palette.ascii else glyph, token, bold=wrong),
                    blank(1),
                    Piece(check.name.ljust(11), "fg0" if wrong else text, bold=wrong),
                    Piece(said[0], text),
                ]
            )
            lines += [[blank(13), Piece(more, text)] for more in said[1:]]
        return lines

    def _paint_remedies(self, palette: Palette, width: int) -> list[list[Piece]]:
        """What one can do about it from here."""
        if self.known is None or self.diagnosis is None:
            return []
        around = Around(self.known, self._planned, self.flowtui.zone)
        found = remedies(around, self.diagnosis)
        if not found:
            return []
        does = max(cells(one.does) for one in found) + 3
        lines = [heading("What would help")]
        for one in found:
            key = (one.key or palette.glyph("then")).ljust(7)
            name, then = Piece(plain(one.does).ljust(does), "fg1"), plain(one.then)
            room = width - does - len(key)
            if cells(then) > room:
                then = then.partition(";")[0]
            is_beside = cells(then) <= room
            pieces = [Piece(key, "fg0", bold=True), name, Piece(then if is_beside else "", "fg2")]
            lines.append(fit_pieces(pieces, width, ellipsis=palette.ellipsis))
            if not is_beside:
                below = [blank(len(key)), Piece(then, "fg2")]
                lines.append(fit_pieces(below, width, ellipsis=palette.ellipsis))
        return [*lines, []]

    def _paint_takers(self, palette: Palette, width: int) -> list[list[Piece]]:
        """Who could take it, and what else waits for the same."""
        if self.known is None or self.diagnosis is None:
            return []
        lines = taker_lines(self.known, palette, width)
        if self._cause != "agent":
            return lines
        return [*lines, *same_lines(same_cause(self.known, self._planned), self.flowtui.zone)]

    @property
    def _cause(self) -> str:
        """The name of what is wrong; empty where nothing is."""
        cause = self.diagnosis.cause if self.diagnosis is not None else None
        return cause.name if cause is not None else ""

    def _paint_asked(self, palette: Palette, width: int) -> list[list[Piece]]:
        """Until when the agent asked that would take it."""
        if self.known is None or self._cause != "agent" or not self.known.takers:
            return []
        agent = takers_last_seen(self.known)[0]
        contacts = self._contacts.get(agent.id)
        if contacts is None:
            return []
        return asked_lines(agent, contacts, self.known, self.flowtui.zone, palette, width)

    def _paint_ticket(self, palette: Palette, width: int) -> list[list[Piece]]:
        return ticket_lines(self._ticket, width) if self._cause else []

    @property
    def _ticket(self) -> list[str]:
        if self.known is None or self.diagnosis is None:
            return []
        return ticket.ticket_lines(self.known, self.diagnosis, self.flowtui.zone)

    # What keys do

    @action("y", "copy", answered)
    async def copy_ticket(self) -> None:
        """Copy the answer in words for a ticket, with the command that opens this run."""
        await self._copy_text("\n".join(self._ticket), "Words for the ticket")

    @action("p", "schedule off …", has_schedule_on, menu=True)
    async def switch_schedule_off(self) -> None:
        """Have the flow plan no more runs by itself."""
        from flowtui.ui.dialogs.schedule import ask_to_switch_schedule_of

        assert self.known is not None
        group = self.known.group
        schedule = group.schedule or group.latest.schedule
        await ask_to_switch_schedule_of(self, group.latest, schedule, PageOfFlow(group.id))
        self.refresh_now()
