"""Writing a clock for all versions of a flow: what it means, and when it fires, as one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult

from flowtui.models.flows import FlowGroup
from flowtui.models.group_schedule import (
    GroupClock,
    GroupSchedule,
    group_schedule,
    next_times,
    parameters_text,
    parse_clock,
    parse_parameters,
    parse_zone,
)
from flowtui.models.inputs import InputProblem
from flowtui.models.text import amount, plain
from flowtui.ui.clock_facts import time_lines
from flowtui.ui.dialogs.form import Entry, Form
from flowtui.ui.dialogs.question import Question
from flowtui.ui.ink import Piece
from flowtui.ui.paint import Line, heading
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.fields import Field
from flowtui.ui.widgets.painted import Lines

if TYPE_CHECKING:
    from flowtui.ui.screens.flow_page import FlowPage


class ClockForm(Form):
    """One clock: when, in which zone, with which parameters; its next times stand under it."""

    DEFAULT_CSS = """
    ClockForm #next { padding: 0 3 1 3; height: 7; }
    ClockForm Field { margin-bottom: 0; }
    ClockForm #fields-end { height: 1; }
    """

    def __init__(
        self,
        group: FlowGroup,
        schedule: GroupSchedule,
        place: int | None,
        now: datetime,
        zone: tzinfo | None,
    ) -> None:
        self._group = group
        self._schedule = schedule
        self._place = place
        self._now = now
        self._zone = zone
        clock = schedule.clocks[place] if place is not None else GroupClock("cron")
        others = len(schedule.clocks) - (place is not None)
        super().__init__(
            "Edit clock" if place is not None else "New clock",
            group.latest.name,
            (
                Entry(
                    "when", clock.text, self._check_when, placeholder="20m, daily, or 0 5 * * 1-5"
                ),
                Entry("zone", schedule.zone, self._check_zone, placeholder="UTC"),
                Entry(
                    "parameters",
                    parameters_text(clock.parameters),
                    self._check_parameters,
                    placeholder="those of the flow, or a JSON object",
                ),
            ),
            facts=_facts(group, others),
            act="Set the schedule",
            warning=_warning(group),
        )

    def compose_fields(self) -> ComposeResult:
        yield from super().compose_fields()
        yield Lines(lambda palette, width: [[]], ground="bg1", id="fields-end")
        yield Lines(self._paint_next, ground="bg1", id="next")

    # What is typed

    def _check_when(self, text: str) -> str:
        return _problem(parse_clock, text)

    def _check_zone(self, text: str) -> str:
        return _problem(parse_zone, text)

    def _check_parameters(self, text: str) -> str:
        problem = _problem(parse_parameters, text)
        if problem:
            return problem
        missing = set(self._group.missing_parameters(self._group.latest))
        left = sorted(missing - parse_parameters(text).keys())
        return f"each run must be given {', '.join(left)}" if left else ""

    @property
    def schedule(self) -> GroupSchedule:
        """The schedule with the clock that is typed. Raises InputProblem."""
        when, zone, parameters = self.values
        clock = parse_clock(when, parse_parameters(parameters))
        changed = self._schedule.with_clock(clock, self._place)
        return GroupSchedule(changed.clocks, parse_zone(zone))

    @on(Field.Changed)
    def _another_clock(self) -> None:
        self.query_one("#next", Lines).repaint()

    def _paint_next(self, palette: Palette, width: int) -> list[Line]:
        """The next times of this clock alone."""
        try:
            schedule = self.schedule
            clock = parse_clock(self.values[0])
            alone = GroupSchedule((clock,), schedule.zone)
            times = next_times(alone, self._now)
        except InputProblem:
            waits = Piece("once the clock can be read", "fg2")
            return [[*heading("Fires next"), Piece("  "), waits]]
        title = heading("Fires next", clock.phrase)
        return [title, *time_lines(times, self._now, palette, width, self._zone)]


def _problem(parse: Callable[[str], Any], text: str) -> str:
    try:
        parse(text)
    except InputProblem as problem:
        return problem.message
    return ""


def _facts(group: FlowGroup, others: int) -> Sequence[tuple[str, str]]:
    is_on = group.latest.is_schedule_active
    facts = [
        ("counts", "for all versions" + (f", beside {amount(others, 'clock')}" if others else "")),
        ("then", "planned runs that nobody has taken are made anew"),
        ("sends", "set_flow_group_schedule"),
    ]
    if not is_on:
        facts.insert(1, ("switch", "the schedule is off; x p switches it on"))
    return facts


def _warning(group: FlowGroup) -> Sequence[str]:
    if group.schedule is not None:
        odd = sum(1 for one in group.schedule.details if not one.is_editable)
        return (f"{amount(odd, 'clock')} cannot be written here, and would go.",) if odd else ()
    own = group.latest.schedule
    return (f"It takes the place of what was registered: {own}.",) if own is not None else ()


async def ask_for_clock(screen: FlowPage, schedule: GroupSchedule, place: int | None) -> None:
    """Ask for a clock, and give the group the schedule with it."""
    app, group = screen.flowtui, screen.group
    assert group is not None
    form = ClockForm(group, schedule, place, app.now(), app.zone)
    if not await app.push_screen_wait(form):
        return
    await (await app.backend()).set_group_schedule(group.id, form.schedule, was=group.schedule)
    clocks = amount(len(form.schedule.clocks), "clock")
    app.say(f"{plain(group.latest.name)} has a schedule of {clocks} now.")
    screen.refresh_now()


async def ask_to_remove_clock(screen: FlowPage, place: int) -> None:
    """Ask, then take a clock out of the group's schedule."""
    app, group = screen.flowtui, screen.group
    assert group is not None
    assert group.schedule is not None
    gone = group.schedule.details[place]
    rest = [one for at, one in enumerate(group.schedule.details) if at != place]
    kept = group_schedule_of(group, place)
    left = ", ".join(one.phrase for one in rest)
    own = group.latest.schedule
    without = f"registered one: {own}" if own is not None else "none"
    question = Question(
        "Remove clock",
        gone.phrase,
        group.latest.name,
        facts=(
            ("left", left or f"no clock of the group; the schedule is the {without}"),
            ("then", "planned runs that nobody has taken are made anew"),
            ("sends", "set_flow_group_schedule" if rest else "delete_flow_group_schedule"),
        ),
        act="Remove the clock",
    )
    if not await app.push_screen_wait(question):
        return
    await (await app.backend()).set_group_schedule(group.id, kept, was=group.schedule)
    app.say(f"The clock {plain(gone.phrase)} is gone.")
    screen.refresh_now()


def group_schedule_of(group: FlowGroup, without: int) -> GroupSchedule:
    """The group's schedule less one clock, as it can be sent."""
    assert group.schedule is not None
    details = group.schedule.details
    kept = group_schedule(group.schedule)
    if not details[without].is_editable:
        return kept
    return kept.without(sum(1 for one in details[:without] if one.is_editable))


async def ask_to_reset_schedule(screen: FlowPage) -> None:
    """Ask, then let each version follow its own schedule again."""
    app, group = screen.flowtui, screen.group
    assert group is not None
    own = group.latest.schedule
    question = Question(
        "As registered",
        group.latest.name,
        facts=(
            ("now", str(group.schedule)),
            ("then", str(own) if own is not None else "no schedule at all"),
            ("sends", "delete_flow_group_schedule"),
        ),
        act="Use the registered schedule",
    )
    if not await app.push_screen_wait(question):
        return
    backend = await app.backend()
    await backend.set_group_schedule(group.id, GroupSchedule(), was=group.schedule)
    app.say(f"{plain(group.latest.name)} follows the schedule it was registered with.")
    screen.refresh_now()
