"""Text as a terminal sees it: cells, and which of them every terminal draws alike.

A cell holds a character with all that combines with it. A wide character stands in the left one
of its cells; the others hold an empty string. Control characters never get this far: text from
elsewhere cannot speak to the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import category

from rich.cells import cell_len

_NARROW = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x2FF),
    (0x370, 0x377),
    (0x384, 0x482),  # Greek and Cyrillic
    (0x2010, 0x2027),  # dashes, quotes, the ellipsis
    (0x2030, 0x205E),
    (0x2190, 0x2193),
    (0x2200, 0x22FF),  # mathematics
    (0x2500, 0x25A9),  # boxes, blocks and shapes, but for those that are emoji as well
    (0x25AC, 0x25B5),
    (0x25B7, 0x25BF),
    (0x25C1, 0x25FA),
    (0x2713, 0x2713),
    (0x2717, 0x2717),
    (0x2800, 0x28FF),  # braille
)
_WIDE = (
    (0x3041, 0x3096),
    (0x30A1, 0x30FA),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xFF01, 0xFF5E),
)

_ALL_NARROW = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in _NARROW)}]+")
_ZWJ = "\u200d"


def cells(text: str) -> Sequence[str]:
    """The cells that a text takes."""
    return text if narrow(text) else _split(text)


def narrow(text: str) -> bool:
    """Each character takes one cell everywhere; after any other nobody knows the cursor."""
    return _ALL_NARROW.fullmatch(text) is not None


def settled(cell: str) -> bool:
    """Every terminal gives this cell the width that we give it."""
    return len(cell) == 1 and (
        narrow(cell) or any(first <= ord(cell) <= last for first, last in _WIDE)
    )


@lru_cache(4096)
def reach(cell: str) -> int:
    """The most cells that a terminal may take for this one."""
    if settled(cell):
        return cell_len(cell)
    return max(2, sum(map(cell_len, cell))) if cell else 0


@lru_cache(4096)
def _split(text: str) -> tuple[str, ...]:
    clusters: list[str] = []
    for character in text:
        kind = category(character)
        if kind == "Cc":
            continue
        if kind == "Cs":  # half a pair cannot be sent
            clusters.append("\ufffd")
        elif clusters and (clusters[-1][-1] == _ZWJ or not cell_len(character)):
            clusters[-1] += character
        elif cell_len(character):  # else it combines with nothing
            clusters.append(character)
    found: list[str] = []
    for cluster in clusters:
        found.append(cluster)
        found.extend([""] * (cell_len(cluster) - 1))
    return tuple(found)
