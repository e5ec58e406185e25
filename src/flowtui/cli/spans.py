"""Spans of time on the command line and in the environment: `90`, `90s`, `10m`, `24h`, `7d`."""

from __future__ import annotations

import re

import click

UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
"""Seconds in each unit, the longest first."""

_SPAN = re.compile(r"(\d{1,9}(?:\.\d+)?)\s*([smhd]?)", re.ASCII)


def span(text: str | float) -> float:
    """The seconds that a text names, one at least; for click, which says what is refused."""
    found = _SPAN.fullmatch(str(text).strip().lower())
    seconds = float(found[1]) * UNITS[found[2] or "s"] if found else 0.0
    if seconds < 1:
        raise click.BadParameter(f"{str(text)!r} is no span of time, such as 90s, 10m or 24h.")
    return seconds


def spelled(seconds: float) -> str:
    """A span as somebody would write it, in the longest unit that leaves a whole number."""
    unit = next((unit for unit, size in UNITS.items() if seconds % size == 0), "s")
    return f"{seconds / UNITS[unit]:g}{unit}"
