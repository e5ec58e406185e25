"""Schedules as a person reads them: `every 20 min`, `*/30 * * * *`, `daily 05:00`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from flowtui.frozen import frozen

_UNITS = ((604_800, "week"), (86_400, "day"), (3_600, "h"), (60, "min"), (1, "s"))
_NAMES = {3_600: "hourly", 86_400: "daily", 604_800: "weekly"}


@frozen
class ScheduleClock:
    """One clock of a schedule, as its list shows it."""

    kind: str
    """`cron`, `interval`, `dates`, `rrule`, or what else it is called."""
    text: str
    """What one types to make it, where one can: the cron expression, or the interval."""
    phrase: str
    zone: str = ""
    """Where its times on the wall are; empty is UTC."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[str, ...] | None = None
    document: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_editable(self) -> bool:
        """Whether the mutation for group schedules can say all that it says."""
        return self.kind in ("cron", "interval") and self.labels is None


@frozen
class Schedule:
    """A flow's or a flow group's schedule; `clocks` keep the order they were registered in."""

    clocks: tuple[str, ...]
    """One phrase a clock."""
    document: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """As it is stored: what the arithmetic of `models.clocks` reads."""

    @property
    def details(self) -> tuple[ScheduleClock, ...]:
        """Each of its clocks."""
        clocks = self.document.get("clocks") or ()
        return tuple(_clock(clock) for clock in clocks if isinstance(clock, Mapping))

    def __str__(self) -> str:
        if not self.clocks:
            return ""
        more = len(self.clocks) - 1
        return self.clocks[0] + (f" +{more}" if more else "")


def interval_phrase(seconds: float) -> str:
    """An interval in its largest whole unit."""
    if seconds in _NAMES:
        return _NAMES[int(seconds)]
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0:
            return f"every {int(seconds // size)} {unit}"
    return f"every {seconds:g} s"


def cron_phrase(cron: str) -> str:
    """The expression, or its name where it has a simple one."""
    fields = cron.split()
    if len(fields) == 5 and fields[0].isdigit() and fields[2:] == ["*", "*", "*"]:
        if fields[1] == "*":
            return f"hourly :{int(fields[0]):02d}"
        if fields[1].isdigit():
            return f"daily {int(fields[1]):02d}:{int(fields[0]):02d}"
    return cron


def _clock_phrase(clock: Mapping[str, Any]) -> str:
    kind = clock.get("type")
    if kind == "IntervalClock":
        return interval_phrase(float(clock.get("interval") or 0) / 1_000_000)
    if kind == "CronClock":
        return cron_phrase(str(clock.get("cron", "")))
    if kind == "DatesClock":
        dates = len(clock.get("dates") or ())
        return f"{dates} date" + ("" if dates == 1 else "s")
    return str(kind or "clock").replace("Clock", "").lower()


def _clock(clock: Mapping[str, Any]) -> ScheduleClock:
    kind = str(clock.get("type") or "clock").replace("Clock", "").lower()
    start, labels = clock.get("start_date"), clock.get("labels")
    text = _clock_phrase(clock)
    if kind == "cron":
        text = str(clock.get("cron", ""))
    elif kind == "interval":
        text = interval_text(float(clock.get("interval") or 0) / 1_000_000)
    given = clock.get("parameter_defaults")
    return ScheduleClock(
        kind=kind,
        text=text,
        phrase=_clock_phrase(clock),
        zone=str(start.get("tz") or "") if isinstance(start, Mapping) else "",
        parameters=given if isinstance(given, Mapping) else {},
        labels=tuple(str(one) for one in labels) if isinstance(labels, list) else None,
        document=clock,
    )


def interval_text(seconds: float) -> str:
    """An interval as one types it: `20m`, `1d`, `90s`."""
    for size, unit in ((604_800, "w"), (86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:g}s"


def schedule_from(document: Any) -> Schedule | None:
    """A schedule from its stored JSON form; None where there is none to speak of."""
    if not isinstance(document, Mapping):
        return None
    clocks = document.get("clocks")
    if not isinstance(clocks, list) or not clocks:
        return None
    phrases = (_clock_phrase(clock) for clock in clocks if isinstance(clock, Mapping))
    return Schedule(tuple(phrases), document)
