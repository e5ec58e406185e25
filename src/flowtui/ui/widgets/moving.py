"""Views that paint only what is new when they scroll: a line that has only moved is kept.

A page that scrolls by one is the same lines one place up, and painting them anew is most of what a
cursor key costs there. Whatever anybody asks to have refreshed is painted again, as everywhere.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from flowtui.ui.ink import Piece, strip
from flowtui.ui.terminal.app import ShadowedApp
from flowtui.ui.themes import palette_of
from flowtui.ui.tokens import Palette
from flowtui.ui.typed_ahead import LedByBindings

Painted = tuple[str, tuple[Piece, ...]]
"""Background token and pieces of a line."""


class _Line(NamedTuple):
    painted: Painted
    strip: Strip
    palette: Palette


class MovingLines(LedByBindings, ScrollView):
    """Lines of pieces; a subclass says which, by `paint_line`, and what scrolling moves."""

    still = 0
    """Lines at the top that stay when the others move."""
    each = 1
    """Lines by which the others move when one scrolls by one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._drawn: dict[int, _Line] = {}
        """What the lines show, but for those that wait to be painted."""

    def paint_line(self, y: int, palette: Palette) -> Painted:
        """What belongs on a line of the widget, counted from its top."""
        return "bg0", ()

    def refresh_changed(self, y: int, palette: Palette) -> None:
        """Send a line if it looks different now."""
        drawn = self._drawn.get(y)
        if drawn is not None and drawn.painted != self.paint_line(y, palette):
            self.refresh_line(y)

    def refresh_line(self, y: int) -> None:
        """Send a line."""
        self.refresh(Region(0, y, self.size.width, 1))

    def is_drawn(self, y: int, palette: Palette) -> bool:
        """Whether a line shows what it was last painted as, in that palette."""
        drawn = self._drawn.get(y)
        return drawn is not None and drawn.palette is palette

    def replace_line(self, y: int, painted: Painted, palette: Palette) -> None:
        """Send a line, painted already."""
        self.refresh_line(y)
        self._keep(y, painted, palette)

    def _keep(self, y: int, painted: Painted, palette: Palette) -> _Line:
        ground, pieces = painted
        line = _Line(painted, strip(pieces, palette, ground, self.size.width), palette)
        self._drawn[y] = line
        return line

    def render_line(self, y: int) -> Strip:
        palette, line = palette_of(self), self._drawn.get(y)
        if line is None or line.palette is not palette:
            line = self._keep(y, self.paint_line(y, palette), palette)
        return line.strip

    def _set_dirty(self, *regions: Region) -> None:
        """All that Textual will paint again comes by here."""
        super()._set_dirty(*regions)
        if not regions:
            self._drawn.clear()
        for region in regions:
            for y in range(region.y, region.bottom):
                self._drawn.pop(y, None)

    @property
    def moves_whole(self) -> bool:
        """Whether whole lines move, and nothing in them stays."""
        return True

    @property
    def moves_dearly(self) -> bool:
        """Whether one had better scroll by many lines at once: beside something that stays all of
        them are sent, as most terminals move whole rows alone, and the line is slow."""
        app = self.app
        is_slow = isinstance(app, ShadowedApp) and app.line_is_slow
        return is_slow and self.size.width < self.screen.size.width

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        up = (round(new_value) - round(old_value)) * self.each
        height = self.size.height
        came = {y: y for y in range(self.still)}
        came |= {y: y + up for y in range(self.still, height) if y + up >= self.still}
        drawn = {y: self._drawn[at] for y, at in came.items() if at in self._drawn}
        if self.moves_whole and 0 < abs(up) < height - self.still and self._move_cells(up):
            styled = self._styles_cache._cache  # Textual's own, by place as well
            self._styles_cache._cache = {y: styled[came[y]] for y in drawn if came[y] in styled}
            self._drawn = drawn
            for y in range(self.still, height):
                if y not in drawn:
                    self.refresh_line(y)
        else:
            super().watch_scroll_y(old_value, new_value)
            self._drawn = drawn

    def _move_cells(self, up: int) -> bool:
        app = self.app
        return isinstance(app, ShadowedApp) and app.move_cells(self, self.still, up)
