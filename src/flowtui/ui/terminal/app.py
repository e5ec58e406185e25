"""The one place where frames leave Textual: before they become text.

With any other driver, and for anything that is no frame, Textual goes its own way.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from typing import Any

from rich.color import ColorSystem
from rich.console import RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ReturnType
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region, Spacing
from textual.screen import Screen
from textual.widget import Widget

from flowtui.ui.terminal.frames import Frame, FrameDriver, Moved, Standing

_NOTHING = Region()


class ShadowedApp(App[ReturnType]):
    """An app that hands its frames to a driver that takes them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._moved: list[Moved] = []
        """What waits for the frame that shows it moved."""

    @property
    def _frames(self) -> FrameDriver | None:
        """Who takes frames, if that is not Textual."""
        driver = self._driver
        return driver if isinstance(driver, FrameDriver) and not self.is_headless else None

    def move_cells(self, widget: Widget, still: int, up: int) -> bool:
        """Let what a widget shows, but for its first lines, be moved with its next frame; False
        where that is not possible, as something stands before it, and all is to be drawn."""
        screen = widget.screen
        if self._frames is None or screen is not self.screen or self._batch_count:
            return False
        seen = screen._compositor.visible_widgets
        region, clip = seen.get(widget, (_NOTHING, _NOTHING))
        if region.size != widget.size or not clip.contains_region(region):
            return False
        for before, (other, _) in seen.items():  # those in front come first
            if before is widget:
                break
            if other.overlaps(region):
                return False
        self._moved.append(Moved(region.shrink(Spacing(top=still)), up))
        return True

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        driver = self._frames
        if driver is None:
            super()._display(screen, renderable)
        elif isinstance(renderable, (LayoutUpdate, ChopsUpdate)):
            try:
                if self._running and not self._closed and not self._batch_count:
                    self._hand_over(renderable, driver)
            finally:
                self.post_display_hook()
        else:
            super()._display(screen, renderable)
            if renderable is not None:
                driver.redraw()

    def _hand_over(self, update: LayoutUpdate | ChopsUpdate, driver: FrameDriver) -> None:
        focused = self.screen.focused
        place = focused.stands_at() if isinstance(focused, Standing) else self.cursor_position
        cursor = self.screen.outer_size.clamp_offset(place)
        self._previous_cursor_position = cursor
        colours = self.console._color_system or ColorSystem.TRUECOLOR
        moved = self._moved_by(update)
        try:
            driver.show(Frame(moved, update, (cursor.x, cursor.y), colours, self._sync_available))
        except Exception as error:  # as Textual treats what goes wrong while it draws
            self._handle_exception(error)

    def _moved_by(self, update: LayoutUpdate | ChopsUpdate) -> list[Moved]:
        """What is to be moved with this frame, as it brings what comes in."""
        waiting, self._moved = self._moved, []
        if isinstance(update, LayoutUpdate):
            return waiting
        brought = {y for y, _, _ in update.spans}
        self._moved = [one for one in waiting if brought.isdisjoint(one.coming_in)]
        return [one for one in waiting if one not in self._moved]

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What changes lines once they are painted.

        Every colour is named as the theme has it, so none needs to be turned into another one.
        """
        return [one for one in super().get_line_filters() if not isinstance(one, ANSIToTruecolor)]

    @property
    def line_is_slow(self) -> bool:
        """Whether the terminal is at the end of a slow line, where the driver can tell."""
        return self._frames is not None and self._frames.line_is_slow

    def redraw(self) -> None:
        """Draw everything again, whatever the terminal shows."""
        if isinstance(self._driver, FrameDriver):
            self._driver.redraw()
        else:
            self.screen.refresh(layout=True)

    @property
    def has_shell(self) -> bool:
        """Whether a shell started it as a job, and so is there to go back to."""
        return not self.is_headless and os.getpgrp() != os.getsid(0)

    def action_suspend_process(self) -> None:
        """Stop, with all that the shell started with it, as ^Z does where keys are not read."""
        if self.has_shell:
            os.killpg(0, signal.SIGTSTP)

    def name_window(self, title: str) -> None:
        """Name the terminal's window, where the driver can; without a title, give its name back."""
        if isinstance(self._driver, FrameDriver):
            self._driver.name_window(title)
