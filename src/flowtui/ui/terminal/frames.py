"""Textual's frames as they are before they become text, laid into a shadow of the screen."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.driver import Driver
from textual.geometry import Offset, Region
from textual.strip import Strip

from flowtui.frozen import frozen
from flowtui.ui.terminal.sgr import Looks, parse
from flowtui.ui.terminal.shadow import Shadow

Update = LayoutUpdate | ChopsUpdate
Number = Callable[[Style | None], int]
_STYLES = 8192
"""Styles that are remembered, at most; many look alike."""


@frozen
class Moved:
    """Cells that the screen shows higher up now, or lower down if `up` is negative."""

    region: Region
    """Where they were and are, with those that come in."""
    up: int

    @property
    def coming_in(self) -> range:
        """The rows whose contents the frame brings that moves the others."""
        first, end = self.region.y, self.region.bottom
        return range(end - self.up, end) if self.up > 0 else range(first, first - self.up)


@frozen
class Frame:
    """A change of the screen's contents, and what belongs to it."""

    moved: Sequence[Moved]
    """What is moved before anything is drawn, in this order."""
    update: Update
    cursor: tuple[int, int]
    colours: ColorSystem
    together: bool
    """The terminal can show it all at once."""


@runtime_checkable
class Standing(Protocol):
    """A widget in which one stands somewhere, as in a row of a table."""

    def stands_at(self) -> Offset:
        """That place on the screen: the terminal's cursor is left there, unseen, for those who
        follow it, as screen readers and magnifiers do."""


class FrameDriver(Driver):
    """A driver that takes frames as they are."""

    @abstractmethod
    def show(self, frame: Frame) -> None:
        """Show this, as soon as the line has room; a later one may overtake it."""

    @property
    def line_is_slow(self) -> bool:
        """What changes by itself had better change less often; False where nobody can tell."""
        return False

    @abstractmethod
    def redraw(self) -> None:
        """Draw everything again: nobody knows what the terminal shows."""

    def name_window(self, title: str) -> None:
        """Name the terminal's window, if it has one; without a title it gets its own name back."""


class Styles:
    """The looks of Rich's styles."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks
        self._numbers: dict[tuple[Style | None, ColorSystem], int] = {}

    def number(self, style: Style | None, colours: ColorSystem) -> int:
        """The number of the look that a style has."""
        key = style, colours
        number = self._numbers.get(key)
        if number is None:
            if len(self._numbers) >= _STYLES:
                self._numbers.clear()
            number = self._numbers[key] = self._find(style, colours)
        return number

    def _find(self, style: Style | None, colours: ColorSystem) -> int:
        if style is None:
            return 0
        link = f"id={style.link_id};{style.link}" if style.link else ""
        return self._looks.number(parse(Strip.render_ansi(style, colours), link))


def lay(update: Update, shadow: Shadow, number: Number, moved: Sequence[Moved] = ()) -> None:
    """Put a frame into the shadow."""
    for one in moved:
        shadow.shift(*one.region, one.up)
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                end = x + strip.cell_length
                _put(strip, x, y, end, shadow, number)
                x = end
        return
    for y, left, right in update.spans:
        for end, (x, chop) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if chop is not None and x < right and end > left:
                stop = min(end, right, x + chop.cell_length)
                _put(chop, x, y, stop, shadow, number)


def _put(strip: Strip, x: int, y: int, end: int, shadow: Shadow, number: Number) -> None:
    look = 0
    for text, style, control in strip:
        if text and not control:
            look = number(style)
            x = shadow.put(x, y, text, look, end)
    if x < end:  # control characters had a width after all
        shadow.put(x, y, " " * (end - x), look, end)
