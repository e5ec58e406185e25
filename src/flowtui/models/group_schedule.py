"""A schedule for all versions of a flow, as one writes it: clocks in words, checked as one types.

What can be said here is what the mutation for it takes: cron and interval clocks with parameters,
and one zone for all of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from flowtui.frozen import frozen
from flowtui.models.inputs import InputProblem, parse_value
from flowtui.models.inputs import Kind as ValueKind
from flowtui.models.schedules import (
    Schedule,
    ScheduleClock,
    cron_phrase,
    interval_phrase,
    interval_text,
)
from flowtui.models.times import zone_of

SHOWN_TIMES = 5
"""How many of the next times are told."""

_INTERVAL = re.compile(r"(?:every\s+)?(\d+(?:\.\d+)?)?\s*(s|m|min|h|d|w)[a-z]*", re.I)
_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_NAMED = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800}


@frozen
class GroupClock:
    """One clock: a cron expression, or seconds."""

    kind: str
    """`cron` or `interval`."""
    cron: str = ""
    seconds: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What one types for it."""
        return self.cron if self.kind == "cron" else interval_text(self.seconds)

    @property
    def phrase(self) -> str:
        """It in a few words."""
        return cron_phrase(self.cron) if self.kind == "cron" else interval_phrase(self.seconds)

    def sent(self) -> dict[str, Any]:
        """As the mutation takes it."""
        said: dict[str, Any] = (
            {"cron": self.cron} if self.kind == "cron" else {"interval": self.seconds}
        )
        if self.parameters:
            said["parameter_defaults"] = dict(self.parameters)
        return said


@frozen
class GroupSchedule:
    """The clocks of a group's schedule; none of them is no schedule of its own."""

    clocks: tuple[GroupClock, ...] = ()
    zone: str = ""
    """The name of the zone of all its clocks; empty is UTC."""

    def without(self, place: int) -> GroupSchedule:
        """The schedule less one clock."""
        return replace(self, clocks=(*self.clocks[:place], *self.clocks[place + 1 :]))

    def with_clock(self, clock: GroupClock, place: int | None = None) -> GroupSchedule:
        """The schedule with one clock more, or with another in its place."""
        if place is None:
            return replace(self, clocks=(*self.clocks, clock))
        return replace(self, clocks=(*self.clocks[:place], clock, *self.clocks[place + 1 :]))


def group_schedule(schedule: Schedule | None) -> GroupSchedule:
    """A stored schedule as one can edit it; clocks that nobody can write by hand are left out."""
    if schedule is None:
        return GroupSchedule()
    editable = [one for one in schedule.details if one.is_editable]
    zone = next((one.zone for one in editable if one.zone), "")
    return GroupSchedule(tuple(_from_stored(one) for one in editable), zone)


def _from_stored(one: ScheduleClock) -> GroupClock:
    if one.kind == "cron":
        return GroupClock("cron", cron=one.text, parameters=one.parameters)
    seconds = int(float(one.document.get("interval") or 0) / 1_000_000)
    return GroupClock("interval", seconds=seconds, parameters=one.parameters)


def parse_clock(text: str, parameters: Mapping[str, Any] | None = None) -> GroupClock:
    """A clock from what was typed: `20m`, `daily`, or a cron expression. Raises InputProblem."""
    typed = " ".join(text.split())
    given = parameters or {}
    if not typed:
        raise InputProblem("write 20m, 1d, or a cron expression such as 0 5 * * 1-5")
    seconds = _NAMED.get(typed.lower())
    match = _INTERVAL.fullmatch(typed)
    if match:
        seconds = round(float(match.group(1) or 1) * _UNITS[_unit(match.group(2))])
    if seconds is not None:
        if seconds < 60:
            raise InputProblem("a clock waits at least a minute")
        return GroupClock("interval", seconds=seconds, parameters=given)
    _check_cron(typed)
    return GroupClock("cron", cron=typed, parameters=given)


def _unit(text: str) -> str:
    return text.lower() if text.lower() in _UNITS else text[:1].lower()


def _check_cron(text: str) -> None:
    from croniter import CroniterError, croniter

    fields = len(text.split())
    if fields < 5 and not text.startswith("@"):
        raise InputProblem(
            f"an interval such as 20m, or five fields: minute hour day month weekday; "
            f"there {'is' if fields == 1 else 'are'} {fields}"
        )
    try:
        croniter(text)
    except (CroniterError, ValueError, KeyError, AttributeError) as error:
        reason = str(error).strip().strip("'\"") or "no cron expression"
        raise InputProblem(f"cron: {reason}") from None


def parse_zone(text: str) -> str:
    """The name of a zone; nothing is UTC. Raises InputProblem."""
    name = text.strip()
    if not name:
        return ""
    try:
        zone_of(name)
    except (ValueError, OSError, LookupError):
        raise InputProblem("write a zone such as Europe/Berlin, or nothing for UTC") from None
    return name


def parse_parameters(text: str) -> Mapping[str, Any]:
    """Parameters from a JSON object; nothing is none. Raises InputProblem."""
    if not text.strip():
        return {}
    value = parse_value(text, ValueKind("dict"))
    if not isinstance(value, dict):
        raise InputProblem('write an object such as {"region": "eu"}')
    return value


def parameters_text(parameters: Mapping[str, Any]) -> str:
    """Parameters as one edits them."""
    return json.dumps(dict(parameters), ensure_ascii=False) if parameters else ""


def next_times(schedule: GroupSchedule, now: datetime, count: int = SHOWN_TIMES) -> list[datetime]:
    """When it will fire next. Raises InputProblem."""
    return stored_times(_document(schedule, now), now, count)


def stored_times(
    document: Mapping[str, Any], now: datetime, count: int = SHOWN_TIMES
) -> list[datetime]:
    """When a schedule, as it is stored, will fire next. Raises InputProblem."""
    from flowtui.models.clocks import BadSchedule, next_events

    try:
        return [event.start_time for event in next_events(document, now, count)]
    except BadSchedule as problem:
        raise InputProblem(str(problem)) from None


def _document(schedule: GroupSchedule, now: datetime) -> dict[str, Any]:
    """As the backend will store it, if it is given now."""
    start = None
    if schedule.zone:
        local = now.astimezone(zone_of(schedule.zone)).replace(tzinfo=None)
        start = {"dt": local.isoformat(), "tz": schedule.zone}
    clocks = [
        {"type": "CronClock", "cron": one.cron, "start_date": start}
        if one.kind == "cron"
        else {
            "type": "IntervalClock",
            "interval": one.seconds * 1_000_000,
            "start_date": start,
        }
        for one in schedule.clocks
    ]
    return {"type": "Schedule", "clocks": clocks}
