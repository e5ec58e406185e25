"""Widgets that are lines of pieces: headers, summaries, bars, previews.

What changed is found by comparing lines, and only those are sent. What counts seconds does so with
the pulse of its screen; what changes later has a timer of its own, what stays as it is has none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from flowtui.ui.ink import Piece, in_a_gap, strip
from flowtui.ui.pulse import pulse_of
from flowtui.ui.themes import palette_of
from flowtui.ui.tokens import Palette

Line = Sequence[Piece]
Painter = Callable[[Palette, int], Sequence[Line]]
"""Palette and width in cells, to lines."""


def is_looked_at(widget: Widget) -> bool:
    """Whether somebody can see it: it has a place, and nothing but dialogs stand over its screen.

    The compositor is not asked: it would lay out anew, and then miss what has changed its size.
    """
    stack = widget.app.screen_stack
    if not widget.is_attached or widget.screen not in stack:
        return False
    if not all(node.display for node in widget.ancestors_with_self):
        return False
    above = stack[stack.index(widget.screen) + 1 :]
    return all(screen.is_modal for screen in above)


class Painted(Widget):
    """Lines of pieces; a subclass says which, by `paint`."""

    DEFAULT_CSS = """
    Painted { height: auto; width: 1fr; background: $bg0; color: $fg1; }
    """
    ground = "bg0"
    """The token of the background."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._lines: list[list[Piece]] = []
        self._edge: Line = ()
        self._shape: tuple[object, ...] = ()
        self._ticker: Timer | None = None

    def paint(self, palette: Palette, width: int) -> Sequence[Line]:
        """What there is to see now, from top to bottom."""
        return ()

    def show_edge(self, said: Line) -> None:
        """Say something in the first line, where it has room: how old what it shows is."""
        self._edge = said
        self.repaint()

    def counts_seconds(self) -> bool:
        """Whether what is painted is another thing at the next second."""
        return False

    def seconds_to_change(self) -> float | None:
        """When what counts no seconds may be another thing by itself; None if it stays as it is."""
        return None

    def repaint(self) -> None:
        """Paint again, and send the lines that differ."""
        if not self.is_attached or not self.size.width:
            self._shape = ()  # out of sight: painted when it comes back
            return
        before = self._lines
        self._paint(self.size.width)
        if len(before) != len(self._lines) and self.styles.is_auto_height:
            self.refresh(layout=True)
            return
        for y in range(max(len(before), len(self._lines))):
            if before[y : y + 1] != self._lines[y : y + 1]:
                self.refresh(Region(0, y, self.size.width, 1))
        self._tick_on()

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        if self.can_focus:
            self.repaint()

    def _paint(self, width: int) -> None:
        self._shape = self._shape_at(width)
        self._lines = [list(line) for line in self.paint(palette_of(self), width)]
        if self._edge and self._lines:
            self._lines[0] = in_a_gap(self._lines[0], self._edge, width)

    def _shape_at(self, width: int) -> tuple[object, ...]:
        """What lines are painted for; for anything else they are painted again."""
        palette = palette_of(self)
        room = self.screen.classes if self.is_attached else frozenset()
        height = 0 if self.styles.is_auto_height else self.size.height
        return width, height, self.app.size.height, room, palette.name, palette.ascii

    def _tick_on(self) -> None:
        if self._ticker:
            self._ticker.stop()
            self._ticker = None
        if not self.is_attached:
            return
        if self.counts_seconds():
            pulse_of(self).join(self, self._tick)
            return
        pulse_of(self).leave(self)
        pause = self.seconds_to_change()
        if pause is not None:
            self._ticker = self.set_timer(max(pause, 0.05), self._tick)

    def _tick(self) -> None:
        """Paint again, if anybody sees it; whoever shows it again paints it again."""
        self._ticker = None
        if is_looked_at(self):
            self.repaint()
        elif self.is_attached:
            pulse_of(self).leave(self)

    def _up_to_date(self, width: int) -> list[list[Piece]]:
        if self._shape != self._shape_at(width):
            before = self._lines
            self._paint(width)
            if before and before != self._lines:
                self.refresh()  # asked for its height, it may not be drawn again by itself
            self._tick_on()
        return self._lines

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._up_to_date(width))

    def render_line(self, y: int) -> Strip:
        lines = self._up_to_date(self.size.width)
        line = lines[y] if y < len(lines) else ()
        return strip(line, palette_of(self), self.ground, self.size.width)


class Lines(Painted):
    """Lines that a screen paints: give it a painter, and tell it when to look again."""

    def __init__(
        self,
        painter: Painter | None = None,
        *,
        ticks: Callable[[], bool] | None = None,
        ground: str = "bg0",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.painter = painter
        self.ticks = ticks
        """Says whether something on it counts seconds now."""
        self.ground = ground

    def show(self, painter: Painter) -> None:
        """Paint this from now on."""
        self.painter = painter
        self.repaint()

    def paint(self, palette: Palette, width: int) -> Sequence[Line]:
        return self.painter(palette, width) if self.painter else ()

    def counts_seconds(self) -> bool:
        return self.ticks is not None and self.ticks()
