"""The pulse of a screen: a beat a second for all on it that shows seconds, if anything does;
every five seconds at the end of a slow line.

Whoever shows seconds joins. All are told at the same moment, at a full second, so that the screen
is drawn once and the process wakes up once; where nobody counts, it sleeps until something happens.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from flowtui.ui.terminal.app import ShadowedApp

SLOWLY = 5.0
"""Seconds between two beats where the line to the terminal is slow."""
_LATE = 0.005
"""Seconds after the full one, so that no clock still shows the one before."""


class Pulse:
    """Beats once a second while anybody wants it."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._members: WeakKeyDictionary[Widget, Callable[[], None]] = WeakKeyDictionary()
        self._followers: WeakKeyDictionary[Widget, Callable[[], None]] = WeakKeyDictionary()
        self._timer: Timer | None = None

    @property
    def is_beating(self) -> bool:
        """Whether anything on the screen counts seconds."""
        return self._timer is not None

    def join(self, widget: Widget, on_beat: Callable[[], None]) -> None:
        """Tell this widget of each second, until it leaves."""
        self._members[widget] = on_beat
        if self._timer is None:
            self._wait()
            self._tell_followers()

    def leave(self, widget: Widget) -> None:
        """Tell it no more; when all have left, and nobody joins at once, the pulse stops."""
        if self._members.pop(widget, None) is not None and not self._members:
            self._screen.call_later(self._rest)

    def follow(self, widget: Widget, on_beat: Callable[[], None]) -> None:
        """Tell this widget of each second that others count, and when they begin or cease."""
        self._followers[widget] = on_beat

    def beat(self) -> None:
        """A second has passed. Members that join again meanwhile need no timer of their own."""
        for widget, on_beat in [*self._members.items()]:
            if widget.is_attached:
                on_beat()
            else:
                del self._members[widget]
        self._stop()
        if self._members:
            self._wait()
        self._tell_followers()

    def _rest(self) -> None:
        if self._timer is not None and not self._members:
            self._stop()
            self._tell_followers()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _wait(self) -> None:
        app = self._screen.app
        is_slow = isinstance(app, ShadowedApp) and app.line_is_slow
        self._timer = self._screen.set_timer(until_beat(time.time(), is_slow), self.beat)

    def _tell_followers(self) -> None:
        for on_beat in [*self._followers.values()]:
            on_beat()


def last_fifth(now: datetime) -> datetime:
    """The time that is shown at the end of a slow line: answers in between count nothing."""
    return now.replace(second=now.second - now.second % int(SLOWLY), microsecond=0)


def until_beat(now: float, is_slow: bool) -> float:
    """Seconds until just after the next full second, or the next fifth of a slow line."""
    apart = SLOWLY if is_slow else 1.0
    return apart - now % apart + _LATE


_KEPT = "_flowtui_pulse"
"""Where a screen keeps its pulse, which goes with it: a table of all of them would hold the pages
that were left."""


def pulse_of(widget: Widget) -> Pulse:
    """The pulse of the screen that a widget is on."""
    screen = widget.screen
    pulse: Pulse | None = getattr(screen, _KEPT, None)
    if pulse is None:
        pulse = Pulse(screen)
        setattr(screen, _KEPT, pulse)
    return pulse
