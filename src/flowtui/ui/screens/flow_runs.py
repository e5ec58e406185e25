"""The runs of a flow: the last of them as a band, how they stand, and all of them as a list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from textual import on
from textual.app import ComposeResult

from flowtui.models.filter_fields import RUNS
from flowtui.models.run_conditions import compared
from flowtui.models.runs import FlowRun
from flowtui.ui.actions import action
from flowtui.ui.beyond import Beyond, runs_beyond
from flowtui.ui.feeds import Snapshot
from flowtui.ui.graphics import ribbon, tally
from flowtui.ui.history import history_lines
from flowtui.ui.ink import Piece, between, blank, width_of
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.pane_ages import Question
from flowtui.ui.run_columns import ORDER, in_order, run_columns
from flowtui.ui.screens.flow_page import INTERVAL, FlowPage, RunListPane
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

LIMIT = 200
"""Runs of the flow that are fetched."""

WINDOWS: tuple[tuple[str, timedelta], ...] = (
    ("last 24 h", timedelta(days=1)),
    ("last 7 d", timedelta(days=7)),
    ("last 30 d", timedelta(days=30)),
    ("last hour", timedelta(hours=1)),
)
"""Spans that runs are counted over, one after the other."""

COUNTED = (
    ("Failed", "failed"),
    ("Running", "running"),
    ("Success", "ok"),
    ("Submitted", "submitted"),
    ("Paused", "paused"),
    ("Resume", "resumed"),
    ("Cancelled", "cancelled"),
)
"""States that are counted, and their words; the first three always, the others if there are any."""


class RunsPane(RunListPane):
    """What has run, runs, and will run."""

    name_of_pane = "runs"
    title = "Runs"
    table_id = "runs-table"
    list_title = "runs"
    empty = "It has not run yet. Press t to write a run."

    DEFAULT_CSS = """
    RunsPane #history, RunsPane #counts { padding: 0 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[FlowRun] = []
        self.counts: Mapping[str, int] | None = None
        self._window = 0

    def compose(self) -> ComposeResult:
        yield Lines(self._paint_history, id="history")
        yield Lines(self._paint_counts, id="counts")
        yield self.make_filter_line()
        yield self.make_runs_table("Asking for runs …")

    def make_listing(self) -> Listing[FlowRun]:
        app, page = self.flowtui, self.page
        return Listing(
            app.memory,
            ("runs of a flow", page.group_id),
            RUNS,
            lambda: run_columns(page.shown_now, lambda: app.zone, with_flow=False),
            OwnOrder(ORDER, in_order),
            limit=LIMIT,
            zone=app.zone,
        )

    def sources(self) -> list[Question]:
        app, group_id = self.flowtui, self.page.group_id
        name, span = WINDOWS[self._window]
        return [
            Question(
                app.feed(
                    ("flow runs", group_id),
                    lambda backend: backend.flow_runs(group_id, LIMIT),
                    INTERVAL,
                ),
                self._show_runs,
                ("history", self.table_id),
            ),
            Question(
                app.feed(
                    ("flow counts", group_id, name),
                    lambda backend: backend.flow_counts(group_id, app.now() - span),
                    2 * INTERVAL,
                ),
                self._show_counts,
                ("counts",),
            ),
        ]

    def beyond(self) -> Beyond[FlowRun] | None:
        listing, page = self.listing, self.page
        if listing is None or not listing.is_cut:
            return None
        of_flow = compared("flow.flow_group_id", "=", page.group_id)
        return runs_beyond(listing.read(self.flowtui.now()), None, LIMIT, of_flow)

    def next_window(self) -> None:
        """Count over the next span."""
        self._window = (self._window + 1) % len(WINDOWS)
        self.counts = None

    def _show_runs(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        if snapshot.value is None:
            self.table.say("No answer yet.")
            return
        self.runs = snapshot.value
        assert self.listing is not None
        self.listing.records = self.runs
        self.page.show_rows()
        self.query_one("#history", Lines).repaint()
        self.page.query_one("#head", Lines).repaint()

    def _show_counts(self, snapshot: Snapshot[Mapping[str, int]]) -> None:
        self.counts = snapshot.value
        self.query_one("#counts", Lines).repaint()

    # Painting

    def _paint_history(self, palette: Palette, width: int) -> list[list[Piece]]:
        """The last runs as a band, where there is room."""
        page = self.page
        if not page.has_class("-tall"):
            return []
        height = 7 if page.has_class("-broad") and page.size.height >= 50 else 4
        now, zone = page.shown_now(), self.flowtui.zone
        return history_lines(self.runs, now, palette, (width, height), zone)

    def _paint_counts(self, palette: Palette, width: int) -> list[list[Piece]]:
        """How many of the runs that moved in the window are in which state."""
        if self.counts is None or not self.page.has_class("-tall"):
            return []
        shown = [
            (state, self.counts.get(state, 0), word)
            for place, (state, word) in enumerate(COUNTED)
            if place < 3 or self.counts.get(state)
        ]
        left = [Piece(WINDOWS[self._window][0], "fg2"), blank(3), *tally(shown, palette)]
        room = min(40, width - width_of(left) - 3)
        share = ribbon(dict(self.counts), palette, room) if room >= 12 else []
        return [between([*left, blank(3), *share], [], width), []]


class RunsActions(FlowPage):
    """What keys do with the runs of a flow."""

    @on(RecordTable.Opened, "#runs-table,#upcoming-table")
    def _run_opened(self) -> None:
        self._open_chosen()

    @action("enter", "open", pane="runs-table")
    def open_run(self) -> None:
        """The run under the cursor: its tasks, its states and its log."""
        self._open_chosen()

    def _open_chosen(self) -> None:
        from flowtui.ui.screens.run import RunScreen

        if self.chosen_run is not None:
            self.app.push_screen(RunScreen(self.chosen_run.id))

    @action("full_stop", "window", bar=False, pane="runs-table")
    def next_window(self) -> None:
        """Count the runs of the last day, week, month, hour."""
        pane = self.shown_pane
        assert isinstance(pane, RunsPane)
        pane.next_window()
        self.listen_again()
