"""Calendar: a day of every flow, what ran when and what is planned, and how much at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from textual import on
from textual.app import ComposeResult

from flowtui.models import states
from flowtui.models.calendar import Calendar, Day, FlowDay, Load, Stay, day_of, load_of
from flowtui.models.filters_days import DAYS
from flowtui.models.runs import FlowRun
from flowtui.ui.actions import action
from flowtui.ui.columns import MARGIN, Column
from flowtui.ui.day_columns import TIMES, day_columns
from flowtui.ui.day_graphics import load_columns
from flowtui.ui.day_words import day_distance, day_name, peak_says, tally_of, told, under
from flowtui.ui.feeds import Snapshot
from flowtui.ui.graphics import tally
from flowtui.ui.ink import Piece, between, blank, fit_pieces, width_of
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.paint import heading, wrongness
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.by_project import ByProject
from flowtui.ui.screens.frame import BROAD, TALL, WIDE
from flowtui.ui.screens.run_actions import RunActions
from flowtui.ui.timeline import Axis
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 5.0
CALM_INTERVAL = 30.0
"""Seconds between two looks at a day that is not today."""


def with_flow(screen: Any) -> str | None:
    """There is a flow that ran on this day, or will."""
    return None if screen.subject is not None else "no flow is selected"


class CalendarScreen(ByProject, RunActions):
    """One day of all flows."""

    tab = "calendar"
    title_text = "Calendar"
    list_title = "calendar"
    empty = "Nothing ran on this day, and nothing is planned."
    hints = (("← →", "time"),)

    DEFAULT_CSS = """
    CalendarScreen {
        #title, #tally, #told { padding: 0 2; }
        &.-low #title { padding: 1 2 0 2; }
        &.-tall #load { margin-top: 1; }
        &.-tall #table { margin-top: 1; }
        #told { height: 1; margin: 0 0 1 0; }
        &.-tall #told { margin: 1 0 1 0; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._day: Day | None = None
        self._cursor: datetime | None = None
        """The moment one stands on."""
        self._calendar: Calendar | None = None
        self._load: Load | None = None

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_title, id="title")
        yield Lines(self._paint_tally, id="tally")
        yield self.make_filter_line()
        yield Lines(self._paint_load, id="load")
        yield RecordTable[FlowDay](
            self.listing.shown_columns(),
            lambda row: row.group_id,
            sentence="Asking for the day …",
            id="table",
        )
        yield Lines(self._paint_told, id="told")

    def on_mount(self) -> None:
        self.list_table.focus()

    # What is looked at

    @property
    def day(self) -> Day:
        """The day one looks at."""
        if self._day is None:
            self._day = day_of(self.flowtui.now(), self.flowtui.zone)
        return self._day

    @property
    def today(self) -> Day:
        """The day it is."""
        return day_of(self.flowtui.now(), self.flowtui.zone)

    @property
    def cursor(self) -> datetime:
        """The moment one stands on."""
        if self._cursor is None:
            self._cursor = self.flowtui.now()
        return self._cursor

    @property
    def subject(self) -> FlowDay | None:
        """The flow under the cursor."""
        return self.list_table.record

    @property
    def found(self) -> list[Stay]:
        """What is under both cursors."""
        if self.subject is None:
            return []
        start = self._cell_of(self.cursor)
        return under(self.subject.stays, start, start + self._cell)

    @property
    def chosen_run(self) -> FlowRun | None:
        return next((stay.run for stay in self.found if stay.run is not None), None)

    # Feeds

    def sources(self) -> list[Question]:
        day, app = self.day, self.flowtui
        interval = INTERVAL if day == self.today else CALM_INTERVAL
        feed = app.feed(
            ("calendar", day), lambda backend: backend.calendar(day, app.now()), interval
        )
        return [Question(feed, self._show, ("title",))]

    def make_listing(self) -> Listing[FlowDay]:
        return Listing(
            self.flowtui.memory,
            ("calendar",),
            DAYS,
            self._columns,
            OwnOrder("what is wrong, then name", _wrong_first),
            zone=self.flowtui.zone,
        )

    def _show(self, snapshot: Snapshot[Calendar]) -> None:
        if snapshot.value is None:
            self.show_records(snapshot)
            return
        self._calendar = snapshot.value
        self.listing.records = snapshot.value.flows(self.flowtui.now())
        self.show_rows()

    def list_changed(self) -> None:
        rows: Sequence[FlowDay] = self.list_table.rows
        stays = (stay for row in rows for stay in row.stays if stay.state != states.LATE)
        self._load = load_of(list(stays), self.day)
        self._repaint()

    def _look_at(self, day: Day) -> None:
        """Show another day, at the same time of it."""
        self._cursor = day.start + (self.cursor - self.day.start)
        self._day, self._calendar = day, None
        self.listing.records = ()
        self.list_table.show((), empty="Asking for the day …")
        self.list_changed()
        self.on_screen_suspend()
        self.on_screen_resume()

    # Painting

    @property
    def _name_width(self) -> int:
        width = self.size.width
        return 30 if width >= BROAD else 24 if width >= WIDE else 16

    def on_resize(self) -> None:
        super().on_resize()
        self.show_list_columns()
        self._repaint()

    def _axis(self, width: int) -> Axis:
        return Axis(self.day.start, self.day.end, width, self.flowtui.now(), self.cursor)

    @property
    def _cell(self) -> timedelta:
        """How long a cell of the axis is."""
        place = self.list_table.place_of(TIMES)
        return (self.day.end - self.day.start) / max(1, place[1] if place else 48)

    def _cell_of(self, when: datetime) -> datetime:
        """Where the cell begins that a moment is in."""
        return self.day.start + (when - self.day.start) // self._cell * self._cell

    def _columns(self) -> list[Column[FlowDay]]:
        return day_columns(self._axis, lambda: self._name_width, lambda: self.flowtui.zone)

    def _repaint(self) -> None:
        for name in ("#title", "#tally", "#load", "#told"):
            for lines in self.query(name).results(Lines):
                lines.repaint()

    def _paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        listing = self.listing
        name = day_name(self.day, self.flowtui.zone)
        left = listing.heading(name, day_distance(self.day, self.today), width)
        return [between(left, listing.sort_pieces(), width)]

    def _paint_tally(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self._calendar is None:
            return [[]]
        rows: Sequence[FlowDay] = self.list_table.rows
        pieces = list(tally(tally_of(rows), palette))
        if self._calendar.is_cut:
            pieces += [blank(3), Piece("only the first of them were read", "late")]
        return [fit_pieces(pieces, width)]

    def _paint_load(self, palette: Palette, width: int) -> list[list[Piece]]:
        place = self.list_table.place_of(TIMES)
        load = self._load
        if place is None or self._calendar is None or load is None or not load.peak:
            return []
        height = 5 if self.size.height >= 50 else 3 if self.size.height >= TALL else 2
        at, cells = place
        graph = load_columns(load, self._axis(cells), palette, height)
        said = peak_says(load.peak, load.peak_at, self.flowtui.zone)
        notes = [heading("At once", said)]
        if width_of(notes[0]) > at - MARGIN - 1:
            notes = [heading("At once"), [Piece(said, "fg2")]]
        lines: list[list[Piece]] = []
        for index, line in enumerate(graph):
            note = notes[index] if index < len(notes) else []
            lines.append([blank(MARGIN), *fit_pieces(note, at - MARGIN - 1), blank(1), *line])
        return lines

    def _paint_told(self, palette: Palette, width: int) -> list[list[Piece]]:
        row = self.subject
        if row is None or self._calendar is None:
            return [[]]
        now, zone = self.flowtui.now(), self.flowtui.zone
        left = told(row, self.found, now, zone, palette)
        at = self._load.at(self.cursor) if self._load is not None else 0
        right = [Piece(f"{at} at once here", "fg2")] if at else []
        if width_of(left) + width_of(right) + 3 > width:
            right = []
        return [between(left, right, width)]

    # What keys do

    @on(RecordTable.Highlighted)
    def _highlighted(self) -> None:
        self.query_one("#told", Lines).repaint()
        self.show_keys()

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.open_found()

    @action("enter", "open", with_flow)
    def open_found(self) -> None:
        """The run under the time cursor; the flow, where there is none yet."""
        from flowtui.ui.screens.flow import FlowScreen
        from flowtui.ui.screens.run import RunScreen

        if self.chosen_run is not None:
            self.app.push_screen(RunScreen(self.chosen_run.id))
        elif self.subject is not None:
            self.app.push_screen(FlowScreen(self.subject.group_id))

    def _go(self, when: datetime) -> None:
        last = self.day.end - timedelta(seconds=1)
        self._cursor = max(self.day.start, min(when, last))
        self.list_table.repaint()
        self._repaint()
        self.show_keys()

    @action("left", "earlier", bar=False)
    def earlier(self) -> None:
        """Move the time cursor back by a cell."""
        self._go(self._cell_of(self.cursor) - self._cell / 2)

    @action("right", "later", bar=False)
    def later(self) -> None:
        """Move the time cursor on by a cell."""
        self._go(self._cell_of(self.cursor) + self._cell * 1.5)

    @action("n", "next run", with_flow)
    def next_stay(self) -> None:
        """Move the time cursor to the next run of the flow."""
        until = self._cell_of(self.cursor) + self._cell
        starts = [stay.start for stay in self.subject.stays] if self.subject else []
        after = [when for when in starts if until <= when < self.day.end]
        if after:
            self._go(min(after))
        else:
            self.show_notice("It has no run after this one on this day.")

    @action("N", "run before", with_flow, bar=False)
    def stay_before(self) -> None:
        """Move the time cursor to the run of the flow before."""
        since = self._cell_of(self.cursor)
        starts = [stay.start for stay in self.subject.stays] if self.subject else []
        before = [when for when in starts if self.day.start <= when < since]
        if before:
            self._go(max(before))
        else:
            self.show_notice("It has no run before this one on this day.")

    @action("left_square_bracket", "day before")
    def day_before(self) -> None:
        """The day before."""
        self._look_at(self.day.moved(-1, self.flowtui.zone))

    @action("right_square_bracket", "next day")
    def next_day(self) -> None:
        """The next day."""
        self._look_at(self.day.moved(1, self.flowtui.zone))

    @action("t", "today")
    def go_to_today(self) -> None:
        """Today, and now."""
        if self.day != self.today:
            self._look_at(self.today)
        self._go(self.flowtui.now())


def _wrong_first(rows: Sequence[FlowDay], now: datetime) -> list[FlowDay]:
    return sorted(rows, key=lambda row: (wrongness(row.shown_state), row.name.casefold()))
