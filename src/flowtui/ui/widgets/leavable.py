"""Screens that bear what comes too early or too late, because somebody is quick.

A screen that is left before it is there is told that it is mounted, or shown, although its widgets
were never made; one that is left while it waits for an answer has none any more when that is over.
What it looks for then is not there, and that is no fault. And a size that is no longer the
terminal's is let go: laying out for it would have the screen told of that size once more, behind
the new one, and of the new one behind that, without an end.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from textual.binding import BindingsMap
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.events import Resize
from textual.message import Message
from textual.screen import Screen, ScreenResultType
from textual.worker import Worker, WorkType

from flowtui.ui.terminal.compositor import SparingCompositor


class Leavable(Screen[ScreenResultType]):
    """A screen that can go, or have another size, at any time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compositor = SparingCompositor()

    async def _dispatch_message(self, message: Message) -> None:
        if isinstance(message, Resize) and message.size != self.app.size:
            return
        try:
            await super()._dispatch_message(message)
        except NoMatches:
            if not self._is_going:
                raise

    def run_worker(self, work: WorkType[Any], *given: Any, **named: Any) -> Worker[Any]:
        """The same; work that is stopped because the screen goes finds nothing to tidy up."""
        if isinstance(work, Awaitable):
            work = self._bearing(work)
        return super().run_worker(work, *given, **named)

    async def _bearing(self, work: Awaitable[Any]) -> Any:
        try:
            return await work
        except NoMatches:
            if not self._is_going:
                raise

    @property
    def _binding_chain(self) -> list[tuple[DOMNode, BindingsMap]]:
        """Who may act on a key, the focused widget first."""
        focused = self.focused
        if focused is None or focused.loading or self.app._keymap:
            return super()._binding_chain
        chain = focused.ancestors_with_self
        if any(_types(node) for node in chain):
            return super()._binding_chain
        return [(node, node._bindings.copy()) for node in chain]

    @property
    def _is_going(self) -> bool:
        """Whether it has been left, or is about to be, with the whole app or alone."""
        app = self.app
        return app._exit or self._closing or self._pruning or self not in app.screen_stack


def _types(node: DOMNode) -> bool:
    """Whether it may take a key as a character."""
    return type(node).check_consume_key is not DOMNode.check_consume_key
