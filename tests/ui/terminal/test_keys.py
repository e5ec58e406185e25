"""What a user types, and what a bad line makes of it."""

from __future__ import annotations

import random

import pytest
from textual import events
from textual.message import Message

from flowtui.ui.terminal.keys import Keyboard


def keys(found: list[Message]) -> list[str]:
    return [message.key for message in found if isinstance(message, events.Key)]


def typed(data: bytes) -> list[str]:
    return keys(list(Keyboard().feed(data)))


def test_letters_and_sequences_are_keys() -> None:
    assert typed(b"a\x1b[A\r") == ["a", "up", "enter"]


def test_a_letter_may_arrive_in_pieces() -> None:
    keyboard = Keyboard()
    assert keys(list(keyboard.feed(b"\xc3"))) == []
    found = list(keyboard.feed(b"\xa9"))
    assert [message.character for message in found if isinstance(message, events.Key)] == ["é"]


def test_a_lonely_escape_is_a_key_when_nothing_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard = Keyboard()
    assert keyboard.wait() is None
    assert list(keyboard.feed(b"\x1b")) == []
    wait = keyboard.wait()
    assert wait is not None
    assert 0 < wait <= 1
    monkeypatch.setattr("textual._parser.get_time", lambda: float("inf"))
    assert keys(list(keyboard.tick())) == ["escape"]
    assert keyboard.wait() is None


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\xff",
        b"\xc3(",
        b"\x1b[1114112u",
        b"\x1b[999999999999u",
        b"\x1b[1;1;1114112u",
    ],
    ids=repr,
)
def test_nonsense_costs_nothing_but_itself(nonsense: bytes) -> None:
    found = typed(b"a" + nonsense + b"b")
    assert found[0] == "a"
    assert found[-1] == "b"


def test_what_was_understood_before_nonsense_is_kept_and_what_follows_too() -> None:
    assert typed(b"\x1b[A\x1b[1114112u\x1b[Babc") == ["up", "down", "a", "b", "c"]


def test_what_is_known_of_the_terminal_outlives_nonsense() -> None:
    keyboard = Keyboard()
    list(keyboard.feed(b"\x1b[48;24;80;480;800t"))
    size = keyboard._parser.terminal_size
    assert size == (80, 24)
    parser = keyboard._parser
    list(keyboard.feed(b"\x1b[1114112u"))
    assert keyboard._parser is not parser
    assert keyboard._parser.terminal_size == size


@pytest.mark.parametrize("seed", range(20))
def test_no_bytes_at_all_make_it_fail(seed: int) -> None:
    noise = random.Random(seed)
    keyboard = Keyboard()
    for _ in range(200):
        list(
            keyboard.feed(noise.choice((b"", b"\x1b[", b"\x1b[?", b"\x1b[<")) + noise.randbytes(9))
        )
        list(keyboard.tick())
    list(keyboard.feed(b"\x1b[201~"))
    list(keyboard.feed(b"\x1b[201~"))
    assert keys(list(keyboard.feed(b"x")))[-1:] == ["x"]
