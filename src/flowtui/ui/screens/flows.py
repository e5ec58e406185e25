"""Flows: every flow that can run, what is wrong first, and one of them in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from flowtui.models.filter_terms import terms, without_field
from flowtui.models.filters_flows import FLOWS
from flowtui.models.flows import FlowEnds, FlowSummary
from flowtui.models.ids import FlowGroupId
from flowtui.models.text import amount
from flowtui.ui.actions import action
from flowtui.ui.bulk import BulkDeed
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Feed, Snapshot
from flowtui.ui.flow_columns import LATELY, flow_columns
from flowtui.ui.flow_deeds import FLOW_DEEDS, MOVE, moving
from flowtui.ui.ink import Piece, between
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.named import PageOfFlow
from flowtui.ui.paint import wrongness
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.bulk_actions import BulkActions
from flowtui.ui.screens.by_project import ByProject
from flowtui.ui.screens.flow_closer import FlowCloser
from flowtui.ui.screens.frame import BROAD, ActionScreen, selected
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

LIMIT = 500
"""Flows that are fetched at first; more when somebody goes to the last of them."""
INTERVAL = 3.0
"""Seconds between two looks at the list."""
DAY, LATELY_INTERVAL = timedelta(hours=24), 60.0
"""How far back is counted how runs ended, and seconds between two looks at that."""


def has_schedule(screen: Any) -> str | None:
    """There is a schedule to switch."""
    return None if screen.subject.schedule is not None else "the flow has no schedule"


class FlowsScreen(BulkActions, ByProject, FlowCloser):
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
        &.-tall #table { margin-top: 1; }
        #preview {
            display: none; background: $bg1; width: 40; height: 1fr; padding: 1 2;
        }
        &.-broad #preview { width: 64; }
        &.-wide.-preview #preview { display: block; }
        #runs-title { display: none; padding: 0 2; margin-top: 1; }
        #runs { display: none; height: 1fr; }
        &.-below #runs, &.-below #runs-title { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._limit = LIMIT
        self._living: Sequence[FlowSummary] = ()
        self._archived: Sequence[FlowSummary] = ()
        self._lately: Mapping[FlowGroupId, FlowEnds] | None = None
        """How the runs of each flow ended in the last day, while that is shown."""
        self._archived_feed: Feed[list[FlowSummary]] | None = None
        """Listened to while the filter asks for archived flows."""
        self.add_class("-preview")

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
                yield from self.compose_below()
            yield from self.compose_preview()

    def on_mount(self) -> None:
        self.show_list_columns()
        self.list_table.focus()

    @property
    def menu_subject(self) -> str:
        return self.subject.name if self.subject is not None else ""

    # Feeds

    def sources(self) -> list[Question]:
        limit = self._limit
        question = ("flows",) if limit == LIMIT else ("flows", limit)
        feed = self.flowtui.feed(question, lambda backend: backend.flows(limit), INTERVAL)
        return [Question(feed, self._show, ("title",))]

    def make_listing(self) -> Listing[FlowSummary]:
        app = self.flowtui
        return Listing(
            app.memory,
            ("flows",),
            FLOWS,
            lambda: flow_columns(self.shown_now, lambda: app.zone, self._ends),
            OwnOrder("what is wrong, then name", wrong_first),
            limit=self._limit,
            cut_to="the first",
            zone=app.zone,
        )

    def _show(self, snapshot: Snapshot[list[FlowSummary]]) -> None:
        if snapshot.value is None:
            self.show_records(snapshot)
            return
        self._living = snapshot.value
        self._arrange()

    def asked_beside(self, flow: FlowSummary | None) -> dict[str, Question]:
        found = super().asked_beside(flow)
        shown = [one for one in self.list_table.columns if one.name == LATELY]
        if shown and self.list_table.has_room_for(shown[0]):
            app = self.flowtui
            feed = app.feed(
                ("flows lately",),
                lambda backend: backend.flows_lately(app.now() - DAY),
                LATELY_INTERVAL,
            )
            found["lately"] = Question(feed, self._show_lately)
        return found

    def _show_lately(self, snapshot: Snapshot[Mapping[FlowGroupId, FlowEnds]]) -> None:
        if snapshot.value is not None and snapshot.value != self._lately:
            self._lately = snapshot.value
            self.list_table.repaint()

    def _ends(self, flow: FlowSummary) -> FlowEnds | None:
        """How its runs of the last day ended; None is not known yet."""
        return None if self._lately is None else self._lately.get(flow.group_id, FlowEnds())

    def _show_archived(self, snapshot: Snapshot[list[FlowSummary]]) -> None:
        self._archived = snapshot.value or ()
        self._arrange()

    def _arrange(self) -> None:
        self.listing.records = [*self._living, *self._archived]
        self.show_rows()

    @property
    def asks_for_archived(self) -> bool:
        """Whether the filter speaks of archived flows."""
        return any("archived:" in term for term in terms(self.listing.text))

    def _follow_archived(self) -> None:
        """Ask for archived flows while the filter wants them, and only then."""
        wanted = self.asks_for_archived and self.is_current
        if wanted == (self._archived_feed is not None):
            return
        if self._archived_feed is not None:
            self._archived_feed.leave(self._show_archived)
            self._archived_feed = None
            self._archived = ()
            self.listing.records = self._living
            return
        self._archived_feed = self.flowtui.feed(
            ("flows", "archived"), lambda backend: backend.flows(LIMIT, archived=True), 3 * INTERVAL
        )
        self._archived_feed.listen(self._show_archived)

    def on_screen_suspend(self) -> None:
        super().on_screen_suspend()
        if self._archived_feed is not None:
            self._archived_feed.leave(self._show_archived)
            self._archived_feed = None

    def on_screen_resume(self) -> None:
        self._follow_archived()

    def show_rows(self) -> None:
        self._follow_archived()
        super().show_rows()

    def list_changed(self) -> None:
        super().list_changed()
        self.query_one("#title", Lines).repaint()

    def _more_at_the_end(self) -> None:
        """Fetch more when one stands on the last of what was fetched."""
        listing = self.listing
        if listing.is_cut and self.list_table.cursor == len(self.list_table.rows) - 1 > 0:
            self._limit += LIMIT
            listing.fetch_up_to(self._limit)
            self.look_away()
            ActionScreen.on_screen_suspend(self)
            ActionScreen.on_screen_resume(self)
            self.look_closer()

    # Painting

    def _paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        flows, listing = self.listing.records, self.listing
        projects = len({flow.latest.project_name for flow in flows})
        note = f"{listing.all_of_them} in {amount(projects, 'project')}" if flows else ""
        return [between(listing.heading("Flows", note, width), listing.sort_pieces(), width)]

    def on_resize(self) -> None:
        super().on_resize()
        self.show_list_columns()
        self.fit_below()
        self.look_closer()

    def list_columns(self) -> list[Column[Any]]:
        """What the preview says need not stand in the table too, where that is narrow; what has to
        be asked for is shown where it is broad."""
        chosen = self.listing.choices.columns
        left_out = set()
        if self.size.width < BROAD:
            left_out = {LATELY, "schedule"} if self.shows_preview else {LATELY}
        wanted = super().list_columns()
        fitting = [one for one in wanted if one.name not in left_out or one.called in chosen]
        return fitting or wanted

    def show_list_columns(self) -> None:
        super().show_list_columns()
        self.follow()

    # What keys do

    @on(RecordTable.Highlighted, "#table")
    def _highlighted(self) -> None:
        self._more_at_the_end()

    @on(RecordTable.Opened, "#table")
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

    @action("A", "archived", bar=False)
    def toggle_archived(self) -> None:
        """Show the flows that are archived for good, or again those that can run."""
        shown = self.asks_for_archived
        text = without_field(self.listing.text, "archived")
        self.listing.text = text if shown else f"archived:yes {text}".strip()
        self.show_rows()

    @action("p", "schedule …", selected, has_schedule, menu=True)
    async def switch_schedule(self) -> None:
        """Turn the flow's schedule on or off."""
        from flowtui.ui.dialogs.schedule import ask_to_switch_schedule_of

        flow = self.subject
        if flow is not None:
            page = PageOfFlow(flow.group_id)
            await ask_to_switch_schedule_of(self, flow.latest, flow.schedule, page)

    @action("m", "move …", selected, menu=True)
    async def move_flow(self) -> None:
        """Move the flow, all its versions, to another project."""
        if self.subject is not None:
            await self.do_to_many(MOVE, [self.subject])

    async def do_to_many(self, deed: BulkDeed[Any], records: Sequence[Any]) -> None:
        if deed is not MOVE:
            await super().do_to_many(deed, records)
            return
        from flowtui.ui.dialogs.project import ProjectPicker

        projects = await (await self.flowtui.backend()).projects()
        subject = records[0].name if len(records) == 1 else amount(len(records), "flow")
        here = records[0].latest.project_name if len(records) == 1 else ""
        picker = ProjectPicker("Move to project", subject, projects, here=here)
        choice = await self.app.push_screen_wait(picker)
        if choice is not None and choice.project is not None:
            await super().do_to_many(moving(choice.project), records)


def wrong_first(flows: Sequence[FlowSummary], now: datetime) -> list[FlowSummary]:
    """What is wrong, then what runs, then the rest, each by name."""
    return sorted(flows, key=lambda flow: (wrongness(flow.shown_state(now)), flow.name.casefold()))
