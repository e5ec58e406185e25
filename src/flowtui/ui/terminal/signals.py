"""Signals that concern a terminal, handed on through a pipe and only while somebody listens.

The number of a signal is written into the pipe by the interpreter itself, so that a thread
learns of it also while the main thread is busy and runs no handler.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""Whoever sends one of these wants the program to end."""
HANDLED = (*ENDING, signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT)
"""Everything that is written into the pipe."""
WAKE = 0
"""Stands in the pipe for "look up": no signal has this number."""


class SignalPipe:
    """A descriptor that can be waited for, and that says which signals have come."""

    def __init__(self) -> None:
        self.fd, self._in = os.pipe()
        os.set_blocking(self.fd, False)
        os.set_blocking(self._in, False)
        self._before: dict[int, Any] = {}
        self._direct = False
        self.ending = False
        """One of them ends the program: the others, which follow it often, change nothing more."""

    def listen(self) -> None:
        """Take over the signals; what they did before is done again after `release`."""
        if self._before or threading.current_thread() is not threading.main_thread():
            return
        foreign = signal.set_wakeup_fd(self._in, warn_on_full_buffer=False)
        self._direct = foreign == -1
        if not self._direct:  # an event loop needs it for itself
            signal.set_wakeup_fd(foreign)
        for number in HANDLED:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup means it
                self._before[number] = signal.signal(number, self._handle)

    def release(self) -> None:
        """Give the signals back, but for those that have nothing left to say."""
        if self._direct:
            signal.set_wakeup_fd(-1)
            self._direct = False
        for number, handler in self._before.items():
            if self.ending and number in ENDING:
                handler = signal.SIG_IGN
            # None is a handler that was not set from Python: it cannot be set again.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._before.clear()

    def wake(self, number: int = WAKE) -> None:
        """Make whoever waits for the descriptor look up."""
        with contextlib.suppress(OSError):  # full: it is looking up already
            os.write(self._in, bytes([number]))

    def read(self) -> list[int]:
        """The signals that have come since the last look."""
        try:
            return [number for number in os.read(self.fd, 512) if number in HANDLED]
        except BlockingIOError:
            return []

    def close(self) -> None:
        """Close both ends."""
        os.close(self.fd)
        os.close(self._in)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if not self._direct:
            self.wake(number)


def later(seconds: float, action: Callable[[], None]) -> None:
    """Do this in a thread after a while, unless the process has ended by then."""

    def wait() -> None:
        threading.Event().wait(seconds)
        action()

    threading.Thread(target=wait, name="terminal-deadline", daemon=True).start()
