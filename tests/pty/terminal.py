"""A terminal for tests: runs a program as a shell would and knows what it did to the screen.

It is read only while somebody waits for something, so a line that takes nothing is simply one
that is not waited on.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte

JOB = Path(__file__).with_name("job.py")
PATIENCE = 60.0
"""Seconds after which something that is waited for is not going to happen."""

_PRIVATE = re.compile(rb"\x1b\[([?<>=])([0-9;]*)(\$?)([a-zA-Z])|\x1b\[6n")
_WHERE = b"\x1b[6n"
_UNFINISHED = re.compile(rb"\x1b(\[[?<>=]?[0-9;]*\$?)?$")
_AT_FIRST = frozenset({7, 25})
"""Modes that are on in a new terminal: wrapping and the cursor."""


class Terminal:
    """A pseudo-terminal with a program in it, the screen it draws and the modes it leaves on."""

    def __init__(
        self,
        program: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        answers: bool = True,
        ignore_hangup: bool = False,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.answers = answers
        self.received = 0
        self.raw = bytearray()
        self.modes = set(_AT_FIRST)
        self.keyboard_flags = 0
        """How many sets of kitty's keyboard flags are pushed."""
        self.main = pyte.HistoryScreen(columns, rows, history=5000, ratio=0.001)
        self.screen: pyte.Screen = self.main
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""
        self.pid = 0
        self.exit_code: int | None = None
        self.stop_signal: int | None = None
        self._master, slave = os.openpty()
        self._name = os.ttyname(slave)
        os.set_blocking(self._master, False)
        self._set_size()
        self.flags_at_first = termios.tcgetattr(self._master)
        self._reports, reports = os.pipe()
        commands, self._commands = os.pipe()
        self._report_rest = b""
        options = ["--ignore-hangup"] if ignore_hangup else []
        self._shell = subprocess.Popen(
            [sys.executable, "-IS", JOB, str(reports), str(commands), *options, "--", *program],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            pass_fds=(reports, commands),
            start_new_session=True,
            env=_environment(env),
        )
        for fd in (slave, reports, commands):
            os.close(fd)
        self.until(lambda: self.pid != 0, "the program to start")

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._commands)  # kills the job, if there still is one
        try:
            self._shell.wait(PATIENCE)
        finally:
            self.hang_up()
            os.close(self._reports)

    # What the user does.

    def send(self, data: bytes | str) -> None:
        """Type."""
        data = data.encode() if isinstance(data, str) else data
        until = time.monotonic() + PATIENCE
        while data:
            try:
                data = data[os.write(self._master, data) :]
            except BlockingIOError:
                assert time.monotonic() < until, "the program reads nothing"
                self.pump(0.02)

    def resize(self, columns: int, rows: int) -> None:
        """Drag the corner of the window."""
        self.columns, self.rows = columns, rows
        self.main.resize(rows, columns)
        self.screen.resize(rows, columns)
        self._set_size()

    def signal(self, number: int) -> None:
        """kill -NUMBER, from another window."""
        os.kill(self.pid, number)

    def foreground(self) -> None:
        """fg"""
        os.write(self._commands, b"fg\n")

    def background(self) -> None:
        """bg"""
        os.write(self._commands, b"bg\n")

    def hang_up(self) -> None:
        """Close the window."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    # What the user waits for.

    def until(self, happened: Callable[[], object], what: str, limit: float = PATIENCE) -> None:
        """Read until it has happened."""
        end = time.monotonic() + limit
        while not happened():
            left = end - time.monotonic()
            assert left > 0, f"waited in vain for {what}; the screen:\n{self.text}"
            self.pump(min(left, 0.1))

    def wait_for(self, text: str, limit: float = PATIENCE) -> None:
        """Read until the screen shows this."""
        self.until(lambda: text in self.text, repr(text), limit)

    def wait_for_end(self, limit: float = PATIENCE) -> int:
        """Read until the program has ended; its exit code."""
        self.until(lambda: self.exit_code is not None, "the end", limit)
        self.pump(0.0)
        assert self.exit_code is not None
        return self.exit_code

    def end_unread(self, limit: float = PATIENCE) -> int:
        """Wait for the end while the line takes nothing; its exit code."""
        end = time.monotonic() + limit
        while self.exit_code is None:
            assert time.monotonic() < end, "the program does not end on a stopped line"
            self._listen(select.select([self._reports], [], [], 0.1)[0])
        return self.exit_code

    def wait_for_stop(self) -> int:
        """Read until the job is stopped; the signal that did it."""
        self.until(lambda: self.stop_signal is not None, "the job to stop")
        self.pump(0.0)
        assert self.stop_signal is not None
        return self.stop_signal

    def settle(self, quiet: float = 0.4, limit: float = PATIENCE) -> None:
        """Read until nothing has come for a while."""
        end = time.monotonic() + limit
        while True:
            before = self.received
            self.pump(quiet)
            if self.received == before:
                return
            assert time.monotonic() < end, "the program never rests"

    def pump(self, seconds: float) -> None:
        """Read for so long, or until something has come."""
        watched = [self._reports] + ([self._master] if self._master >= 0 else [])
        ready = select.select(watched, [], [], seconds)[0]
        self._listen(ready)
        if self._master in ready:
            self._read()
        elif seconds and self._reports not in ready:
            return
        elif self.exit_code is not None and self._master >= 0:
            self._read()

    # What can be seen.

    @property
    def text(self) -> str:
        """The screen, a line a row, without trailing blanks."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    @property
    def scrollback(self) -> str:
        """Everything that was ever shown on the main screen, as the user can scroll to it."""
        gone = [
            "".join(line[column].data for column in range(self.columns)).rstrip()
            for line in self.main.history.top
        ]
        return "\n".join([*gone, *(line.rstrip() for line in self.main.display)]).rstrip()

    @property
    def left_on(self) -> set[str]:
        """Whatever the program has changed in the terminal and not put back."""
        left = {f"?{mode}" for mode in self.modes ^ _AT_FIRST}
        if self.keyboard_flags:
            left.add("keyboard flags")
        if self.screen is not self.main:
            left.add("alternate screen")
        if self._master >= 0 and termios.tcgetattr(self._master) != self.flags_at_first:
            left.add("tty flags")
        attributes = self.screen.cursor.attrs
        if (attributes.fg, attributes.bg, attributes.reverse) != ("default", "default", False):
            left.add("colours")
        return left

    @property
    def typed_ahead(self) -> int:
        """Bytes that nobody has read, and that the shell will take for commands."""
        slave = os.open(self._name, os.O_RDWR | os.O_NOCTTY)
        try:
            flags = termios.tcgetattr(slave)
            raw = [*flags[:3], flags[3] & ~termios.ICANON, *flags[4:]]
            termios.tcsetattr(slave, termios.TCSANOW, raw)  # else only whole lines would count
            count = fcntl.ioctl(slave, termios.FIONREAD, struct.pack("i", 0))
            termios.tcsetattr(slave, termios.TCSANOW, flags)
            return int(struct.unpack("i", count)[0])
        finally:
            os.close(slave)

    def wakeups(self) -> int:
        """How often any thread of the program has gone to sleep, which is as often as it woke."""
        total = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            status = (task / "status").read_text()
            total += int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status, re.M)[1])  # type: ignore[index]
        return total

    # How it works.

    def _set_size(self) -> None:
        size = struct.pack("HHHH", self.rows, self.columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def _listen(self, ready: Sequence[int]) -> None:
        if self._reports not in ready:
            return
        *lines, self._report_rest = (self._report_rest + os.read(self._reports, 4096)).split(b"\n")
        for line in lines:
            what, number = json.loads(line)
            if what == "started":
                self.pid = number
            elif what == "stopped":
                self.stop_signal = number
            elif what == "continued":
                self.stop_signal = None
            else:
                self.exit_code = number

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # nothing there, or nobody at the other end
                return
            if not data:
                return
            self.received += len(data)
            self.raw += data
            self._show(data)

    def _show(self, data: bytes) -> None:
        data = self._rest + data
        unfinished = _UNFINISHED.search(data)
        end = unfinished.start() if unfinished else len(data)
        data, self._rest = data[:end], data[end:]
        shown = 0
        for match in _PRIVATE.finditer(data):
            self._stream.feed(data[shown : match.start()])
            shown = match.end()
            if match.group() == _WHERE:
                self._say_where()
            else:
                self._private(match)
        self._stream.feed(data[shown:])

    def _say_where(self) -> None:
        """Answer where the cursor is, which tells that everything before has been drawn."""
        if self.answers:
            cursor = self.screen.cursor
            self.send(b"\x1b[%d;%dR" % (cursor.y + 1, min(cursor.x, self.columns - 1) + 1))

    def _private(self, sequence: re.Match[bytes]) -> None:
        kind, numbers, dollar, final = sequence.groups()
        if kind == b"?" and dollar and final == b"p":
            if self.answers:
                self.send(b"\x1b[?" + numbers + b";2$y")
        elif kind == b"?" and final in b"hl":
            for number in map(int, numbers.split(b";")):
                self._mode(number, final == b"h")
            if numbers in (b"25", b"7"):
                self._stream.feed(sequence.group())
        elif kind == b">" and final == b"u":
            self.keyboard_flags += 1
        elif kind == b"<" and final == b"u":
            self.keyboard_flags = max(0, self.keyboard_flags - int(numbers or b"1"))

    def _mode(self, number: int, on: bool) -> None:
        (self.modes.add if on else self.modes.discard)(number)
        if number == 1049 and on is (self.screen is self.main):
            self.screen = pyte.Screen(self.columns, self.rows) if on else self.main
            self._stream = pyte.ByteStream(self.screen)


def _environment(more: Mapping[str, str] | None) -> dict[str, str]:
    env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    env["FLOWTUI_STATE"] = "-"
    for name in ("COLUMNS", "LINES", "NO_COLOR", "TERM_PROGRAM", "SSH_CONNECTION"):
        env.pop(name, None)
    return {**env, **(more or {})}
