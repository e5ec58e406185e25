"""Moments: always aware, always UTC inside; zones are for showing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone, tzinfo

Clock = Callable[[], datetime]
"""Tells the time, aware and in UTC. Tests and the demo put another in its place."""

FIRST = datetime(2, 1, 1, tzinfo=timezone.utc)
LAST = datetime(9998, 12, 31, tzinfo=timezone.utc)
"""The moments beyond which none is shown."""

_FRACTION = re.compile(r"\.(\d{1,9})")


def system_clock() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(timezone.utc)


def parse_time(text: str) -> datetime:
    """A moment from the spellings backends send: ISO 8601 with an offset, `Z`, or none (UTC).

    Raises ValueError for anything else.
    """
    if text[26:] == "+00:00":
        # To the microsecond and in UTC: nearly all are.
        return datetime.fromisoformat(text)
    normal = text.strip().replace("Z", "+00:00").replace("z", "+00:00")
    normal = _FRACTION.sub(lambda match: "." + match.group(1)[:6].ljust(6, "0"), normal)
    moment = datetime.fromisoformat(normal)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)


def told_time(text: str) -> datetime:
    """The moment that a backend tells, to be shown: one of the first or the last year there is
    becomes the nearest of another, which has a place in every zone. Raises ValueError.
    """
    if text[:4] in ("0001", "9999"):
        return FIRST if text[0] == "0" else LAST
    return parse_time(text)


def iso(moment: datetime) -> str:
    """The moment as ISO 8601 in UTC with microseconds, as the mutations take it."""
    return moment.astimezone(timezone.utc).isoformat(timespec="microseconds")


def zone_of(name: str) -> tzinfo:
    """The zone that the IANA calls so, or `utc`, which Prefect writes as it comes. Raises what
    zoneinfo raises: ValueError, OSError, KeyError.

    It is imported when a zone is wanted: it reads a table of how this Python was built.
    """
    from zoneinfo import ZoneInfo

    return ZoneInfo("UTC" if name.lower() == "utc" else name)
