"""Keys, and what a terminal says of itself, told apart."""

from __future__ import annotations

import random

import pytest

from flowtui.watch.keys import Answers


def test_letters_are_keys() -> None:
    assert Answers().feed(b"ql\r\x03") == ["q", "l", "\r", "\x03"]


def test_a_lonely_escape_is_a_key_and_sequences_are_none() -> None:
    answers = Answers()
    assert answers.feed(b"\x1b") == ["\x1b"]
    assert answers.feed(b"\x1b[A\x1bOP\x1b[1;5Cq") == ["q"]


@pytest.mark.parametrize("end", [b"\x07", b"\x1b\\"], ids=repr)
def test_the_background_is_learned_and_is_no_key(end: bytes) -> None:
    answers = Answers()
    assert answers.feed(b"\x1b]11;rgb:0e0e/1010/1414" + end + b"\x1b[?6c") == []
    assert answers.background == "rgb:0e0e/1010/1414"
    assert answers.complete


def test_an_answer_may_come_in_pieces() -> None:
    whole = b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;22cq"
    for cut in range(1, len(whole)):
        answers = Answers()
        keys = answers.feed(whole[:cut]) + answers.feed(whole[cut:])
        # A cut right behind an escape cannot be told from the key; nothing else may leak.
        if whole[cut - 1 : cut] != b"\x1b":
            assert keys == ["q"], cut
            assert answers.background == "rgb:ffff/ffff/ffff"
            assert answers.complete


@pytest.mark.parametrize("seed", range(5))
def test_no_bytes_make_it_fail(seed: int) -> None:
    noise, answers = random.Random(seed), Answers()
    for _ in range(500):
        answers.feed(noise.choice((b"", b"\x1b[", b"\x1b]")) + noise.randbytes(8))
    answers.feed(b"\x07\x1b\\")
    assert answers.feed(b"q")[-1:] == ["q"]
