"""One flow of the list more closely: beside the table what it is, below it its runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.timer import Timer

from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.flow_errors import FlowTroubles
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
from flowtui.ui.preview_blocks import Known
from flowtui.ui.run_columns import in_order, run_columns
from flowtui.ui.screens.frame import BROAD, WIDE
from flowtui.ui.screens.listing import ListingScreen
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 6.0
VERSIONS_INTERVAL = 30.0
"""Seconds between two looks at what only the preview shows of the flow under the cursor."""
AGENTS_INTERVAL = 5.0
"""Seconds between two looks at the agents, as on every page that shows them."""
TROUBLES_INTERVAL = 120.0
"""Seconds between two looks at what went wrong in a flow."""
RUNS = 70
"""Runs of it that are fetched: 60 of the past, and those that are planned."""
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
        self._known = Known()
        self._asked: dict[str, Question] = {}
        """What is asked of it, and of all flows where there is room to show it, by name."""
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
        self.look_away()
        super().on_screen_suspend()

    def on_screen_resume(self) -> None:
        self.look_closer()

    def look_away(self) -> None:
        """Ask nothing more of any flow than the list says."""
        self._forget()
        self._follow({})

    def _forget(self) -> None:
        self._closer = None
        self._known = Known(agents=self._known.agents)
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
        self._forget()
        self._closer = wanted
        if wanted is not None:
            self._wait(TOGETHER)
        self.follow()
        if wanted is None:
            self._repaint_closer()

    def follow(self) -> None:
        """Ask what there is room to show now, and nothing else."""
        here = self.subject if self._closer is not None else None
        if here is None or here.group_id == self._closer:
            self._follow(self.asked_beside(here) if self.is_current else {})

    def _follow(self, wanted: dict[str, Question]) -> None:
        gone = [one for name, one in self._asked.items() if wanted.get(name) != one]
        new = {name: one for name, one in wanted.items() if self._asked.get(name) != one}
        self._asked = wanted
        self._awaited = (self._awaited & wanted.keys()) | new.keys()
        self.ask_instead(gone, list(new.values()))

    def asked_beside(self, flow: FlowSummary | None) -> dict[str, Question]:
        """What is asked besides the list: of the flow that is looked at, and of all."""
        app, found = self.flowtui, {}
        if self.shows_preview:
            agents = app.feed(("agents",), lambda backend: backend.agents(), AGENTS_INTERVAL)
            found["agents"] = Question(agents, self._show_agents)
        if flow is None:
            return found
        group_id = flow.group_id
        runs = app.feed(
            ("last runs", group_id), lambda backend: backend.flow_runs(group_id, RUNS), INTERVAL
        )
        versions = app.feed(
            ("versions", group_id), lambda backend: backend.flow_group(group_id), VERSIONS_INTERVAL
        )
        found["runs"] = Question(runs, self._show_runs, ("preview", "runs-title"))
        found["versions"] = Question(versions, self._show_versions, ("preview",))
        broad = self.size.width >= BROAD
        failed = [run for run in flow.recent_runs if states.is_failed(run.state.type)]
        if self.shows_preview and failed and (broad or failed[0] is flow.recent_runs[0]):
            troubles = app.feed(
                ("troubles", group_id, broad, failed[0].id),
                lambda backend: backend.flow_troubles(group_id, app.now(), broad),
                TROUBLES_INTERVAL,
            )
            found["troubles"] = Question(troubles, self._show_troubles)
        return found

    def _show_runs(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        self._known = replace(self._known, runs=snapshot.value)
        self._answered("runs")

    def _show_versions(self, snapshot: Snapshot[FlowGroup]) -> None:
        self._known = replace(self._known, group=snapshot.value)
        self._answered("versions")

    def _show_agents(self, snapshot: Snapshot[list[Agent]]) -> None:
        self._known = replace(self._known, agents=snapshot.value)
        self._answered("agents")

    def _show_troubles(self, snapshot: Snapshot[FlowTroubles]) -> None:
        self._known = replace(self._known, troubles=snapshot.value)
        self._answered("troubles")

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
        empty = said if self._known.runs is None else "It never ran."
        empty = empty if self.subject is not None else ""
        rows = in_order(self._known.runs or (), self.flowtui.now())
        self.query_one("#runs", RecordTable).show(rows, empty=empty)
        for name in ("#preview", "#runs-title"):
            self.query_one(name, Lines).repaint()

    def list_changed(self) -> None:
        self.fit_below()
        here = self.subject.group_id if self.subject else None
        if here == self._closer:
            self.follow()
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
        known = self._known
        if flow.group_id != self._closer:
            known = Known(agents=known.agents)
        return flow_preview(
            flow,
            known,
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
