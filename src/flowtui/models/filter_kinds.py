"""Kinds of values in filters: what may stand behind a colon, and how it is compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flowtui.models import states
from flowtui.models.filters import (
    Compare,
    Kind,
    Misread,
    Today,
    Value,
    pattern,
)
from flowtui.models.inputs import shown_value

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_SPAN = re.compile(r"(?:\d+(?:\.\d+)?(?:min|[smhdw]))+")
_PART = re.compile(r"(\d+(?:\.\d+)?)(min|[smhdw])")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_ORDERED = re.compile(r"(<=|>=|<|>)?(.*)", re.S)
_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
    "": lambda one, other: one == other,
}

WRONG = "wrong"
"""Stands for what wants a human: every kind of failure, and Late."""

_STATE_WORDS: dict[str, frozenset[str]] = {
    **{name.casefold(): states.family(name) for name in states.STATE_NAMES},
    "pending": frozenset({"Pending"}),  # everything scheduled is its kind, and nobody means that
    "scheduled": states.SCHEDULED | {states.LATE},
    "failed": states.FAILURES,
    "finished": states.ENDED,
    "late": frozenset({states.LATE}),
    WRONG: states.FAILURES | {states.LATE},
}
_FIRST = ("failed", "late", "running", "success", "scheduled", WRONG)
"""Offered before the others."""


# Kinds --------------------------------------------------------------------------------------------


def _texts(value: Any) -> Sequence[str]:
    return (value,) if isinstance(value, str) else value


def _read_text(value: Value, today: Today) -> Compare:
    found = pattern(value)
    return lambda texts: any(found(text) for text in _texts(texts))


def _read_whole(value: Value, today: Today) -> Compare:
    found = pattern(value, whole=True)
    return lambda texts: any(found(text) for text in _texts(texts))


def _read_state(value: Value, today: Today) -> Compare:
    meant = states_meant(value)
    if meant is None:
        found = pattern(value)
        return lambda state: bool(state) and found(state)
    return lambda state: state in meant


def states_meant(value: Value) -> frozenset[str] | None:
    """The states that a text stands for; None for a pattern of names. Raises Misread."""
    if value.form == "regex" or "*" in value.text:
        return None
    wanted = value.text.casefold()
    named = [wanted] if wanted in _STATE_WORDS else _STATE_WORDS
    meant = [members for word, members in _STATE_WORDS.items() if word in named]
    if wanted not in _STATE_WORDS:
        meant = [members for word, members in _STATE_WORDS.items() if word.startswith(wanted)]
    if not meant:
        raise Misread(f"no state is called {value.text!r}; there are {_few()}", value.column)
    return frozenset().union(*meant)


def _few() -> str:
    return ", ".join(_FIRST) + " and others"


def number_meant(value: Value) -> tuple[str, float]:
    """The number of `>=3` or `v3`, and how it is compared. Raises Misread."""
    parts = _ORDERED.fullmatch(value.text)
    assert parts is not None
    order, wanted = parts.group(1) or "", _plain_number(parts.group(2))
    if wanted is None:
        begun = not parts.group(2)
        raise Misread("a number is expected here", value.column + len(order), begun)
    return order, wanted


def _read_number(value: Value, today: Today) -> Compare:
    order, wanted = number_meant(value)
    holds = _ORDERS[order]
    return lambda number: number is not None and holds(number, wanted)


def _plain_number(text: str) -> float | None:
    digits = text.removeprefix("v")
    return float(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None


def span_seconds(text: str) -> float | None:
    """The seconds of `90s`, `2h`, `1h30m`, `1.5d`; None for anything else."""
    if not _SPAN.fullmatch(text) or len(text) > 30:
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))


def span_meant(value: Value) -> tuple[str, float]:
    """The seconds of `<2h`, and how they are compared. Raises Misread."""
    parts = _ORDERED.fullmatch(value.text)
    assert parts is not None
    order, seconds = parts.group(1) or "", span_seconds(parts.group(2))
    if not order:
        raise Misread("< or > is expected here, as in <2h", value.column)
    if seconds is None:
        message = "a length of time is expected here, as in 90s, 10m or 1h30m"
        unfinished = not parts.group(2) or parts.group(2)[-1].isdigit()
        raise Misread(message, value.column + len(order), unfinished)
    return order, seconds


def _read_span(value: Value, today: Today) -> Compare:
    order, seconds = span_meant(value)
    holds = _ORDERS[order]
    return lambda number: number is not None and holds(number, seconds)


def moment_meant(value: Value, today: Today) -> datetime:
    """The moment a text means: so long ago, in so long, the last time a clock showed it, a date."""
    text = value.text
    seconds = span_seconds(text.removeprefix("+"))
    try:
        if seconds is not None:
            span = timedelta(seconds=seconds)
            return today.now + span if text.startswith("+") else today.now - span
        local = today.now.astimezone(today.zone)
        clock = _CLOCK.fullmatch(text)
        if clock is not None:
            hour, minute, second = (int(part or 0) for part in clock.groups())
            shown = local.replace(hour=hour, minute=minute, second=second, microsecond=0)
            return shown if shown <= local else shown - timedelta(days=1)
        date = datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
        return date if date.tzinfo else date.replace(tzinfo=local.tzinfo)
    except (ValueError, OverflowError):
        message = "a time is expected here, as in 2h, 08:00 or 2026-11-20T08:00"
        raise Misread(message, value.column, text[-1:].isdigit() or text == "+") from None


def _read_since(value: Value, today: Today) -> Compare:
    since, now = moment_meant(value, today), today.now
    future = since > now
    return lambda when: when is not None and since <= when and (future or when <= now)


def _read_until(value: Value, today: Today) -> Compare:
    until = moment_meant(value, today)
    return lambda when: when is not None and when <= until


def _read_parameter(value: Value, today: Today) -> Compare:
    key = pattern(Value(value.key, value.column), whole=True)
    if value.is_bare_key:
        return lambda given: any(key(name) for name in given)
    wanted = pattern(value, whole=True)
    return lambda given: any(key(name) and wanted(shown_value(one)) for name, one in given.items())


def choices_meant(value: Value, choices: Sequence[str]) -> list[str]:
    """Those of a few words that begin with the text, or the one it is. Raises Misread."""
    begun = value.text.casefold()
    meant = [begun] if begun in choices else [one for one in choices if one.startswith(begun)]
    if not meant:
        raise Misread(f"{' or '.join(choices)} is expected here", value.column)
    return meant


def _choice(*choices: str, otherwise: Callable[[Value, Today], Compare] | None = None) -> Kind:
    """One of a few words, as many letters of it as one likes."""

    def read(value: Value, today: Today) -> Compare:
        if otherwise is not None and value.text.casefold() not in choices:
            return otherwise(value, today)
        meant = choices_meant(value, choices)
        return lambda texts: any(one in _texts(texts) for one in meant)

    expects = " or ".join(choices) if otherwise is None else f"{', '.join(choices)} or a part of it"
    return Kind(expects, read, choices)


STATE = Kind("a state", _read_state, tuple(dict.fromkeys((*_FIRST, *_STATE_WORDS))))
TEXT = Kind("a part of a name", _read_text)
WHOLE = Kind("a label", _read_whole)
NUMBER = Kind("a number", _read_number)
SPAN = Kind("< or > and a length of time", _read_span, ("<10m", "<1h", ">1h", "<1d", ">1d"))
SINCE = Kind("a time", _read_since, ("10m", "1h", "6h", "1d", "7d"))
UNTIL = Kind("a time", _read_until, ("10m", "1h", "6h", "1d", "7d"))
PARAMETER = Kind("a parameter, as in date=2021-*,", _read_parameter, keyed=True)
SCHEDULE = _choice("on", "off", "none", otherwise=_read_text)
ORIGIN = _choice("schedule", "hand")
HEALTH = _choice("healthy", "stale", "old")
YES_NO = _choice("yes", "no")
LIMIT_KIND = _choice("label", "tag")
OUTCOME = _choice("done", "refused", "unknown", "sent")
