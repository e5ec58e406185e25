"""The programs that must get along with terminals, and what to expect of each."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from tests.pty.server import FLOWTUI, Server

APPS = Path(__file__).with_name("apps")


@dataclass(frozen=True)
class Program:
    """A command, what it shows when it is ready, and a key that it answers."""

    name: str
    command: tuple[str, ...]
    ready: str
    key: str
    answer: str
    end: str = "q"
    way_out: str = "n"
    """A key that is answered whatever is on the screen, if only by leaving it."""
    deliberate: bytes = b""
    """Bytes that end it, stop it or hold it up because that is what they are for."""
    polls: bool = False
    """It asks a backend now and then, and shows the time."""


BOARD = Program(
    "board",
    (sys.executable, str(APPS / "board.py")),
    ready="the board is ready",
    key="n",
    answer="count 1",
    deliberate=b"qsfhvez",
)
BOARD_ON_SHARED_DESCRIPTOR = replace(
    BOARD,
    name="board-on-shared-descriptor",
    command=(*BOARD.command, "--shared-descriptor"),
)


def dashboard(server: Server) -> Program:
    """The dashboard over a server, with one flow to show."""
    server.new_run("rosy-otter", "extract").set("Success")
    return Program(
        "dashboard",
        (FLOWTUI, "--api", server.url, "--no-mouse"),
        ready="100.0 %",
        key="2",
        answer="orders-etl",
        end="\x11",
        way_out="\x1b",
        deliberate=b"q\x1b",
        polls=True,
    )


FULL_SCREEN = (BOARD, dashboard)
"""Every program here stands for all that full-screen programs promise."""
