"""A JSON value as lines that can be folded: an object or a list is one line, or many."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from flowtui.frozen import frozen

OPEN_LINES = 400
"""Lines up to which everything is open at first."""
OPEN_DEPTH = 2
"""How deep a longer value is open at first."""


@frozen
class JsonLine:
    """One line: what stands before the colon, and a value or the sign that opens or ends one."""

    number: int
    depth: int
    key: str = ""
    """Of a member of an object; empty in a list."""
    text: str = ""
    """The value as JSON, or `{`, `[`, `}`, `]`."""
    kind: str = ""
    """string, number, word, open or end."""
    count: int = 0
    """Of one that opens: how many members it has."""
    end: int = 0
    """Of one that opens: the number of the line that ends it."""

    @property
    def opens(self) -> bool:
        """Whether there is something to fold."""
        return self.kind == "open" and self.count > 0


def json_lines(value: Any) -> list[JsonLine]:
    """Every line of a value."""
    lines: list[JsonLine] = []
    stack: list[tuple[Iterator[tuple[str, Any]], int, str]] = []

    def add(key: str, item: Any) -> None:
        number, depth = len(lines), len(stack)
        if isinstance(item, (dict, list)) and item:
            pairs = [("", one) for one in item] if isinstance(item, list) else [*item.items()]
            signs = "[]" if isinstance(item, list) else "{}"
            lines.append(JsonLine(number, depth, key, signs[0], "open", len(item)))
            stack.append((iter(pairs), number, signs[1]))
            return
        lines.append(JsonLine(number, depth, key, _text(item), _kind(item)))

    add("", value)
    while stack:
        members, start, sign = stack[-1]
        following = next(members, None)
        if following is not None:
            add(*following)
            continue
        stack.pop()
        opened = lines[start]
        end = len(lines)
        lines[start] = JsonLine(
            start, opened.depth, opened.key, opened.text, "open", opened.count, end
        )
        lines.append(JsonLine(end, opened.depth, "", sign, "end"))
    return lines


def _text(item: Any) -> str:
    return json.dumps(item, ensure_ascii=False)


def _kind(item: Any) -> str:
    if isinstance(item, str):
        return "string"
    if isinstance(item, (int, float)) and not isinstance(item, bool):
        return "number"
    return "word"


def folded_at_first(lines: Sequence[JsonLine]) -> set[int]:
    """What is folded until somebody opens it: of a long value all that is deep."""
    if len(lines) <= OPEN_LINES:
        return set()
    return {line.number for line in lines if line.opens and line.depth > OPEN_DEPTH}


def shown_lines(lines: Sequence[JsonLine], folded: Collection[int]) -> list[JsonLine]:
    """The lines that are not inside something folded."""
    shown: list[JsonLine] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        shown.append(line)
        at = line.end + 1 if line.number in folded and line.opens else at + 1
    return shown
