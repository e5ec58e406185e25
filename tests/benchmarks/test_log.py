"""What a log of a million lines costs beside one of ten thousand, as ratios measured by turns.

FLOWTUI_BENCH_RUNS=1000000 pytest tests/benchmarks/test_log.py -s
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from flowtui.models.text import thin_groups
from tests.benchmarks.bigworld import CHATTY_ID, Size, build
from tests.benchmarks.test_dashboard import HELLO, IS_LARGE, SMALL
from tests.benchmarks.watched import Cost, visit
from tests.pty.server import FLOWTUI, Server
from tests.pty.terminal import Terminal

LINES = 1_000_000
ROUNDS = 3
READING = 600.0
"""Seconds in which all lines must have been read."""


@dataclass
class Reader:
    """Somebody who opens a log, waits until all of it is there, searches it and goes through it."""

    server: Server
    lines: int
    newest: str
    took: float = 0.0
    """Seconds until all of it had been read."""

    def visit(self, home: Path) -> Cost:
        """What that costs; the newest line is what it is about."""
        command = (FLOWTUI, "--api", self.server.url, "--no-mouse", "--open", CHATTY_ID)
        env = {"XDG_STATE_HOME": str(home)}
        return visit(command, self.newest, prepare=self._through, way_out="\x11", env=env)

    def _through(self, terminal: Terminal) -> None:
        started = time.perf_counter()
        terminal.send("f")
        terminal.wait_for(f"{thin_groups(self.lines)} lines, ", limit=READING)
        self.took = time.perf_counter() - started
        terminal.send("g/")
        terminal.send("line 0000777")
        terminal.wait_for("hit 1 of 1 ", limit=60)
        terminal.send("\r")
        terminal.send("\x1b")
        terminal.wait_for("stopped")
        self._write_one()
        terminal.wait_for("+1 new")
        terminal.send("G")
        terminal.wait_for(self.newest)
        terminal.send("g")
        terminal.wait_for("line 0000000")

    def _write_one(self) -> None:
        self.lines += 1
        self.newest = f"written as line {self.lines}"
        now = datetime.now(timezone.utc).isoformat()
        line = {"flow_run_id": CHATTY_ID, "timestamp": now, "message": self.newest}
        self.server.do("write_run_logs", "success", logs=[{**line, "level": "INFO"}])


if IS_LARGE:

    def test_a_million_lines_are_read_as_ten_thousand_are(tmp_path: Path) -> None:
        readers, found = list[Reader](), list[tuple[Cost, Cost, Cost]]()
        try:
            for lines in (SMALL, LINES):
                folder = tmp_path / str(lines)
                folder.mkdir()
                build(folder / "server.db", Size(lines=lines))
                readers.append(Reader(Server(folder), lines, f"line {lines - 1:07}"))
                readers[-1].server.start()
            for _ in range(ROUNDS):
                small, large = (reader.visit(tmp_path) for reader in readers)
                found.append((visit(HELLO, "Hello"), small, large))
        finally:
            for reader in readers:
                reader.server.__exit__(None, None, None)
        print(f"\nread whole in {readers[1].took:.0f} s", end="")
        keys = ("key", "key_bytes", "scrolled", "scrolled_bytes")
        for name in ("ready", *keys, "memory", "held", "exit"):
            several = [tuple(getattr(cost, name) for cost in costs) for costs in found]
            to_hello = [statistics.median(of[which] / of[0] for of in several) for which in (1, 2)]
            to_small = statistics.median(of[2] / of[1] for of in several)
            said = " and ".join(f"{ratio:.2f}" for ratio in to_hello)
            print(f"\n{name}: {said} times the yardstick's, {to_small:.2f} each other", end="")
            assert to_small < {"ready": 2, "exit": 3}.get(name, 1.3)
