"""The log on the whole screen, on a real terminal: what it costs, and what it copies."""

from __future__ import annotations

import hashlib
import re
import statistics
from base64 import b64decode
from collections.abc import Iterator

import pytest

from tests.pty.server import FLOWTUI, Run, Server
from tests.pty.terminal import Terminal


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A run under way, with a log of some pages."""
    with Server(tmp_path_factory.mktemp("server")) as server:
        made = server.new_run("rosy-otter", "extract")
        made.start()
        made.log(*map(saying, range(300)))
        yield made


def saying(number: int) -> str:
    """A line that has little in common with any other."""
    return f"{number}: {hashlib.sha256(b'%d' % number).hexdigest()[:50]}"


def opened(run: Run) -> Terminal:
    command = (FLOWTUI, "--api", run.server_url, "--no-mouse", "--open", run.id)
    return Terminal(command, columns=120, rows=40, env={"TMUX": "", "STY": ""})


def open_log(terminal: Terminal) -> None:
    terminal.wait_for(saying(299))
    terminal.send("l")
    terminal.wait_for("following")
    terminal.wait_for(saying(299))
    terminal.settle()


def cost(terminal: Terminal, key: str) -> int:
    before = terminal.received
    terminal.send(key)
    terminal.settle(quiet=0.3)
    return terminal.received - before


@pytest.mark.parametrize("search", ["", "/[ab]7\r"])
def test_keys_cost_what_they_change(run: Run, search: str) -> None:
    with opened(run) as terminal:
        open_log(terminal)
        for key in search:
            cost(terminal, key)
        terminal.send("g")
        terminal.settle()
        moved = [cost(terminal, key) for key in "jjjjjjj"]
        assert statistics.median(moved) < 500, moved
        terminal.send("G")
        terminal.settle()
        for _ in range(40):
            terminal.send("k")
        terminal.settle()
        scrolled = [cost(terminal, key) for key in "kkkkk"]
        assert statistics.median(scrolled) < 700, scrolled
        assert b"L\x1b[r" in terminal.raw, "the terminal itself moves the lines"


def test_a_copy_reaches_the_terminal(run: Run) -> None:
    with opened(run) as terminal:
        open_log(terminal)
        terminal.send("g")
        terminal.settle()
        terminal.send("c")
        terminal.wait_for(f"sent {len(saying(0))} B to the terminal")
        sent = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", terminal.raw)
        assert sent
        assert b64decode(sent[1]).decode() == saying(0)
