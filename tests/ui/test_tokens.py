"""Colours can be read, glyphs take one cell, and every state and token exists in every theme."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.color import Color

from flowtui.models.text import cells
from flowtui.ui.tokens import (
    COLUMNS,
    EIGHTHS,
    GLYPHS,
    GROUPS,
    PALETTES,
    STATES,
    TOKENS,
    Palette,
    look_of,
)

FULL = [PALETTES["dark"], PALETTES["light"]]


def luminance(colour: str) -> float:
    channels = [part / 255 for part in Color.parse(colour).triplet or ()]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(palette: Palette, one: str, other: str) -> float:
    brightness = sorted((luminance(palette.inks[one]), luminance(palette.inks[other])))
    return (brightness[1] + 0.05) / (brightness[0] + 0.05)


@pytest.mark.parametrize("palette", FULL, ids=lambda palette: palette.name)
@pytest.mark.parametrize("background", ["bg0", "bg1", "bg2", "cursor", "cursor-idle"])
@pytest.mark.parametrize(
    "token", ["fg0", "fg1", "fg2", "accent", *(look.token for look in STATES.values())]
)
def test_everything_that_informs_can_be_read(palette: Palette, background: str, token: str) -> None:
    assert contrast(palette, token, background) >= 4.5


@pytest.mark.parametrize("palette", FULL, ids=lambda palette: palette.name)
@pytest.mark.parametrize(
    ("token", "background"),
    [
        *[(text, f"{tint}-tint") for tint in ("late", "add", "del") for text in ("fg0", "fg1")],
        ("late", "late-tint"),
        ("success", "add-tint"),
        ("fg0", "mark"),
        ("bg0", "accent"),
        ("bg0", "button"),
    ],
)
def test_tints_and_marks_can_be_read_on(palette: Palette, token: str, background: str) -> None:
    assert contrast(palette, token, background) >= 4.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_every_theme_has_every_token_and_state(palette: Palette) -> None:
    assert set(palette.inks) == {*TOKENS, *(look.token for look in STATES.values())}
    for token in palette.inks:
        palette.style(token, bold=True)
        palette.style("fg1", token)


def test_every_glyph_takes_its_cell_in_unicode_and_in_ascii() -> None:
    pairs = [(look.glyph, look.ascii) for look in STATES.values()]
    pairs += [pair for name, pair in GLYPHS.items() if name != "ellipsis"]
    for pair in pairs:
        for glyph in pair:
            assert (len(glyph), cells(glyph), cell_len(glyph)) == (1, 1, 1), glyph
        assert pair[1].isascii()
    for levels in (*COLUMNS, EIGHTHS):
        assert (len(levels), cells(levels)) == (9, 9)
    assert COLUMNS[1].isascii()
    assert GLYPHS["ellipsis"] == ("…", "..")


def test_states_are_told_apart_without_colours() -> None:
    assert len({look.glyph for look in STATES.values()}) == len(STATES) == 22
    assert len({look.ascii for look in STATES.values()}) == len(STATES)


def test_only_states_that_want_a_human_are_loud() -> None:
    assert {look.name for look in STATES.values() if look.loud} == {
        *("Failed", "Late", "TimedOut", "TriggerFailed", "ValidationFailed"),
        *("Running", "Retrying", "Paused", "Cancelling"),
    }
    assert {look.name for look in STATES.values() if look.alarming} == {
        *("Failed", "Late", "TimedOut"),
    }
    assert {look.group for look in STATES.values()} == set(GROUPS)


def test_a_state_nobody_knows_is_shown_quietly_and_harmlessly() -> None:
    strange = look_of("\x1b[31mOdd\x07")
    assert (strange.name, strange.glyph, strange.loud) == ("Odd␇", "?", False)
    assert PALETTES["dark"].style(strange.token) == PALETTES["dark"].style("finished")
    assert look_of("ClientFailed").name == "Failed"
    assert look_of("").name == "no state"


def test_a_reversed_row_drops_colours() -> None:
    for name in ("ansi16", "mono"):
        style = PALETTES[name].style("failed", "cursor")
        assert style.reverse
        assert style.color is None


def test_mono_says_with_letters_what_others_say_with_colours() -> None:
    mono = PALETTES["mono"]
    assert [mono.glyph(name) for name in ("focus", "error", "warning")] == [">", "E", "!"]
    assert mono.style("failed").bold
    assert mono.style("ok-quiet").dim
    assert not any(mono.style(token, ground).color for token in mono.inks for ground in mono.inks)


def test_ascii_is_a_matter_of_glyphs_only() -> None:
    spelled = PALETTES["dark"].in_ascii()
    assert spelled.state_glyph("Failed") == "x"
    assert spelled.style("failed", "bg2") == PALETTES["dark"].style("failed", "bg2")
