"""The schedules of a flow: the clocks it was registered with, those of its group, and when they
fire next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from flowtui.frozen import frozen
from flowtui.models.flows import FlowGroup
from flowtui.models.group_schedule import GroupSchedule, group_schedule, stored_times
from flowtui.models.inputs import InputProblem, shown_value
from flowtui.models.schedules import Schedule, ScheduleClock
from flowtui.models.text import amount, plain
from flowtui.ui.actions import action
from flowtui.ui.clock_facts import time_lines
from flowtui.ui.columns import Column
from flowtui.ui.ink import Piece, blank, fit_pieces
from flowtui.ui.paint import Line, heading, labelled, wrapped
from flowtui.ui.screens.flow_page import FlowPage, FlowPane, known, with_schedule
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

SHOWN = 10
"""Fire times beside the list."""


@frozen
class ClockRow:
    """A clock and whose it is."""

    clock: ScheduleClock
    place: int
    """Which of its schedule it is."""
    is_groups: bool
    counts: bool
    """Whether it makes runs: the clocks of the group go before those that were registered."""


def on_clock(screen: Any) -> str | None:
    """A clock is under the cursor."""
    return None if screen.clock is not None else "no clock is selected"


def on_group_clock(screen: Any) -> str | None:
    """A clock of the group is under the cursor."""
    if screen.clock is None:
        return "no clock is selected"
    return None if screen.clock.is_groups else "it was registered with the flow; e writes another"


def writable(screen: Any) -> str | None:
    """The clock is of a kind that can be written by hand."""
    editable = screen.clock.clock.is_editable
    return None if editable else "only cron and interval clocks without labels can be edited here"


def with_group_schedule(screen: Any) -> str | None:
    """The group has a schedule of its own."""
    return None if screen.group.schedule else "the schedule is the one it was registered with"


class SchedulesPane(FlowPane):
    """All clocks, and the next times of the one under the cursor."""

    name_of_pane = "schedules"
    title = "Schedules"
    table_id = "clocks-table"
    list_title = "clocks"

    SCOPED_CSS = False
    DEFAULT_CSS = """
    SchedulesPane #schedule-title { padding: 0 2 1 2; }
    SchedulesPane #times { padding: 1 2 0 2; }
    .-wide SchedulesPane #times { display: none; }
    """

    def compose(self) -> ComposeResult:
        with Horizontal():
            with Vertical():
                yield Lines(self._paint_title, id="schedule-title")
                yield RecordTable[ClockRow](
                    _columns(),
                    lambda row: (row.is_groups, row.place),
                    sentence="Asking for the schedule …",
                    id="clocks-table",
                )
                yield Lines(self._paint_times, id="times")
            yield Lines(self._paint_clock, ground="bg1", id="clock", classes="beside")

    @property
    def clock(self) -> ClockRow | None:
        """The clock under the cursor."""
        found: ClockRow | None = self.table.record
        return found

    def show_group(self, group: FlowGroup) -> None:
        self.table.show(clock_rows(group), empty="It has no schedule. x n adds a clock.")
        self._fit()
        self.repaint()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """Where the times stand under the table it is as high as it needs to be."""
        wide = self.page.has_class("-wide")
        self.table.styles.height = "1fr" if wide else max(2, len(self.table.rows) + 1)

    # Painting

    def _paint_title(self, palette: Palette, width: int) -> Sequence[Line]:
        group = self.page.group
        if group is None:
            return [[]]
        schedule = group.schedule or group.latest.schedule
        if schedule is None:
            return [heading("Schedule", "none: runs are made by hand")]
        is_on = group.latest.is_schedule_active
        whose = "of the group" if group.schedule else f"registered with v{group.latest.version}"
        clocks = amount(len(schedule.clocks), "clock")
        switch = Piece("on" if is_on else "off", "fg0" if is_on else "late", bold=True)
        line = [*heading("Schedule"), blank(1), switch, Piece(f"  {clocks} {whose}", "fg2")]
        if is_on:
            return [line]
        says = [Piece("No runs by themselves.  ", "fg2"), Piece("x p", "fg0", bold=True)]
        return [line, [*says, Piece(" switches it on", "fg2")]]

    def _paint_clock(self, palette: Palette, width: int) -> list[Line]:
        row = self.clock
        if row is None:
            return [[Piece("No clock is selected.", "fg2")]]
        clock = row.clock
        labels = "as the flow's" if clock.labels is None else "  ".join(clock.labels) or "none"
        rows = (
            ("kind", clock.kind),
            *((("written", clock.text),) if clock.text != clock.phrase else ()),
            ("zone", clock.zone or "UTC"),
            ("of", "the group" if row.is_groups else "the version, as registered"),
            ("labels", labels),
        )
        name = Piece(plain(clock.phrase), "fg0", bold=True)
        lines: list[Line] = [fit_pieces([name], width), []]
        lines += [labelled(title, [Piece(plain(text), "fg1")], width) for title, text in rows]
        lines += [[], heading("Parameters", "" if clock.parameters else "as the flow's")]
        for key, value in clock.parameters.items():
            lines.append(labelled(plain(key), [Piece(plain(shown_value(value)), "fg1")], width))
        keys = [("e", "edits it"), ("d", "removes it")] if row.is_groups else [("e", "copies it")]
        told: Line = []
        for key, does in [*keys, ("n", "adds")]:
            told += [Piece(f"x {key}", "fg0", bold=True), Piece(f" {does}", "fg2"), blank(2)]
        return [*lines, [], *self._paint_times(palette, width), [], told]

    def _paint_times(self, palette: Palette, width: int) -> list[Line]:
        row, now = self.clock, self.page.shown_now()
        if row is None:
            return []
        schedule = {"type": "Schedule", "clocks": [row.clock.document]}
        try:
            times = stored_times(schedule, now, SHOWN if self.page.has_class("-wide") else 5)
        except InputProblem as problem:
            rows = wrapped(plain(problem.message), width)
            return [heading("Next times"), *([Piece(text, "failed")] for text in rows)]
        note = "" if row.counts else "if the group's schedule were not there"
        return [
            heading("Next times", note),
            *time_lines(times, now, palette, width, self.flowtui.zone),
        ]

    def describe(self) -> None:
        self.page.action_act("edit_clock")


def clock_rows(group: FlowGroup) -> list[ClockRow]:
    """The clocks that count, then those that would without them."""
    of_group = _rows(group.schedule, True, True)
    return [*of_group, *_rows(group.latest.schedule, False, group.schedule is None)]


def _rows(schedule: Schedule | None, is_groups: bool, counts: bool) -> list[ClockRow]:
    clocks = schedule.details if schedule is not None else ()
    return [ClockRow(clock, place, is_groups, counts) for place, clock in enumerate(clocks)]


def _columns() -> list[Column[ClockRow]]:
    return [
        Column(
            "clock",
            lambda row: row.clock.phrase,
            token=lambda row: "fg0" if row.counts else "fg2",
            bold=lambda row: row.counts,
            least=12,
            most=24,
        ),
        Column("kind", lambda row: row.clock.kind, token="fg2", least=8, drop=1),
        Column("zone", lambda row: row.clock.zone or "UTC", token="fg2", most=20, drop=2),
        Column(
            "of",
            lambda row: "group" if row.is_groups else "version",
            token="fg2",
            least=7,
        ),
        Column(
            "",
            lambda row: " " if row.counts else Piece("does not count", "fg2"),
            least=14,
            drop=4,
        ),
        Column("parameters", _parameters, most=30, drop=3, grows=True),
    ]


def _parameters(row: ClockRow) -> str | None:
    given = (f"{name}={shown_value(value)}" for name, value in row.clock.parameters.items())
    return ", ".join(given) or None


class SchedulesActions(FlowPage):
    """What keys do with schedules."""

    @property
    def clock(self) -> ClockRow | None:
        """The clock under the cursor."""
        return self.query_one(SchedulesPane).clock

    @on(RecordTable.Highlighted, "#clocks-table")
    def _another_clock(self) -> None:
        self.query_one(SchedulesPane).repaint()

    @on(RecordTable.Opened, "#clocks-table")
    def _clock_opened(self) -> None:
        self.open_clock()

    @action("enter", "edit …", on_clock, pane="clocks-table")
    def open_clock(self) -> None:
        """Write the clock under the cursor anew."""
        self.action_act("edit_clock")

    @action("p", "schedule …", known, with_schedule, menu=True)
    async def switch_schedule(self) -> None:
        """Turn the flow's schedule on or off."""
        from flowtui.ui.dialogs.schedule import ask_to_switch_schedule

        await ask_to_switch_schedule(self)

    @action("n", "add clock …", known, menu=True, pane="clocks-table")
    async def add_clock(self) -> None:
        """Write a clock for all versions of the flow, and see when it fires."""
        assert self.group is not None
        await self._write_clock(group_schedule(self.group.schedule), None)

    @action("e", "edit clock …", known, on_clock, writable, menu=True, pane="clocks-table")
    async def edit_clock(self) -> None:
        """Write the clock under the cursor anew; one that was registered is copied."""
        assert self.group is not None
        row = self.clock
        assert row is not None
        of = self.group.schedule if row.is_groups else self.group.latest.schedule
        schedule = group_schedule(of)
        before = [one for one in (of.details if of else ())[: row.place] if one.is_editable]
        await self._write_clock(schedule, len(before))

    async def _write_clock(self, schedule: GroupSchedule, place: int | None) -> None:
        from flowtui.ui.dialogs.clock import ask_for_clock

        await ask_for_clock(self, schedule, place)

    @action("d", "remove clock …", known, on_group_clock, menu=True, pane="clocks-table")
    async def remove_clock(self) -> None:
        """Take the clock under the cursor out of the group's schedule."""
        from flowtui.ui.dialogs.clock import ask_to_remove_clock

        assert self.clock is not None
        await ask_to_remove_clock(self, self.clock.place)

    @action("r", "registered one …", known, with_group_schedule, menu=True, pane="clocks-table")
    async def reset_schedule(self) -> None:
        """Go back to the schedule each version was registered with."""
        from flowtui.ui.dialogs.clock import ask_to_reset_schedule

        await ask_to_reset_schedule(self)
