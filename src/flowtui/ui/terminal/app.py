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
from textual.screen import Screen

from flowtui.ui.terminal.frames import Frame, FrameDriver, Standing


class ShadowedApp(App[ReturnType]):
    """An app that hands its frames to a driver that takes them."""

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        driver = self._driver
        if self.is_headless or not isinstance(driver, FrameDriver):
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
        try:
            driver.show(Frame(update, (cursor.x, cursor.y), colours, self._sync_available))
        except Exception as error:  # as Textual treats what goes wrong while it draws
            self._handle_exception(error)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What changes lines once they are painted.

        Every colour is named as the theme has it, so none needs to be turned into another one.
        """
        return [one for one in super().get_line_filters() if not isinstance(one, ANSIToTruecolor)]

    @property
    def line_is_slow(self) -> bool:
        """Whether the terminal is at the end of a slow line, where the driver can tell."""
        return isinstance(self._driver, FrameDriver) and self._driver.line_is_slow

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
