"""Colours for as many terminals as there are, on backgrounds nobody knows."""

from __future__ import annotations

import re

import pytest

from flowtui.ui.ink import Piece
from flowtui.watch.ink import ink_of, is_dark

LINE = [Piece("✗ ", "failed", bold=True), Piece("load", "fg1")]
XTERM = {"TERM": "xterm-256color"}
TRUECOLOR = {**XTERM, "COLORTERM": "truecolor"}


def codes(text: str) -> list[str]:
    return re.findall(r"\x1b\[([0-9;]*)m", text)


def test_an_unknown_background_gets_the_terminals_own_text_colour() -> None:
    assert ink_of(TRUECOLOR).text([Piece("load", "fg1")]) == "load"


def test_a_known_background_gets_the_palette_made_for_it() -> None:
    ink = ink_of(TRUECOLOR)
    dark, light = ink.on(dark=True).text(LINE), ink.on(dark=False).text(LINE)
    assert "38;2;255;97;87" in dark
    assert "38;2;197;38;38" in light


def test_no_background_is_ever_painted() -> None:
    for env in (TRUECOLOR, XTERM, {"TERM": "linux"}):
        ink = ink_of(env)
        for text in (ink.text(LINE), ink.on(dark=True).text(LINE)):
            assert not any(re.search(r"(^|;)(4[0-9]|10[0-7])(;|$)", code) for code in codes(text))


def test_no_color_leaves_only_weight() -> None:
    ink = ink_of({**TRUECOLOR, "NO_COLOR": "1"}).on(dark=True)
    assert set(codes(ink.text(LINE))) <= {"1", "0", "2"}


def test_without_utf_8_glyphs_are_ascii() -> None:
    ink = ink_of({**XTERM, "LANG": "C"})
    assert ink.palette.state_glyph("Failed") == "x"
    assert ink.on(dark=True).palette.state_glyph("Failed") == "x"


def test_no_control_character_of_a_piece_passes() -> None:
    assert "\x1b]0;" not in ink_of(TRUECOLOR).text([Piece("a\x1b]0;b\x07c")])


@pytest.mark.parametrize(
    ("colour", "dark"),
    [
        ("rgb:0e0e/1010/1414", True),
        ("rgb:ff/ff/ff", False),
        ("rgba:0000/0000/0000/ffff", True),
        ("rgb:1/2", None),
        ("nonsense", None),
        ("rgb:xx/yy/zz", None),
        ("rgb://", None),
    ],
)
def test_dark_is_told_from_light(colour: str, dark: bool | None) -> None:
    assert is_dark(colour) is dark
