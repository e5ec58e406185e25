"""Flows: every flow that can run, what is wrong first, and one of them in a few words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from flowtui.models import states
from flowtui.models.flows import FlowGroup, FlowSummary
from flowtui.models.ids import FlowGroupId
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, duration
from flowtui.ui.actions import action
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Feed, Snapshot
from flowtui.ui.graphics import state_pieces, strip
from flowtui.ui.ink import Piece, between
from flowtui.ui.paint import due_piece, heading, marks_of, wrongness
from flowtui.ui.preview import flow_preview
from flowtui.ui.screens.frame import BROAD, WIDE, ActionScreen, Handler, selected
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

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


class FlowsScreen(ActionScreen):
    """The list of flows."""

    tab = "flows"
    title_text = "Flows"

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
        self.flows: Sequence[FlowSummary] = ()
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
                yield RecordTable[FlowSummary](
                    self._columns(),
                    lambda flow: flow.group_id,
                    sentence="Asking for flows …",
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
        feed = self.flowtui.feed(("flows",), lambda backend: backend.flows(), INTERVAL)
        return [(feed, self._show)]

    def _show(self, snapshot: Snapshot[list[FlowSummary]]) -> None:
        if snapshot.value is None:
            self.table.say("No answer yet.")
            return
        now = self.flowtui.now()
        self.flows = sorted(
            snapshot.value, key=lambda flow: (wrongness(flow.shown_state(now)), flow.name.lower())
        )
        self.table.show(self.flows, empty="No flows yet. Register one with 'prefect register'.")
        self.query_one("#title", Lines).repaint()
        self.query_one("#preview", Lines).repaint()

    def _columns(self) -> list[Column[FlowSummary]]:
        def state(flow: FlowSummary) -> str:
            return flow.shown_state(self.shown_now())

        return [
            Column(
                "state",
                paint=lambda flow, palette, width: _state(state(flow), palette, width),
                least=11,
                ticks=lambda flow: flow.next_run is not None,
            ),
            Column(
                "flow",
                lambda flow: flow.name,
                token=lambda flow: "fg0" if look_of(state(flow)).loud else "fg1",
                bold=lambda flow: look_of(state(flow)).alarming,
                least=12,
                most=20,
            ),
            Column("project", lambda flow: flow.latest.project_name, token="fg2", drop=3, most=18),
            Column(
                "last 10",
                paint=lambda flow, palette, width: strip(
                    marks_of(flow.recent_runs, self.shown_now()), palette, width
                ),
                least=10,
                ticks=lambda flow: any(
                    states.is_running(run.state.type) for run in flow.recent_runs
                ),
            ),
            Column(
                "schedule",
                lambda flow: _schedule(flow),
                token="fg2",
                drop=5,
                most=16,
                least=9,
            ),
            Column(
                "next",
                paint=lambda flow, palette, width: [
                    due_piece(flow.next_run, self.shown_now(), palette)
                ],
                right=True,
                least=8,
                ticks=lambda flow: flow.next_run is not None,
            ),
            Column("usual", _usual, right=True, drop=4, token="fg1", least=7),
            Column("ver", lambda flow: f"v{flow.latest.version}", right=True, drop=2, token="fg2"),
        ]

    def _paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        projects = len({flow.latest.project_name for flow in self.flows})
        note = f"{len(self.flows)} in {amount(projects, 'project')}" if self.flows else ""
        return [between(heading("Flows", note), [Piece("wrong first, then name", "fg2")], width)]

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
        beside = self.shows_preview and self.size.width < BROAD
        self.table.show_columns(
            [one for one in self._columns() if not beside or one.name != "schedule"]
        )

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


def _state(state: str, palette: Palette, width: int) -> list[Piece]:
    if not state:
        return [Piece(palette.glyph("absent"), "fg3"), Piece(" no runs", "fg2")]
    return state_pieces(state, palette, width)


def _schedule(flow: FlowSummary) -> str | None:
    if flow.schedule is None:
        return None
    return str(flow.schedule) if flow.latest.is_schedule_active else "paused"


def _usual(flow: FlowSummary) -> str | None:
    """The middle one of the durations of the last good runs."""
    times = sorted(
        (run.end_time - run.start_time).total_seconds()
        for run in flow.recent_runs
        if run.start_time and run.end_time and states.is_success(run.state.type)
    )
    return duration(times[len(times) // 2]) if times else None
