"""What the page of a flow is made of: panes, and actions that ask what the page shows.

A pane is a class of its own with its widgets, its feeds and its painting; what its keys do is
declared in a class beside it, which the screen inherits.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.containers import Vertical
from textual.widget import Widget

from flowtui.models.flows import FlowGroup, FlowVersion
from flowtui.models.ids import FlowGroupId
from flowtui.models.runs import FlowRun
from flowtui.ui.actions import Action
from flowtui.ui.beyond import Beyond
from flowtui.ui.bulk import BulkDeed
from flowtui.ui.listing import Listing
from flowtui.ui.pane_ages import Question
from flowtui.ui.run_deeds import RUN_DEEDS
from flowtui.ui.screens.bulk_actions import BulkActions
from flowtui.ui.screens.run_edits import RunEdits
from flowtui.ui.widgets.filter import FilterLine
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

if TYPE_CHECKING:
    from flowtui.ui.app import FlowtuiApp

INTERVAL = 3.0
LOWEST = 12
"""Rows of a pane from which on there is room for something below its list."""

EVERYWHERE = (
    *("quick_run", "switch_schedule", "switch_heartbeat", "switch_lazarus"),
    *("switch_version_lock", "archive_version"),
)
"""What is done to the flow also where a menu is about runs."""


def known(screen: Any) -> str | None:
    """The flow has been read."""
    return None if screen.group is not None else "the flow has not been read yet"


def with_schedule(screen: Any) -> str | None:
    """The flow has a schedule, its own or its group's."""
    group = screen.group
    return None if group.schedule or group.latest.schedule else "the flow has no schedule"


def not_archived(screen: Any) -> str | None:
    """A version of the flow runs."""
    return "all its versions are archived" if screen.group.latest.archived else None


class FlowPane(Vertical):
    """One of the pages of a flow."""

    DEFAULT_CSS = """
    FlowPane { height: 1fr; }
    FlowPane .beside { display: none; width: 42; height: 1fr; padding: 1 2; background: $bg1; }
    .-wide FlowPane .beside { display: block; }
    .-broad FlowPane .beside { width: 60; }
    """
    SCOPED_CSS = False
    name_of_pane: ClassVar[str] = ""
    title: ClassVar[str] = ""
    """In the row of panes."""
    table_id: ClassVar[str] = ""
    """The widget that has the focus while the pane is shown."""
    list_title: ClassVar[str] = ""
    """What a file with its list is called."""
    empty: ClassVar[str] = "Nothing here yet."
    has_runs: ClassVar[bool] = False
    """Whether a run can be under its cursor."""
    deeds: ClassVar[Sequence[BulkDeed[Any]]] = ()
    """What can be done to many of its records."""

    def __init__(self) -> None:
        super().__init__(id=self.name_of_pane)
        self._listing: Listing[Any] | None = None

    @property
    def page(self) -> FlowPage:
        """The screen it is on."""
        return cast("FlowPage", self.screen)

    @property
    def flowtui(self) -> FlowtuiApp:
        """The app, by its own type."""
        return cast("FlowtuiApp", self.app)

    @property
    def table(self) -> RecordTable[Any]:
        """The table in it that keys act on."""
        return self.query_one(f"#{self.table_id}", RecordTable)

    @property
    def target(self) -> Widget:
        """What gets the focus when the pane is shown."""
        return self.query_one(f"#{self.table_id}")

    @property
    def subject(self) -> Any:
        """What is under its cursor."""
        return self.table.record if self.table_id else None

    @property
    def chosen_run(self) -> FlowRun | None:
        """The run under its cursor."""
        return None

    def sources(self) -> list[Question]:
        """What it asks for while it is shown, besides the flow itself."""
        return []

    def show_group(self, group: FlowGroup) -> None:
        """The flow has been read, or read again."""
        self.repaint()

    def describe(self) -> None:
        """Show all there is to know of what is under its cursor."""
        self.flowtui.say("There is nothing more to say of it.")

    def repaint(self) -> None:
        """Paint what is painted here again."""
        for lines in self.query(Lines):
            lines.repaint()

    # Its list, where it has one that can be filtered

    def beyond(self) -> Beyond[Any] | None:
        """All that the filter lets through, where the list holds only a part of it."""
        return None

    def make_listing(self) -> Listing[Any] | None:
        """The list, as it is wanted; None where there is nothing to filter."""
        return None

    @property
    def listing(self) -> Listing[Any] | None:
        """The list, and how it is wanted."""
        if self._listing is None:
            self._listing = self.make_listing()
        return self._listing

    def make_filter_line(self) -> FilterLine:
        """The line that stands above its table."""

        def complete(text: str, cursor: int) -> Any:
            assert self.listing is not None
            return self.listing.complete(text, cursor)

        return FilterLine(complete)

    def make_table(
        self, key: Callable[[Any], Hashable], sentence: str, *, marks: bool = False
    ) -> RecordTable[Any]:
        """The table of its list; the sentence stands there until there are records."""
        assert self.listing is not None
        columns = self.listing.shown_columns()
        return RecordTable[Any](columns, key, marks=marks, sentence=sentence, id=self.table_id)

    def list_records(self, records: Sequence[Any] | None) -> None:
        """Show what has come for its list; None is no answer yet."""
        if records is None:
            self.table.say("No answer yet.")
            return
        assert self.listing is not None
        self.listing.records = records
        self.page.show_rows()
        self.repaint()


class RunListPane(FlowPane):
    """One that lists runs, to which things are done together."""

    has_runs = True
    deeds = RUN_DEEDS

    def make_runs_table(self, sentence: str) -> RecordTable[FlowRun]:
        """The table of the runs; the sentence stands there until there are some."""
        return self.make_table(lambda run: run.id, sentence, marks=True)

    @property
    def chosen_run(self) -> FlowRun | None:
        run: FlowRun | None = self.table.record
        return run


class FlowPage(BulkActions, RunEdits):
    """A screen on one flow group, of which one pane is shown."""

    group_id: FlowGroupId
    group: FlowGroup | None = None
    _is_to_listen = False

    @property
    def shown_pane(self) -> FlowPane:
        """The pane that is shown."""
        raise LookupError("no pane is shown")

    @property
    def version(self) -> FlowVersion | None:
        """The version that was chosen, else the newest that runs."""
        return self.group.latest if self.group is not None else None

    def show_pane(self, name: str) -> None:
        """Show another pane."""

    def listen_again(self) -> None:
        """Listen to what the pane that is shown asks for now; soon, as answers call this too."""
        if not self._is_to_listen:
            self._is_to_listen = True
            self.call_next(self._listen_to_pane)

    def _listen_to_pane(self) -> None:
        self._is_to_listen = False
        if not self._listening or not self.is_current:
            return
        self.ask_instead(self._listening[1:], self.shown_pane.sources())

    def deeds_now(self) -> Sequence[BulkDeed[Any]]:
        return self.shown_pane.deeds

    def beyond(self) -> Beyond[Any] | None:
        return self.shown_pane.beyond()

    @property
    def menu_actions(self) -> tuple[Action, ...]:
        """What can be changed in the pane that is shown: what is its own, then what is done to a
        run where it has runs, then to the flow; a letter means one thing only."""
        focused, runs_here = self.focused_pane(), self.shown_pane.has_runs
        of_runs = {one.name for one in RunEdits.actions}

        def rank(one: Action) -> int:
            return 0 if one.pane else 1 if one.name in of_runs else 2

        def fits(one: Action) -> bool:
            if one.name in of_runs:
                return runs_here
            return one.pane == focused if one.pane else not runs_here or one.name in EVERYWHERE

        offered: dict[str, Action] = {}
        for one in sorted(filter(fits, super().menu_actions), key=rank):
            offered.setdefault(one.keys[0], one)
        return tuple(offered.values())
