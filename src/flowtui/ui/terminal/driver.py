"""A Textual driver for Linux and macOS that costs nothing when idle and always ends.

One thread waits for input and for signals, without a timeout. Output never blocks and needs
no thread. Every way out, also those on which the event loop is stuck, the line takes nothing
or the terminal has gone, resets the terminal's modes and flags and takes a bounded time.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import termios
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import constants, events, messages
from textual.geometry import Size
from textual.message import Message

from flowtui.ui.terminal.frames import Frame, FrameDriver
from flowtui.ui.terminal.keys import Keyboard
from flowtui.ui.terminal.modes import (
    ANSWER_MARK,
    KEEP_TITLE,
    NO_TITLE,
    QUESTION,
    has_title,
    mode_switches,
    window_title,
)
from flowtui.ui.terminal.output import DirectOutput, Output, ThreadOutput
from flowtui.ui.terminal.painter import Painter
from flowtui.ui.terminal.signals import ENDING, SignalPipe, later
from flowtui.ui.terminal.tty import Tty

if TYPE_CHECKING:
    from textual.app import App

LAST_WORDS = 1.0
"""Seconds that a line which takes nothing may hold up the end."""
GRACE = 1.0
"""Seconds in which a loop must hear a signal, before the process is ended without it."""
FAREWELL = 4.0
"""Seconds from the signal to the end of a process that has heard it."""
ANSWER = 1.0
"""Seconds in which a terminal answers; what comes later would be typed into the shell."""
BACKLOG = 128 * 1024
"""Bytes waiting on a slow line, after which pictures are left out and then drawn anew."""


class TerminalDriver(FrameDriver):
    """Runs a Textual app on a terminal and leaves that terminal as it was."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._fixed_size = size
        self._tty = Tty()
        self._size = size or self._tty.size()
        self._enter, self._leave = mode_switches(
            mouse=mouse, kitty=not constants.DISABLE_KITTY_KEY, env=os.environ
        )
        self._has_title = has_title(os.environ)
        self._title = ""
        """What the window is called now; empty is its own name."""
        self._painter = Painter(self._size, self._loop, self._ask_for_everything, os.environ)
        self._signals = SignalPipe()
        self._output: Output | None = None
        self._active = False
        """The terminal is in our modes."""
        self._stopped = False
        """Stopped by a signal, so that the next SIGCONT starts again."""
        self._stale = False
        """Pictures were left out because the line was too slow for them."""
        self._ending = threading.Event()
        """The loop has heard that the process must end."""
        self._reader: threading.Thread | None = None
        self._reading = False
        self._paused = threading.Event()
        self._answered = threading.Event()
        self._asked_at = 0.0

    # Textual asks for these.

    @property
    def can_suspend(self) -> bool:
        return True

    def write(self, data: str) -> None:
        """Send text; on a line that is far behind it is left out, and all is drawn later."""
        output = self._output
        if output is None:
            return
        if output.waiting > BACKLOG:
            self._stale = True
        else:
            output.write(data.encode("utf-8", "replace"))

    def show(self, frame: Frame) -> None:
        """Draw what a frame changes, now or as soon as the line has room."""
        self._painter.show(frame)

    @property
    def line_is_slow(self) -> bool:
        return self._painter.line_is_slow

    def redraw(self) -> None:
        """Draw everything: nobody knows what the terminal shows."""
        if self._painter.used:
            self._painter.redraw()
        else:
            self._ask_for_everything()

    def name_window(self, title: str) -> None:
        """Name the terminal's window, or give it its own name back; every way out does that too."""
        if self._has_title and title != self._title:
            kept = b"" if self._title else KEEP_TITLE
            self._title = title
            self.write((kept + window_title(title) if title else NO_TITLE).decode())
            self.flush()

    @property
    def _last_words(self) -> bytes:
        return NO_TITLE + self._leave if self._title else self._leave

    def flush(self) -> None:
        """One call to the system for everything written since the last one."""
        if self._output is not None:
            self._output.flush()

    def start_application_mode(self) -> None:
        """Take the terminal over, in one write."""
        self._tty.take()
        self._active = True
        atexit.register(self._abandon)
        self._signals.listen()
        kind = DirectOutput if self._tty.own else ThreadOutput
        self._output = kind(self._tty.fd, self._loop, self._line_is_free)
        self._painter.start(self._output)
        self._send_size()
        self._read_input()
        self._ask_and_enter()

    def disable_input(self) -> None:
        """Hear no more keys; signals are still heard."""
        if self._reading:
            self._painter.finish()
            self._answered.wait(max(0.0, self._asked_at + ANSWER - time.monotonic()))
            self._reading = False
            self._paused.clear()
            self._signals.wake()
            self._paused.wait(1.0)
            self._tty.forget_input()

    def stop_application_mode(self) -> None:
        """Give the terminal back, in one write that a stopped line cannot hold up for long."""
        if not self._active:
            return
        self.disable_input()
        self._painter.stop()
        if self._output is not None:
            self._output.close()
        self._tty.say_last(self._last_words, LAST_WORDS)
        self._tty.give_back()
        self._active = False
        atexit.unregister(self._abandon)

    def suspend_application_mode(self) -> None:
        """Give the terminal to another program for a while."""
        self.stop_application_mode()

    def resume_application_mode(self) -> None:
        """Take the terminal again and draw everything."""
        self.start_application_mode()
        self.redraw()

    def close(self) -> None:
        """Give the signals back and let go of the terminal."""
        self.stop_application_mode()
        self._signals.release()
        reader, self._reader = self._reader, None
        if reader is not None:
            self._signals.wake()
            reader.join(1.0)
            if reader.is_alive():
                return
        self._signals.close()
        self._tty.close()

    def process_message(self, message: Message) -> None:
        """Pass on what a user can cause; a size comes from the device alone."""
        if isinstance(message, events.CursorPosition):
            self._painter.answered()
        elif not isinstance(message, (events.Resize, messages.InBandWindowResize)):
            super().process_message(message)

    # Input and signals: this thread waits without a timeout.

    def _read_input(self) -> None:
        self._reading = True
        if self._reader is None:
            self._reader = threading.Thread(target=self._run, name="terminal-input", daemon=True)
            self._reader.start()
        else:
            self._signals.wake()

    def _run(self) -> None:
        try:
            self._wait_for_input()
        except Exception as error:
            from rich.traceback import Traceback

            trace = Traceback.from_exception(type(error), error, error.__traceback__)
            self._app.call_later(self._app.panic, trace)

    def _wait_for_input(self) -> None:
        keyboard = Keyboard()
        while True:
            watched = [self._signals.fd]
            if self._reading:
                watched.append(self._tty.fd)
            else:
                keyboard = Keyboard()
                self._paused.set()
                if self._reader is None:
                    return
            ready = select.select(watched, [], [], keyboard.wait())[0]
            if self._signals.fd in ready:
                for number in self._signals.read():
                    self._on_signal(number)
            if self._tty.fd in ready and self._reading:
                self._read(keyboard)
            for message in keyboard.tick():
                self.process_message(message)

    def _read(self, keyboard: Keyboard) -> None:
        try:
            data = os.read(self._tty.fd, 4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._reading = False
            self._on_signal(signal.SIGHUP)
            return
        if ANSWER_MARK in data:
            self._answered.set()
        for message in keyboard.feed(data):
            self.process_message(message)

    def _on_signal(self, number: int) -> None:
        if number in ENDING:
            if number != signal.SIGINT or self._active:  # else ^C is meant for another program
                self._end(number)
        elif number == signal.SIGWINCH:
            self._send_size()
        elif number == signal.SIGTSTP:
            if self._active and self._auto_restart:
                self._in_loop(self._stop_job)
            else:  # another program has the terminal, and stops at the same moment
                os.kill(os.getpid(), signal.SIGSTOP)
        elif number == signal.SIGCONT:
            self._in_loop(self._continue_job)

    def _in_loop(self, action: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(action)

    # The end, whether or not the loop still turns.

    def _end(self, number: int) -> None:
        code = 128 + number
        self._signals.ending = True

        def exit_app() -> None:
            self._ending.set()
            self._app.exit(return_code=code)

        def die() -> None:
            self._abandon()
            os._exit(code)

        def deaf() -> None:
            if not self._ending.is_set():
                die()

        self._in_loop(exit_app)
        later(GRACE, deaf)
        later(FAREWELL, die)

    def _abandon(self) -> None:
        """Give the terminal back from wherever we are; nothing here waits for another thread."""
        if self._active:
            self._active = False
            self._tty.forget_output()
            self._tty.say_last(self._last_words, 0.1)
            self._tty.forget_input()
            self._tty.give_back()

    # Job control.

    def _stop_job(self) -> None:
        self.stop_application_mode()
        self._stopped = True
        os.kill(os.getpid(), signal.SIGSTOP)

    def _continue_job(self) -> None:
        try:
            if self._stopped:
                self.resume_application_mode()
                self._stopped = False
                self._app.post_message(self.SignalResume())
            elif self._active:
                # kill -STOP: the shell has had the terminal, and may have changed anything.
                self._tty.take()
                self.write(self._last_words.decode())
                self._ask_and_enter()
                self.redraw()
        except termios.error:  # in the background, and the shell has gone
            self._end(signal.SIGHUP)

    # Drawing.

    def _ask_and_enter(self) -> None:
        if QUESTION in self._enter:
            self._answered.clear()
            self._asked_at = time.monotonic()
        self.write(self._enter.decode())
        if self._title:
            self.write((KEEP_TITLE + window_title(self._title)).decode())
        self.write(self._painter.question(len(self._enter), at_once=True).decode())
        self.flush()

    def _send_size(self) -> None:
        width, height = self._size = self._fixed_size or self._tty.size()
        self._in_loop(lambda: self._painter.resize(width, height))
        size = Size(width, height)
        self.send_message(events.Resize(size, size))

    def _line_is_free(self) -> None:
        if self._stale:
            self._stale = False
            self.redraw()
        else:
            self._painter.go_on()

    def _ask_for_everything(self) -> None:
        """Have Textual draw the whole screen."""

        def repaint() -> None:
            if self._active and self._app.screen_stack:
                self._app.screen.refresh()

        self._app.call_later(repaint)
