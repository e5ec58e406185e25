"""Composes anew what has changed and nothing else.

Textual asks all widgets between the first line that has changed and the last one for all they show.
A cursor that moves in a table changes two lines, and the table alone fills them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

_Render = tuple[Region, Region, list[Strip]]
"""Where a widget is, what of that is seen, and what it shows there, line by line."""


class SparingCompositor(Compositor):
    """Asks for the lines that are to be drawn again, and whoever shows something in them."""

    _changed: Sequence[Region] | None = None
    """What is to be drawn again; None is all."""

    def render_partial_update(self) -> ChopsUpdate | None:
        self._changed = tuple(self._dirty_regions)  # which Textual forgets before it asks
        try:
            return super().render_partial_update()
        finally:
            self._changed = None

    def _get_renders(self, crop: Region | None = None) -> Iterable[_Render]:
        return super()._get_renders(crop) if self._changed is None else self._renders(self._changed)

    def _renders(self, changed: Sequence[Region]) -> Iterator[_Render]:
        left = changed
        for widget, (region, clip) in self.visible_widgets.items():  # those in front come first
            seen = region.intersection(clip)
            here = [one.intersection(seen) for one in left if one.overlaps(seen)]
            left = [one for one in left if not seen.contains_region(one)]  # all of it is hidden
            for first, end in _together({y for one in here for y in one.line_range}):
                part = Region(seen.x, first, seen.width, end - first)
                yield region, part, widget.render_lines(part.translate(-region.offset))


def _together(rows: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and end of rows that stand one below the other."""
    for _, found in groupby(enumerate(sorted(rows)), lambda one: one[1] - one[0]):
        several = [y for _, y in found]
        yield several[0], several[-1] + 1
