"""The terminal as a device: its descriptor, its flags, its size, and how to give it back.

The descriptor is opened anew by name, so that making it non-blocking does not change the
one that is shared with the shell.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import sys
import termios
import threading
import time
from typing import Any

_IFLAG, _OFLAG, _LFLAG, _CC = 0, 1, 3, 6  # positions in what tcgetattr gives


class Tty:
    """One terminal, and the flags it had when we came."""

    def __init__(self) -> None:
        self.fd, self.own = _open()
        """`own` tells that the descriptor is ours alone, and does not block."""
        self.flags: list[Any] = termios.tcgetattr(self.fd)

    def size(self) -> tuple[int, int]:
        """Columns and rows; 80 by 24 where the device does not know."""
        try:
            columns, rows = os.get_terminal_size(self.fd)
        except OSError:
            return 80, 24
        return columns or 80, rows or 24

    def take(self) -> None:
        """Bytes as they are typed: no echo, no lines, no signals by key, no ^S and ^Q.

        And bytes as they are written: a line feed is sent as it is, and moves the cursor down.

        From the background this stops the process, which is what a shell expects. That is why
        it comes before the first byte is written.
        """
        flags = termios.tcgetattr(self.fd)
        flags[_CC] = list(flags[_CC])
        flags[_LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        flags[_IFLAG] &= ~(
            termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
        )
        flags[_OFLAG] &= ~termios.OPOST
        flags[_CC][termios.VMIN] = 1
        flags[_CC][termios.VTIME] = 0
        self._set(flags)

    def take_keys(self) -> None:
        """Keys one by one and unseen; ^C, ^Z, ^S and the rest keep their meaning."""
        flags = termios.tcgetattr(self.fd)
        flags[_LFLAG] &= ~(termios.ECHO | termios.ICANON)
        self._set(flags)

    def give_back(self) -> None:
        """The flags as they were; a terminal that has gone has none to give back."""
        with contextlib.suppress(termios.error, OSError):
            self._set(self.flags)

    def _set(self, flags: list[Any]) -> None:
        while True:
            try:
                return termios.tcsetattr(self.fd, termios.TCSANOW, flags)
            except termios.error as error:  # unlike os.write, it does not try again by itself
                if error.args[0] != errno.EINTR:
                    raise

    def forget_input(self) -> None:
        """Drop what was typed, or answered by the terminal, and not read yet."""
        with contextlib.suppress(termios.error, OSError):
            termios.tcflush(self.fd, termios.TCIFLUSH)

    def forget_output(self) -> None:
        """Drop what the device has taken and the line has not."""
        with contextlib.suppress(termios.error, OSError):
            termios.tcflush(self.fd, termios.TCOFLUSH)

    def say_last(self, data: bytes, seconds: float) -> None:
        """Write on a line that may have stopped, and never wait longer than this.

        When the time is up, what is under way is thrown out in favour of `data`: a line that
        comes back must find the terminal's modes reset, not an old picture.
        """
        if not self.own:
            self._say_aside(data, seconds)
        elif not self._say(data, seconds):
            self.forget_output()
            self._say(data, 0.1)

    def _say(self, data: bytes, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while data:
            left = until - time.monotonic()
            if left <= 0:
                return False
            try:
                if select.select([], [self.fd], [], left)[1]:
                    data = data[os.write(self.fd, data) :]
            except BlockingIOError:
                time.sleep(min(0.01, left))  # the device says "ready" and then takes nothing
            except OSError:
                return False
        return True

    def _say_aside(self, data: bytes, seconds: float) -> None:
        """In a thread that may be left behind: a descriptor that blocks may do so for ever."""

        def say() -> None:
            with contextlib.suppress(OSError):
                os.write(self.fd, data)

        with contextlib.suppress(RuntimeError):  # too late in the interpreter's life
            aside = threading.Thread(target=say, name="terminal-last", daemon=True)
            aside.start()
            aside.join(seconds)

    def close(self) -> None:
        """Let go of the descriptor, if it is ours."""
        if self.own:
            with contextlib.suppress(OSError):
                os.close(self.fd)


def _open() -> tuple[int, bool]:
    """The terminal behind the standard streams, as a descriptor of our own if possible."""
    for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            fd = stream.fileno()  # type: ignore[union-attr]
            if os.isatty(fd):
                break
    else:
        raise OSError(errno.ENOTTY, "There is no terminal on the standard streams")
    try:
        return os.open(os.ttyname(fd), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK), True
    except OSError:  # the terminal belongs to somebody else: su, some containers
        return fd, False
