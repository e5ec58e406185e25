"""What people type into forms: parameter values, start times and labels, checked as they type."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import Any

from flowtui.frozen import frozen

_STEP = re.compile(r"\+\s*(\d+(?:\.\d+)?)\s*(s|m|min|h|d|w)")
_STEPS = {"s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DAY_TIME = re.compile(r"(today|tomorrow)?\s*(\d{1,2}):(\d{2})(?::(\d{2}))?")


class InputProblem(ValueError):
    """What is wrong with a typed value; `column` counts cells of the text from 0."""

    def __init__(self, message: str, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


@frozen
class Kind:
    """What sort of value a field is for, judged by its default."""

    name: str

    @property
    def is_text(self) -> bool:
        """Taken as it is typed, without quotes."""
        return self.name == "str"


def kind_of(value: Any) -> Kind:
    """The kind of a JSON value, by Python's names for it; a missing default may be anything."""
    for kind, name in (
        (bool, "bool"),
        (int, "int"),
        (float, "float"),
        (str, "str"),
        (list, "list"),
        (dict, "dict"),
    ):
        if isinstance(value, kind):
            return Kind(name)
    return Kind("any")


def shown_value(value: Any) -> str:
    """The value as its field shows it: text as it is, all else as JSON."""
    if isinstance(value, str) and not _is_ambiguous(value):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_ambiguous(text: str) -> bool:
    """Whether text typed without quotes would be read as something else, or not be seen."""
    return text != text.strip() or text[:1] == '"' or not text.isprintable()


def parse_value(text: str, kind: Kind) -> Any:
    """The value typed into a field. Raises InputProblem.

    A text field takes everything; one for anything takes JSON, or a bare word as text, which is
    also what Prefect's own `--param` does.
    """
    stripped = text.strip()
    if kind.is_text and not stripped.startswith('"'):
        return stripped
    try:
        return json.loads(stripped, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        if kind.name == "any" and stripped[:1] not in ("[", "{", '"', ""):
            return stripped
        offset = len(text) - len(text.lstrip())
        raise InputProblem(_json_reason(error), min(error.pos + offset, len(text))) from None


def _refuse_constant(name: str) -> Any:
    raise InputProblem(f"{name} is no JSON number")


def _json_reason(error: json.JSONDecodeError) -> str:
    if error.pos >= len(error.doc):
        return "the value is not finished" if error.doc else "a value is needed"
    reasons = {
        "Expecting value": "a value is expected here; text goes in quotes",
        "Expecting ',' delimiter": "expected ',' or the closing bracket",
        "Extra data": "nothing may follow the value",
        "Expecting property name enclosed in double quotes": "a name in double quotes is expected",
        "Expecting ':' delimiter": "expected ':'",
    }
    return reasons.get(error.msg, error.msg[:1].lower() + error.msg[1:])


def parse_start(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """When a run should start; None is at once. Raises InputProblem.

    Understands nothing or `now`, `+10m` (s, m, h, d, w), `08:00`, `tomorrow 08:00`, and dates as
    `2026-11-20 08:00` with or without an offset. Clock times are in `zone`, else this machine's.
    """
    stripped = text.strip().lower()
    if stripped in ("", "now"):
        return None
    step = _STEP.fullmatch(stripped)
    if step:
        return now + timedelta(seconds=float(step.group(1)) * _STEPS[step.group(2)])
    moment = _moment(stripped, now, zone)
    if moment < now - timedelta(minutes=1):
        raise InputProblem("that is in the past")
    return moment


def _moment(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    local = now.astimezone(zone)
    try:
        day_time = _DAY_TIME.fullmatch(text)
        if day_time:
            return _next_time(day_time, local, now, zone)
        moment = datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except (ValueError, OverflowError):
        raise InputProblem("write now, +10m, 08:00, tomorrow 08:00, or 2026-11-20 08:00") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone) if zone else moment.astimezone()
    return moment.astimezone(timezone.utc)


def _next_time(
    match: re.Match[str], local: datetime, now: datetime, zone: tzinfo | None
) -> datetime:
    """The named time of the named day; without a day, the next time the clock shows it."""
    wanted = time(int(match.group(2)), int(match.group(3)), int(match.group(4) or 0))
    date = local.date() + timedelta(days=match.group(1) == "tomorrow")

    def at(day: Any) -> datetime:
        naive = datetime.combine(day, wanted)
        aware = naive.replace(tzinfo=zone) if zone else naive.astimezone()
        return aware.astimezone(timezone.utc)

    moment = at(date)
    if match.group(1) is None and moment < now:
        return at(date + timedelta(days=1))
    return moment


def parse_labels(text: str) -> tuple[str, ...]:
    """Labels separated by blanks or commas, each once, in the order they were typed.

    Labels that have blanks or commas in them are typed as a JSON list.
    """
    with suppress(json.JSONDecodeError):
        listed = json.loads(text) if text.strip().startswith("[") else None
        if isinstance(listed, list) and all(isinstance(label, str) for label in listed):
            return tuple(dict.fromkeys(listed))
    return tuple(dict.fromkeys(part for part in re.split(r"[\s,]+", text) if part))


def shown_labels(labels: Sequence[str]) -> str:
    """Labels as `parse_labels` reads them."""
    joined = " ".join(labels)
    return joined if parse_labels(joined) == tuple(labels) else json.dumps(list(labels))
