"""Shows frames on a line that may be slow: the newest state, never a queue of old ones."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial

from textual._compositor import LayoutUpdate

from flowtui.ui.terminal.frames import Frame, Styles, lay
from flowtui.ui.terminal.output import Output
from flowtui.ui.terminal.shadow import Shadow
from flowtui.ui.terminal.window import MUTE, QUESTION, Window

TOGETHER = (b"\x1b[?2026h", b"\x1b[?2026l")
"""Around what the terminal shall show at once."""
_WORTHWHILE = 1000
"""Bytes that arrive at once anyway, as they fit into one packet: there is nothing to tear."""
_RELAYOUT = 0.3
"""Seconds in which a program has a picture in the terminal's new size."""
_LAST_ANSWERS = 1.0
_ERASING = (
    *("xterm", "tmux", "linux", "rxvt", "alacritty", "kitty", "foot", "wezterm", "st", "vte"),
    *("gnome", "konsole", "iterm", "ghostty", "contour"),
)


def erases_in_colour(env: Mapping[str, str]) -> bool:
    """What is erased takes the background of the moment, in this kind of terminal."""
    return env.get("TERM", "").partition("-")[0] in _ERASING


class Painter:
    """Lays frames into a shadow, and sends what differs as soon as the line has room.

    `repaint` asks the program for a whole picture. Everything but `answered` belongs to the loop.
    """

    def __init__(
        self,
        size: tuple[int, int],
        loop: asyncio.AbstractEventLoop,
        repaint: Callable[[], None],
        env: Mapping[str, str],
    ) -> None:
        self._shadow = Shadow(*size, erases_in_colour=erases_in_colour(env))
        self._styles = Styles(self._shadow.looks)
        self._loop = loop
        self._repaint = repaint
        self._output: Output | None = None
        self.used = False
        """Frames come this way."""
        self._cursor = (0, 0)
        self._together = False
        self._waits_for_size = False
        self._lock = threading.Lock()  # around the window, and what is said of it
        self._window = Window()
        self._pending = False
        self._asks = False
        self._asked_at = 0.0
        self._settled = threading.Event()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def line_is_slow(self) -> bool:
        """What changes by itself had better change less often."""
        with self._lock:
            return self._window.is_slow

    # The terminal comes and goes.

    def start(self, output: Output) -> None:
        """The terminal is ours."""
        self._output = output
        with self._lock:
            self._window.forget()
            self._settled.set()
            self._asks = True
        self._shadow.invalidate()

    def finish(self) -> None:
        """Ask no more, and wait a moment for the answers that are due."""
        with self._lock:
            self._asks = False
            trip = self._window.round_trip
            patience = _LAST_ANSWERS if trip is None else min(_LAST_ANSWERS, 2 * trip + 0.05)
            mute = self._window.mute
        if not mute:
            self._settled.wait(max(0.0, self._asked_at + patience - time.monotonic()))

    def stop(self) -> None:
        """The terminal is somebody else's."""
        self._output = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def resize(self, width: int, height: int) -> None:
        """The terminal has another size, or shows nobody knows what in the old one."""
        if (width, height) != (self._shadow.width, self._shadow.height):
            self._shadow.resize(width, height)
            if self.used and not self._waits_for_size:
                self._waits_for_size = True
                self._loop.call_later(_RELAYOUT, self._wait_no_longer)
        else:
            self.redraw()

    def _wait_no_longer(self) -> None:
        if self._waits_for_size:
            self._waits_for_size = False
            self._repaint()

    # Drawing.

    def show(self, frame: Frame) -> None:
        """Take a frame, and draw it if the line has room."""
        self.used = True
        shadow, update = self._shadow, frame.update
        lay(update, shadow, partial(self._styles.number, colours=frame.colours), frame.moved)
        self._cursor, self._together = frame.cursor, frame.together
        if (
            self._waits_for_size
            and isinstance(update, LayoutUpdate)
            and update.region.size == (shadow.width, shadow.height)
        ):
            self._waits_for_size = False
            shadow.invalidate()
        self.draw()

    def redraw(self) -> None:
        """Draw everything again."""
        self._shadow.invalidate()
        self.draw()

    def draw(self) -> None:
        """Send what differs, or remember to do so when the line has room."""
        output = self._output
        if output is None or not self.used or self._waits_for_size:
            return
        output.flush()
        if output.waiting or not self._has_room(output):
            self._pending = True
            return
        self._pending = False
        data = self._shadow.frame(*self._cursor).encode("utf-8", "replace")
        if data:
            if self._together and len(data) > _WORTHWHILE:
                data = TOGETHER[0] + data + TOGETHER[1]
            output.write(data + self.question(len(data)))
            output.flush()

    def question(self, size: int, *, at_once: bool = False) -> bytes:
        """What to send behind so many bytes; a question if it is time for one."""
        now = time.monotonic()
        with self._lock:
            self._window.sent(size, now)
            if not self._asks or not (at_once or self._window.is_due(now)):
                return b""
            self._window.ask(now)
            self._asked_at = now
            self._settled.clear()
            return QUESTION

    def _has_room(self, output: Output) -> bool:
        now = time.monotonic()
        with self._lock:
            if not self._asks or self._window.has_room(now):
                return True
            self._pending = True
            gives_up_at = self._window.gives_up_at
        if gives_up_at is None:  # the window has shrunk since the last question
            output.write(self.question(0))
            output.flush()
            gives_up_at = now + MUTE
        if self._timer is None:
            self._timer = self._loop.call_later(gives_up_at - now, self._look_again)
        return False

    def _look_again(self) -> None:
        self._timer = None
        self.go_on()

    def go_on(self) -> None:
        """Draw what had to wait."""
        if self._pending:
            self.draw()

    def answered(self) -> None:
        """The terminal has answered; called in any thread."""
        with self._lock:
            self._window.answer(time.monotonic())
            if not self._window.open:
                self._settled.set()
            wanted = self._pending
        if wanted:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self.go_on)
