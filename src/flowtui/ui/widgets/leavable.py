"""Screens that may be left before they are there: somebody types faster than a page is made.

Such a screen is told that it is mounted, or shown, although its widgets were never made. What it
looks for then is not there, and that is no fault.
"""

from __future__ import annotations

from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import Screen, ScreenResultType


class Leavable(Screen[ScreenResultType]):
    """A screen that can go at any time."""

    async def _dispatch_message(self, message: Message) -> None:
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
