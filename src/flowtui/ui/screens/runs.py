"""Runs: the newest of every flow, what is wrong first where that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from textual import on
from textual.app import ComposeResult

from flowtui.models.filters_runs import RUNS
from flowtui.models.runs import FlowRun
from flowtui.ui.actions import action
from flowtui.ui.feeds import Feed
from flowtui.ui.ink import Piece, between, blank, width_of
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.paint import counts_of, wrongness
from flowtui.ui.run_columns import ORDER, in_order, run_columns
from flowtui.ui.screens.by_project import ByProject
from flowtui.ui.screens.frame import Handler, selected
from flowtui.ui.screens.run_actions import RunActions
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 2.0
LIMIT = 500
"""Runs that are fetched at most."""


class RunsScreen(ByProject, RunActions):
    """The newest runs of all flows."""

    tab = "runs"
    title_text = "Runs"
    list_title = "runs"
    empty = "No runs yet."

    DEFAULT_CSS = """
    RunsScreen {
        #title { padding: 0 2; }
        &.-low #title { padding: 1 2 0 2; }
        #table { margin: 0 0 1 0; }
        &.-tall #table { margin: 1 0 1 0; }
    }
    """

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_title, id="title")
        yield self.make_filter_line()
        yield RecordTable[FlowRun](
            self.listing.shown_columns(),
            lambda run: run.id,
            sentence="Asking for runs …",
            id="table",
        )

    def on_mount(self) -> None:
        self.table.focus()

    @property
    def table(self) -> RecordTable[FlowRun]:
        return self.query_one("#table", RecordTable)

    @property
    def subject(self) -> FlowRun | None:
        """The run under the cursor."""
        return self.table.record

    @property
    def chosen_run(self) -> FlowRun | None:
        return self.subject

    def sources(self) -> list[tuple[Feed[Any], Handler]]:
        feed = self.flowtui.feed(
            ("runs", LIMIT), lambda backend: backend.flow_runs(limit=LIMIT), INTERVAL
        )
        return [(feed, self.show_records)]

    def make_listing(self) -> Listing[FlowRun]:
        app = self.flowtui
        return Listing(
            app.memory,
            ("runs",),
            RUNS,
            lambda: run_columns(self.shown_now, lambda: app.zone),
            OwnOrder(ORDER, in_order),
            limit=LIMIT,
            zone=app.zone,
        )

    def list_changed(self) -> None:
        self.query_one("#title", Lines).repaint()

    def _paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        runs, now, listing = self.table.rows, self.flowtui.now(), self.listing
        counts = counts_of(run.shown_state(now) for run in runs)
        loud = sorted((one for one in counts if look_of(one).loud), key=wrongness)
        left = listing.heading("Runs", listing.all_of_them if listing.records else "")
        order, tallies = listing.sort_pieces(), [(one, counts[one]) for one in loud]
        words, signs = (_tally(tallies, palette, with_words) for with_words in (True, False))
        rights = [[*words, blank(3), *order], [*signs, blank(3), *order], words, signs]
        if not listing.has_own_order:
            rights[2:] = [order]
        fits = (one for one in rights if width_of(left) + 3 + width_of(one) <= width)
        return [between(left, next(fits, signs), width)]

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.open_run()

    @action("enter", "open", selected)
    def open_run(self) -> None:
        """The run under the cursor: its tasks, its states and its log."""
        from flowtui.ui.screens.run import RunScreen

        if self.subject is not None:
            self.app.push_screen(RunScreen(self.subject.id))


def _tally(counts: Iterable[tuple[str, int]], palette: Palette, with_words: bool) -> list[Piece]:
    """How many runs are in each of these states."""
    pieces: list[Piece] = []
    for state, count in counts:
        look = look_of(state)
        gap = [blank(3)] if pieces else []
        name = re.sub("(?<=[a-z])(?=[A-Z])", " ", look.name).lower()
        word = [Piece(f" {name}", "fg2")] if with_words else []
        said = Piece(f"{palette.state_glyph(state)} {count}", look.token, bold=look.alarming)
        pieces += [*gap, said, *word]
    return pieces
