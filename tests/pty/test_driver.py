"""The driver where things are at their worst: stuck loops, stopped lines, failures."""

from __future__ import annotations

import signal
import time

import pytest

from tests.pty.programs import BOARD, BOARD_ON_SHARED_DESCRIPTOR, Program
from tests.pty.terminal import Terminal

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
BOTH = pytest.mark.parametrize(
    "program", [BOARD, BOARD_ON_SHARED_DESCRIPTOR], ids=lambda program: program.name
)


def board(*options: str) -> Terminal:
    return Terminal((*BOARD.command, *options))


@BOTH
def test_idle_it_sends_nothing_and_does_not_wake_up(program: Program) -> None:
    with Terminal(program.command) as terminal:
        terminal.wait_for(program.ready)
        terminal.settle(quiet=2.0)
        before = terminal.received, terminal.wakeups()
        time.sleep(4)
        terminal.pump(0)
        assert (terminal.received, terminal.wakeups()) == before


def test_without_a_descriptor_of_its_own_it_stops_goes_on_and_ends_as_well() -> None:
    with Terminal(BOARD_ON_SHARED_DESCRIPTOR.command) as terminal:
        terminal.wait_for(BOARD.ready)
        terminal.settle()
        terminal.signal(signal.SIGTSTP)
        terminal.wait_for_stop()
        assert terminal.left_on == set()
        terminal.foreground()
        terminal.wait_for(BOARD.ready)
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_end() == 128 + signal.SIGTERM
        assert terminal.left_on == set()


@pytest.mark.parametrize("number", ENDING, ids=lambda number: number.name)
def test_a_signal_ends_it_while_the_loop_is_stuck(number: signal.Signals) -> None:
    with board() as terminal:
        terminal.wait_for(BOARD.ready)
        terminal.settle()
        terminal.send("s")
        terminal.settle()
        terminal.signal(number)
        assert terminal.wait_for_end() == 128 + number
        assert terminal.left_on == set()


def test_a_signal_ends_it_while_it_hangs_at_the_end() -> None:
    with board() as terminal:
        terminal.wait_for(BOARD.ready)
        terminal.send("h")
        terminal.wait_for("will hang")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_end() == 128 + signal.SIGTERM
        assert terminal.left_on == set()


@BOTH
def test_a_signal_ends_it_on_a_line_that_takes_nothing(program: Program) -> None:
    with Terminal(program.command) as terminal:
        terminal.wait_for(BOARD.ready)
        terminal.settle()
        terminal.send("f")
        time.sleep(2)  # nobody reads: the line fills up
        terminal.signal(signal.SIGTERM)
        assert terminal.end_unread() == 128 + signal.SIGTERM


def test_a_key_ends_it_on_a_line_that_takes_nothing() -> None:
    with board() as terminal:
        terminal.wait_for(BOARD.ready)
        terminal.settle()
        terminal.send("f")
        time.sleep(2)
        terminal.send("q")
        assert terminal.end_unread() == 0
        terminal.pump(0)
        assert terminal.left_on == set(), "a line that comes back finds the modes reset"


@BOTH
def test_a_line_that_was_stopped_and_comes_back_shows_the_present(program: Program) -> None:
    with Terminal(program.command) as terminal:
        terminal.wait_for(BOARD.ready)
        terminal.send("f")
        time.sleep(2)
        terminal.send("n")
        terminal.wait_for("count 1")


def test_an_exception_is_shown_after_the_terminal_is_restored() -> None:
    with board() as terminal:
        terminal.wait_for(BOARD.ready)
        terminal.send("e")
        assert terminal.wait_for_end() == 1
        assert terminal.left_on == set()
        assert "the board fails" in terminal.scrollback


def test_a_start_that_fails_leaves_the_terminal_as_it_was() -> None:
    with board("--fails-to-start") as terminal:
        terminal.wait_for_end()
        assert terminal.left_on == set()
        assert "no start" in terminal.scrollback


def test_the_key_that_stops_the_job_and_fg() -> None:
    with board() as terminal:
        terminal.wait_for(BOARD.ready)
        for _ in range(3):
            terminal.settle()
            terminal.send("z")
            terminal.wait_for_stop()
            assert terminal.left_on == set()
            terminal.foreground()
            terminal.wait_for(BOARD.ready)
            terminal.stop_signal = None
        terminal.send("n")
        terminal.wait_for("count 1")


def test_another_program_can_have_the_terminal_for_a_while() -> None:
    with board() as terminal:
        terminal.wait_for(BOARD.ready)
        terminal.settle()
        terminal.send("v")
        terminal.wait_for("another program has the terminal")
        assert terminal.left_on == set()
        terminal.send("n\n")  # not for us
        terminal.wait_for(BOARD.ready)
        terminal.wait_for("count 0")
        terminal.send("n")
        terminal.wait_for("count 1")


def test_the_mouse_is_on_when_asked_for_and_off_again_at_the_end() -> None:
    with board("--mouse") as terminal:
        terminal.wait_for(BOARD.ready)
        terminal.until(lambda: {1000, 1003, 1006} <= terminal.modes, "the mouse")
        terminal.send("q")
        terminal.wait_for_end()
        assert terminal.left_on == set()


def test_all_modes_are_switched_in_one_piece() -> None:
    with board() as terminal:
        terminal.wait_for(BOARD.ready)
        first = bytes(terminal.raw)
        assert first.startswith(b"\x1b[?1049h")
        head = first[: first.index(b"\x1b[?2026$p")]
        assert head.count(b"\x1b[") == head.count(b"\x1b"), "nothing is drawn in between"
        terminal.settle()
        drawn = terminal.received
        terminal.send("q")
        terminal.wait_for_end()
        assert terminal.raw[drawn:].startswith(b"\x1b\\\x1b[?2026l")
        assert terminal.raw.endswith(b"\x1b[?1049l\x1b[?25h")


def test_a_window_that_was_named_gets_its_own_name_back_whenever_it_is_left() -> None:
    named, back = b"\x1b[22;2t\x1b]2;the board\x1b\\", b"\x1b]2;\x1b\\\x1b[23;2t"
    with board() as terminal:
        terminal.wait_for(BOARD.ready)
        assert b"\x1b]2;" not in terminal.raw
        terminal.send("t")
        terminal.until(lambda: named in terminal.raw, "its name")
        terminal.signal(signal.SIGTSTP)
        terminal.wait_for_stop()
        assert terminal.raw.count(back) == 1
        terminal.foreground()
        terminal.wait_for(BOARD.ready)
        assert terminal.raw.count(named) == 2
        terminal.send("q")
        terminal.wait_for_end()
        assert terminal.raw.count(back) == 2
        assert terminal.left_on == set()
