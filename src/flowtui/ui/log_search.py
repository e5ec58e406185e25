"""Searching a log: what is looked for, and where it was found.

What is searched is what is shown: the rows of a message after they were made harmless. Nothing
here waits or shows anything, so that a log can be searched in slices between two keys.
"""

from __future__ import annotations

import re

from flowtui.frozen import frozen
from flowtui.models.text import plain_lines
from flowtui.ui.sums import Sums

_REPEATS = frozenset("*+{")


@frozen
class Search:
    """What is looked for."""

    text: str
    """As it was typed."""

    pattern: re.Pattern[str]
    way: str
    """How it is taken: `regex`, `plain text`, or why it cannot be a regex."""

    @property
    def ignores_case(self) -> bool:
        """Whether capitals and small letters are the same."""
        return bool(self.pattern.flags & re.IGNORECASE)

    def spans(self, row: str) -> list[tuple[int, int]]:
        """Where it is in a row that is harmless already."""
        return [found.span() for found in self.pattern.finditer(row) if found.group()]

    def count(self, message: str) -> int:
        """How many times it is in a message."""
        if message.isascii() and message.isprintable():
            return len(self.spans(message)) if self.pattern.search(message) else 0
        return sum(len(self.spans(row)) for row in plain_lines(message))

    def places(self, message: str) -> list[tuple[int, int, int]]:
        """Where it is in a message: line of the message, first character, end."""
        rows = enumerate(plain_lines(message))
        return [(number, *span) for number, row in rows for span in self.spans(row)]


def search_for(text: str) -> Search | None:
    """The search for what was typed: a regex if it is one, and case counts if it has capitals."""
    if not text:
        return None
    flags = 0 if any(letter.isupper() for letter in text) else re.IGNORECASE
    special = re.escape(text).replace("\\ ", " ") != text
    way = "regex" if special else "plain text"
    try:
        if not has_nested_repeats(text):
            return Search(text, re.compile(text, flags), way)
        way = "plain text: repeats of repeats may take for ever"
    except (re.error, OverflowError, RecursionError):
        way = "plain text: not a regex"
    return Search(text, re.compile(re.escape(text), flags), way)


def has_nested_repeats(pattern: str) -> bool:
    """Whether a group that repeats something is repeated itself: `(a+)+` can take for ever."""
    repeats = [False]
    index, in_set = 0, False
    while index < len(pattern):
        character = pattern[index]
        if character == "\\":
            index += 1
        elif in_set:
            in_set = character != "]"
        elif character == "[":
            in_set = True
            index += pattern[index + 1 : index + 2] in ("]", "^")
        elif character == "(":
            repeats.append(False)
        elif character == ")" and len(repeats) > 1:
            inner = repeats.pop()
            repeated = pattern[index + 1 : index + 2] in _REPEATS and index + 1 < len(pattern)
            if inner and repeated:
                return True
            repeats[-1] = repeats[-1] or inner
        elif character in _REPEATS:
            repeats[-1] = True
        index += 1
    return False


class Hits:
    """Which lines have hits, and how many; lines are added in their order."""

    def __init__(self) -> None:
        self._counts = Sums()

    def add(self, line: int, count: int) -> None:
        """So many hits are in that line."""
        self._counts.repeat(0, line)
        self._counts.extend((count,))

    @property
    def total(self) -> int:
        """How many there are in all."""
        return self._counts.total

    def before(self, line: int) -> int:
        """How many there are in the lines before that one."""
        return self._counts.before(line)

    def between(self, first: int, end: int) -> bool:
        """Whether any is in these lines."""
        return self.before(first) < self.before(end)

    def in_line(self, line: int) -> bool:
        """Whether any is in that line."""
        return self.between(line, line + 1)

    def place(self, number: int) -> tuple[int, int]:
        """The line of a hit, counted from 0, and which of that line's hits it is."""
        return self._counts.find(number)
