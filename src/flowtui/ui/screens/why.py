"""Why a run is not running: the answer, what was checked for it, and who could take the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal

from flowtui.models.agents import Agent
from flowtui.models.diagnosis import (
    OK,
    OPEN,
    Circumstances,
    Diagnosis,
    diagnose,
    remedies,
    takers_last_seen,
)
from flowtui.models.ids import FlowRunId
from flowtui.models.runs import FlowRun
from flowtui.models.text import away, cells, cut, duration, plain
from flowtui.ui.actions import action
from flowtui.ui.feeds import Snapshot
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import crumbs, heading, way_to, wrapped, zoned_moment
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.screens.run_edits import RunEdits
from flowtui.ui.steering import Siblings, runs_beside
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.reading import Reading

INTERVAL = 5.0
"""Seconds between two looks."""

LABELS_SHOWN = 4
LABEL_CELLS = 20
"""Labels that get a column of their own, and the cells these share."""

_MARKS = {OK: ("✓", "+", "success"), OPEN: ("·", ".", "fg3")}


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
        #takers { width: 48; }
        &.-broad #checks { width: 90; }
    }
    """

    def __init__(self, run_id: FlowRunId) -> None:
        super().__init__()
        self.run_id = run_id
        self.known: Circumstances | None = None
        self.diagnosis: Diagnosis | None = None

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_head, id="head")
        with Reading(id="page"):
            yield Lines(self._paint_answer, id="answer")
            yield Lines(self._paint_remedies, id="remedies")
            with Horizontal():
                yield Lines(self._paint_checks, id="checks")
                yield Lines(self._paint_takers, id="takers")

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
        return [Question(feed, self._show, ("head",))]

    def _show(self, snapshot: Snapshot[Circumstances]) -> None:
        if snapshot.value is None:
            return
        self.known = snapshot.value
        self.diagnosis = diagnose(self.known)
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
        found = remedies(self.known, self.diagnosis)
        if not found:
            return []
        does = max(cells(one.does) for one in found) + 3
        lines = [heading("What would help")]
        for one in found:
            key = Piece(one.key.ljust(7), "fg0", bold=True)
            pieces = [key, Piece(one.does.ljust(does), "fg1"), Piece(plain(one.then), "fg2")]
            lines.append(fit_pieces(pieces, width, ellipsis=palette.ellipsis))
        return [*lines, []]

    def _paint_takers(self, palette: Palette, width: int) -> list[list[Piece]]:
        """Every agent against every label of the run."""
        if self.known is None:
            return []
        known, labels = self.known, self.known.run.labels[:LABELS_SHOWN]
        each = LABEL_CELLS // max(1, len(labels))
        shown = [cut(plain(label), each - 1).center(each) for label in labels]
        captions = [Piece("".join(shown), "fg1")]
        lines = [
            heading("Who could take it"),
            between([blank(16), *captions], [Piece("asked", "fg2")], width),
        ]
        takers = takers_last_seen(known)
        others = [agent for agent in known.agents if agent not in takers]
        return [
            *lines,
            *(self._taker(agent, labels, palette, width) for agent in [*takers, *others]),
        ]

    def _taker(
        self, agent: Agent, labels: Sequence[str], palette: Palette, width: int
    ) -> list[Piece]:
        assert self.known is not None
        health = agent.health(self.known.now)
        state = {"healthy": "Success", "stale": "Late"}.get(health, "Failed")
        token = "success" if health == "healthy" else state.lower()
        dot = palette.glyph("dot") if health == "healthy" else palette.state_glyph(state)
        yes, no = palette.state_glyph("Success"), palette.glyph("point")
        each = LABEL_CELLS // max(1, len(labels))
        has = [
            Piece((yes if label in agent.labels else no).center(each), "fg1") for label in labels
        ]
        asked = "never"
        if agent.last_queried is not None:
            asked = away(self.known.now - agent.last_queried)
        name = cut(plain(agent.name), 13).ljust(14)
        left = [Piece(f"{dot} ", token), Piece(name, "fg0" if agent.takes(labels) else "fg1"), *has]
        return between(left, [Piece(asked, "fg2" if health == "healthy" else token)], width)
