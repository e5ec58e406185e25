"""Programs that run beside the tests, bounded in time and ended by their own process group."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds after which something that has not happened counts as never."""


@dataclass(frozen=True)
class Finished:
    """A program that has ended, and everything it printed."""

    code: int
    output: str

    @property
    def last_line(self) -> str:
        """What a script answers with."""
        return self.output.strip().rpartition("\n")[2]


class Program:
    """One process with a group of its own, so that what it starts ends with it."""

    def __init__(
        self, command: Sequence[str], variables: Mapping[str, str], folder: Path, printed: Path
    ) -> None:
        self.command = command
        self.printed = printed
        with printed.open("wb") as file:
            self.process = subprocess.Popen(
                command,
                env=dict(variables),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        """Everything it and its children printed so far."""
        return self.printed.read_text(errors="replace")

    def finished(self, within: float = PATIENCE) -> Finished:
        """Wait for its end; one that takes longer is ended and is a failure."""
        try:
            code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.stop()
            raise AssertionError(f"{self} still ran after {within:.0f} s:\n{self.output}") from None
        return Finished(code, self.output)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.killpg(self.process.pid, signal.SIGINT)

    def kill(self) -> None:
        """End it at once, without a word of farewell."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        """End it and all it started: asked first, then made to."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sign)
            except ProcessLookupError:
                break
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                continue
        self.process.wait(10)

    def __str__(self) -> str:
        return f"`{' '.join(self.command)}`"


def eventually(question: Callable[[], T | None], expectation: str, within: float = PATIENCE) -> T:
    """The first answer that is neither None nor empty, asked for again until there is one."""
    deadline = time.monotonic() + within
    while not (answer := question()):
        assert time.monotonic() < deadline, f"{within:.0f} s have passed without {expectation}"
        time.sleep(0.1)
    return answer
