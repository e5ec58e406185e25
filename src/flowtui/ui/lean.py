"""Lines as Textual wants them, but light.

Each of Textual's strips keeps seven caches for what may be made of it. A page holds hundreds of
lines, and most are shown as they are: nothing is made of them twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.segment import Segment
from textual.cache import FIFOCache
from textual.strip import Strip


class _Nothing(FIFOCache[Any, Any]):
    """Keeps nothing, for all strips."""

    def __setitem__(self, key: Any, value: Any) -> None:
        return


_NOTHING = _Nothing(0)


class LeanStrip(Strip):
    """A line that keeps nothing of what is made of it."""

    __slots__ = ()

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        self._segments = list(segments)
        self._cell_length = cell_length
        self._divide_cache = self._crop_cache = self._style_cache = _NOTHING
        self._filter_cache = self._line_length_cache = self._crop_extend_cache = _NOTHING
        self._offsets_cache = _NOTHING
        self._render_cache = None
        self._link_ids = None
        self._cell_count = None
