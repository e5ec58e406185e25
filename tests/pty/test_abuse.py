"""The dashboard under abuse: random keys, sizes that change all the time, stopped and brought back.

FLOWTUI_ABUSE_SECONDS=300 goes on for that long; FLOWTUI_SEED=N abuses it in the same way again.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty.server import FLOWTUI, Server
from tests.pty.terminal import Terminal

SECONDS = float(os.environ.get("FLOWTUI_ABUSE_SECONDS", "0"))
SEED = int(os.environ.get("FLOWTUI_SEED", "20261120"))
STEPS = 250
"""Keys and other abuse in an ordinary run."""

PLAIN = [chr(code) for code in range(0x20, 0x7F)]
MOVES = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F"]
OTHERS = ["\r", "\t", "\x1b[Z", "\x7f", "\x1b[3~", "\x0c", "\x0b", "\x04", "\x15", "\x06"]
FUNCTIONS = ["\x1bOP", "\x1bOR", "\x1b[15~", "\x1b[20~"]
DIGITS = list("1234567")
POOL = [*PLAIN, *MOVES * 4, *OTHERS * 3, *FUNCTIONS, *DIGITS * 4]
WAYS_OUT = {"q"}
"""Left out of the pool: they end the dashboard from its first page, as they should."""
SIZES = ((80, 24), (120, 40), (60, 20), (1, 1), (200, 60), (33, 9), (500, 120), (80, 2), (2, 50))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a few runs, one of them under way with a log."""
    with Server(tmp_path_factory.mktemp("abused")) as server:
        for number in range(12):
            run = server.new_run(f"run-{number:02}", "extract", flow=f"flow-{number % 4}")
            run.start()
            run.log(*(f"line {n} of {number}" for n in range(40)))
            if number % 3:
                run.set(("Success", "Failed")[number % 2])
        yield server


def launched(server: Server, folder: Path) -> Terminal:
    """The dashboard in a folder of its own: what somebody exports lands there."""
    command = f'cd "{folder}" && exec "{FLOWTUI}" --api "{server.url}" --no-mouse'
    home = {"XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    return Terminal(("/bin/sh", "-c", command), env=home)


def abuse(terminal: Terminal, noise: random.Random) -> None:
    """One thing that somebody should not do."""
    throw = noise.random()
    if throw < 0.06:
        terminal.resize(*noise.choice(SIZES))
    elif throw < 0.065:
        terminal.signal(signal.SIGTSTP)
        terminal.until(lambda: terminal.stop_signal or terminal.exit_code is not None, "a stop")
        if terminal.exit_code is None:
            terminal.foreground()
            terminal.until(lambda: terminal.stop_signal is None, "it to go on")
    elif throw < 0.09:
        terminal.send("\x1b")
    else:
        key = noise.choice(POOL)
        terminal.send("" if key in WAYS_OUT else key)
    terminal.pump(noise.choice((0.0, 0.0, 0.002, 0.03)))


def test_random_keys_and_sizes_neither_crash_nor_wedge_it(server: Server, tmp_path: Path) -> None:
    noise = random.Random(SEED)
    print(f"FLOWTUI_SEED={SEED}", file=sys.stderr)
    end, steps = time.monotonic() + SECONDS, 0
    while steps < STEPS or time.monotonic() < end:
        with launched(server, tmp_path) as terminal:
            terminal.wait_for("Overview")
            while (steps < STEPS or time.monotonic() < end) and terminal.exit_code is None:
                steps += 1
                abuse(terminal, noise)
            if terminal.exit_code is not None:
                assert terminal.exit_code == 0, terminal.scrollback[-6000:]
                continue
            terminal.resize(80, 24)
            is_over = lambda: terminal.exit_code is not None  # noqa: E731
            for _ in range(5):
                if is_over():
                    break
                terminal.send("\x1b")
                terminal.pump(0.1)
            if not is_over():
                terminal.send("\x11")
            assert terminal.wait_for_end() == 0, terminal.scrollback[-6000:]
            assert terminal.left_on == set()
            assert "Traceback" not in terminal.scrollback


def test_a_storm_of_sizes_leaves_the_same_screen(server: Server, tmp_path: Path) -> None:
    noise = random.Random(SEED)
    with launched(server, tmp_path) as terminal:
        terminal.wait_for("Overview")
        terminal.send("2")
        terminal.wait_for("flow-3")
        for _ in range(60):
            terminal.resize(noise.randrange(1, 260), noise.randrange(1, 90))
            terminal.pump(0.001)
        terminal.resize(80, 24)
        terminal.wait_for("flow-3")
        terminal.send("3")
        terminal.wait_for("run-11")
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
        assert terminal.left_on == set()


def test_a_terminal_that_is_closed_amid_it_all_leaves_nobody_behind(
    server: Server, tmp_path: Path
) -> None:
    noise = random.Random(SEED + 1)
    with launched(server, tmp_path) as terminal:
        terminal.wait_for("Overview")
        for _ in range(30):
            abuse(terminal, noise)
        if terminal.exit_code is None:
            pid = terminal.pid
            terminal.hang_up()
            terminal.wait_for_end()
            assert not Path(f"/proc/{pid}").exists()


def test_its_key_leads_to_the_shell_and_back_from_a_page_and_from_a_dialog(
    server: Server, tmp_path: Path
) -> None:
    with launched(server, tmp_path) as terminal:
        terminal.wait_for("? help")
        for opens in ("", "x"):
            terminal.send(opens)
            terminal.settle()
            terminal.send("\x1a")
            assert terminal.wait_for_stop() == signal.SIGSTOP
            assert terminal.left_on == set()
            terminal.foreground()
            terminal.wait_for("esc leave" if opens else "? help")
        terminal.send("\x1b")
        terminal.wait_for("? help")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
