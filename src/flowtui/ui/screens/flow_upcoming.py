"""What a flow will do next: its planned runs, and those that are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult

from flowtui.models import states
from flowtui.models.filter_fields import RUNS
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, cut, plain
from flowtui.ui.actions import action
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece, blank
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.paint import heading, labelled, value_piece
from flowtui.ui.pane_ages import Question
from flowtui.ui.run_columns import run_columns
from flowtui.ui.screens.flow_page import INTERVAL, RunListPane
from flowtui.ui.screens.flow_runs import RunsActions
from flowtui.ui.screens.frame import TALL
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

LIMIT = 100
WIDEST, COLUMN = 120, 20
"""Cells of a line of what is told of a run, and of its captions."""


class UpcomingPane(RunListPane):
    """Planned and late runs, the one that is due first in front."""

    name_of_pane = "upcoming"
    title = "Upcoming"
    table_id = "upcoming-table"
    list_title = "upcoming-runs"
    empty = "No run is planned. Press t to write one."

    SCOPED_CSS = False
    DEFAULT_CSS = """
    UpcomingPane #upcoming-note { padding: 0 2 1 2; }
    UpcomingPane #upcoming-below { display: none; height: 1fr; padding: 0 2; margin-top: 1; }
    .-tall UpcomingPane #upcoming-below { display: block; }
    """

    def compose(self) -> ComposeResult:
        yield Lines(self._paint_note, id="upcoming-note")
        yield self.make_filter_line()
        yield self.make_runs_table("Asking for planned runs …")
        yield Lines(self._paint_below, id="upcoming-below")

    def make_listing(self) -> Listing[FlowRun]:
        app, page = self.flowtui, self.page
        return Listing(
            app.memory,
            ("planned runs of a flow", page.group_id),
            RUNS,
            lambda: _columns(run_columns(page.shown_now, lambda: app.zone, with_flow=False)),
            OwnOrder("what is due first", lambda runs, now: runs),
            limit=LIMIT,
            cut_to="the next",
            zone=app.zone,
        )

    def sources(self) -> list[Question]:
        group_id = self.page.group_id
        feed = self.flowtui.feed(
            ("flow upcoming", group_id),
            lambda backend: backend.flow_upcoming(group_id, LIMIT),
            INTERVAL,
        )
        return [Question(feed, self._show_runs, (self.table_id,))]

    def _show_runs(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        self.list_records(snapshot.value)
        self.fit()

    def on_resize(self) -> None:
        self.fit()

    def fit(self) -> None:
        """As many rows as there are runs, where something is told below them."""
        rows = len(self.table.rows)
        fits = self.page.size.height >= TALL and rows > 0
        self.table.styles.height = min(rows + 1, self.size.height * 2 // 3) if fits else "1fr"
        self.call_after_refresh(self.another_run)

    def another_run(self) -> None:
        """Another one is under the cursor."""
        self.query_one("#upcoming-below", Lines).repaint()

    def _paint_below(self, palette: Palette, width: int) -> list[list[Piece]]:
        """What the run under the cursor was planned with."""
        run = self.chosen_run
        if run is None:
            return []
        width = min(width, WIDEST)
        how = "planned by the schedule" if run.auto_scheduled else "planned by hand"
        labels = "  ".join(map(plain, run.labels)) or "none"
        lines = [
            heading(plain(run.name), how),
            labelled("labels", [Piece(labels, "fg1")], width, COLUMN),
            [],
            heading("Parameters", "" if run.parameters else "none"),
        ]
        for name, value in sorted(run.parameters.items()):
            shown = cut(plain(name), COLUMN - 2, palette.ellipsis)
            lines.append([Piece(shown.ljust(COLUMN), "fg2"), value_piece(value, width - COLUMN)])
        return lines

    def _paint_note(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.listing is None or not self.listing.records:
            return []
        now = self.page.shown_now()
        late = sum(1 for run in self.listing.records if run.shown_state(now) == states.LATE)
        planned = len(self.listing.records) - late
        said = [Piece(f"{planned} planned", "fg2")]
        if late:
            glyph = Piece(f"{palette.state_glyph(states.LATE)} ", "late", bold=True)
            why = [Piece("  W", "fg0", bold=True), Piece(" says why", "fg2")]
            said = [glyph, Piece(amount(late, "late run"), "late"), *why, blank(3), *said]
        return [said]


def _columns(columns: Sequence[Column[FlowRun]]) -> list[Column[FlowRun]]:
    """How a planned run came about and what it takes, which tells more than what its state says."""
    telling = ("by", "labels", "parameters")
    kept = [replace(one, extra=False) if one.name in telling else one for one in columns]
    return [replace(one, extra=True) if one.name == "message" else one for one in kept]


class UpcomingActions(RunsActions):
    """What keys do with planned runs."""

    @on(RecordTable.Highlighted, "#upcoming-table")
    def _another_run(self) -> None:
        self.query_one(UpcomingPane).another_run()

    @action("enter", "open", pane="upcoming-table")
    def open_planned_run(self) -> None:
        """The planned run under the cursor."""
        self._open_chosen()
