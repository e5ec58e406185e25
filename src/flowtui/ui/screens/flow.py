"""A flow: its runs, and the history of its versions."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import ContentSwitcher

from flowtui.models.filter_fields import RUNS
from flowtui.models.flows import FlowGroup, FlowVersion
from flowtui.models.ids import FlowGroupId
from flowtui.models.runs import FlowRun
from flowtui.models.text import moment
from flowtui.ui.actions import action
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Feed, Snapshot
from flowtui.ui.graphics import strip
from flowtui.ui.history import history_lines
from flowtui.ui.ink import Piece, between, blank, fit_pieces, width_of
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.paint import (
    crumbs,
    marks_of,
)
from flowtui.ui.run_columns import ORDER, in_order, run_columns
from flowtui.ui.screens.frame import TALL, WIDE, Handler
from flowtui.ui.screens.listing import ListingScreen
from flowtui.ui.screens.run_actions import RunActions
from flowtui.ui.success import is_bad, success_lines
from flowtui.ui.tokens import Palette
from flowtui.ui.version_facts import ok_of, version_lines
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 3.0
LIMIT = 200
"""Runs of the flow that are fetched."""

PANES = ("runs", "versions")


def known(screen: Any) -> str | None:
    """The flow has been read."""
    return None if screen.group is not None else "the flow has not been read yet"


def with_schedule(screen: Any) -> str | None:
    """The flow has a schedule, its own or its group's."""
    group = screen.group
    return None if group.schedule or group.latest.schedule else "the flow has no schedule"


def on_active_version(screen: Any) -> str | None:
    """The cursor is on a version that is not archived."""
    if screen.pane != "versions" or screen.version is None:
        return "choose a version first, with V"
    return "it is archived already" if screen.version.archived else None


class FlowScreen(ListingScreen, RunActions):
    """One flow group."""

    tab = "flows"
    title_text = "Flow"
    list_id = "runs-table"
    list_title = "runs"
    empty = "It has not run yet. Press t to write a run."
    tells_in_line = True

    DEFAULT_CSS = """
    FlowScreen {
        #head { padding: 0 2; }
        #panes { height: 1fr; }
        #history { padding: 0 2; }
        #version { display: none; width: 1fr; height: 1fr; padding: 1 2; background: $bg1; }
        #history-of-versions { width: 56; margin-right: 2; }
        #success { display: none; padding: 0 2; margin-top: 1; }
        &.-wide #version { display: block; }
        &.-wide.-tall #success { display: block; }
        &.-narrow #history-of-versions { width: 1fr; margin: 0; }
        #panes { margin-bottom: 1; }
        &.-low #head { padding: 1 2; }
    }
    """

    def __init__(self, group_id: FlowGroupId, pane: str = "runs") -> None:
        super().__init__()
        self.group_id = group_id
        self.group: FlowGroup | None = None
        self.runs: list[FlowRun] = []
        self.pane = pane

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_head, id="head")
        with ContentSwitcher(initial=self.pane, id="panes"):
            with Vertical(id="runs"):
                yield Lines(self._paint_history, id="history")
                yield self.make_filter_line()
                yield RecordTable[FlowRun](
                    self.listing.shown_columns(),
                    lambda run: run.id,
                    sentence="Asking for runs …",
                    id="runs-table",
                )
            with Horizontal(id="versions"):
                with Vertical(id="history-of-versions"):
                    yield RecordTable[FlowVersion](
                        self._version_columns(),
                        lambda version: version.id,
                        sentence="Asking for versions …",
                        id="versions-table",
                    )
                    yield Lines(self._paint_success, id="success")
                yield Lines(self._paint_version, ground="bg1", id="version")

    def on_mount(self) -> None:
        self._focus_pane()

    @property
    def runs_table(self) -> RecordTable[FlowRun]:
        return self.query_one("#runs-table", RecordTable)

    @property
    def versions_table(self) -> RecordTable[FlowVersion]:
        return self.query_one("#versions-table", RecordTable)

    @property
    def subject(self) -> FlowRun | None:
        """The run under the cursor."""
        return self.runs_table.record

    @property
    def chosen_run(self) -> FlowRun | None:
        return self.subject if self.pane == "runs" else None

    @property
    def menu_subject(self) -> str:
        names = [self.group.latest.name if self.group else ""]
        return " / ".join([*names, *([self.chosen_run.name] if self.chosen_run else [])])

    @property
    def version(self) -> FlowVersion | None:
        """The version under the cursor."""
        return self.versions_table.record

    def sources(self) -> list[tuple[Feed[Any], Handler]]:
        app, group_id = self.flowtui, self.group_id
        return [
            (
                app.feed(
                    ("flow", group_id), lambda backend: backend.flow_group(group_id), INTERVAL
                ),
                self._show_group,
            ),
            (
                app.feed(
                    ("flow runs", group_id),
                    lambda backend: backend.flow_runs(group_id, LIMIT),
                    INTERVAL,
                ),
                self._show_runs,
            ),
        ]

    def make_listing(self) -> Listing[FlowRun]:
        app = self.flowtui
        return Listing(
            app.memory,
            ("runs of a flow", self.group_id),
            RUNS,
            lambda: run_columns(self.shown_now, lambda: app.zone, with_flow=False),
            OwnOrder(ORDER, in_order),
            limit=LIMIT,
            zone=app.zone,
        )

    def _show_group(self, snapshot: Snapshot[FlowGroup]) -> None:
        if snapshot.value is None:
            self.versions_table.say("No answer yet.")
            return
        self.group = snapshot.value
        self.versions_table.show(self.group.versions)
        self._fit_versions()
        for name in ("#head", "#version", "#success"):
            self.query_one(name, Lines).repaint()

    def on_resize(self) -> None:
        self._fit_versions()

    def _fit_versions(self) -> None:
        """As many rows as there are versions, where how they fared stands under them."""
        rows = len(self.group.versions) + 1 if self.group else 2
        most = max(4, self.size.height - 23)
        beside = self.size.width >= WIDE and self.size.height >= TALL
        self.versions_table.styles.height = min(rows, most) if beside else "1fr"

    def _show_runs(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        if snapshot.value is None:
            self.runs_table.say("No answer yet.")
            return
        self.runs = snapshot.value
        self.listing.records = self.runs
        self.show_rows()
        self.query_one("#history", Lines).repaint()

    # Painting

    def _paint_head(self, palette: Palette, width: int) -> list[list[Piece]]:
        group = self.group
        if group is None:
            return [crumbs("flow"), []]
        latest = group.latest
        schedule = group.schedule or latest.schedule
        says = f"v{latest.version} latest"
        if schedule is not None:
            switch = "on" if latest.is_schedule_active else "off"
            says += f", schedule {switch}, {schedule}"
        guards, tabs = self._safeguards(palette), self._paint_tabs(palette)
        room = width - width_of(guards) - 2 if self.has_class("-tall") else width
        path = crumbs(latest.project_name, latest.name, room=max(30, room - len(says) - 2))
        left = fit_pieces([*path, blank(2), Piece(says, "fg2")], max(0, room))
        if self.has_class("-tall"):
            return [between(left, guards, width), [], *tabs]
        return [fit_pieces(left, width), *(between(tab, guards, width) for tab in tabs)]

    def _safeguards(self, palette: Palette) -> list[Piece]:
        """The three switches; one that protects and is off stands out."""
        assert self.group is not None
        guards = self.group.safeguards
        pieces: list[Piece] = []
        for name, is_on, protects in (
            ("heartbeat", guards.heartbeat, True),
            ("Lazarus", guards.lazarus, True),
            ("version lock", guards.version_lock, False),
        ):
            if pieces:
                pieces.append(blank(3))
            alarming = protects and not is_on
            word = Piece("on" if is_on else "off", "late" if alarming else "fg1", bold=alarming)
            pieces += [Piece(f"{name} ", "fg2"), word]
        return pieces

    def _paint_tabs(self, palette: Palette) -> list[list[Piece]]:
        names: list[Piece] = []
        underline: list[Piece] = []
        for pane in PANES:
            active = pane == self.pane
            name = pane.capitalize()
            names += [Piece(name, "fg0" if active else "fg2", bold=active), blank(3)]
            glyph = palette.glyph("underline") if active else " "
            underline += [Piece(glyph * len(name), "accent"), blank(3)]
        return [names, underline] if self.has_class("-tall") else [names]

    def _paint_history(self, palette: Palette, width: int) -> list[list[Piece]]:
        """The last runs as a band, where there is room."""
        if not self.has_class("-tall"):
            return []
        height = 7 if self.has_class("-broad") and self.size.height >= 50 else 4
        return history_lines(
            self.runs, self.shown_now(), palette, (width, height), self.flowtui.zone
        )

    def _version_columns(self) -> list[Column[FlowVersion]]:
        return [
            Column(
                "ver",
                lambda version: f"v{version.version}",
                token=lambda version: "fg1" if version.archived else "fg0",
                bold=lambda version: not version.archived,
                least=4,
            ),
            Column(
                "registered",
                lambda version: moment(version.created, self.flowtui.now(), self.flowtui.zone),
                token="fg2",
                least=12,
            ),
            Column(
                "last 10",
                paint=lambda version, palette, width: strip(
                    marks_of(version.recent_runs, self.shown_now()), palette, width
                ),
                least=10,
            ),
            Column(
                "ok of runs",
                lambda version: ok_of(version, " / "),
                token=lambda version: "failed" if is_bad(version) else "fg1",
                bold=lambda version: is_bad(version) and not version.archived,
                right=True,
                least=10,
            ),
            Column(
                "",
                lambda version: "archived" if version.archived else "active",
                token="fg2",
                least=8,
                drop=1,
            ),
        ]

    def _paint_version(self, palette: Palette, width: int) -> list[list[Piece]]:
        version = self.version
        if version is None:
            return [[Piece("No version is selected.", "fg2")]]
        return version_lines(
            version, self.group_id, self.shown_now(), palette, min(width, 96), self.flowtui.zone
        )

    def _paint_success(self, palette: Palette, width: int) -> list[list[Piece]]:
        return success_lines(self.group.versions, palette, width) if self.group else []

    # What keys do

    def _focus_pane(self) -> None:
        (self.runs_table if self.pane == "runs" else self.versions_table).focus()

    def _show_pane(self, pane: str) -> None:
        self.pane = pane
        self.query_one("#panes", ContentSwitcher).current = pane
        self._focus_pane()
        self.query_one("#head", Lines).repaint()

    @on(RecordTable.Highlighted, "#versions-table")
    def _version_highlighted(self) -> None:
        self.query_one("#version", Lines).repaint()

    @on(RecordTable.Opened, "#runs-table")
    def _run_opened(self) -> None:
        self.open_run()

    @action("enter", "open", pane="runs-table")
    def open_run(self) -> None:
        """The run under the cursor: its tasks, its states and its log."""
        from flowtui.ui.screens.run import RunScreen

        if self.subject is not None:
            self.app.push_screen(RunScreen(self.subject.id))

    @on(RecordTable.Opened, "#versions-table")
    def _version_opened(self) -> None:
        self.open_version()

    @action("enter", "version", pane="versions-table")
    def open_version(self) -> None:
        """The version under the cursor: what it was registered with, and its runs."""
        from flowtui.ui.dialogs.version import VersionDetails

        if self.version is not None:
            zone = self.flowtui.zone
            self.app.push_screen(
                VersionDetails(self.version, self.group_id, self.shown_now(), zone)
            )

    @action("tab,shift+tab", "next pane", bar=False)
    def next_pane(self) -> None:
        """From the runs to the versions, and back."""
        self._show_pane("versions" if self.pane == "runs" else "runs")

    @action("V", "versions / runs")
    def show_versions(self) -> None:
        """The version history; from there, back to the runs."""
        self.next_pane()

    @action("t", "run …", known)
    def run_flow(self) -> None:
        """Write a new run: parameters, name, start and labels."""
        from flowtui.ui.screens.run_form import RunFormScreen

        self.app.push_screen(RunFormScreen(self.group_id))

    @action("h", "heartbeat …", known, menu=True)
    async def switch_heartbeat(self) -> None:
        """Turn heartbeats and the Zombie Killer off or on."""
        await self._switch("heartbeat")

    @action("l", "Lazarus …", known, menu=True)
    async def switch_lazarus(self) -> None:
        """Turn the rescheduling of lost runs off or on."""
        await self._switch("lazarus")

    @action("v", "version lock …", known, menu=True)
    async def switch_version_lock(self) -> None:
        """Turn on or off that work runs once and only once."""
        await self._switch("version_lock")

    @action("p", "schedule …", known, with_schedule, menu=True)
    async def switch_schedule(self) -> None:
        """Turn the flow's schedule on or off."""
        from flowtui.ui.dialogs.schedule import ask_to_switch_schedule

        await ask_to_switch_schedule(self)

    @action("a", "archive …", on_active_version, menu=True)
    async def archive_version(self) -> None:
        """Archive the version under the cursor: its runs stay, new ones are refused."""
        from flowtui.ui.dialogs.schedule import ask_to_archive

        assert self.version is not None
        await ask_to_archive(self, self.version)

    async def _switch(self, safeguard: str) -> None:
        from flowtui.ui.dialogs.switch import switch_safeguard

        await switch_safeguard(self, safeguard)
