"""A screen with a list that can be filtered, sorted, shown in other columns, written to a file."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from textual import on
from textual.timer import Timer

from flowtui.models.filters import FilterField
from flowtui.models.text import amount, thin_groups
from flowtui.ui.actions import action
from flowtui.ui.columns import MARGIN, Column
from flowtui.ui.feeds import Snapshot
from flowtui.ui.files import free_name, here
from flowtui.ui.ink import blank
from flowtui.ui.listing import Listing
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.widgets.bars import KeyBar
from flowtui.ui.widgets.filter import FilterInput, FilterLine
from flowtui.ui.widgets.table import RecordTable

FILTER_KEYS = (("tab", "complete"), ("enter", "keep"), ("down", "move"), ("esc", "clear, close"))
"""What the last row says while one types a filter."""

AT_ONCE = 10_000
"""Records that are filtered at each key; more of them when somebody stops typing."""
RESTING = 0.15
"""Seconds without a key after which somebody has stopped."""


def in_list(screen: Any) -> str | None:
    """The list has the focus."""
    return None if screen.is_in_list else "go to the list first"


class ListingScreen(ActionScreen):
    """A screen that shows one list of records in a table of its own."""

    list_id: ClassVar[str] = "table"
    """The id of the table."""
    list_title: ClassVar[str] = ""
    """What a file with the list is called."""
    empty: ClassVar[str] = "Nothing here yet."
    """What is said when there is nothing to list."""
    tells_in_line: ClassVar[bool] = False
    """Whether the page has no title that says what filter and which order there are."""

    def __init__(self) -> None:
        super().__init__()
        self._listing: Listing[Any] | None = None
        self._typing: Timer | None = None
        """Runs out when somebody has stopped typing."""

    @abstractmethod
    def make_listing(self) -> Listing[Any]:
        """The list, as it is wanted."""

    @property
    def listing(self) -> Listing[Any]:
        """The list, and how it is wanted."""
        if self._listing is None:
            self._listing = self.make_listing()
        return self._listing

    @property
    def has_list(self) -> bool:
        """Whether what is shown has the list: a page of several panes may show another one."""
        return True

    @property
    def nothing_yet(self) -> str:
        """What is said when there is nothing to list."""
        return self.empty

    @property
    def file_title(self) -> str:
        """What a file with the list is called."""
        return self.list_title

    @property
    def list_table(self) -> RecordTable[Any]:
        """The table that shows it."""
        return self.query_one(f"#{self.list_id}", RecordTable)

    @property
    def filter_line(self) -> FilterLine:
        """Where a filter is typed."""
        return self.query_one(FilterLine)

    @property
    def is_in_list(self) -> bool:
        """Whether keys are meant for the list."""
        return self.focused_pane() == self.list_id

    @property
    def filter_fields(self) -> Sequence[FilterField[Any]]:
        """What the list can be filtered by, for help."""
        return self.listing.language.fields

    def make_filter_line(self) -> FilterLine:
        """The line that stands above the table."""
        return FilterLine(lambda text, cursor: self.listing.complete(text, cursor))

    # Showing

    def show_records(self, snapshot: Snapshot[Any]) -> None:
        """Show what a feed answered, or that it has not."""
        if snapshot.value is None:
            self.list_table.say("No answer yet.")
            return
        self.listing.records = snapshot.value
        self.show_rows()

    def show_rows(self) -> None:
        """Show what is left by the filter, in the order that is wanted."""
        listing = self.listing
        rows = listing.arranged(self.flowtui.now())
        self.list_table.show(rows, empty=listing.nothing(self.nothing_yet))
        self._show_filter()
        self.list_changed()

    def show_list_columns(self) -> None:
        """Show the columns that are wanted."""
        self.list_table.show_columns(self.list_columns())

    def refresh_now(self) -> None:
        """Ask the backend now; columns are measured anew, so that what was wider once gives way."""
        if self.is_mounted and self.has_list:
            self.show_list_columns()
        super().refresh_now()

    def list_columns(self) -> list[Column[Any]]:
        """The columns that are wanted, less those that this page has no use for."""
        return self.listing.shown_columns()

    def list_changed(self) -> None:
        """Paint what speaks of the list: a title, a preview."""

    def _show_filter(self) -> None:
        line, listing = self.filter_line, self.listing
        if line.is_open:
            count = listing.count() if self.tells_in_line else ""  # a title tells it elsewhere
            line.show(count, listing.filter.problem, listing.language.words_doc)
        if self.tells_in_line:
            told = [*(listing.filter_pieces(self.size.width - 2 * MARGIN) if listing.text else ())]
            if not listing.has_own_order:
                told += [*([blank(3)] if told else []), *listing.sort_pieces()]
            line.tell(told)

    # The filter

    @action("slash", "filter", in_list)
    def open_filter(self) -> None:
        """Show only what matches: part of a name, state:failed, !label:test."""
        self.listing.is_typed = True
        self.filter_line.open(self.listing.text)
        self.show_rows()

    @on(FilterLine.Changed)
    def _filter_changed(self, event: FilterLine.Changed) -> None:
        self.listing.text = event.text
        if self._typing is not None:
            self._typing.stop()
            self._typing = None
        if len(self.listing.records) > AT_ONCE:
            self._typing = self.set_timer(RESTING, self.show_rows)
        else:
            self.show_rows()

    @on(FilterLine.Kept)
    def _filter_kept(self) -> None:
        problem = self.listing.read(self.flowtui.now()).problem
        if problem is not None:
            self.show_notice(f"Not a filter yet, {problem}", wrong=True)
            return
        self._close_filter()

    @on(FilterInput.Left)
    def _close_filter(self) -> None:
        self.listing.is_typed = False
        self.filter_line.close()
        self.list_table.focus()
        self.show_rows()

    @on(FilterInput.Moved)
    def _moved(self, event: FilterInput.Moved) -> None:
        self.list_table.action_move(event.rows)

    def show_keys(self) -> None:
        super().show_keys()
        if self.is_mounted and isinstance(self.focused, FilterInput):
            self.query_one(KeyBar).show_keys(FILTER_KEYS)

    # Order and columns

    @action("s", "sort …", in_list)
    async def choose_order(self) -> None:
        """Sort by a column, or as the list does by itself."""
        from flowtui.ui.dialogs.sort import SortPicker

        picker = SortPicker(self.listing, self.title_text)
        chosen = await self.app.push_screen_wait(picker)
        if chosen is not None:
            self.listing.sort_by(chosen)
            self.show_rows()

    @action("S", "reverse", in_list, bar=False)
    def reverse_order(self) -> None:
        """Turn the order round."""
        self.listing.sort_by(self.listing.choices.sort)
        self.show_rows()
        self.show_notice(f"Sorted by {self.listing.order_says()}.")

    @action("w", "columns …", in_list, bar=False)
    def choose_columns(self) -> None:
        """Show or hide columns; there are more than one sees at first."""
        from flowtui.ui.dialogs.columns import ColumnPicker

        has_room, follow = self.list_table.has_room_for, self.show_list_columns
        self.app.push_screen(ColumnPicker(self.listing, self.title_text, follow, has_room))

    @action("E", "export …", in_list, bar=False)
    async def export(self) -> None:
        """Write the rows that are shown to a file, .csv or .json, all columns."""
        from flowtui.ui.dialogs.ask import Ask
        from flowtui.ui.export import data_of, export_path, exported, write_rows

        listing = self.listing
        rows = listing.exported_rows(self.list_table.rows)
        columns = exported(listing.columns)
        about = f"{listing.count()} {listing.language.noun}s"
        name = free_name(f"flowtui-{self.file_title}", ".csv", here())
        asked = Ask("Export", about, "file", export_path, value=name)
        path = await self.app.push_screen_wait(asked)
        if path is None:
            return
        size = await asyncio.to_thread(write_rows, path, columns, data_of(columns, rows))
        said = amount(len(rows), listing.language.noun)
        self.flowtui.say(f"{said}, {thin_groups(size)} B, are in {path}")

    @action("escape,q", "back", bar=False)
    def go_back(self) -> None:
        """A step back: the marks, the filter, the page; from the first one q leaves."""
        if self.is_in_list and self.list_table.marked:
            self.list_table.unmark_all()
        elif self.is_in_list and self.listing.text:
            self.listing.text = ""
            self.show_rows()
        else:
            super().go_back()
