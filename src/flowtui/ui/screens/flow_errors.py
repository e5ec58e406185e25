"""What went wrong in the last runs of a flow, with what it said."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from flowtui.models.filters_errors import ERRORS
from flowtui.models.flow_errors import FlowError
from flowtui.models.runs import FlowRun
from flowtui.ui.actions import action
from flowtui.ui.columns import Column
from flowtui.ui.error_lines import cause_lines, message_lines
from flowtui.ui.feeds import Snapshot
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.paint import Line
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.flow_page import INTERVAL, LOWEST, FlowPage, FlowPane
from flowtui.ui.tokens import Palette
from flowtui.ui.usual_columns import (
    message_column,
    state_column,
    text_column,
    version_column,
    when_column,
)
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

WIDEST = 120
"""Cells of a line of what is told: longer ones are hard to read."""
MESSAGE = 12
"""Rows of what an error says."""


class ErrorsPane(FlowPane):
    """Task runs that failed in the last runs, and runs that failed without one."""

    name_of_pane = "errors"
    title = "Errors"
    table_id = "errors-table"
    list_title = "errors"
    empty = "Nothing failed in its last 50 runs."
    has_runs = True

    SCOPED_CSS = False
    DEFAULT_CSS = """
    ErrorsPane #errors-below { display: none; height: 1fr; padding: 0 2; margin-top: 1; }
    ErrorsPane.-tells #errors-below { display: block; }
    """

    def compose(self) -> ComposeResult:
        yield self.make_filter_line()
        yield self.make_table(lambda error: error.id, "Asking for errors …")
        yield Lines(self._paint_below, id="errors-below")

    @property
    def error(self) -> FlowError | None:
        """The error under the cursor."""
        found: FlowError | None = self.table.record
        return found

    @property
    def chosen_run(self) -> FlowRun | None:
        return self.error.run if self.error is not None else None

    def make_listing(self) -> Listing[FlowError]:
        app, page = self.flowtui, self.page
        return Listing(
            app.memory,
            ("errors of a flow", page.group_id),
            ERRORS,
            self._columns,
            OwnOrder("the newest run first", lambda errors, now: errors),
            zone=app.zone,
        )

    def sources(self) -> list[Question]:
        group_id = self.page.group_id
        feed = self.flowtui.feed(
            ("flow errors", group_id),
            lambda backend: backend.flow_errors(group_id),
            2 * INTERVAL,
        )
        return [Question(feed, self._show_errors, (self.table_id,))]

    def _show_errors(self, snapshot: Snapshot[list[FlowError]]) -> None:
        self.list_records(snapshot.value)
        self.fit()

    def on_resize(self) -> None:
        self.fit()

    def fit(self) -> None:
        """As many rows as there are errors, where something is told below them."""
        rows = len(self.table.rows)
        fits = self.size.height >= LOWEST and rows > 0
        self.set_class(fits, "-tells")
        self.table.styles.height = min(rows + 1, self.size.height // 2) if fits else "1fr"
        self.call_after_refresh(self.another_error)

    def _paint_below(self, palette: Palette, width: int) -> Sequence[Line]:
        if self.error is None or self.listing is None:
            return []
        width, height = min(width, WIDEST), self.query_one("#errors-below").size.height
        now, zone = self.page.shown_now(), self.flowtui.zone
        message = message_lines(self.error, width, min(MESSAGE, height // 2))
        room = height - len(message) - 1
        causes = cause_lines(self.listing.records, now, zone, palette, width, room)
        return [*message, [], *causes]

    def another_error(self) -> None:
        """Another one is under the cursor."""
        self.query_one("#errors-below", Lines).repaint()

    def describe(self) -> None:
        """The run it happened in."""
        from flowtui.ui.screens.run import RunScreen

        if self.chosen_run is not None:
            self.app.push_screen(RunScreen(self.chosen_run.id))

    def _columns(self) -> list[Column[FlowError]]:
        return [
            state_column(lambda error: error.state, drop=3),
            Column(
                "task",
                lambda error: error.task or "the run itself",
                token=lambda error: "fg0" if error.task else "fg2",
                bold=lambda error: bool(error.task),
                least=10,
                most=28,
                raw=lambda error: error.task or None,
            ),
            text_column("run", lambda error: error.run.name, least=10, most=20),
            version_column(lambda error: error.run.flow_version, drop=1),
            when_column(
                "at",
                lambda error: error.time,
                self.page.shown_now,
                lambda: self.flowtui.zone,
                least=12,
                drop=2,
            ),
            message_column(lambda error: error.message, least=20, most=30, grows=True),
        ]


class ErrorsActions(FlowPage):
    """What keys do with errors."""

    @on(RecordTable.Highlighted, "#errors-table")
    def _another_error(self) -> None:
        self.query_one(ErrorsPane).another_error()

    @on(RecordTable.Opened, "#errors-table")
    def _error_opened(self) -> None:
        self.open_error()

    @action("enter", "log", pane="errors-table")
    def open_error(self) -> None:
        """The log of the run it happened in."""
        from flowtui.ui.screens.log import LogScreen

        if self.chosen_run is not None:
            self.app.push_screen(LogScreen(self.chosen_run.id))
