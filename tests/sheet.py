"""A screen as text: its rows, and below them how each stretch of a row is painted.

Pictures that tests compare are kept like this: a difference reads as the words or the colours that
changed. A sheet is one screen in several looks; words that are those of the look before are not
said again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual.app import App

from tests.drawing import Look, painted

SAME = "(the same words)"


@dataclass
class Sheet:
    """What one screen looked like, size after size and theme after theme."""

    lines: list[str] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)

    def add(self, title: str, app: App[Any]) -> None:
        """Write down what the app shows now."""
        grid = [list(painted(strip)) for strip in app.screen._compositor.render_strips()]
        words = ["".join(text for text, _ in row).rstrip() for row in grid]
        names: dict[Look, str] = {}
        paint = [f"{number:2}  {_stretches(row, names)}" for number, row in enumerate(grid) if row]
        said = [SAME] if words == self._words else words
        self._words = words
        legend = [f" {name} {_described(look)}" for look, name in names.items()]
        self.lines += [f"==== {title}", *said, "---- painted", *_gathered(paint), *legend, ""]

    def __str__(self) -> str:
        return "\n".join(self.lines)


def _stretches(row: Sequence[tuple[str, Look]], names: dict[Look, str]) -> str:
    """Cells painted alike, from left to right: how many, and the letter of how."""
    letters = (names.setdefault(look, _letter(len(names))) for look in _inks(row))
    return " ".join(f"{len(list(group))}{letter}" for letter, group in groupby(letters))


def _inks(row: Sequence[tuple[str, Look]]) -> Iterator[Look]:
    """How each cell is painted; a blank has no ink, so it goes on with what is before it."""
    before: Look | None = None
    for text, look in row:
        is_blank = text == " " and not look.line
        if before is None or not is_blank or look.page != before.page or before.line:
            before = look
        yield before


def _gathered(paint: list[str]) -> Iterator[str]:
    """Rows painted alike, one below the other, are said once."""
    for stretches, group in groupby(paint, key=lambda line: line[4:]):
        rows = [line[:2].strip() for line in group]
        yield f"{rows[0]}-{rows[-1]}  {stretches}" if len(rows) > 1 else f"{rows[0]}  {stretches}"


def _described(look: Look) -> str:
    line = {0.0: "", 10.0: " struck"}.get(look.line, " underlined")
    return f"{look.ink} on {look.page}{' bold' if look.bold else ''}{line}"


def _letter(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest, last = divmod(number, len(letters))
    return (_letter(rest - 1) if rest else "") + letters[last]


class SheetFile(SingleFileSnapshotExtension):
    """Each sheet is a file."""

    _file_extension = "txt"
    _write_mode = WriteMode.TEXT
