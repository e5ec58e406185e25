"""What goes to the terminal: gathered, written without waiting, and without a thread.

A line that has stopped (^S, a dead connection) must never stop the program, least of all
when it is asked to end.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol


class Output(Protocol):
    """Bytes on their way to a terminal."""

    @property
    def waiting(self) -> int:
        """Bytes that the line has not taken yet."""
        ...

    def write(self, data: bytes) -> None:
        """Add to what is on its way."""
        ...

    def flush(self) -> None:
        """Send what the line takes now; the rest follows by itself."""
        ...

    def close(self) -> None:
        """Send nothing more and forget the rest."""
        ...


class DirectOutput:
    """Writes to a descriptor that does not block; the event loop sends the rest."""

    def __init__(self, fd: int, loop: asyncio.AbstractEventLoop, emptied: Callable[[], None]):
        self._fd = fd
        self._loop = loop
        self._emptied = emptied
        self._lock = threading.Lock()
        self._pending = bytearray()
        self._scheduled = False
        self._stuck = False
        self._closed = False

    @property
    def waiting(self) -> int:
        """Bytes that the line has not taken yet."""
        return len(self._pending)

    def write(self, data: bytes) -> None:
        """Gather; what is written in one turn of the loop leaves in one call to the system."""
        with self._lock:
            if self._closed:
                return
            self._pending += data
            if self._scheduled or self._stuck:
                return
            self._scheduled = True
        self._loop.call_soon_threadsafe(self.flush)

    def flush(self) -> None:
        """Send what the line takes now; the loop comes back when it takes more."""
        with self._lock:
            self._scheduled = False
            if self._closed or self._stuck:
                return
            self._send()
            if self._pending and not self._closed:
                self._stuck = True
                self._loop.call_soon_threadsafe(self._watch)

    def _watch(self) -> None:
        with self._lock:
            if self._stuck and not self._closed:
                self._loop.add_writer(self._fd, self._again)

    def _again(self) -> None:
        with self._lock:
            self._send()
            if self._pending:
                return
            self._stuck = False
            self._loop.remove_writer(self._fd)
        self._emptied()

    def _send(self) -> None:
        try:
            while self._pending:
                del self._pending[: os.write(self._fd, self._pending)]
        except BlockingIOError:
            pass
        except OSError:  # the terminal has gone; whoever reads from it will notice
            self._pending.clear()

    def close(self) -> None:
        """Send nothing more and forget the rest."""
        with self._lock:
            self._closed = True
            self._pending.clear()
            if self._stuck:
                self._stuck = False
                self._loop.remove_writer(self._fd)


class ThreadOutput:
    """Writes to a descriptor that blocks, in a thread of its own that may be left behind."""

    def __init__(self, fd: int, loop: asyncio.AbstractEventLoop, emptied: Callable[[], None]):
        self._fd = fd
        self._loop = loop
        self._emptied = emptied
        self._change = threading.Condition()
        self._pending: deque[bytes] = deque()
        self._waiting = 0
        self._closed = False
        threading.Thread(target=self._run, name="terminal-output", daemon=True).start()

    @property
    def waiting(self) -> int:
        """Bytes that the line has not taken yet."""
        return self._waiting

    def write(self, data: bytes) -> None:
        """Hand over to the thread."""
        with self._change:
            if not self._closed:
                self._pending.append(data)
                self._waiting += len(data)
                self._change.notify()

    def flush(self) -> None:
        """Nothing to do: the thread sends as soon as it can."""

    def close(self) -> None:
        """Send nothing more; give the write under way a moment to end."""
        with self._change:
            self._closed = True
            self._pending.clear()
            self._change.notify()

    def _run(self) -> None:
        while True:
            with self._change:
                while not self._pending and not self._closed:
                    self._change.wait()
                if self._closed:
                    return
                data = b"".join(self._pending)
                self._pending.clear()
            try:
                while data:
                    data = data[os.write(self._fd, data) :]
            except OSError:
                return
            with self._change:
                self._waiting = sum(map(len, self._pending))
                emptied = not self._waiting and not self._closed
            if emptied:
                try:
                    self._loop.call_soon_threadsafe(self._emptied)
                except RuntimeError:  # the loop has ended
                    return
