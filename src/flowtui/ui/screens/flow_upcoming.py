"""What a flow will do next: its planned runs, and those that are late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.app import ComposeResult

from flowtui.models import states
from flowtui.models.filter_fields import RUNS
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount
from flowtui.ui.actions import action
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece, blank
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.pane_ages import Question
from flowtui.ui.run_columns import run_columns
from flowtui.ui.screens.flow_page import INTERVAL, RunListPane
from flowtui.ui.screens.flow_runs import RunsActions
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines

LIMIT = 100


class UpcomingPane(RunListPane):
    """Planned and late runs, the one that is due first in front."""

    name_of_pane = "upcoming"
    title = "Upcoming"
    table_id = "upcoming-table"
    list_title = "upcoming-runs"
    empty = "No run is planned. Press t to write one."

    DEFAULT_CSS = """
    UpcomingPane #upcoming-note { padding: 0 2 1 2; }
    """

    def compose(self) -> ComposeResult:
        yield Lines(self._paint_note, id="upcoming-note")
        yield self.make_filter_line()
        yield self.make_runs_table("Asking for planned runs …")

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

    @action("enter", "open", pane="upcoming-table")
    def open_planned_run(self) -> None:
        """The planned run under the cursor."""
        self._open_chosen()
