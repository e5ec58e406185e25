"""Runs of every flow, however many there are: what is on, then what has been, page by page."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.timer import Timer

from flowtui.errors import FlowtuiError
from flowtui.models.filters_runs import RUNS
from flowtui.models.runs import FlowRun
from flowtui.ui import run_window
from flowtui.ui.actions import action
from flowtui.ui.beyond import Beyond, runs_beyond
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece, between, blank, width_of
from flowtui.ui.listing import Listing, OwnOrder, Reach
from flowtui.ui.paint import counts_of, wrongness
from flowtui.ui.pane_ages import Question
from flowtui.ui.run_columns import ORDER, in_order, run_columns
from flowtui.ui.run_deeds import RUN_DEEDS
from flowtui.ui.run_window import Meant, RunCounts, RunWindow
from flowtui.ui.screens.bulk_actions import BulkActions
from flowtui.ui.screens.by_project import ByProject
from flowtui.ui.screens.frame import selected
from flowtui.ui.screens.run_edits import RunEdits
from flowtui.ui.screens.titled_list import TitledList
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.widgets.table import RecordTable

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

INTERVAL = 2.0
COUNTED = 30.0
"""Seconds between two counts: a backend has to look at every row for one."""
RESTING = 0.2
"""Seconds without a key after which another filter is asked for."""
AHEAD = 100
"""Rows before the end of the list at which the next page is asked for."""
LOOKED_THROUGH = 10_000
"""Runs that are looked through by themselves where few pass the filter; then it takes a key."""


class RunsScreen(TitledList, BulkActions, ByProject, RunEdits):
    """The newest runs of all flows."""

    tab = "runs"
    title_text = "Runs"
    list_title = "runs"
    deeds = RUN_DEEDS
    empty = "No runs yet."
    sentence = "Asking for runs …"
    marks = True

    def __init__(self) -> None:
        super().__init__()
        self._asked = ""
        """The filter that the backend was asked for last."""
        self._window: RunWindow | None = None
        self._counts: RunCounts | None = None
        self._rest: Timer | None = None
        self._is_reading = False

    @property
    def subject(self) -> FlowRun | None:
        """The run under the cursor."""
        return self.list_table.record

    @property
    def chosen_run(self) -> FlowRun | None:
        return self.subject

    def sources(self) -> list[Question]:
        app, text = self.flowtui, self.listing.text
        window = RunWindow(self._meaning_of(text), app.clock)
        self._asked = text
        return [
            Question(
                app.feed(("list of runs", text), window.look, INTERVAL),
                self._show_window,
                ("title",),
            ),
            Question(app.feed(("count of runs", text), window.count, COUNTED), self._show_counts),
        ]

    def _meaning_of(self, text: str) -> Meant:
        zone = self.flowtui.zone
        return lambda now: RUNS.parse(text, now, zone)

    def make_listing(self) -> Listing[FlowRun]:
        app = self.flowtui
        return Listing(
            app.memory,
            ("runs",),
            RUNS,
            lambda: run_columns(self.shown_now, lambda: app.zone),
            OwnOrder(ORDER, in_order),
            zone=app.zone,
        )

    def beyond(self) -> Beyond[FlowRun] | None:
        listing, reach = self.listing, self.listing.reach
        is_answered = listing.text == self._asked
        if reach is None or (reach.is_whole and (is_answered or not self._asked)):
            return None
        meant = listing.read(self.flowtui.now())
        return runs_beyond(meant, reach.matching if is_answered else None, run_window.PAGE)

    # A window on very many

    def _show_window(self, snapshot: Snapshot[RunWindow]) -> None:
        if snapshot.value is None:
            self.list_table.say("No answer yet.")
            return
        self._window = snapshot.value
        self._show_held()

    def _show_counts(self, snapshot: Snapshot[RunCounts]) -> None:
        if snapshot.value is not None:
            self._counts = snapshot.value
            self._show_held()

    def _show_held(self) -> None:
        """Show what the window holds, and how much that is of all."""
        window, counts = self._window, self._counts
        if window is None:
            return
        self.listing.records = window.runs
        self.listing.reach = Reach(
            counts.total if counts else None,
            counts.matching if counts else None,
            window.looked_at,
            window.is_whole,
        )
        self.show_rows()

    def show_rows(self) -> None:
        super().show_rows()
        if self.listing.text != self._asked:
            if self._rest is not None:
                self._rest.stop()
            self._rest = self.set_timer(RESTING, self._ask_for_filter)
        else:
            self._read_on()

    def _ask_for_filter(self) -> None:
        """Ask the backend for the runs that pass another filter."""
        if self.is_current and self.listing.text != self._asked:
            # What was read for another filter says nothing of this one.
            self._window = self._counts = None
            self.on_screen_suspend()
            self.on_screen_resume()

    @on(RecordTable.Highlighted)
    def _moved_to(self) -> None:
        if self._window is not None and self.subject is not None:
            self._window.look_near(self.subject)
        self._read_on()

    def _read_on(self) -> None:
        """Read the page that one comes near to, if there is one."""
        window, table = self._window, self.list_table
        if window is None or self._is_reading or self.listing.text != self._asked:
            return
        rows, height = len(table.rows), table.size.height
        near_end = table.cursor >= rows - AHEAD and table.cursor > 0
        sparse = rows < height and window.looked_at < LOOKED_THROUGH
        if table.cursor == 0 and window.goes_on_above:
            window.go_to_the_top()
            self.refresh_now()
        elif window.goes_on_above and table.cursor < AHEAD:
            self._read(window.read_above)
        elif window.has_more_below and (near_end or sparse or self._is_to_be_whole):
            self._read(window.read_below)

    @property
    def _is_to_be_whole(self) -> bool:
        """Whether all is read for the order that was chosen: that of a part says little."""
        reach = self.listing.reach
        if self.listing.has_own_order or reach is None or reach.matching is None:
            return False
        return reach.matching <= run_window.KEPT

    def _read(self, page: Callable[[Backend], Awaitable[None]]) -> None:
        self._is_reading = True
        self.run_worker(self._reading(page), group="page")

    async def _reading(self, page: Callable[[Backend], Awaitable[None]]) -> None:
        window = self._window
        try:
            await page(await self.flowtui.backend())
        except FlowtuiError as error:
            self.show_notice(f"The next page could not be read: {error}", wrong=True)
            return
        finally:
            self._is_reading = False
        if self._window is window and self.is_mounted:
            self._show_held()

    def paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        runs, now, listing = self.list_table.rows, self.flowtui.now(), self.listing
        counts = counts_of(run.shown_state(now) for run in runs)
        loud = sorted((one for one in counts if look_of(one).loud), key=wrongness)
        left = listing.heading("Runs", listing.all_of_them if listing.records else "", width)
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
