"""What a setting can hold, how each kind is read from text or TOML, and how it is written again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from flowtui.frozen import frozen
from flowtui.server.storage.locations import is_postgres, without_password

UNITS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
"""Seconds in each unit, the longest first."""

SIZES: Final = {"GB": 1024**3, "MB": 1024**2, "kB": 1024, "B": 1}
"""Bytes in each unit, the largest first."""

NEVER: Final = "never"

_SPAN: Final = re.compile(r"(\d{1,9}(?:\.\d+)?)\s*([smhd]?)", re.ASCII)
_SIZE: Final = re.compile(r"(\d{1,12})\s*([kmg]?)b?", re.ASCII | re.IGNORECASE)
_SWITCH: Final = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off", ""), False),
}


@frozen
class Kind:
    """One kind of value."""

    word: str
    """What help texts call a value of it."""

    read: Callable[[object], Any]
    """The value in a text, or in what TOML made of it; raises ValueError with a reason."""

    spell: Callable[[Any], str] = str


def _words(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f"{value!r} is no text or number.")
    return str(value).strip()


def _location(value: object) -> str:
    text = _words(value)
    scheme, separator, _ = text.partition("://")
    if separator and scheme != "sqlite" and not is_postgres(text):
        # What follows may hold a password.
        raise ValueError(
            f"{scheme}://… is no database for flowtui: name a file, or postgresql://…."
        )
    return text


def span(value: object) -> float:
    """The seconds that a text names, one at least: `90`, `90s`, `10m`, `24h`, `7d`."""
    text = _words(value)
    found = _SPAN.fullmatch(text.lower())
    seconds = float(found[1]) * UNITS[found[2] or "s"] if found else 0.0
    if seconds < 1:
        raise ValueError(f"{text!r} is no span of time, such as 90s, 10m or 24h.")
    return seconds


def spelled(seconds: float) -> str:
    """A span as somebody would write it, in the longest unit that leaves a whole number."""
    unit = next((unit for unit, size in UNITS.items() if seconds % size == 0), "s")
    return f"{seconds / UNITS[unit]:g}{unit}"


def _size(value: object) -> int:
    text = _words(value)
    found = _SIZE.fullmatch(text)
    if found is None or int(found[1]) < 1:
        raise ValueError(f"{text!r} is no size, such as 512kB or 16MB.")
    unit = found[2].upper().replace("K", "k") + "B"
    return int(found[1]) * SIZES[unit]


def _spelled_size(size: int) -> str:
    unit = next(unit for unit, bytes in SIZES.items() if size % bytes == 0)
    return f"{size // SIZES[unit]}{unit}"


def _switch(value: object) -> bool:
    found = value if isinstance(value, bool) else _SWITCH.get(str(value).strip().lower())
    if found is None:
        raise ValueError(f"{value!r} is neither true nor false.")
    return found


def _span_or_never(value: object) -> float | None:
    return None if str(value).strip().lower() == NEVER else span(value)


def _key(value: object) -> str | None:
    return _words(value) or None


def whole(least: int, most: int | None = None) -> Kind:
    """Whole numbers within bounds."""
    bounds = f"from {least} to {most}" if most is not None else f"of {least} or more"

    def read(value: object) -> int:
        try:
            number = int(_words(value))
        except ValueError:
            number = least - 1
        if number < least or (most is not None and number > most):
            raise ValueError(f"{value!r} is no whole number {bounds}.")
        return number

    return Kind("NUMBER", read)


def choice(*names: str) -> Kind:
    """One of some names."""

    def read(value: object) -> str:
        if value not in names:
            raise ValueError(f"{value!r} is not one of {', '.join(names)}.")
        return str(value)

    return Kind("|".join(names), read)


def listed(word: str, check: Callable[[str], str]) -> Kind:
    """Some of something: a TOML list, or a text with commas."""

    def read(value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            value = [part for part in value.split(",") if part.strip()]
        if not isinstance(value, Sequence):
            raise ValueError(f"{value!r} is no list.")
        return tuple(check(_words(one)) for one in value)

    return Kind(word, read, lambda values: ",".join(values))


def names(*known: str) -> Kind:
    """Some of a few names."""

    def check(name: str) -> str:
        if name not in known:
            raise ValueError(f"{name!r} is not one of {', '.join(known)}.")
        return name

    return listed("NAMES", check)


TEXT: Final = Kind("TEXT", _words)

DATABASE: Final = Kind("PATH|URL", _location, without_password)
KEY: Final = Kind("KEY", _key, lambda key: key or "")
SPAN: Final = Kind("TIME", span, spelled)
SPAN_OR_NEVER: Final = Kind(
    f"TIME|{NEVER}", _span_or_never, lambda value: NEVER if value is None else spelled(value)
)
SIZE: Final = Kind("SIZE", _size, _spelled_size)
SWITCH: Final = Kind("true|false", _switch, lambda value: "true" if value else "false")
