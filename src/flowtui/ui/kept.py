"""What is kept from one time to the next: view, look, zone, filters, order and columns.

One small file in the user's state folder. Nothing depends on it: what cannot be read is left out
with a word about it, and a disk that takes nothing costs the memory only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flowtui.ui.listing import Choices, Memory

MOST_FILTERS = 200
"""Filters that are kept; the oldest are forgotten."""


@dataclass
class Kept:
    """What somebody left behind the last time."""

    view: str = ""
    theme: str = ""
    zone: str = ""
    memory: Memory = field(default_factory=Memory)


class StateFile:
    """Where it is kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._written = ""

    def read(self) -> tuple[Kept, str]:
        """What is kept, and what is wrong with the file; a missing one is no trouble."""
        try:
            document = json.loads(self.path.read_text("utf-8"))
            return _kept(document), ""
        except FileNotFoundError:
            return Kept(), ""
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            return Kept(), f"What you chose cannot be read from {self.path}: {error}"

    def write(self, kept: Kept) -> str:
        """Keep it, all of it or nothing; what went wrong, if anything did."""
        text = json.dumps(_document(kept), indent=1, ensure_ascii=False)
        if text == self._written:
            return ""
        other = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            other.write_text(text, "utf-8")
            other.replace(self.path)
        except (OSError, UnicodeError) as error:
            return f"What you chose cannot be kept in {self.path}: {error}"
        self._written = text
        return ""


def _document(kept: Kept) -> dict[str, Any]:
    memory = kept.memory
    filters = [
        [list(place), text]
        for place, text in memory.filters.items()
        if isinstance(place, tuple) and all(isinstance(part, str) for part in place)
    ]
    return {
        "view": kept.view,
        "theme": kept.theme,
        "zone": kept.zone,
        "filters": filters[-MOST_FILTERS:],
        "lists": {
            name: {"sort": one.sort, "reversed": one.is_reversed, "columns": one.columns}
            for name, one in memory.choices.items()
            if one != Choices()
        },
        "queries": [list(one) for one in memory.queries],
    }


def _kept(document: Mapping[str, Any]) -> Kept:
    kept = Kept(
        _text(document.get("view")), _text(document.get("theme")), _text(document.get("zone"))
    )
    for place, text in document.get("filters", ()):
        kept.memory.filters[tuple(map(_text, place))] = _text(text)
    for name, one in document.get("lists", {}).items():
        columns = {_text(key): bool(value) for key, value in one.get("columns", {}).items()}
        choices = Choices(_text(one.get("sort")), bool(one.get("reversed")), columns)
        kept.memory.choices[name] = choices
    for text, variables in document.get("queries", ()):
        kept.memory.queries.append((_text(text), _text(variables)))
    return kept


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
