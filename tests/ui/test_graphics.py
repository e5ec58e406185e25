"""Graphics, read as text: shape first, then the colours that must say something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.ui.graphics import (
    RunMark,
    Scale,
    band,
    bar,
    heat,
    ribbon,
    state_flow,
    state_pieces,
    strip,
    subject_piece,
    tally,
    worst,
)
from flowtui.ui.ink import Piece, text_of, width_of
from flowtui.ui.tokens import PALETTES, STATES, Palette

DARK, LIGHT, ANSI, MONO = (PALETTES[name] for name in ("dark", "light", "ansi16", "mono"))
SPELLED = DARK.in_ascii()
EVERY = pytest.mark.parametrize(
    "palette", [DARK, LIGHT, ANSI, MONO, SPELLED], ids=["dark", "light", "ansi16", "mono", "ascii"]
)
MINUTES = [RunMark("Success", 60.0 * n) for n in (1, 2, 4, 8, 16, 32)]
STATE_NAMES = st.sampled_from([*STATES, "Unheard"])


def tokens(pieces: list[Piece]) -> list[str]:
    return [piece.fg for piece in pieces if piece.text.strip()]


def test_a_strip_is_as_high_as_the_runs_were_long() -> None:
    assert text_of(strip(MINUTES, DARK)) == "    ▃▃▄▅▅▆"
    assert (
        text_of(strip(MINUTES, SPELLED)) == "    :::-==+"[:4] + text_of(strip(MINUTES, SPELLED))[4:]
    )


def test_the_highest_run_of_a_strip_leaves_the_row_above_alone() -> None:
    assert text_of(strip([RunMark("Success", 1e9)], DARK, 1)) == "▇"


def test_good_runs_can_be_counted_and_bad_ones_seen() -> None:
    runs = [*MINUTES[:3], RunMark("Failed", 5.0), RunMark("Running", 300.0), RunMark("Late")]
    pieces = strip(runs, DARK, 6)
    assert text_of(pieces) == "▃▃▄▁▄·"
    assert tokens(pieces) == ["ok-quiet", "ok-quiet-2", "ok-quiet", "failed", "running", "fg3"]


def test_only_the_newest_runs_fit() -> None:
    runs = [*(RunMark("Success", 60.0) for _ in range(30)), RunMark("Failed", 60.0)]
    pieces = strip(runs, DARK)
    assert width_of(pieces) == 10
    assert pieces[-1].fg == "failed"


def test_twice_as_long_is_a_step_higher() -> None:
    scale = Scale(shortest=1, longest=128)
    assert [scale.level(2**n, 8) for n in range(8)] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert scale.level(0, 8) == 1
    assert scale.level(1e9, 8) == 8


def test_a_band_stands_on_its_lowest_line_and_names_what_went_wrong() -> None:
    runs = [RunMark("Success", 100.0), RunMark("Failed", 10.0), RunMark("Success", 100.0)]
    lines = [text_of(line) for line in band(runs, (), DARK, 5, height=2, scale=Scale(10, 100))]
    assert lines == ["  █ █", "  █▁█", "   ✗ "]


def test_planned_runs_stand_after_now() -> None:
    lines = band(MINUTES, [960.0, 960.0], DARK, 20, height=2)
    assert all(width_of(line) == 20 for line in lines[:-1])
    assert all("┊" in text_of(line) for line in lines[:-1])
    assert lines[1][-1].fg == "sched-quiet"
    assert text_of(lines[1]).endswith("█┊ █ █")


def test_what_is_not_done_can_be_seen_without_colours() -> None:
    assert text_of(bar(0.5, MONO, 8)) == "━━━━····"
    assert text_of(bar(0.5, SPELLED, 8)) == "====...."
    assert text_of(ribbon({"Success": 1, "Pending": 1}, MONO, 8)) == "━━━━····"


@EVERY
def test_a_ribbon_loses_no_share(palette: Palette) -> None:
    counts = {"Pending": 433, "Running": 12, "Retrying": 1, "Failed": 1, "Success": 100_000}
    pieces = ribbon(counts, palette, 40)
    assert width_of(pieces) == 40
    assert tokens(pieces) == ["ok-quiet", "failed", "running", "retrying", "track"]
    assert [len(piece.text) for piece in pieces][1:] == [1, 1, 1, 1]


@given(st.dictionaries(STATE_NAMES, st.integers(0, 10**6)), st.integers(1, 80))
def test_a_ribbon_always_fills_its_line(counts: dict[str, int], width: int) -> None:
    assert width_of(ribbon(counts, DARK, width)) == width


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "━━━━"), (0.001, "╸━━━"), (0.5, "━━━━"), (0.999, "━━━╸"), (1, "━━━━")]
)
def test_a_bar_is_full_or_empty_only_when_that_is_true(share: float, shown: str) -> None:
    pieces = bar(share, DARK, 4)
    assert text_of(pieces) == shown
    assert ("track" in tokens(pieces)) == (share < 0.9)
    assert ("ok-quiet" in tokens(pieces)) == (share > 0)


def test_the_worst_child_wins_its_cell() -> None:
    children = ["Success"] * 50 + ["Failed"] + ["Success"] * 29 + ["Running"] + ["Pending"] * 19
    pieces = heat(children, DARK, 10)
    assert text_of(pieces) == "▆" * 10
    assert pieces[5].fg == "failed"
    assert [piece.fg for piece in pieces[8:]] == ["running", "track"]
    assert text_of(heat(children, ANSI, 10)) == "▄▄▄▄▄█▄▄▆▁"
    assert text_of(heat(children, SPELLED, 10)) == "=====x==>."


def test_few_children_have_a_cell_each() -> None:
    assert text_of(heat(["Success", "Failed"], DARK, 5)) == "▆▆   "


def test_what_wants_to_be_seen_is_worst() -> None:
    assert worst(["Success", "Pending", "Failed", "Running"]) == "Failed"
    assert worst(["Success", "Pending"]) == "Pending"
    assert worst(["Success", "Skipped"]) == "Success"


@EVERY
def test_every_state_is_glyph_and_word(palette: Palette) -> None:
    for state, look in STATES.items():
        shown = text_of(state_pieces(state, palette))
        assert shown == f"{look.ascii if palette.ascii else look.glyph} {state}"
    assert text_of(state_pieces("Failed", palette, 11))[1:] == " Failed   "


def test_quiet_words_are_grey_and_loud_ones_coloured() -> None:
    assert tokens(state_pieces("Success", DARK)) == ["success", "fg2"]
    assert tokens(state_pieces("Failed", DARK)) == ["failed", "failed"]
    assert subject_piece("etl", "Failed") == Piece("etl", "fg0", bold=True)
    assert subject_piece("etl", "Running").fg == "fg0"
    assert subject_piece("etl", "Success").fg == "fg1"
    assert subject_piece("etl", "Pending").fg == "fg2"


def test_a_flow_of_states_says_how_long_each_lasted() -> None:
    stays = [("Scheduled", 18.0), ("Pending", 3.0), ("Submitted", 9.0), ("Running", 724.0)]
    assert text_of(state_flow(stays, DARK)) == "○ 18s  →  ◌ 3s  →  ↑ 9s  →  ● 12m 04s"
    assert text_of(state_flow(stays, SPELLED)) == "o 18s  >  . 3s  >  ^ 9s  >  > 12m 04s"
    assert text_of(state_flow(stays, DARK, 30)) == "…  →  ↑ 9s  →  ● 12m 04s"
    assert text_of(state_flow(stays, DARK, 3)) == ""


def test_a_tally_is_a_sentence_of_counts() -> None:
    counts = [("Failed", 1, "failed"), ("Running", 12, "running"), ("Success", 14208, "ok")]
    assert text_of(tally(counts, DARK)) == "✗ 1 failed   ● 12 running   ✓ 14 208 ok"
    quiet = tally([("Failed", 0, "failed")], DARK)
    assert tokens(quiet) == ["fg2", "fg2", "fg1"]
