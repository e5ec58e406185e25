"""The terminal a run is watched on: inline, its keys, its signals, and a clean way out.

It stands on the same descriptor, output and signals as the dashboard's driver, so it neither
hangs on a stopped line nor leaves the terminal without an echo.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
import termios
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from flowtui.ui.terminal.output import DirectOutput, Output, ThreadOutput
from flowtui.ui.terminal.signals import ENDING, SignalPipe, later
from flowtui.ui.terminal.tty import Tty
from flowtui.watch.ink import Ink, ink_of, is_dark
from flowtui.watch.keys import QUESTIONS, Answers
from flowtui.watch.lines import Line
from flowtui.watch.scroll import HIDE_CURSOR, SHOW_CURSOR, Scroll

LAST_WORDS = 1.0
"""Seconds that a line which takes nothing may hold up the end."""
GRACE = 1.0
"""Seconds from a signal to the end of a process that does not hear it."""
ANSWER = 1.0
"""Seconds in which a terminal answers; what comes later would be typed into the shell."""


class Audience(Protocol):
    """Who is told what happens at the terminal."""

    def on_key(self, key: str) -> None:
        """A key was pressed."""

    def on_interrupt(self) -> None:
        """Ctrl-C, or SIGINT from elsewhere."""

    def on_end(self, exit_code: int) -> None:
        """Somebody wants the program to end, or the terminal has gone."""

    def on_redraw(self) -> None:
        """The window is another one than before."""


class InlineTerminal:
    """Shows lines that stay and a block that changes, until it is closed."""

    def __init__(self, audience: Audience) -> None:
        self._audience = audience
        self._loop = asyncio.get_running_loop()
        self._tty = Tty()
        self._signals = SignalPipe()
        self._scroll = Scroll()
        self._answers = Answers()
        self.ink: Ink = ink_of()
        self._taken = False
        self._output = self._new_output()
        self._emptied = asyncio.Event()
        self._behind = False
        """The block was not drawn because the line has not taken what came before."""
        self._answered = asyncio.Event()
        self._asked_at = time.monotonic()
        self._closing = False
        self._hurried = asyncio.Event()
        """A signal has come: nobody waits any more."""

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self._tty.size()

    def open(self) -> None:
        """Take the keys and hide the cursor."""
        atexit.register(self._restore)
        self._signals.listen()
        self._loop.add_reader(self._signals.fd, self._on_signals)
        self._loop.add_reader(self._tty.fd, self._on_input)
        self._take(QUESTIONS)

    def show(self, stay: Sequence[Line], block: Sequence[Line]) -> None:
        """Lines above the block, and the block as it is now; sends only what is different."""
        self._behind = self._output.waiting > 0 and not stay
        if self._taken and not self._behind:
            text = self._scroll.update(
                [self.ink.text(line) for line in stay], [self.ink.text(line) for line in block]
            )
            if text:
                self._emptied.clear()
                self._output.write(text.encode())
                self._output.flush()

    def bell(self) -> None:
        """Call whoever has looked away."""
        self._output.write(b"\a")

    async def close(self, stay: Sequence[Line]) -> None:
        """Leave these lines in place of the block, and the terminal as it was.

        A slow line is waited for, because what is on its way cannot be read anywhere else; one
        more signal ends that.
        """
        self._closing = True
        self._output.write(self._scroll.finish([self.ink.text(line) for line in stay]).encode())
        self._output.flush()
        if self._taken:
            await self._until(lambda: not self._output.waiting, self._emptied, None)
            left = max(0.0, self._asked_at + ANSWER - time.monotonic())
            await self._until(lambda: self._answers.complete, self._answered, left)
        self._loop.remove_reader(self._tty.fd)
        self._loop.remove_reader(self._signals.fd)
        self._signals.release()
        self._give()
        atexit.unregister(self._restore)
        self._tty.close()

    async def _until(
        self, so: Callable[[], bool], event: asyncio.Event, seconds: float | None
    ) -> None:
        if not so() and not self._hurried.is_set():
            waits = {self._loop.create_task(e.wait()) for e in (event, self._hurried)}
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()

    def _new_output(self) -> Output:
        kind = DirectOutput if self._tty.own else ThreadOutput
        return kind(self._tty.fd, self._loop, self._on_emptied)

    def _on_emptied(self) -> None:
        self._emptied.set()
        if self._behind and not self._closing:
            self._audience.on_redraw()

    def _take(self, more: bytes = b"") -> None:
        self._tty.take_keys()
        self._taken = True
        self._output.write(HIDE_CURSOR.encode() + more)
        self._output.flush()

    def _give(self, last: str = "") -> None:
        """The terminal as it was; what a stopped line has not taken by now, it never gets."""
        if self._taken:
            self._taken = False
            self._output.close()
            self._tty.say_last((last + SHOW_CURSOR).encode(), LAST_WORDS)
            self._tty.forget_input()
            self._tty.give_back()

    def _restore(self) -> None:
        """Give the terminal back from wherever we are; nothing here waits for long."""
        if self._taken:
            self._taken = False
            self._tty.forget_output()
            self._tty.say_last(f"\r\n{SHOW_CURSOR}".encode(), 0.1)
            self._tty.give_back()

    def _on_input(self) -> None:
        try:
            data = os.read(self._tty.fd, 1024)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._loop.remove_reader(self._tty.fd)
            self._end(signal.SIGHUP)
            return
        known = self._answers.background
        for key in self._answers.feed(data):
            self._audience.on_key(key)
        if self._answers.complete:
            self._answered.set()
        if self._answers.background != known and self._answers.background:
            dark = is_dark(self._answers.background)
            if dark is not None:
                self.ink = self.ink.on(dark)
                self._audience.on_redraw()

    def _on_signals(self) -> None:
        for number in self._signals.read():
            if number == signal.SIGINT and not self._closing:
                self._audience.on_interrupt()
            elif number == signal.SIGINT:
                self._hurried.set()
            elif number in ENDING:
                self._end(number)
            elif number == signal.SIGTSTP:
                self._give(self._scroll.finish(()))  # the block comes again with fg
                os.kill(os.getpid(), signal.SIGSTOP)
            elif number == signal.SIGCONT:
                self._continue()
            elif number == signal.SIGWINCH:
                self._redraw()

    def _end(self, number: int) -> None:
        self._signals.ending = True
        self._hurried.set()
        self._audience.on_end(128 + number)

        def die() -> None:
            self._restore()
            os._exit(128 + number)

        later(GRACE + LAST_WORDS, die)

    def _continue(self) -> None:
        try:
            if self._taken:  # stopped without a word: the shell may have changed anything
                self._tty.take_keys()
                self._output.write(HIDE_CURSOR.encode())
            else:
                self._output = self._new_output()
                self._take()
        except termios.error:  # in the background, and the shell has gone
            self._end(signal.SIGHUP)
        self._redraw()

    def _redraw(self) -> None:
        self._scroll.forget()
        self._audience.on_redraw()
