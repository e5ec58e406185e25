"""Screens that bear what comes too early or too late, because somebody is quick.

A screen that is left before it is there is told that it is mounted, or shown, although its widgets
were never made. What it looks for then is not there, and that is no fault. And a size that is no
longer the terminal's is let go: laying out for it would have the screen told of that size once
more, behind the new one, and of the new one behind that, without an end.
"""

from __future__ import annotations

from textual.css.query import NoMatches
from textual.events import Resize
from textual.message import Message
from textual.screen import Screen, ScreenResultType


class Leavable(Screen[ScreenResultType]):
    """A screen that can go, or have another size, at any time."""

    async def _dispatch_message(self, message: Message) -> None:
        if isinstance(message, Resize) and message.size != self.app.size:
            return
        try:
            await super()._dispatch_message(message)
        except NoMatches:
            if not self._is_going:
                raise

    @property
    def _is_going(self) -> bool:
        """Whether it has been left, or is about to be, with the whole app or alone."""
        app = self.app
        return app._exit or self._closing or self._pruning or self not in app.screen_stack
