"""The end of a scrollback: lines that stay, and below them a block that changes in place.

The cursor rests at the beginning of the block. Terminals that set their lines anew when a window
becomes narrower carry the cursor along, so wherever the block has gone, it is erased from there
and nothing above it is touched.
"""

from __future__ import annotations

from collections.abc import Sequence

HIDE_CURSOR = "\x1b[?25l"
SHOW_CURSOR = "\x1b[?25h"
_ERASE_DOWN = "\r\x1b[J"
_ERASE_LINE = "\x1b[K"
_DOWN = "\r\n"


class Scroll:
    """Knows what the block shows, and gives the text that makes it show something else."""

    def __init__(self) -> None:
        self._shown: list[str] | None = None

    def update(self, stay: Sequence[str], block: Sequence[str]) -> str:
        """Add lines above the block, and change what has changed in it; often nothing has."""
        block = list(block)
        if not stay and self._shown is not None and len(self._shown) == len(block):
            text = self._changes(self._shown, block)
        else:
            text = _ERASE_DOWN + "".join(line + _DOWN for line in stay)
            text += _DOWN.join(block) + _back(len(block) - 1)
        self._shown = block
        return text

    def forget(self) -> None:
        """The window has changed: draw all of the block the next time."""
        self._shown = None

    def finish(self, stay: Sequence[str]) -> str:
        """Erase the block and leave these lines in its place."""
        self._shown = []
        return _ERASE_DOWN + "".join(line + _DOWN for line in stay)

    def _changes(self, old: Sequence[str], new: Sequence[str]) -> str:
        text, row = "", 0
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                text += _forth(index - row) + after + _ERASE_LINE + "\r"
                row = index
        return text + _back(row) if text else ""


def _back(rows: int) -> str:
    return f"\x1b[{rows}A\r" if rows > 0 else "\r"


def _forth(rows: int) -> str:
    return f"\x1b[{rows}B" if rows > 0 else ""
