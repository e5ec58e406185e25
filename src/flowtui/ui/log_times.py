"""The times of log lines: shown in a zone or from the start of the run, and typed to go there.

What one sees is what one may type: `03:12`, `03:12:45.118`, a date before it, or a distance from
either end of the log.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from flowtui.frozen import frozen
from flowtui.models.text import clock, duration, fit, zone_name


@frozen
class Times:
    """How the times of a log are shown."""

    zone: tzinfo | None = None
    since: datetime | None = None
    """Where times are counted from; None is time of day."""

    def text(self, when: datetime, wide: bool) -> str:
        """A time in 12 cells, or in 8."""
        if self.since is None:
            return clock(when, self.zone, milliseconds=wide)
        return fit(_since(when - self.since, wide), 12 if wide else 8, right=True)

    def name(self, when: datetime) -> str:
        """What they are called."""
        return zone_name(when, self.zone) if self.since is None else "since the start"


def ways_to_show(zone: tzinfo | None, start: datetime | None, when: datetime) -> list[Times]:
    """The ways that differ: this zone, UTC, and from the start where that is known."""
    ways = [Times(zone)]
    if when.astimezone(zone).utcoffset():
        ways.append(Times(timezone.utc))
    if start is not None:
        ways.append(Times(zone, start))
    return ways


def _since(span: timedelta, wide: bool) -> str:
    sign = "-" if span < timedelta(0) else "+"
    span = abs(span)
    seconds = int(span.total_seconds())
    hours, rest = divmod(seconds, 3600)
    shown = f"{rest // 60:02}:{rest % 60:02}"
    if hours:
        shown = f"{hours}:{shown}"
    if hours < 10 and wide:
        shown += f".{span.microseconds // 1000:03}"
    return f"{sign}{shown}" if hours < (100 if wide else 10) else sign + duration(span)


_DISTANCE = re.compile(r"(?:\d+(?:\.\d+)?[dhms]\s*)+")
_STEP = re.compile(r"(\d+(?:\.\d+)?)([dhms])")
_CLOCK = re.compile(r"(?:(\d{4}-\d\d-\d\d)[T ])?(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,6}))?)?")
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def time_typed(
    typed: str, times: Times, first: datetime, last: datetime, near: datetime
) -> datetime | str:
    """The time that is meant in a log of that span; a sentence when there is none.

    A time of day belongs to the day on which it is nearest to `near`.
    """
    text = typed.strip()
    if text[:1] in ("+", "-") and _DISTANCE.fullmatch(text[1:].strip()):
        try:
            span = _span(text)
            return last - span if text[0] == "-" else (times.since or first) + span
        except OverflowError:
            return "that is further than time goes"
    found = _CLOCK.fullmatch(text)
    if found is None:
        return "write a time as 03:12, 03:12:45, 2026-11-19 03:12, -10m or +90s"
    day, hours, minutes, seconds, part = found.groups()
    try:
        of_day = time(int(hours), int(minutes), int(seconds or 0), int((part or "").ljust(6, "0")))
        if day:
            return _at(date.fromisoformat(day), of_day, times.zone)
    except ValueError:
        return "there is no such time"
    here = near.astimezone(times.zone).date()
    days = [here + timedelta(days=step) for step in (-1, 0, 1)]
    candidates = [_at(each, of_day, times.zone) for each in days]
    inside = [each for each in candidates if first - timedelta(minutes=1) <= each <= last]
    return min(inside or candidates, key=lambda each: abs(each - near))


def _span(text: str) -> timedelta:
    return sum(
        (timedelta(**{_UNITS[unit]: float(number)}) for number, unit in _STEP.findall(text)),
        timedelta(),
    )


def _at(day: date, of_day: time, zone: tzinfo | None) -> datetime:
    local = datetime.combine(day, of_day)
    return local.astimezone() if zone is None else local.replace(tzinfo=zone)
