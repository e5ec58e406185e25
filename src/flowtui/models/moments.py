"""Points in time, in all the spellings that Prefect's clients and people send them in."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from flowtui.models.times import parse_time


def moment(value: Any) -> datetime:
    """The UTC time that a text or a datetime names; without an offset it is UTC already.

    Raises `ValueError` for what is not a time.
    """
    if isinstance(value, datetime):
        time = value
    elif isinstance(value, str):
        time = _parsed(value)
    else:
        raise ValueError(f"not a time: {value!r}")
    if time.tzinfo is timezone.utc:
        return time
    if time.tzinfo is None:
        return time.replace(tzinfo=timezone.utc)
    try:
        return time.astimezone(timezone.utc)
    except OverflowError as error:
        raise ValueError(f"not a time there is in UTC: {value!r}") from error


def _parsed(text: str) -> datetime:
    try:
        return parse_time(text)
    except (ValueError, OverflowError):
        pass
    import pendulum  # seldom needed, and a tenth of a second to import

    try:
        time = pendulum.parse(text)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"not a time: {text!r}") from error
    if not isinstance(time, datetime):
        raise ValueError(f"not a time: {text!r}")
    # Pendulum's own type stays at this edge: storage and JSON know plain datetimes.
    return datetime.fromisoformat(time.isoformat())
