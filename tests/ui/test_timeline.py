"""Timelines, read as text."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.ui.ink import BEHIND, text_of, width_of
from flowtui.ui.timeline import Axis, Bar, Moment, axis_line, gantt
from flowtui.ui.tokens import PALETTES

DARK, ANSI, MONO = (PALETTES[name] for name in ("dark", "ansi16", "mono"))
START = datetime(2026, 11, 19, 3, 2, tzinfo=timezone.utc)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def axis(width: int = 10, now: float | None = None, cursor: float | None = None) -> Axis:
    """Ten seconds a cell."""
    return Axis(
        START,
        at(width * 10),
        width,
        now=None if now is None else at(now),
        cursor=None if cursor is None else at(cursor),
    )


def test_a_bar_lies_where_it_was() -> None:
    assert text_of(gantt(axis(), DARK, [Bar(at(20), at(50), "Success")])) == "  ███     "


def test_both_edges_of_a_bar_are_exact_to_an_eighth() -> None:
    pieces = gantt(axis(), DARK, [Bar(at(25), at(52.5), "Running")])
    assert text_of(pieces) == "  ▌██▎    "
    left, rest = (piece for piece in pieces if piece.text.strip())
    assert (left.text, left.fg, left.bg) == ("▌", BEHIND, "running")
    assert (rest.text, rest.fg, rest.bg) == ("██▎", "running", "")


def test_terminals_that_choose_their_colours_get_whole_cells() -> None:
    bars = [Bar(at(5), at(22), "Retrying"), Bar(at(40), at(61), "Success")]
    failed = [Bar(at(70), at(100), "Failed")]
    assert text_of(gantt(axis(), ANSI, bars + failed)) == "██  ━━ ███"
    assert text_of(gantt(axis(), MONO, bars + failed)) == "~~  ━━ xxx"
    assert text_of(gantt(axis(), DARK.in_ascii(), bars + failed)) == "~~  == xxx"


def test_what_is_expected_lies_in_the_track_behind() -> None:
    running, expected = [Bar(at(10), at(40), "Running")], (at(10), at(80))
    pieces = gantt(axis(), DARK, running, expected)
    assert [piece.fg for piece in pieces if piece.text.strip()] == ["running", "track"]
    assert text_of(gantt(axis(), ANSI, running, expected)) == " ███····  "


def test_two_attempts_are_two_bars() -> None:
    bars = [Bar(at(0), at(20), "Retrying"), Bar(at(50), at(70), "Success")]
    pieces = gantt(axis(), DARK, bars, row=1)
    assert text_of(pieces) == "██   ██   "
    assert [piece.fg for piece in pieces if piece.text.strip()] == ["retrying", "ok-quiet-2"]


def test_what_took_no_time_is_its_glyph_at_its_moment() -> None:
    assert text_of(gantt(axis(), DARK, moments=[Moment(at(35), "Cached")])) == "   ≈      "


def test_a_bar_hides_now_and_nothing_hides_the_cursor() -> None:
    bars = [Bar(at(20), at(60), "Running")]
    assert text_of(gantt(axis(now=75, cursor=15), DARK, bars)) == " │████ ┊  "
    pieces = gantt(axis(now=55, cursor=35), DARK, bars)
    assert text_of(pieces) == "  █│██    "
    assert [(piece.fg, piece.bg) for piece in pieces if "│" in piece.text] == [
        ("accent", "running")
    ]


def test_a_bar_of_one_whole_cell_stands_before_the_cursor() -> None:
    short, long = Bar(at(30), at(40), "Success"), Bar(at(20), at(60), "Success")
    for palette in (ANSI, MONO):
        bar = palette.glyph("bar")
        assert text_of(gantt(axis(cursor=35), palette, [short])) == f"   {bar}      "
        assert text_of(gantt(axis(cursor=35), palette, [long])) == f"  {bar}│{bar}{bar}    "


def test_the_shortest_bar_can_be_seen() -> None:
    assert text_of(gantt(axis(), DARK, [Bar(at(32), at(32), "Failed")])).strip()
    assert text_of(gantt(axis(), ANSI, [Bar(at(32), at(32), "Failed")])).strip()


@pytest.mark.parametrize("start", [20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
def test_a_short_bar_can_be_seen_wherever_in_a_cell_it_is(start: float) -> None:
    pieces = gantt(axis(), DARK, [Bar(at(start), at(start + 0.1), "Failed")])
    assert "failed" in {ink for piece in pieces for ink in (piece.fg, piece.bg)}
    under_a_cursor = gantt(axis(cursor=start), DARK, [Bar(at(start), at(start + 0.1), "Failed")])
    assert "failed" in {ink for piece in under_a_cursor for ink in (piece.fg, piece.bg)}


@given(st.lists(st.tuples(st.integers(-50, 150), st.integers(-50, 150))), st.integers(1, 60))
def test_a_row_is_always_as_wide_as_its_axis(spans: list[tuple[int, int]], width: int) -> None:
    bars = [Bar(at(min(span)), at(max(span)), "Failed") for span in spans]
    for palette in (DARK, ANSI, MONO):
        assert width_of(gantt(axis(width, now=30, cursor=60), palette, bars)) == width


def test_the_axis_has_even_steps_and_keeps_now_and_the_cursor_readable() -> None:
    line = Axis(START, at(20 * 60), 60, now=at(13 * 60), cursor=at(10 * 60 + 45))
    shown = text_of(axis_line(line, DARK, timezone.utc))
    assert shown == "      03:04       03:08     03:12:45  now             03:20 "
    accent = [piece for piece in axis_line(line, DARK, timezone.utc) if piece.fg == "accent"]
    assert [piece.text for piece in accent] == ["03:12:45"]


@pytest.mark.parametrize("seconds", [0, 1, 59, 3600, 86400 * 40])
def test_an_axis_of_any_length_is_as_wide_as_its_rows(seconds: int) -> None:
    line = Axis(START, at(seconds), 61, now=at(seconds / 2))
    shown = text_of(axis_line(line, DARK, timezone.utc))
    assert len(shown) == 61
    assert "now" in shown
