"""What a program costs, seen from outside: a terminal, a stopwatch and /proc."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.pty.terminal import Terminal

KEYS = 24
ROWS = 40
"""Of the terminal; as many keys bring a cursor to the last line of any list, where it scrolls."""
IDLE = 3.0
"""Seconds that nothing happens for."""
QUIET = 0.06
"""Seconds of silence after which the answer to a key is complete."""


@dataclass(frozen=True)
class Cost:
    """One visit to a program."""

    first: float
    """Seconds until something is to be seen."""
    ready: float
    """Seconds until what it is about is to be seen."""
    key: float
    """Seconds from a key to the last byte of its answer; the middle one of many."""
    key_bytes: float
    scrolled: float
    """As `key`, where each one scrolls by a line."""
    scrolled_bytes: float
    memory: int
    """kB that were held at most."""
    held: int
    """kB that are held while it is used."""
    exit: float
    idle_bytes: int
    idle_wakeups: int


def visit(
    program: Sequence[str],
    ready: str,
    *,
    prepare: Callable[[Terminal], None] = lambda terminal: None,
    way_out: str = "q",
    env: Mapping[str, str] | None = None,
    keys: int = KEYS,
    further: int = ROWS,
) -> Cost:
    """Start a program, use it, leave it alone for a while, and end it.

    So many keys further than those that are measured, each one scrolls.
    """
    started = time.perf_counter()
    with Terminal(program, columns=120, rows=ROWS, env=env) as terminal:
        terminal.until(lambda: terminal.text.strip(), "something")
        first = time.perf_counter() - started
        terminal.wait_for(ready, limit=240)
        shown = time.perf_counter() - started
        terminal.settle(quiet=0.3)
        prepare(terminal)
        key = _middle([_key(terminal, "j") for _ in range(keys)])
        terminal.send("j" * further)
        terminal.settle(quiet=0.3)
        scrolled = _middle([_key(terminal, "j") for _ in range(keys)])
        terminal.settle(quiet=0.3)
        received, wakeups = terminal.received, terminal.wakeups()
        end = time.monotonic() + IDLE
        while time.monotonic() < end:
            terminal.pump(0.2)
        idle = terminal.received - received, terminal.wakeups() - wakeups
        memory, held = _kilobytes(terminal.pid, "VmHWM"), _kilobytes(terminal.pid, "VmRSS")
        left = time.perf_counter()
        terminal.send(way_out)
        terminal.wait_for_end()
        exit = time.perf_counter() - left
    return Cost(first, shown, *key, *scrolled, memory, held, exit, *idle)


def _middle(keys: Sequence[tuple[float, int]]) -> tuple[float, float]:
    """Seconds and bytes of the middle ones of those that were answered."""
    answered = [one for one in keys if one[1]]
    return tuple(statistics.median(one) for one in zip(*answered, strict=True))


def _key(terminal: Terminal, key: str) -> tuple[float, int]:
    """Seconds until its answer was complete, and the bytes of that."""
    before = terminal.received
    sent = last = time.perf_counter()
    terminal.send(key)
    while time.perf_counter() - last < QUIET:
        count = terminal.received
        terminal.pump(QUIET / 4)
        if terminal.received != count:
            last = time.perf_counter()
    return last - sent, terminal.received - before


def _kilobytes(pid: int, name: str) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(rf"^{name}:\s*(\d+)", status, re.M)
    assert found is not None
    return int(found[1])
