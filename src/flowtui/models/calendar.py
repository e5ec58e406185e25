"""A day of runs: what ran when, what is planned, and how much of it at once.

Planned runs are those that the backend holds, and beyond them those that the clocks of the
schedules will make of it: the scheduler only ever plans a few runs ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.clocks import BadSchedule, next_events
from flowtui.models.ids import FlowGroupId
from flowtui.models.runs import FlowRun

MOST_EVENTS = 1_500
"""Firings of one schedule that are worked out for a day: one a minute, which is the most."""
USUAL = 60.0
"""Seconds that a run is taken to last if none ever ended well."""
SLOT = timedelta(minutes=30)
"""How finely the load of a day is told."""


@frozen
class Day:
    """From midnight to midnight on somebody's wall: 23 or 25 hours where clocks are changed."""

    start: datetime
    end: datetime

    def holds(self, when: datetime) -> bool:
        """Whether a moment is of this day."""
        return self.start <= when < self.end

    def moved(self, days: int, zone: tzinfo | None) -> Day:
        """The day so many days later, or earlier."""
        return day_of(self.start + timedelta(days=days, hours=12), zone)


def day_of(when: datetime, zone: tzinfo | None) -> Day:
    """The day that a moment falls on, in that zone or the one of this machine."""
    return Day(_midnight(when, zone), _midnight(_midnight(when, zone) + timedelta(hours=36), zone))


def _midnight(when: datetime, zone: tzinfo | None) -> datetime:
    wall = when.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    return (wall.replace(tzinfo=zone) if zone else wall.astimezone()).astimezone(timezone.utc)


@frozen
class ScheduledFlow:
    """A flow whose schedule is on."""

    group_id: FlowGroupId
    name: str
    project_name: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)
    """The schedule as it was registered."""
    planned_until: datetime | None = None
    """When the last run starts that the backend has planned."""
    usual_seconds: float | None = None


@frozen
class Stay:
    """A run on the calendar: from its start, or when it is due, to its end as far as one knows."""

    start: datetime
    end: datetime
    state: str
    run: FlowRun | None = None
    """None for one that only a clock speaks of."""

    @property
    def is_planned(self) -> bool:
        """Whether it is still to come."""
        return self.state == "Scheduled"

    @property
    def has_begun(self) -> bool:
        """Whether it is neither to come nor late."""
        return self.state not in ("Scheduled", states.LATE)

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether any of it lies between two moments."""
        return self.start < end and start < max(self.end, self.start + timedelta(microseconds=1))


@frozen
class FlowDay:
    """What one flow does on a day."""

    group_id: FlowGroupId
    name: str
    project_name: str
    stays: tuple[Stay, ...] = ()
    """By their start."""

    @property
    def ran(self) -> int:
        """How many runs there were, or are."""
        return sum(1 for stay in self.stays if stay.has_begun)

    @property
    def planned(self) -> int:
        """How many are still to come."""
        return sum(1 for stay in self.stays if stay.is_planned)

    @property
    def failed(self) -> int:
        """How many failed."""
        return sum(1 for stay in self.stays if states.is_failed(stay.state))

    @property
    def busy_seconds(self) -> float:
        """How long its runs took in all."""
        spans = (stay.end - stay.start for stay in self.stays if stay.has_begun)
        return sum(span.total_seconds() for span in spans)

    @property
    def shown_state(self) -> str:
        """The state of the run that most wants to be seen."""
        return min((stay.state for stay in self.stays), key=_urgency, default="")


def _urgency(state: str) -> int:
    if state == states.LATE:
        return 0
    if states.is_failed(state):
        return 1
    if states.is_running(state):
        return 2
    return 4 if state == "Scheduled" else 3


@frozen
class Calendar:
    """What a backend knows of a day."""

    day: Day
    runs: tuple[FlowRun, ...] = ()
    schedules: tuple[ScheduledFlow, ...] = ()
    events: Mapping[FlowGroupId, tuple[datetime, ...]] = field(default_factory=dict)
    """When clocks will fire that no planned run stands for yet."""
    is_cut: bool = False
    """There are more runs than were read."""

    def flows(self, now: datetime) -> list[FlowDay]:
        """Every flow that does something on this day, by name."""
        usual = {one.group_id: one.usual_seconds or USUAL for one in self.schedules}
        found: dict[FlowGroupId, list[Stay]] = {}
        names: dict[FlowGroupId, tuple[str, str]] = {}
        for run in self.runs:
            group = run.flow_group_id or FlowGroupId("")
            stay = stay_of(run, usual.get(group, USUAL), now)
            if stay is not None and stay.covers(self.day.start, self.day.end):
                found.setdefault(group, []).append(stay)
                names[group] = (run.flow_name, run.project_name)
        for one in self.schedules:
            for when in self.events.get(one.group_id, ()):
                if when >= now:
                    end = when + timedelta(seconds=usual[one.group_id])
                    found.setdefault(one.group_id, []).append(Stay(when, end, "Scheduled"))
                    names[one.group_id] = (one.name, one.project_name)
        days = [
            FlowDay(group, *names[group], tuple(sorted(stays, key=lambda stay: stay.start)))
            for group, stays in found.items()
        ]
        return sorted(days, key=lambda one: one.name.casefold())


def stay_of(run: FlowRun, usual_seconds: float, now: datetime) -> Stay | None:
    """A run's place in time; None for one that was cancelled before it ever began."""
    state = run.shown_state(now)
    seconds = run.seconds(now)
    if run.start_time is not None and seconds is not None:
        return Stay(run.start_time, run.start_time + timedelta(seconds=seconds), state, run)
    if run.is_finished:
        return None
    if state == states.LATE:
        return Stay(run.due, max(run.due, now), state, run)
    planned = "Scheduled" if run.due >= now - states.LATE_AFTER else state
    return Stay(run.due, run.due + timedelta(seconds=usual_seconds), planned, run)


def events_of(
    schedules: Iterable[ScheduledFlow], day: Day, now: datetime
) -> dict[FlowGroupId, tuple[datetime, ...]]:
    """When clocks fire on a day, after the runs that are planned already."""
    found: dict[FlowGroupId, tuple[datetime, ...]] = {}
    for one in schedules:
        since = max(day.start - timedelta(seconds=1), now, one.planned_until or now)
        if since >= day.end:
            continue
        try:
            events = next_events(one.document, since, MOST_EVENTS)
        except BadSchedule:
            continue
        times = tuple(event.start_time for event in events if event.start_time < day.end)
        if times:
            found[one.group_id] = times
    return found


# Load ---------------------------------------------------------------------------------------------


@frozen
class Load:
    """How many runs there were, or will be, at once in each part of a day."""

    day: Day
    counts: tuple[int, ...]

    @property
    def peak(self) -> int:
        """The most there ever are at once."""
        return max(self.counts, default=0)

    @property
    def peak_at(self) -> datetime | None:
        """When that is for the first time."""
        return self.day.start + SLOT * self.counts.index(self.peak) if self.peak else None

    def at(self, when: datetime) -> int:
        """How many there are in the part that a moment falls into."""
        index = int((when - self.day.start) / SLOT)
        return self.counts[index] if 0 <= index < len(self.counts) else 0


def load_of(stays: Sequence[Stay], day: Day) -> Load:
    """The load of a day: in each half hour the most that ran at the same time."""
    parts = -(-(day.end - day.start) // SLOT)
    edges = sorted(
        [(max(stay.start, day.start), 1) for stay in stays]
        + [(max(stay.end, stay.start + timedelta(seconds=1)), -1) for stay in stays],
    )
    counts = [0] * parts
    running, place = 0, 0
    for when, change in edges:
        reached = max(0, min(parts - 1, int((when - day.start) / SLOT)))
        while place < reached:
            place += 1
            counts[place] = running
        running += change
        counts[place] = max(counts[place], running)
        if when >= day.end:
            break
    return Load(day, tuple(counts))
