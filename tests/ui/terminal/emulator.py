"""A terminal's screen in memory that forgives as little as real ones do."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, NamedTuple

import pyte

_LINK = re.compile(r"\x1b\]8;([^\x1b]*)\x1b\\")
WIDER_THAN_EXPECTED = "☂"
"""A character that takes one cell by the book, and two here."""


class Cell(NamedTuple):
    """What can be seen of a cell; blanks have no colour of their own."""

    text: str
    background: str
    lines: tuple[bool, ...]
    """Underline, strike, reverse, link."""
    ink: tuple[Any, ...] = ()


class Emulator(pyte.Screen):
    """pyte's screen, as strict as real ones about halves, margins and erasing; links are marked."""

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self._stream = pyte.Stream(self)
        self.reset_mode(pyte.modes.DECAWM)
        self.deface()

    def deface(self) -> None:
        """Show what nobody asked for, in a colour that nobody uses."""
        self.feed("\x1b[35;44m")
        for row in range(self.lines):
            self.feed(f"\x1b[{row + 1}H" + "#" * self.columns)

    def feed(self, data: str) -> None:
        """Draw; a link is shown by blinking, which nothing else does."""
        pieces = _LINK.split(data)
        self._stream.feed(pieces[0])
        for target, text in zip(pieces[1::2], pieces[2::2], strict=True):
            self.cursor.attrs = self.cursor.attrs._replace(blink=not target.endswith(";"))
            self._stream.feed(text)

    def select_graphic_rendition(self, *attrs: int, **kwargs: Any) -> None:
        """SGR says nothing about links."""
        linked = self.cursor.attrs.blink
        super().select_graphic_rendition(*attrs, **kwargs)
        self.cursor.attrs = self.cursor.attrs._replace(blink=linked)

    def draw(self, data: str) -> None:
        """Draw character by character, and blank what is left of those that are cut."""
        for character in data:
            line, x = self.buffer[self.cursor.y], self.cursor.x
            if not unicodedata.combining(character) and x < self.columns and line[x].data == "":
                self._blank(x)
                self._blank(x - 1)
            super().draw("傘" if character == WIDER_THAN_EXPECTED else character)
            if self.cursor.x < self.columns and line[self.cursor.x].data == "":
                self._blank(self.cursor.x)

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        """New margins send the cursor home, also when they are taken away."""
        super().set_margins(top, bottom)
        self.cursor_position()

    def delete_lines(self, count: int | None = None) -> None:
        """What comes in has the background of the moment."""
        bottom = self._bottom
        super().delete_lines(count)
        self._fill(range(max(self.cursor.y, bottom + 1 - (count or 1)), bottom + 1))

    def insert_lines(self, count: int | None = None) -> None:
        """What comes in has the background of the moment."""
        super().insert_lines(count)
        self._fill(range(self.cursor.y, min(self.cursor.y + (count or 1), self._bottom + 1)))

    @property
    def _bottom(self) -> int:
        return self.margins.bottom if self.margins else self.lines - 1

    def _fill(self, rows: range) -> None:
        for y in rows:
            for x in range(self.columns):
                self.buffer[y][x] = self.cursor.attrs._replace(data=" ")

    def _blank(self, x: int) -> None:
        line = self.buffer[self.cursor.y]
        line[x] = line[x]._replace(data=" ")

    @property
    def seen(self) -> list[list[Cell]]:
        """Every cell of the screen."""
        return [[_cell(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]

    @property
    def text(self) -> list[str]:
        """The rows without trailing blanks."""
        return [row.rstrip() for row in self.display]


def _cell(char: pyte.screens.Char) -> Cell:
    lines = (char.underscore, char.strikethrough, char.reverse, char.blink)
    text = unicodedata.normalize("NFC", char.data)
    if text == " " and not any(lines):
        return Cell(text, char.bg, lines)
    return Cell(text, char.bg, lines, (char.fg, char.bold, char.italics))
