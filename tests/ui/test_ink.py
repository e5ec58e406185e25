"""Lines of pieces: widths, cutting, and the last gate before the terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowtui.models.text import cells, plain
from flowtui.ui.ink import (
    BEHIND,
    Piece,
    between,
    blank,
    fit_pieces,
    in_a_gap,
    joined,
    skip_pieces,
    strip,
    text_of,
    width_of,
)
from flowtui.ui.tokens import PALETTES
from tests.ui.gallery import HOSTILE

DARK, ANSI = PALETTES["dark"], PALETTES["ansi16"]
WORDS = st.lists(st.builds(lambda text: Piece(plain(text), "fg2"), st.text(max_size=8)), max_size=6)


@given(WORDS, st.integers(0, 40), st.booleans())
def test_pieces_fit_any_width(pieces: list[Piece], width: int, right: bool) -> None:
    assert width_of(fit_pieces(pieces, width, right)) == width
    assert strip(pieces, DARK, width=width).cell_length == width


def test_what_is_cut_says_so() -> None:
    pieces = [Piece("orders", "fg0"), Piece(" of a flow")]
    assert text_of(fit_pieces(pieces, 9)) == "orders o…"
    assert text_of(fit_pieces(pieces, 6)) == "order…"
    assert text_of(fit_pieces(pieces, 16)) == "orders of a flow"
    assert text_of(fit_pieces(pieces, 18, right=True)) == "  orders of a flow"


def test_a_line_has_two_ends_while_there_is_room() -> None:
    left, right = [Piece("left")], [Piece("right")]
    assert text_of(between(left, right, 12)) == "left   right"
    assert text_of(between(left, right, 10)) == "left      "
    assert text_of(between(left, right, 3)) == "le…"


def test_pieces_are_skipped_from_the_left() -> None:
    assert text_of(skip_pieces([Piece("abc"), Piece("def")], 4)) == "ef"
    assert text_of(skip_pieces([Piece("日本"), Piece("x")], 1)) == " 本x"


def test_no_piece_carries_a_control_character_to_the_terminal() -> None:
    line = strip([Piece(HOSTILE), Piece("\x1b]0;title\x07")], DARK, width=60)
    assert line.text.isprintable()
    assert (line.cell_length, cells(line.text)) == (60, 60)


def test_blanks_do_not_change_the_style() -> None:
    row = [Piece("a", "failed"), blank(2), Piece("b", "failed"), blank(3), Piece("c", "fg1")]
    assert [segment.text for segment in strip(row, DARK, width=10)] == ["a  b   ", "c  "]


def test_blanks_on_another_ground_and_after_struck_text_are_their_own() -> None:
    row = [Piece("a", "fg1"), Piece(" ", bg="bg2"), Piece("b", "fg1", strike=True), blank(1)]
    assert [segment.text for segment in strip(row, DARK)] == ["a", " ", "b", " "]


def test_the_left_edge_of_a_bar_has_the_colour_of_its_row() -> None:
    edge = [Piece("▌", BEHIND, "running")]
    (segment,) = strip(edge, DARK, "cursor")
    assert segment.style is not None
    assert (segment.style.color.name, segment.style.bgcolor.name) == ("#222733", "#3fb4ff")


def test_shapes_keep_their_colour_in_a_reversed_row() -> None:
    word, shape = strip([Piece("Failed", "failed"), Piece("██", "failed")], ANSI, "cursor")
    assert word.style is not None
    assert shape.style is not None
    assert (word.style.reverse, word.style.color) == (True, None)
    assert (shape.style.reverse, shape.style.color.name) == (None, "bright_red")


def test_a_word_stands_where_a_line_is_empty() -> None:
    line = [Piece(" Next"), Piece("  18 in the next hour"), blank(14), Piece("start")]
    said = [Piece("▲ 40 s old", "late")]
    assert text_of(in_a_gap(line, said, 45)) == " Next  18 in the next hour  ▲ 40 s old  start"
    assert text_of(in_a_gap(line[:1], said, 20)) == " Next  ▲ 40 s old   "
    assert text_of(in_a_gap(line, said, 30)) == " Next  18 in the …  ▲ 40 s old"
    assert in_a_gap(line, (), 20) == line


@given(WORDS, WORDS, st.integers(0, 40))
def test_a_word_in_a_gap_moves_nothing_else(
    pieces: list[Piece], said: list[Piece], width: int
) -> None:
    shown = in_a_gap(pieces, said, width)
    if width_of(said) and width_of(said) + 4 <= width:
        assert width_of(shown) == width
        assert text_of(said) in text_of(shown)
    else:
        assert shown == pieces


def test_a_line_keeps_nothing_of_what_is_made_of_it() -> None:
    line = strip([Piece("orders", "fg0"), Piece(" of a flow")], DARK, width=20)
    assert line.crop(2, 5).text == "der"
    assert line.crop(2, 5) == line.crop(2, 5)
    assert [part.text for part in line.divide([6, 16])] == ["orders", " of a flow"]
    assert not line._crop_cache
    assert not line._divide_cache


def test_neighbours_that_look_alike_are_one() -> None:
    pieces = [Piece("a", "fg0"), Piece("b", "fg0"), Piece("c", "fg0", bold=True), Piece("d", "fg0")]
    assert joined(pieces) == [
        Piece("ab", "fg0"),
        Piece("c", "fg0", bold=True),
        Piece("d", "fg0"),
    ]
