"""When a schedule fires: clocks of the four kinds, filters and adjustments, as Prefect 1 has them.

Everything here is a function of a schedule's JSON and a moment; nothing is stored.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta, timezone, tzinfo
from functools import partial
from operator import attrgetter
from typing import Any

from flowtui.frozen import frozen
from flowtui.models.moments import moment
from flowtui.models.times import zone_of

MOST_CANDIDATES = 10_000
"""Events looked at before a schedule whose filters let nothing pass is given up."""

SHORTEST_INTERVAL = timedelta(seconds=60)

EPOCH = datetime(2019, 1, 1, tzinfo=timezone.utc)
"""Where interval clocks without a start begin."""


class BadSchedule(ValueError):
    """A schedule that cannot be read; the text says which part."""


@frozen
class Event:
    """One firing: the time, and what its clock says about the run."""

    start_time: datetime
    parameter_defaults: Mapping[str, Any]
    labels: tuple[str, ...] | None

    @property
    def order(self) -> tuple[datetime, str, str]:
        """Sorts by time; the rest only makes equal events neighbours."""
        return (
            _utc(self.start_time),
            repr(sorted(self.parameter_defaults.items())),
            repr(self.labels),
        )


def next_events(schedule: Mapping[str, Any], after: datetime, count: int) -> list[Event]:
    """The first `count` events after a moment, in UTC.

    Raises `BadSchedule` for a schedule that cannot be read.
    """
    try:
        return _next_events(schedule, after, count)
    except BadSchedule:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise BadSchedule(f"The schedule cannot be read: {error}") from error


def _next_events(schedule: Mapping[str, Any], after: datetime, count: int) -> list[Event]:
    allowed = _filter(schedule)
    adjust = [_adjustment(reference) for reference in schedule.get("adjustments") or ()]
    clocks = [_clock_events(clock, after) for clock in schedule["clocks"]]
    merged = heapq.merge(*clocks, key=attrgetter("order"))
    # By order, not by equality: of two times in one zone Python compares what the wall shows, and
    # where clocks are set back the wall shows an hour twice.
    distinct = (next(alike) for _, alike in itertools.groupby(merged, attrgetter("order")))
    events: list[Event] = []
    for event in itertools.islice(distinct, MOST_CANDIDATES):
        if len(events) >= count:
            break
        if allowed(event.start_time):
            when = event.start_time
            for change in adjust:
                when = change(when)
            start_time = when.astimezone(timezone.utc)
            events.append(Event(start_time, event.parameter_defaults, event.labels))
    return events


def clock_parameters(clock: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameter values that a clock gives to its runs."""
    return clock.get("parameter_defaults") or {}


def _clock_events(clock: Mapping[str, Any], after: datetime) -> Iterator[Event]:
    kind = clock.get("type")
    times = CLOCKS.get(str(kind))
    if times is None:
        raise BadSchedule(f"Unknown clock {kind!r}.")
    end = _date(clock.get("end_date"))
    labels = clock.get("labels")
    for start_time in times(clock, after):
        if end is not None and _utc(start_time) > _utc(end):
            return
        yield Event(start_time, clock_parameters(clock), None if labels is None else tuple(labels))


def _zone(name: str) -> tzinfo:
    if name[:1] in "+-" and len(name) > 1:
        return datetime.strptime(name, "%z").tzinfo or timezone.utc
    return zone_of(name)


def _date(value: Any) -> datetime | None:
    """A moment in its own zone, from `{dt: local time, tz: name}` or a time with an offset."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        zone = _zone(value.get("tz") or "UTC")
        local = datetime.fromisoformat(value["dt"])
        return local.replace(tzinfo=None).replace(tzinfo=zone)
    return moment(value)


def _utc(when: datetime) -> datetime:
    return when.astimezone(timezone.utc)


def _interval_times(clock: Mapping[str, Any], after: datetime) -> Iterator[datetime]:
    """Steps from the start: whole days keep the time on the wall, shorter steps real time."""
    interval = timedelta(microseconds=clock["interval"])
    if interval < SHORTEST_INTERVAL:
        raise BadSchedule("Intervals are at least a minute.")
    start = _date(clock.get("start_date")) or EPOCH
    step = max(0, int((after - start) / interval) - int(timedelta(hours=3) / interval) - 1)
    for count in itertools.count(step):
        passed = interval * count
        if interval >= timedelta(days=1):
            rest = passed - timedelta(days=passed.days)
            wall = start + timedelta(days=passed.days)
            when = (_utc(wall) + rest).astimezone(start.tzinfo)
        else:
            when = (_utc(start) + passed).astimezone(start.tzinfo)
        if when > after:
            yield when


def _cron_times(clock: Mapping[str, Any], after: datetime) -> Iterator[datetime]:
    """Times on the wall of the start's zone."""
    from croniter import croniter

    start = _date(clock.get("start_date"))
    zone = start.tzinfo if start is not None else timezone.utc
    since = after.astimezone(zone)
    if start is not None:
        # The start itself may be an event.
        since = max(since, start - timedelta(seconds=1))
    day_or = clock.get("day_or")
    cron = croniter(clock["cron"], since, day_or=True if day_or is None else day_or)
    last = after
    while True:
        when = cron.get_next(datetime)
        # Where clocks are set back, an hour comes twice on the wall; it fires once.
        if _utc(when) > _utc(last):
            yield when
            last = when


def _dates_times(clock: Mapping[str, Any], after: datetime) -> Iterator[datetime]:
    dates = [date for value in clock["dates"] if (date := _date(value)) is not None]
    return iter(sorted(date for date in dates if date > after))


def _rrule_times(clock: Mapping[str, Any], after: datetime) -> Iterator[datetime]:
    """Recurrences of a rule, or of a set of rules and dates with its exceptions."""
    document = clock["rrule_obj"]
    start = _date(clock.get("start_date"))
    since = after if start is None else max(after, start - timedelta(seconds=1))
    if document.get("type") == "rruleset" or "_rrule" in document:
        return iter(_rule_set(document).xafter(since))
    return iter(_rule(document).xafter(since))


def _rule(document: Mapping[str, Any]) -> Any:
    from dateutil.rrule import rrulestr

    # The text of a rule has lost its zone; start and end stand beside it.
    bounds: dict[str, Any] = {"dtstart": moment(document["_dtstart"])}
    if document.get("_until"):
        bounds["until"] = moment(document["_until"])
    rule: Any = rrulestr(document["rr"])
    return rule.replace(**bounds)


def _rule_set(document: Mapping[str, Any]) -> Any:
    from dateutil.rrule import rruleset

    rules: Any = rruleset()
    for rule in document.get("_rrule") or ():
        rules.rrule(_rule(rule))
    for rule in document.get("_exrule") or ():
        rules.exrule(_rule(rule))
    for date in document.get("_rdate") or ():
        rules.rdate(moment(date))
    for date in document.get("_exdate") or ():
        rules.exdate(moment(date))
    return rules


CLOCKS: Mapping[str, Callable[[Mapping[str, Any], datetime], Iterator[datetime]]] = {
    "IntervalClock": _interval_times,
    "CronClock": _cron_times,
    "DatesClock": _dates_times,
    "RRuleClock": _rrule_times,
}


def _filter(schedule: Mapping[str, Any]) -> Callable[[datetime], bool]:
    every, some, none = (
        [_condition(reference) for reference in schedule.get(field) or ()]
        for field in ("filters", "or_filters", "not_filters")
    )

    def allowed(when: datetime) -> bool:
        return (
            all(condition(when) for condition in every)
            and (not some or any(condition(when) for condition in some))
            and not any(condition(when) for condition in none)
        )

    return allowed


def _reference(reference: Any) -> tuple[str, Mapping[str, Any]]:
    if isinstance(reference, str):
        return reference.rpartition(".")[2], {}
    return str(reference["fn"]).rpartition(".")[2], reference.get("kwargs") or {}


def _condition(reference: Any) -> Callable[[datetime], bool]:
    name, given = _reference(reference)
    if name not in FILTERS:
        raise BadSchedule(f"Unknown filter {name!r}.")
    return partial(FILTERS[name], **_arguments(given))


def _adjustment(reference: Any) -> Callable[[datetime], datetime]:
    name, given = _reference(reference)
    if name not in ADJUSTMENTS:
        raise BadSchedule(f"Unknown adjustment {name!r}.")
    return partial(ADJUSTMENTS[name], **_arguments(given))


def _arguments(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _argument(value) for key, value in given.items()}


def _argument(value: Any) -> Any:
    if isinstance(value, Mapping) and "dt" in value:
        return _date(value)
    if not isinstance(value, str):
        return value
    if value.startswith("//"):
        kind, _, text = value.removeprefix("//").partition(":")
        if kind not in MARKED:
            raise BadSchedule(f"Unknown kind of value {value!r}.")
        return MARKED[kind](text)
    try:
        return time.fromisoformat(value)
    except ValueError:
        return moment(value)


MARKED: Mapping[str, Callable[[str], Any]] = {
    "datetime": moment,
    "time": time.fromisoformat,
    "timedelta": lambda text: timedelta(seconds=float(text)),
}
"""What Prefect says of a function's arguments before their text, as in `//time:04:00:00`."""


def _within(value: Any, first: Any, last: Any) -> bool:
    """Between two points of a circle, such as a day or a year, both included."""
    if first <= last:
        return bool(first <= value <= last)
    return bool(value >= first or value <= last)


def _between_dates(
    when: datetime, start_month: int, start_day: int, end_month: int, end_day: int
) -> bool:
    return _within((when.month, when.day), (start_month, start_day), (end_month, end_day))


def _is_day_of_week(when: datetime, day_of_week: int) -> bool:
    # Monday is 0. Prefect's own page says Sunday, but its function has always done this.
    return when.weekday() == day_of_week


def _is_month_end(when: datetime) -> bool:
    return (when.date() + timedelta(days=1)).month != when.month


FILTERS: Mapping[str, Callable[..., bool]] = {
    "on_datetime": lambda when, dt: bool(when == dt),
    "between_datetimes": lambda when, start, end: bool(start <= when <= end),
    "on_date": lambda when, month, day: (when.month, when.day) == (month, day),
    "between_dates": _between_dates,
    "at_time": lambda when, t: bool(when.time() == t),
    "between_times": lambda when, start, end: _within(when.time(), start, end),
    "is_weekday": lambda when: when.weekday() < 5,
    "is_weekend": lambda when: when.weekday() > 4,
    "is_day_of_week": _is_day_of_week,
    "is_month_start": lambda when: when.day == 1,
    "is_month_end": _is_month_end,
}
"""Filters by Prefect's names; each sees the event in its clock's zone."""


def _next_weekday(when: datetime) -> datetime:
    while when.weekday() > 4:
        when += timedelta(days=1)
    return when


def _add(when: datetime, interval: Any) -> datetime:
    span = timedelta(microseconds=interval) if isinstance(interval, (int, float)) else interval
    return (_utc(when) + span).astimezone(when.tzinfo)


ADJUSTMENTS: Mapping[str, Callable[..., datetime]] = {"add": _add, "next_weekday": _next_weekday}
"""Adjustments by Prefect's names."""
