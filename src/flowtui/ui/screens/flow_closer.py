"""One flow of the list more closely: beside the table what it is, below it its runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from flowtui.models.flows import FlowGroup, FlowSummary
from flowtui.models.ids import FlowGroupId
from flowtui.models.runs import FlowRun
from flowtui.models.text import plain
from flowtui.ui.actions import action
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece
from flowtui.ui.paint import heading
from flowtui.ui.pane_ages import Question
from flowtui.ui.preview import flow_preview
from flowtui.ui.run_columns import in_order, run_columns
from flowtui.ui.screens.frame import BROAD, WIDE
from flowtui.ui.screens.listing import ListingScreen
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 6.0
VERSIONS_INTERVAL = 30.0
"""Seconds between two looks at what only the preview shows of the flow under the cursor."""
RUNS = 60
RESTING = 0.12
"""Seconds the cursor rests on a flow before it is shown: passing by costs nothing on the line."""
TOGETHER = 0.15
"""Seconds in which what the list knows waits for the answers, so that all is drawn once."""
HIGH = 44
"""Rows from which there is room for the runs of the flow below the table."""


def has_room(screen: Any) -> str | None:
    """The terminal is wide enough for a pane beside the table."""
    wide = screen.size.width >= WIDE
    return None if wide else f"there is room for it from {WIDE} columns on"


class FlowCloser(ListingScreen):
    """A list of flows, one of which is shown more closely where there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._closer: FlowGroupId | None = None
        """The flow that more is known of than the list says."""
        self._closer_feeds: list[Question] = []
        self._closer_runs: Sequence[FlowRun] | None = None
        self._closer_group: FlowGroup | None = None
        self._awaited: set[str] = set()
        """What has not been answered yet of what was asked of it."""
        self._waiting: Timer | None = None
        """Until the cursor has rested, and then until the answers may have come."""
        self._drawn: list[list[Piece]] = []
        """What stands beside the list, meanwhile of another flow."""

    def compose_preview(self) -> ComposeResult:
        """What stands beside the table."""
        yield Lines(self._paint_preview, ground="bg1", id="preview")

    def compose_below(self) -> ComposeResult:
        """What stands below the table."""
        app = self.flowtui
        columns = run_columns(self.shown_now, lambda: app.zone)
        yield Lines(self._paint_runs_title, id="runs-title")
        yield RecordTable[FlowRun](
            [one for one in columns if one.name not in ("flow", "project") and not one.extra],
            lambda run: run.id,
            id="runs",
        )

    @property
    def subject(self) -> FlowSummary | None:
        """The flow under the cursor."""
        return self.list_table.record

    # What there is room for

    @property
    def shows_preview(self) -> bool:
        """Whether the flow under the cursor is shown beside the table."""
        return self.has_class("-preview") and self.size.width >= WIDE

    @property
    def shows_runs(self) -> bool:
        """Whether its runs are shown below the table."""
        wanted = self.has_class("-preview")
        return wanted and self.size.width >= BROAD and self.size.height >= HIGH

    def fit_below(self) -> None:
        """Give the table the rows it needs, and the runs what is left."""
        self.set_class(self.shows_runs, "-below")
        needed = len(self.list_table.rows) + 1
        most = max(10, self.size.height * 3 // 5)
        self.list_table.styles.height = min(needed, most) if self.shows_runs else "1fr"

    # More of one flow

    def on_screen_suspend(self) -> None:
        self._look_away()
        super().on_screen_suspend()

    def on_screen_resume(self) -> None:
        self.look_closer()

    def _look_away(self) -> None:
        self.leave(self._closer_feeds)
        self._listening = [one for one in self._listening if one not in self._closer_feeds]
        self._closer_feeds, self._closer = [], None
        self._closer_runs = self._closer_group = None
        self._wait(None)

    def _wait(self, seconds: float | None) -> None:
        """Paint nothing for so long, and then what is known of the flow under the cursor."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        if seconds is not None:
            self._waiting = self.set_timer(seconds, self._wait_no_longer)

    def _wait_no_longer(self) -> None:
        self._waiting = None
        self.look_closer()
        self._repaint_closer()

    def look_closer(self) -> None:
        """Ask for more of the flow under the cursor than the list says, while that is shown."""
        shown = self.shows_preview or self.shows_runs
        wanted = self.subject.group_id if self.subject and shown else None
        if wanted == self._closer or not self.is_current:
            return
        self._look_away()
        self._closer, app = wanted, self.flowtui
        if wanted is None:
            self._repaint_closer()
            return
        runs = app.feed(
            ("last runs", wanted), lambda backend: backend.flow_runs(wanted, RUNS), INTERVAL
        )
        versions = app.feed(
            ("versions", wanted), lambda backend: backend.flow_group(wanted), VERSIONS_INTERVAL
        )
        self._closer_feeds = [
            Question(runs, self._show_runs, ("preview", "runs-title")),
            Question(versions, self._show_versions, ("preview",)),
        ]
        self._listening += self._closer_feeds
        self._awaited = {"runs", "versions"}
        self._wait(TOGETHER)
        self.listen(self._closer_feeds)

    def _show_runs(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        self._closer_runs = snapshot.value
        self._answered("runs")

    def _show_versions(self, snapshot: Snapshot[FlowGroup]) -> None:
        self._closer_group = snapshot.value
        self._answered("versions")

    def _answered(self, question: str) -> None:
        self._awaited.discard(question)
        if not self._awaited and self.subject and self.subject.group_id == self._closer:
            self._wait(None)
        self._repaint_closer()

    def _repaint_closer(self) -> None:
        """Paint what is known, once nothing more is to come in a moment."""
        if self._waiting is not None:
            return
        said = "Asking for its runs …" if "runs" in self._awaited else "No answer yet."
        empty = said if self._closer_runs is None else "It never ran."
        rows = in_order(self._closer_runs or (), self.flowtui.now())
        self.query_one("#runs", RecordTable).show(rows, empty=empty)
        for name in ("#preview", "#runs-title"):
            self.query_one(name, Lines).repaint()

    def list_changed(self) -> None:
        self.fit_below()
        here = self.subject.group_id if self.subject else None
        if here == self._closer:
            self._repaint_closer()
        elif here is None or self._closer is None:
            self.look_closer()

    @on(RecordTable.Highlighted, "#table")
    def _rest_on(self) -> None:
        shown = self.shows_preview or self.shows_runs
        if shown and self.subject is not None and self.subject.group_id != self._closer:
            self._wait(RESTING)

    # Painting

    def _paint_preview(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self._waiting is None:
            self._drawn = self._preview_lines(palette, width)
        return self._drawn

    def _preview_lines(self, palette: Palette, width: int) -> list[list[Piece]]:
        flow = self.subject
        if flow is None:
            return []
        known = flow.group_id == self._closer
        return flow_preview(
            flow,
            (self._closer_runs if known else None) or (),
            self._closer_group.versions if known and self._closer_group else (),
            self.shown_now(),
            palette,
            (width, self.size.height - 6),
            self.flowtui.zone,
            lists_runs=not self.shows_runs,
        )

    def _paint_runs_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        flow = self.subject
        return [] if flow is None else [heading(f"Runs of {plain(flow.name)}", "tab goes there")]

    # What keys do

    @on(RecordTable.Opened, "#runs")
    def _run_opened(self, event: RecordTable.Opened) -> None:
        from flowtui.ui.screens.run import RunScreen

        self.app.push_screen(RunScreen(event.record.id))

    @action("grave_accent", "preview", has_room)
    def toggle_preview(self) -> None:
        """Show or hide the flow beside the table."""
        self.toggle_class("-preview")
        self.fit_below()
        self.show_list_columns()
        self.look_closer()
