"""Writing filters for somebody: a term that means just this value, put in place of another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_TERM = re.compile(
    r"""!?(?:[A-Za-z][\w-]*:)?       # a field, or none
    (?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<=[:,])/(?:[^/\\]|\\.)*/|\S)+""",
    re.X | re.S,
)
_SIMPLE = re.compile(r"[^\s,\"'/*?\\=<>!][^\s,*?\"']*")


def terms(text: str) -> Iterator[str]:
    """What stands between the blanks of a filter; quotes keep blanks together."""
    return (found.group(0) for found in _TERM.finditer(text))


def without_field(text: str, name: str) -> str:
    """The filter without what it asks of one field."""
    starts = (f"{name}:", f"!{name}:")
    return " ".join(term for term in terms(text) if not term.casefold().startswith(starts))


def exactly(name: str, value: str, among: Iterable[str] = ()) -> str:
    """The term that finds this value of a field, and of those others that there are none."""
    wanted = value.casefold()
    if any(other != value and wanted in other.casefold() for other in among):
        shape = re.escape(value).replace("/", r"\/")
        return f"{name}:/^{shape}$/"
    if _SIMPLE.fullmatch(value):
        return f"{name}:{value}"
    return f'{name}:"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def with_value(text: str, name: str, value: str, among: Iterable[str] = ()) -> str:
    """The filter, asking for this value of the field instead of what it asked of it before."""
    return f"{exactly(name, value, among)} {without_field(text, name)}".strip()


def value_of(text: str, name: str) -> str:
    """What `with_value` put into the filter for a field; empty where nothing simple stands."""
    found = [term for term in terms(text) if term.casefold().startswith(f"{name}:")]
    if len(found) != 1:
        return ""
    value = found[0][len(name) + 1 :]
    if value.startswith("/^") and value.endswith("$/"):
        return re.sub(r"\\(.)", r"\1", value[2:-2])
    if value[:1] in "\"'" and value[-1:] == value[:1]:
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value
