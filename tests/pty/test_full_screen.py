"""What every full-screen program of ours promises to the terminal it runs on."""

from __future__ import annotations

import random
import re
import signal
from collections.abc import Iterator

import pytest

from tests.pty.programs import FULL_SCREEN, Program
from tests.pty.server import Server
from tests.pty.terminal import Terminal

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
SEEDS = (1, 2, 3, 4)
MEANT_AS_KEYS = b"\x03\x11\x1a"
"""^C, ^Q and ^Z: these end or stop a program because they are meant to."""


@pytest.fixture(
    scope="module",
    params=FULL_SCREEN,
    ids=lambda given: getattr(given, "__name__", "") or given.name,
)
def program(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Program]:
    if isinstance(request.param, Program):
        yield request.param
        return
    with Server(tmp_path_factory.mktemp("server")) as server:
        yield request.param(server)


@pytest.fixture
def terminal(program: Program) -> Iterator[Terminal]:
    with Terminal(program.command) as terminal:
        terminal.wait_for(program.ready)
        terminal.settle()
        yield terminal


@pytest.mark.parametrize("number", ENDING, ids=lambda number: number.name)
def test_a_signal_ends_it_and_leaves_the_terminal_as_it_was(
    terminal: Terminal, number: signal.Signals
) -> None:
    terminal.signal(number)
    assert terminal.wait_for_end() == 128 + number
    assert terminal.left_on == set()


def seen(terminal: Terminal, program: Program) -> str:
    """The screen; without its clocks and ages if there are any."""
    if not program.polls:
        return terminal.text
    return re.sub(r"[\d.,:]+ *(ms|[smhd]\b)?", "#", terminal.text)


def test_a_key_ends_it_and_leaves_the_terminal_as_it_was(
    terminal: Terminal, program: Program
) -> None:
    terminal.send(program.end)
    assert terminal.wait_for_end() == 0
    assert terminal.left_on == set()


def test_it_uses_its_own_screen_and_leaves_the_scrollback_alone(
    terminal: Terminal, program: Program
) -> None:
    assert program.ready not in terminal.scrollback
    terminal.send(program.end)
    terminal.wait_for_end()
    assert program.ready not in terminal.scrollback


def test_the_mouse_is_left_to_the_terminal(terminal: Terminal, program: Program) -> None:
    assert program.ready in terminal.text
    assert not terminal.modes & {9, 1000, 1001, 1002, 1003, 1005, 1006, 1015, 1016}


def test_stopped_from_outside_and_brought_back_it_shows_everything_again(
    terminal: Terminal, program: Program
) -> None:
    before = seen(terminal, program)
    terminal.signal(signal.SIGTSTP)
    terminal.wait_for_stop()
    assert terminal.left_on == set()
    assert program.ready not in terminal.text
    modes = set(terminal.modes)
    terminal.foreground()
    terminal.wait_for(program.ready)
    terminal.settle()
    assert seen(terminal, program) == before
    assert terminal.modes != modes
    terminal.send(program.key)
    terminal.wait_for(program.answer)
    terminal.send(program.end)
    assert terminal.wait_for_end() == 0
    assert terminal.left_on == set()


def test_stopped_and_left_in_the_background_it_waits_for_its_turn(
    terminal: Terminal, program: Program
) -> None:
    terminal.signal(signal.SIGTSTP)
    terminal.wait_for_stop()
    terminal.stop_signal = None
    terminal.background()
    assert terminal.wait_for_stop() == signal.SIGTTOU
    assert terminal.left_on == set()
    terminal.foreground()
    terminal.wait_for(program.ready)
    terminal.send(program.end)
    assert terminal.wait_for_end() == 0
    assert terminal.left_on == set()


def test_frozen_without_a_word_it_goes_on_as_if_nothing_had_happened(
    terminal: Terminal, program: Program
) -> None:
    before, modes = seen(terminal, program), set(terminal.modes)
    for _ in range(3):
        terminal.signal(signal.SIGSTOP)
        terminal.wait_for_stop()
        terminal.foreground()
        terminal.until(lambda: terminal.stop_signal is None, "the program to go on")
    terminal.settle()
    assert (seen(terminal, program), terminal.modes) == (before, modes)
    assert terminal.keyboard_flags == 1
    terminal.send(program.key)
    terminal.wait_for(program.answer)
    terminal.send(program.end)
    assert terminal.wait_for_end() == 0
    assert terminal.left_on == set()


def test_it_ends_when_the_window_is_closed(terminal: Terminal) -> None:
    terminal.hang_up()
    assert terminal.wait_for_end() == 128 + signal.SIGHUP


def test_it_ends_when_the_window_is_closed_and_no_signal_tells(program: Program) -> None:
    with Terminal(program.command, ignore_hangup=True) as terminal:
        terminal.wait_for(program.ready)
        terminal.settle()
        terminal.hang_up()
        assert terminal.wait_for_end() == 128 + signal.SIGHUP


def test_a_signal_that_was_ignored_from_the_start_stays_ignored(program: Program) -> None:
    with Terminal(program.command, ignore_hangup=True) as terminal:
        terminal.wait_for(program.ready)
        terminal.settle()
        terminal.signal(signal.SIGHUP)
        terminal.send(program.key)
        terminal.wait_for(program.answer)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_bytes_end_nothing(terminal: Terminal, program: Program, seed: int) -> None:
    noise = random.Random(seed)
    pieces = [noise.randbytes(noise.randrange(1, 40)) for _ in range(100)]
    for piece in pieces:
        introducer = noise.choice((b"", b"\x1b[", b"\x1b]", b"\x1bO", b"\xff", b"\xc3"))
        # A lonely introducer would be the Escape key.
        terminal.send(introducer + piece.translate(None, MEANT_AS_KEYS + program.deliberate) + b"~")
        terminal.pump(0.005)
    terminal.settle()
    # An unfinished paste would swallow every key, and is what its beginning asks for.
    terminal.send(b"\x1b[201~")
    terminal.settle()
    assert terminal.exit_code is None
    before = seen(terminal, program)
    terminal.send(program.way_out)
    terminal.until(
        lambda: terminal.exit_code == 0 or seen(terminal, program) != before, "an answer to a key"
    )


def test_it_survives_every_size(terminal: Terminal, program: Program) -> None:
    before = seen(terminal, program)
    for columns, rows in ((1, 1), (500, 200), (1, 50), (200, 1), (2, 2)):
        terminal.resize(columns, rows)
        terminal.pump(0.3)
    terminal.resize(80, 24)
    terminal.wait_for(program.ready)
    terminal.settle()
    assert seen(terminal, program) == before
    terminal.send(program.key)
    terminal.wait_for(program.answer)


def test_a_mute_terminal_is_good_enough(program: Program) -> None:
    with Terminal(program.command, answers=False) as terminal:
        terminal.wait_for(program.ready)
        terminal.send(program.key)
        terminal.wait_for(program.answer)
        terminal.send(program.end)
        assert terminal.wait_for_end() == 0
        assert terminal.left_on == set()
