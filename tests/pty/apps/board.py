"""A small Textual app on our driver, for trying what terminals, shells and lines do to it.

`board.py [--shared-descriptor] [--fails-to-start] [--mouse]`; keys: n counts, f floods, s gets
stuck, z stops the job, h hangs while ending, v runs another program, t names the window, e fails,
q ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from argparse import ArgumentParser

from textual.app import ComposeResult
from textual.driver import Driver
from textual.widgets import Static

from flowtui.ui.terminal import TerminalDriver
from flowtui.ui.terminal.app import ShadowedApp


class Board(ShadowedApp[None]):
    """Counts keys and does what the tests need."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        ("n", "count", "Count"),
        ("f", "flood", "Flood"),
        ("s", "stick", "Get stuck"),
        ("z", "suspend_process", "Stop the job"),
        ("h", "hang", "Hang while ending"),
        ("v", "other", "Run another program"),
        ("t", "name", "Name the window"),
        ("e", "fail", "Fail"),
        ("q", "quit", "End"),
    ]

    count = 0
    hanging = False

    def compose(self) -> ComposeResult:
        yield Static("the board is ready", id="title")
        yield Static("count 0", id="count")
        yield Static("", id="flood")

    def action_count(self) -> None:
        self.count += 1
        self.query_one("#count", Static).update(f"count {self.count}")

    def action_flood(self) -> None:
        self.set_interval(0.01, self.pour)

    def pour(self) -> None:
        line = f"{time.monotonic_ns()} " * 200
        self.query_one("#flood", Static).update(line)

    def action_stick(self) -> None:
        while True:
            time.sleep(3600)

    def action_hang(self) -> None:
        self.hanging = True
        self.query_one("#title", Static).update("will hang")

    async def on_unmount(self) -> None:
        if self.hanging:
            time.sleep(3600)  # noqa: ASYNC251

    def action_other(self) -> None:
        with self.suspend():
            code = "input('another program has the terminal')"
            subprocess.run([sys.executable, "-c", code], check=True)

    def action_name(self) -> None:
        self.name_window("the\x07 board\x1b")

    def action_fail(self) -> None:
        raise RuntimeError("the board fails")


class FailsToStart(TerminalDriver):
    """Goes wrong after the terminal has been taken over."""

    def _read_input(self) -> None:
        raise RuntimeError("no start")


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--shared-descriptor", action="store_true")
    parser.add_argument("--fails-to-start", action="store_true")
    parser.add_argument("--mouse", action="store_true")
    options = parser.parse_args()
    if options.shared_descriptor:

        def nameless(fd: int) -> str:
            raise OSError("no name")

        os.ttyname = nameless
    driver: type[Driver] = FailsToStart if options.fails_to_start else TerminalDriver
    board = Board(driver_class=driver)
    board.run(mouse=options.mouse)
    sys.exit(board.return_code)


main()
