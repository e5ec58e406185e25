"""What Postgres can do and SQLite cannot: the functions every connection of ours brings along."""

from __future__ import annotations

import json
import re
import sqlite3
from functools import lru_cache
from typing import Any

from flowtui.server.storage.values import interval_text, store_text


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    # In Postgres a line's end is a character like any other.
    return re.compile(pattern, re.DOTALL)


def _regexp(pattern: str | None, text: str | None) -> bool | None:
    if pattern is None or text is None:
        return None
    return _compiled(pattern).search(text) is not None


def contains(whole: Any, part: Any) -> bool:
    """Whether one document contains another, as Postgres' `@>` understands it.

    A list contains what is one of its members, but only where it is the whole document.
    """
    if isinstance(whole, list) and not isinstance(part, (dict, list)):
        return any(_same(item, part) for item in whole)
    return _within(whole, part)


def _within(whole: Any, part: Any) -> bool:
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(key in whole and _within(whole[key], value) for key, value in part.items())
    if isinstance(whole, list) and isinstance(part, list):
        return all(any(_within(item, one) for item in whole) for one in part)
    return not isinstance(whole, (dict, list)) and _same(whole, part)


def _same(one: Any, other: Any) -> bool:
    # Python takes True for 1; JSON does not.
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _contains(whole: str | None, part: str | None) -> bool | None:
    if whole is None or part is None:
        return None
    return contains(json.loads(whole), json.loads(part))


def _has_keys(document: str | None, keys: str, every: int) -> bool | None:
    if document is None:
        return None
    content = json.loads(document)
    if isinstance(content, dict):
        present = set(content)
    elif isinstance(content, list):
        present = {item for item in content if isinstance(item, str)}
    else:
        present = {content} if isinstance(content, str) else set()
    return (all if every else any)(key in present for key in json.loads(keys))


def _text(document: str | None) -> str | None:
    """A document as Postgres prints one: shorter keys first, and room between its parts."""
    if document is None:
        return None
    return store_text(json.dumps(_by_length(json.loads(document)), ensure_ascii=False))


def _by_length(part: Any) -> Any:
    if isinstance(part, dict):
        keys = sorted(part, key=lambda key: (len(key.encode("utf-8", "replace")), key))
        return {key: _by_length(part[key]) for key in keys}
    return [_by_length(one) for one in part] if isinstance(part, list) else part


STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]|\[\"([^\"]*)\"\]|\['([^']*)'\]")
"""One step of a path into a document: a name, an index, or a name in quotes."""


def _path(document: str | None, path: str) -> str | None:
    if document is None:
        return None
    here = json.loads(document)
    for name, index, double, single in STEP.findall(path.removeprefix("$")):
        try:
            here = here[int(index)] if index else _member(here, name or double or single)
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return json.dumps(here, separators=(",", ":"))


def _member(here: Any, name: str) -> Any:
    return here[int(name)] if isinstance(here, list) else here[name]


def bring_functions(connection: sqlite3.Connection) -> None:
    """Teach a connection our functions."""
    for name, arity, function in (
        ("regexp", 2, _regexp),
        ("jsonb_contains", 2, _contains),
        ("jsonb_has_keys", 3, _has_keys),
        ("jsonb_path", 2, _path),
        ("jsonb_text", 1, _text),
        ("interval_text", 1, interval_text),
    ):
        connection.create_function(name, arity, function, deterministic=True)
