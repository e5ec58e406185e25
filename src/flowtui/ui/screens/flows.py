"""Flows: every flow that can run, what is wrong first, and one of them in a few words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from flowtui.models.filters_flows import FLOWS
from flowtui.models.flows import FlowGroup, FlowSummary
from flowtui.models.ids import FlowGroupId
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount
from flowtui.ui.actions import action
from flowtui.ui.bulk_deeds import FLOW_DEEDS
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Feed, Snapshot
from flowtui.ui.flow_columns import flow_columns
from flowtui.ui.ink import Piece, between
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.paint import wrongness
from flowtui.ui.preview import flow_preview
from flowtui.ui.screens.bulk_actions import BulkActions
from flowtui.ui.screens.by_project import ByProject
from flowtui.ui.screens.frame import BROAD, WIDE, Handler, selected
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

LIMIT = 500
"""Flows that are fetched at most."""
INTERVAL = 3.0
"""Seconds between two looks at the list."""
CLOSER_INTERVAL = 6.0
VERSIONS_INTERVAL = 30.0
"""Seconds between two looks at what only the preview shows of the flow under the cursor."""
CLOSER_RUNS = 60
RESTING = 0.15
"""Seconds the cursor rests on a flow before more is asked of it."""


def has_room(screen: Any) -> str | None:
    """The terminal is wide enough for a pane beside the table."""
    wide = screen.size.width >= WIDE
    return None if wide else f"there is room for it from {WIDE} columns on"


class FlowsScreen(BulkActions, ByProject):
    """The list of flows."""

    tab = "flows"
    title_text = "Flows"
    list_title = "flows"
    deeds = FLOW_DEEDS
    empty = "No flows yet. Register one with 'prefect register'."

    DEFAULT_CSS = """
    FlowsScreen {
        #title { padding: 0 2; }
        &.-low #title { padding: 1 2 0 2; }
        #body { margin-bottom: 1; }
        #preview {
            display: none; background: $bg1; width: 40; height: 1fr; padding: 1 2;
        }
        &.-broad #preview { width: 60; }
        &.-wide.-preview #preview { display: block; }
        &.-tall #table { margin-top: 1; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._closer: FlowGroupId | None = None
        """The flow that more is known of than the list says."""
        self._closer_feeds: list[tuple[Feed[Any], Handler]] = []
        self._closer_runs: Sequence[FlowRun] = ()
        self._closer_group: FlowGroup | None = None
        self._resting: Timer | None = None

    def compose_body(self) -> ComposeResult:
        with Horizontal(id="body"):
            with Vertical():
                yield Lines(self._paint_title, id="title")
                yield self.make_filter_line()
                yield RecordTable[FlowSummary](
                    self.listing.shown_columns(),
                    lambda flow: flow.group_id,
                    sentence="Asking for flows …",
                    marks=True,
                    id="table",
                )
            yield Lines(self._paint_preview, ground="bg1", id="preview")

    def on_mount(self) -> None:
        self.add_class("-preview")
        self._fit_columns()
        self.table.focus()

    @property
    def table(self) -> RecordTable[FlowSummary]:
        return self.query_one("#table", RecordTable)

    @property
    def subject(self) -> FlowSummary | None:
        """The flow under the cursor."""
        return self.table.record

    def sources(self) -> list[tuple[Feed[Any], Handler]]:
        feed = self.flowtui.feed(("flows",), lambda backend: backend.flows(LIMIT), INTERVAL)
        return [(feed, self.show_records)]

    def make_listing(self) -> Listing[FlowSummary]:
        app = self.flowtui
        return Listing(
            app.memory,
            ("flows",),
            FLOWS,
            lambda: flow_columns(self.shown_now, lambda: app.zone),
            OwnOrder("what is wrong, then name", wrong_first),
            limit=LIMIT,
            cut_to="the first",
            zone=app.zone,
        )

    def list_changed(self) -> None:
        self.query_one("#title", Lines).repaint()
        self.query_one("#preview", Lines).repaint()

    def _paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        flows, listing = self.listing.records, self.listing
        projects = len({flow.latest.project_name for flow in flows})
        note = f"{listing.all_of_them} in {amount(projects, 'project')}" if flows else ""
        return [between(listing.heading("Flows", note), listing.sort_pieces(), width)]

    def _paint_preview(self, palette: Palette, width: int) -> list[list[Piece]]:
        flow = self.subject
        if flow is None:
            return [[Piece("No flow is selected.", "fg2")]]
        known = flow.group_id == self._closer
        return flow_preview(
            flow,
            self._closer_runs if known else (),
            self._closer_group.versions if known and self._closer_group else (),
            self.shown_now(),
            palette,
            (width, self.size.height - 6),
            self.flowtui.zone,
        )

    def on_resize(self) -> None:
        self._fit_columns()
        self._look_closer()

    @property
    def shows_preview(self) -> bool:
        """Whether the flow under the cursor is shown beside the table."""
        return self.has_class("-preview") and self.size.width >= WIDE

    def _fit_columns(self) -> None:
        """What the preview says need not stand in the table too, where that is narrow."""
        self.show_list_columns()

    def list_columns(self) -> list[Column[Any]]:
        beside = self.shows_preview and self.size.width < BROAD
        chosen = self.listing.choices.columns
        return [
            one
            for one in super().list_columns()
            if not beside or one.name != "schedule" or one.called in chosen
        ]

    # What only the preview shows

    def on_screen_suspend(self) -> None:
        super().on_screen_suspend()
        self._look_away()

    def on_screen_resume(self) -> None:
        self._look_closer()

    def _look_away(self) -> None:
        for feed, handler in self._closer_feeds:
            feed.leave(handler)
        self._closer_feeds, self._closer = [], None
        self._closer_runs, self._closer_group = (), None

    def _look_closer(self) -> None:
        """Ask for more of the flow under the cursor than the list says, while that is shown."""
        wanted = self.subject.group_id if self.subject and self.shows_preview else None
        if wanted == self._closer or not self.is_current:
            return
        self._look_away()
        self._closer, app = wanted, self.flowtui
        if wanted is None:
            return
        self._closer_feeds = [
            (
                app.feed(
                    ("last runs", wanted),
                    lambda backend: backend.flow_runs(wanted, CLOSER_RUNS),
                    CLOSER_INTERVAL,
                ),
                self._show_runs,
            ),
            (
                app.feed(
                    ("versions", wanted),
                    lambda backend: backend.flow_group(wanted),
                    VERSIONS_INTERVAL,
                ),
                self._show_versions,
            ),
        ]
        for feed, handler in self._closer_feeds:
            feed.listen(handler)

    def _show_runs(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        self._closer_runs = snapshot.value or ()
        self.query_one("#preview", Lines).repaint()

    def _show_versions(self, snapshot: Snapshot[FlowGroup]) -> None:
        self._closer_group = snapshot.value
        self.query_one("#preview", Lines).repaint()

    @on(RecordTable.Highlighted)
    def _highlighted(self) -> None:
        self.query_one("#preview", Lines).repaint()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(RESTING, self._look_closer)

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.open_flow()

    @action("enter", "open", selected)
    def open_flow(self) -> None:
        """The flow under the cursor: its runs and its versions."""
        from flowtui.ui.screens.flow import FlowScreen

        if self.subject is not None:
            self.app.push_screen(FlowScreen(self.subject.group_id))

    @action("t", "run …", selected)
    def run_flow(self) -> None:
        """Write a new run: parameters, name, start and labels."""
        from flowtui.ui.screens.run_form import RunFormScreen

        if self.subject is not None:
            self.app.push_screen(RunFormScreen(self.subject.group_id))

    @action("V", "versions", selected)
    def open_versions(self) -> None:
        """The version history of the flow."""
        from flowtui.ui.screens.flow import FlowScreen

        if self.subject is not None:
            self.app.push_screen(FlowScreen(self.subject.group_id, pane="versions"))

    @action("grave_accent", "preview", has_room)
    def toggle_preview(self) -> None:
        """Show or hide the flow beside the table."""
        self.toggle_class("-preview")
        self._fit_columns()
        self._look_closer()


def wrong_first(flows: Sequence[FlowSummary], now: datetime) -> list[FlowSummary]:
    """What is wrong, then what runs, then the rest, each by name."""
    return sorted(flows, key=lambda flow: (wrongness(flow.shown_state(now)), flow.name.casefold()))
