"""The first answers of a page, held back for a moment until the others are there as well.

A page whose panes push each other about is drawn once that way, not once for each answer: that is
calmer, and a quarter of all that has to go over the line.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from textual.screen import Screen

from flowtui.ui.feeds import Snapshot

Take = Callable[[Snapshot[Any]], None]

PATIENCE = 0.3
"""Seconds that the first answer waits for the last one."""


class FirstAnswers:
    """Gives the answers of a screen to those who take them: the first ones together."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._awaited = 0
        self._held: dict[Take, Snapshot[Any]] = {}
        self.is_over = False
        """They have been given; whatever comes now is given at once."""

    def awaited(self, take: Take) -> Take:
        """Takes an answer for this one; the first not before all others that are awaited."""
        self._awaited += 1

        def taken(snapshot: Snapshot[Any]) -> None:
            if self.is_over:
                take(snapshot)
                return
            if not self._held:
                self._screen.set_timer(PATIENCE, self.give)
            self._held[take] = snapshot
            if len(self._held) == self._awaited:
                self.give()

        return taken

    def give(self) -> None:
        """Wait no longer."""
        if self.is_over or not self._screen.is_attached:
            return
        self.is_over = True
        for take, snapshot in self._held.items():
            with suppress(Exception):  # its feed tells what is wrong with it, with the next answer
                take(snapshot)
        self._held.clear()
