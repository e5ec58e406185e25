"""The programs that must get along with terminals, and what to expect of each."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

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


BOARD = Program(
    "board",
    (sys.executable, str(APPS / "board.py")),
    ready="the board is ready",
    key="n",
    answer="count 1",
)
BOARD_ON_SHARED_DESCRIPTOR = Program(
    "board-on-shared-descriptor",
    (*BOARD.command, "--shared-descriptor"),
    BOARD.ready,
    BOARD.key,
    BOARD.answer,
)
FULL_SCREEN = (BOARD, BOARD_ON_SHARED_DESCRIPTOR)
"""Every program here stands for all that full-screen programs promise."""
