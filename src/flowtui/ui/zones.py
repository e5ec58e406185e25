"""The zone that times are shown in, which somebody may change while they are shown.

Widgets and lists take a zone once; what they are given is one object that follows the choice.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache

from flowtui.errors import UsageProblem
from flowtui.models.times import zone_of

LOCAL, UTC = "local", "UTC"


class ShownZone(tzinfo):
    """The zone of the moment; `chosen` is another one, or None for this machine's."""

    def __init__(self, chosen: tzinfo | None = None) -> None:
        self.chosen = chosen

    @property
    def name(self) -> str:
        """What `zone_called` makes it of again."""
        if self.chosen is None:
            return LOCAL
        return str(getattr(self.chosen, "key", "") or self.chosen)

    def fromutc(self, when: datetime) -> datetime:
        there = when.replace(tzinfo=timezone.utc).astimezone(self.chosen)
        return there.replace(tzinfo=self)

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        return None if when is None else self._there(when).utcoffset()

    def dst(self, when: datetime | None) -> timedelta | None:
        return None if when is None else self._there(when).dst()

    def tzname(self, when: datetime | None) -> str | None:
        return None if when is None else self._there(when).tzname()

    def _there(self, when: datetime) -> datetime:
        naive = when.replace(tzinfo=None)
        return naive.astimezone() if self.chosen is None else naive.replace(tzinfo=self.chosen)


@cache
def zone_names() -> tuple[str, ...]:
    """Every zone that can be chosen: this machine's, UTC, then those of the IANA by name."""
    from zoneinfo import available_timezones

    places = {name for name in available_timezones() if "/" in name and not name.startswith("Etc")}
    return (LOCAL, UTC, *sorted(places))


def zone_called(name: str) -> tzinfo | None:
    """The zone of that name, None for this machine's. Raises UsageProblem."""
    wanted = name.strip()
    if wanted.casefold() == LOCAL:
        return None
    if wanted.casefold() in ("utc", "z", "gmt"):
        return timezone.utc
    spelled = {one.casefold(): one for one in zone_names()}
    try:
        return zone_of(spelled.get(wanted.casefold(), wanted))
    except (ValueError, OSError, KeyError):  # what a name can be: no path, no zone, a folder
        raise UsageProblem(
            f"{wanted!r} is no time zone.", "Zones read UTC, local or Europe/Berlin."
        ) from None
