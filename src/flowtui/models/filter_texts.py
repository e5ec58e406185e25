"""The text of a filter, before anybody knows what it means: where its parts begin, how values are
written."""

from __future__ import annotations

import re
from collections.abc import Callable

QUOTES = "\"'"
"""The signs that hold a value together."""


def start_of_term(text: str, cursor: int) -> int:
    """Where the term begins that the cursor stands in or behind."""
    return _behind_last(text[:cursor], str.isspace)


def last_value(values: str) -> int:
    """Where the last of several values begins."""
    return _behind_last(values, ",".__eq__)


def _behind_last(text: str, ends: Callable[[str], bool]) -> int:
    """Where what stands behind the last such sign begins; those within quotes do not count."""
    start, quote = 0, ""
    for at, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in QUOTES:
            quote = sign
        elif ends(sign):
            start = at + 1
    return start


def quoted(text: str, keyed: bool) -> str:
    """A value as it has to be typed."""
    if keyed:
        key, equals, value = text.partition("=")
        return key + equals + (quoted(value, False) if value else "")
    if re.fullmatch(r"[^\s,\"'/*?\\][^\s,*?]*", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
