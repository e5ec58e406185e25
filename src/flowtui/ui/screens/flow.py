"""A flow: a row of panes, one of which is shown, under a line that says how it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.widgets import ContentSwitcher

from flowtui.models import states
from flowtui.models.flows import FlowGroup
from flowtui.models.ids import FlowGroupId
from flowtui.models.runs import FlowRun
from flowtui.models.text import cut
from flowtui.ui.actions import Action, action
from flowtui.ui.columns import MARGIN
from flowtui.ui.feeds import Snapshot
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, between, blank, fit_pieces, width_of
from flowtui.ui.listing import Listing
from flowtui.ui.paint import crumbs
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.flow_errors import ErrorsActions, ErrorsPane
from flowtui.ui.screens.flow_page import INTERVAL, FlowPane
from flowtui.ui.screens.flow_readme import ReadmeActions, ReadmePane
from flowtui.ui.screens.flow_runs import RunsPane
from flowtui.ui.screens.flow_schedules import SchedulesActions, SchedulesPane
from flowtui.ui.screens.flow_settings import SettingsActions, SettingsPane
from flowtui.ui.screens.flow_tasks import TaskActions, TasksPane
from flowtui.ui.screens.flow_upcoming import UpcomingActions, UpcomingPane
from flowtui.ui.screens.flow_versions import VersionActions, VersionsPane
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.screens.run_edits import RunEdits
from flowtui.ui.steering import Siblings, flows_beside
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.filter import FilterLine
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

NARROW = 84
"""Columns below which the names of the panes stand closer."""

PANES: tuple[type[FlowPane], ...] = (
    RunsPane,
    VersionsPane,
    TasksPane,
    SchedulesPane,
    UpcomingPane,
    ErrorsPane,
    SettingsPane,
    ReadmePane,
)
"""From left to right."""


class FlowScreen(
    VersionActions,
    UpcomingActions,
    ErrorsActions,
    TaskActions,
    SchedulesActions,
    SettingsActions,
    ReadmeActions,
):
    """One flow group."""

    tab = "flows"
    title_text = "Flow"
    tells_in_line = True

    DEFAULT_CSS = """
    FlowScreen {
        #head { padding: 0 2; }
        #panes { height: 1fr; margin-bottom: 1; }
        &.-low #head { padding: 1 2; }
    }
    """

    def __init__(self, group_id: FlowGroupId, pane: str = "runs") -> None:
        super().__init__()
        self.group_id = group_id
        self.group: FlowGroup | None = None
        self._shown = pane

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_head, id="head")
        with ContentSwitcher(initial=self._shown, id="panes"):
            for pane in PANES:
                yield pane()

    def on_mount(self) -> None:
        self.shown_pane.target.focus()

    # The pane that is shown

    @property
    def shown_pane(self) -> FlowPane:
        return self.query_one(f"#{self._shown}", FlowPane)

    @property
    def subject(self) -> Any:
        """What is under the cursor of the pane that is shown."""
        return self.shown_pane.subject if self.is_mounted else None

    @property
    def chosen_run(self) -> FlowRun | None:
        return self.shown_pane.chosen_run if self.is_mounted else None

    @property
    def menu_subject(self) -> str:
        names = [self.group.latest.name if self.group else ""]
        names += [self.chosen_run.name] if self.chosen_run else []
        return " / ".join(cut(name, 60 // len(names)) for name in names)

    def subject_of(self, declared: Action) -> str:
        of_runs = {one.name for one in RunEdits.actions}
        if self.group is None or declared.name in of_runs:
            return self.menu_subject
        return self.group.latest.name

    def make_listing(self) -> Listing[Any]:
        raise LookupError("each pane has a list of its own")

    @property
    def has_list(self) -> bool:
        """Whether the pane that is shown has a list that can be filtered."""
        return self.shown_pane.listing is not None

    @property
    def listing(self) -> Listing[Any]:
        found = self.shown_pane.listing
        assert found is not None
        return found

    @property
    def list_table(self) -> RecordTable[Any]:
        pane = self.shown_pane
        return pane.table if pane.table_id else self.query_one(RunsPane).table

    @property
    def filter_line(self) -> FilterLine:
        return self.shown_pane.query_one(FilterLine)

    @property
    def is_in_list(self) -> bool:
        return self.has_list and self.focused_pane() == self.shown_pane.table_id

    @property
    def filter_fields(self) -> Any:
        return self.listing.language.fields if self.has_list else ()

    @property
    def nothing_yet(self) -> str:
        return self.shown_pane.empty

    @property
    def file_title(self) -> str:
        return self.shown_pane.list_title

    def show_keys(self) -> None:
        if self.is_mounted and self.has_list:
            super().show_keys()
        else:
            ActionScreen.show_keys(self)

    def show_pane(self, name: str) -> None:
        self._shown = name
        self.query_one("#panes", ContentSwitcher).current = name
        self.listen_again()
        if self.group is not None:
            self.shown_pane.show_group(self.group)
        self.shown_pane.target.focus()
        self.query_one("#head", Lines).repaint()

    # Feeds

    async def beside(self) -> Siblings:
        return await flows_beside(self.flowtui, self.group_id, FlowScreen)

    def above(self) -> str:
        return "flows"

    def sources(self) -> list[Question]:
        app, group_id = self.flowtui, self.group_id
        feed = app.feed(("flow", group_id), lambda backend: backend.flow_group(group_id), INTERVAL)
        return [Question(feed, self._show_group, ("head",)), *self.shown_pane.sources()]

    def _show_group(self, snapshot: Snapshot[FlowGroup]) -> None:
        if snapshot.value is None:
            if self.has_list:
                self.list_table.say("No answer yet.")
            return
        self.group = snapshot.value
        self.shown_pane.show_group(self.group)
        self.query_one("#head", Lines).repaint()
        self.show_keys()

    # Painting

    def _paint_head(self, palette: Palette, width: int) -> list[list[Piece]]:
        group = self.group
        if group is None:
            return [crumbs("flow"), []]
        latest = group.latest
        tall = self.has_class("-tall")
        tabs = self._paint_tabs(palette)
        guards = self._safeguards(alarming_only=not tall)
        says = [*self._state(palette), Piece(self._about(group), "fg2")]
        whole = crumbs(latest.project_name, latest.name, room=width)
        if tall and width_of([*whole, *says, *guards]) + 4 > width:
            guards = self._safeguards(alarming_only=True)
        room = width - width_of(guards) - 2 if tall and guards else width
        path = crumbs(latest.project_name, latest.name, room=max(30, room - width_of(says) - 2))
        left = fit_pieces([*path, blank(2), *says], max(0, room))
        if tall:
            return [between(left, guards, width), [], *tabs]
        return [fit_pieces(left, width), *(between(tab, guards, width) for tab in tabs)]

    def _about(self, group: FlowGroup) -> str:
        """The version that runs, and the schedule; or that nothing of it runs any more."""
        latest = group.latest
        if latest.archived:
            return f"v{latest.version}, archived: its runs stay, new ones are refused"
        says = f"v{latest.version} latest"
        schedule = group.schedule or latest.schedule
        if schedule is not None:
            says += f", schedule {'on' if latest.is_schedule_active else 'off'}, {schedule}"
        return says

    def _state(self, palette: Palette) -> list[Piece]:
        """How its last run stands; late, if one of those that are known is."""
        assert self.group is not None
        if self.group.latest.archived:
            glyph = palette.state_glyph("Cancelled")
            return [Piece(f"{glyph} archived", "late", bold=True), blank(2)]
        now, run = self.shown_now(), self.group.last_run
        known = [one.shown_state(now) for one in self.query_one(RunsPane).runs]
        if states.LATE in known:
            return [*state_pieces(states.LATE, palette), blank(2)]
        return [*state_pieces(run.shown_state(now), palette), blank(2)] if run else []

    def _safeguards(self, alarming_only: bool) -> list[Piece]:
        """The three switches of a flow that runs; one that protects and is off stands out."""
        assert self.group is not None
        if self.group.latest.archived:
            return []
        guards = self.group.safeguards
        pieces: list[Piece] = []
        for name, is_on, protects in (
            ("heartbeat", guards.heartbeat, True),
            ("Lazarus", guards.lazarus, True),
            ("version lock", guards.version_lock, False),
        ):
            alarming = protects and not is_on
            if alarming_only and not alarming:
                continue
            if pieces:
                pieces.append(blank(3))
            word = Piece("on" if is_on else "off", "late" if alarming else "fg1", bold=alarming)
            pieces += [Piece(f"{name} ", "fg2"), word]
        return pieces

    def _paint_tabs(self, palette: Palette) -> list[list[Piece]]:
        gap = 3 if self.size.width >= NARROW else 2
        shown = self._tabs_in_sight(gap)
        names: list[Piece] = []
        underline: list[Piece] = []
        if len(shown) < len(PANES) and shown[0] is not PANES[0]:
            names, underline = [Piece(palette.ellipsis, "fg2"), blank(gap)], [blank(1 + gap)]
        for pane in shown:
            active = pane.name_of_pane == self._shown
            names += [Piece(pane.title, "fg0" if active else "fg2", bold=active), blank(gap)]
            glyph = palette.glyph("underline") if active else " "
            underline += [Piece(glyph * len(pane.title), "accent"), blank(gap)]
        return [names[:-1], underline[:-1]] if self.has_class("-tall") else [names[:-1]]

    def _tabs_in_sight(self, gap: int) -> Sequence[type[FlowPane]]:
        """The panes whose names are to be seen: where there is no room for all, the first go, as
        far as the one that is shown needs it."""
        room = self.size.width - 2 * MARGIN
        here = next(i for i, pane in enumerate(PANES) if pane.name_of_pane == self._shown)
        first = 0
        while first < here and _across(PANES[first : here + 1], gap) + bool(first) * 3 > room:
            first += 1
        return PANES[first:]

    # What keys do

    @action("tab", "next pane", bar=False)
    def next_pane(self) -> None:
        """To the next pane: versions, tasks, schedules, what is upcoming, errors, settings."""
        self._walk(1)

    @action("shift+tab", "pane before", bar=False)
    def previous_pane(self) -> None:
        """To the pane before."""
        self._walk(-1)

    def _walk(self, steps: int) -> None:
        names = [pane.name_of_pane for pane in PANES]
        self.show_pane(names[(names.index(self._shown) + steps) % len(names)])

    @action("V", "versions / runs")
    def show_versions(self) -> None:
        """The version history; from there, back to the runs."""
        self.show_pane("runs" if self._shown == "versions" else "versions")

    @action("d", "details", bar=False)
    def describe(self) -> None:
        """All there is to know of what is under the cursor."""
        self.shown_pane.describe()


def _across(panes: Sequence[type[FlowPane]], gap: int) -> int:
    """Cells that the names of some panes take side by side."""
    return sum(len(pane.title) for pane in panes) + gap * (len(panes) - 1)
