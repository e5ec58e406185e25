"""What the dashboard costs on the line, over our own server, on a real terminal."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.pty.programs import BOARD
from tests.pty.server import FLOWTUI, Run, Server
from tests.pty.slow import FarTerminal
from tests.pty.terminal import Terminal

FLOWS = 30
PAGE_UP, PAGE_DOWN = "\x1b[5~", "\x1b[6~"
SIZES = ((120, 40), (160, 50))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Run]]:
    """Runs of many flows, most of them under way."""
    with Server(tmp_path_factory.mktemp("server")) as server:
        made = [
            server.new_run(f"run-{number:02}", "extract", flow=f"flow-{number:02}")
            for number in range(FLOWS)
        ]
        for run in made:
            run.start()
        yield made


@pytest.fixture(scope="module")
def long_ago(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A run of a world in which nothing has happened for hours."""
    folder = tmp_path_factory.mktemp("long-ago")
    with Server(folder) as server:
        made = [server.new_run(f"run-{n}", "extract", flow=f"flow-{n}") for n in range(6)]
        for number, run in enumerate(made):
            run.start()
            run.set("Success" if number else "Failed")
        server.die()
        with closing(sqlite3.connect(folder / "server.db")) as rows, rows:
            for name in ("scheduled_start_time", "start_time", "end_time", "state_timestamp"):
                earlier = f"strftime('%Y-%m-%dT%H:%M:%f000', {name}, '-3 hours')"
                rows.execute(f"UPDATE flow_run SET {name} = {earlier}")
        server.start()
        yield made[0]


def silences(terminal: Terminal, seconds: float) -> Iterator[tuple[int, int]]:
    """Bytes and wake-ups of one while after the other; a feed sleeps for up to 15 s."""
    for _ in range(12):
        before = terminal.received, terminal.wakeups()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            terminal.pump(0.1)
        yield terminal.received - before[0], terminal.wakeups() - before[1]


def command(runs: list[Run], *options: str) -> tuple[str, ...]:
    return (FLOWTUI, "--api", runs[0].server_url, "--no-mouse", *options)


def go_to(terminal: Terminal, tab: str, wanted: str) -> None:
    """Press the digit that stands before the name of a tab."""
    numbered = re.compile(rf"(\d) {tab}")
    terminal.until(lambda: numbered.search(terminal.text), f"the tab {tab} and its digit")
    terminal.send(numbered.findall(terminal.text)[0])
    terminal.wait_for(wanted)
    terminal.settle()


def flows_alone(terminal: Terminal) -> None:
    """The table of flows without the panes beside and below it."""
    go_to(terminal, "Flows", "flow-20")
    terminal.send("`")
    terminal.settle()


def costs(terminal: Terminal, *keys: str) -> list[int]:
    """The bytes that come after each key."""
    found = []
    for key in keys:
        before = terminal.received
        terminal.send(key)
        terminal.settle(quiet=0.3)
        found.append(terminal.received - before)
    assert min(found) > 0
    return found


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_the_start(runs: list[Run], columns: int, rows: int) -> None:
    with Terminal(command(runs), columns=columns, rows=rows) as terminal:
        terminal.wait_for("Flows")
        terminal.settle()
        assert terminal.received < 8000


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_the_cursor_moves(runs: list[Run], columns: int, rows: int) -> None:
    with Terminal(command(runs), columns=columns, rows=rows) as terminal:
        flows_alone(terminal)
        assert statistics.median(costs(terminal, *"jjjjjjjkkkk")) < 500


def test_the_terminals_cursor_stands_on_the_row_for_those_who_follow_it(runs: list[Run]) -> None:
    with Terminal(command(runs), columns=120, rows=40) as terminal:
        flows_alone(terminal)
        terminal.send("jjj")
        terminal.settle()
        cursor = terminal.screen.cursor
        assert cursor.hidden
        assert terminal.text.splitlines()[cursor.y][cursor.x] == "▌"


def test_another_page(runs: list[Run]) -> None:
    with Terminal(command(runs), columns=120, rows=40) as terminal:
        go_to(terminal, "Flows", "flow-29")
        before = terminal.received
        go_to(terminal, "Runs", "run-29")
        assert terminal.received - before < 12_000


def test_everything_is_drawn_again_by_ctrl_l_and_nothing_is_left_of_what_was_there(
    runs: list[Run],
) -> None:
    with Terminal(command(runs), columns=120, rows=40) as terminal:
        flows_alone(terminal)
        terminal.screen.erase_in_display(2)
        terminal.send("\x0c")
        terminal.wait_for("flow-00")
        terminal.wait_for("flow-29")


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_a_row_changes(runs: list[Run], columns: int, rows: int) -> None:
    with Terminal(command(runs), columns=columns, rows=rows) as terminal:
        flows_alone(terminal)
        found = []
        for state in ("Failed", "Running", "Failed"):
            before = terminal.received
            runs[0].set(state)  # the first row, wherever it is sorted to
            terminal.until(lambda s=state: row_of(terminal, "flow-00").startswith(s), state)
            terminal.settle(quiet=0.15)
            found.append(terminal.received - before)
        runs[0].set("Running")
        assert statistics.median(found) < 300, found


def row_of(terminal: Terminal, name: str) -> str:
    """The row of a flow from its state on."""
    row = next((row for row in terminal.text.splitlines() if name in row), "")
    return row.lstrip(" ▌").partition(" ")[2]


def saying(number: int) -> str:
    """A line that has little in common with any other."""
    return f"{number}: {hashlib.sha256(b'%d' % number).hexdigest()[:50]}"


def test_a_log_scrolls_by_a_line(runs: list[Run]) -> None:
    run = runs[1]
    run.log(*map(saying, range(100)))
    with Terminal(command(runs, "--open", run.id), columns=120, rows=40) as terminal:
        terminal.wait_for(saying(99))
        terminal.settle()
        found = []
        for number in range(5):
            before = terminal.received
            run.log(saying(1000 + number))
            terminal.wait_for(saying(1000 + number))
            terminal.settle(quiet=0.15)
            found.append(terminal.received - before)
        assert statistics.median(found) < 700, found
        assert b"M\x1b[r" in terminal.raw, "the terminal itself moves the lines"


@pytest.mark.parametrize("preview", [True, False])
def test_a_key_that_is_held_on_a_slow_line_is_over_when_it_is_let_go(
    runs: list[Run], preview: bool
) -> None:
    with FarTerminal(command(runs), rate=8000, delay=0.15, columns=120, rows=40) as terminal:
        go_to(terminal, "Flows", f"flow-{FLOWS - 1}")
        if not preview:
            terminal.send("`")
            terminal.settle()
        terminal.until(lambda: not terminal.waiting, "the line to be free")
        behind = []
        for number in range(120):
            terminal.send("j" if number // 20 % 2 == 0 else "k")
            terminal.hold_for(1 / 30)
            behind.append(terminal.waiting / terminal.rate)
        # In the first second a page of fresh data may be on the line, which is one frame of 4 kB.
        assert max(behind[30:]) < 0.5, behind
        terminal.send("G")
        last = re.compile("^ ▌.*flow-29", re.MULTILINE)
        terminal.until(lambda: last.search(terminal.text), "the last row")


def test_a_page_key_that_is_held_on_a_slow_line_is_over_soon(runs: list[Run]) -> None:
    run = runs[2]
    run.log(*map(saying, range(2000)))
    address = command(runs, "--open", run.id)
    with FarTerminal(address, rate=8000, delay=0.15, columns=120, rows=40) as terminal:
        terminal.wait_for(saying(1999))
        terminal.send("f")
        terminal.wait_for("2 000 lines")
        terminal.until(lambda: not terminal.waiting, "the line to be free")
        behind = []
        for number in range(120):
            terminal.send(PAGE_UP if number // 20 % 2 == 0 else PAGE_DOWN)
            terminal.hold_for(1 / 30)
            behind.append(terminal.waiting / terminal.rate)
        assert max(behind) < 1.2, behind
        terminal.send("g")
        first = re.compile("^ ▌.*" + saying(0), re.MULTILINE)
        terminal.until(lambda: first.search(terminal.text), "the first line")


def test_seconds_are_counted_in_fives_at_the_end_of_a_slow_line(runs: list[Run]) -> None:
    with FarTerminal(command(runs), rate=8000, delay=0.15, columns=120, rows=40) as terminal:
        counted = re.compile(r"\d\d:\d\d:\d\d UTC")
        terminal.until(lambda: counted.search(terminal.text), "a clock with seconds")
        terminal.until(lambda: not terminal.waiting, "the line to be free")
        seen: list[str] = []

        def counts_in_fives() -> bool:  # from when the first answers have said that it is slow
            told = counted.search(terminal.text)
            if told and told[0] not in seen:
                seen.append(told[0])
            return len(seen) > 2 and all(int(one[6:8]) % 5 == 0 for one in seen[-3:])

        terminal.until(counts_in_fives, "three readings five seconds apart")


def test_a_page_on_which_nothing_happens_sends_nothing_and_sleeps(long_ago: Run) -> None:
    """Answers that say the same are not drawn; a clock that counts alone shows minutes."""
    with Terminal(command([long_ago]), columns=120, rows=40) as terminal:
        terminal.wait_for("83.3 %")
        for digit in "321":
            terminal.send(digit)
            terminal.wait_for("flow-5")
            assert any(sent == 0 for sent, _ in silences(terminal, 3.0)), terminal.text
        terminal.send("P")
        terminal.wait_for("● paused")
        assert (0, 0) in silences(terminal, 2.0), terminal.text


def test_a_mute_terminal_shows_the_last_of_many_keys() -> None:
    with Terminal(BOARD.command, answers=False) as terminal:
        terminal.wait_for(BOARD.ready)
        for number in range(300):
            terminal.send("n")
            if number % 20 == 0:
                terminal.pump(0.01)
        terminal.wait_for("count 300")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        assert terminal.left_on == set()


def test_no_answer_is_left_for_the_shell() -> None:
    """Whoever asks a terminal must hear the answer: a shell would take it for a command."""
    with Terminal(BOARD.command) as terminal:
        terminal.wait_for(BOARD.ready)
        for _ in range(30):
            terminal.send("f")
        terminal.pump(0.5)
        terminal.send("q")
        terminal.wait_for_end()
        assert terminal.typed_ahead == 0
