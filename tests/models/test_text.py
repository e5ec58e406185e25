"""Foreign text is harmless, and words for numbers and times are the ones the looks ask for."""

from __future__ import annotations

import sys
import unicodedata
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from flowtui.models import text
from flowtui.models.text import cells, cut, cut_middle, fit, plain, plain_lines, skip, wrap

ANYTHING = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from("\x1b[]0;31m\x07\x9b\x9d\\ab \t\r\n\u202e\u0301日\U0001f600\ud800\u200d"),
    )
)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("orders-etl", "orders-etl"),
        ("[red]markup[/] stays", "[red]markup[/] stays"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ends", "0;never ends"),
        ("\x1bPq#0;1;1\x1b\\picture", "picture"),
        ("\x1bcreset", "reset"),
        ("bell\x07", "bell␇"),
        ("del\x7f", "del␡"),
        ("a\r\nb\nc", "a↵b↵c"),
        ("ends\n", "ends"),
        ("tab\tbed", "tab bed"),
        ("abc\u202edcba", "abcdcba"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * 4),
        ("\u0301starts with a mark", "starts with a mark"),
        ("日本語", "日本語"),
    ],
)
def test_hostile_text_becomes_harmless(hostile: str, shown: str) -> None:
    assert plain(hostile) == shown


@given(ANYTHING)
def test_no_text_at_all_carries_a_control_or_turns_the_reading_direction(anything: str) -> None:
    for line in (plain(anything), *plain_lines(anything)):
        assert not {unicodedata.category(character) for character in line} & {"Cc", "Cf", "Cs"}
        line.encode()


@given(ANYTHING)
def test_harmless_text_stays_as_it_is(anything: str) -> None:
    assert plain(plain(anything)) == plain(anything)


@given(ANYTHING)
def test_its_width_is_the_one_the_terminal_library_counts_with(anything: str) -> None:
    assert cells(plain(anything)) == cell_len(plain(anything))


def test_every_single_character_has_the_width_the_terminal_library_counts_with() -> None:
    shown = [plain(chr(code)) for code in range(sys.maxunicode + 1)]
    assert [each for each in shown if cells(each) != cell_len(each)] == []


@given(ANYTHING, st.integers(min_value=0, max_value=30))
def test_text_is_cut_to_the_cells_there_are(anything: str, width: int) -> None:
    shown = plain(anything)
    assert cells(cut(shown, width)) <= width
    assert cells(cut_middle(shown, width)) <= width
    assert cells(fit(shown, width)) == width
    if width > 1:
        assert "".join(wrap(shown, width)) == shown
        assert all(cells(piece) <= width for piece in wrap(shown, width))


def test_prose_loses_its_end_and_ids_lose_their_middle() -> None:
    assert cut("fetch_events timed out", 10) == "fetch_eve…"
    assert cut_middle("3f7c02a1-9d5e-4c8e-b2f0-11aa22bbd41c", 12) == "3f7c02…bd41c"
    assert cut("日本語", 4) == "日…"
    assert cut_middle("日本語日本語", 7) == "日…語"
    assert cut("wide enough", 11) == "wide enough"
    assert cut("abcdef", 4, "..") == "ab.."
    assert cut("anything", 0) == ""


def test_numbers_stand_right_and_words_left() -> None:
    assert fit("12", 5, right=True) == "   12"
    assert fit("日本", 5) == "日本 "


def test_sideways_a_wide_character_may_be_half_gone() -> None:
    assert skip("abcdef", 2) == "cdef"
    assert skip("日本語", 2) == "本語"
    assert skip("日本語", 1) == " 本語"
    assert skip("abc", 10) == ""


def test_a_message_has_as_many_lines_as_are_counted() -> None:
    message = "Traceback:\r\n\tFile x\x1b[0m\n  KeyError\n\n"
    assert plain_lines(message) == ["Traceback:", "    File x", "  KeyError"]
    assert text.count_lines(message) == 3
    assert plain_lines("") == [""]
    assert text.count_lines("") == 1
    assert text.count_lines("one") == 1


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "<1s"),
        (0, "<1s"),
        (0.9, "<1s"),
        (8, "8s"),
        (62, "1m 02s"),
        (1131, "18m 51s"),
        (3900, "1h 05m"),
        (90000, "1d 01h"),
    ],
)
def test_durations_have_two_units_at_most(seconds: float, shown: str) -> None:
    assert text.duration(seconds) == shown
    assert text.duration(timedelta(seconds=seconds)) == shown


def test_what_is_to_come_is_counted_down() -> None:
    assert text.countdown(38.4) == "in 38s"
    assert text.countdown(0.2) == "now"
    assert text.countdown(-18 * 60) == "18m late"
    assert text.countdown(timedelta(hours=22, minutes=46)) == "in 22h 46m"
    assert text.away(5 * 86400 + 7200) == "5d"


def test_what_is_past_has_an_age() -> None:
    spans = (0, 0.85, 1, 41.9, 11 * 60 + 59, 7200, 5 * 86400)
    shown = ["0.0 s", "0.8 s", "1 s", "41 s", "11 m", "2 h", "5 d"]
    assert [text.age(seconds) for seconds in spans] == shown


def test_times_are_of_a_zone_and_carry_as_much_date_as_they_need() -> None:
    now = datetime(2026, 11, 19, 3, 14, 22, 118_900, tzinfo=timezone.utc)
    berlin = ZoneInfo("Europe/Berlin")
    assert text.clock(now, timezone.utc) == "03:14:22"
    assert text.clock(now, timezone.utc, milliseconds=True) == "03:14:22.118"
    assert text.clock(now, berlin, seconds=False) == "04:14"
    assert text.zone_name(now, berlin) == "CET"
    assert text.moment(now - timedelta(hours=3), now, timezone.utc) == "00:14"
    assert text.moment(now - timedelta(hours=4), now, timezone.utc) == "18 Nov 23:14"
    assert text.moment(now - timedelta(days=700), now, timezone.utc) == "19 Dec 2024"


def test_counts_have_thin_groups_and_agree_with_their_nouns() -> None:
    assert text.thin_groups(14208) == "14 208"
    assert text.amount(1, "run") == "1 run"
    assert text.amount(14208, "line") == "14 208 lines"
    assert text.amount(0, "entry", "entries") == "0 entries"


def test_of_many_names_the_first_are_listed() -> None:
    assert text.listed([], 2) == ""
    assert text.listed(["a", "b"], 2) == "a, b"
    assert text.listed(["a", "b", "c"], 2) == "a, b and 1 more"


def test_only_what_has_seconds_in_it_counts_them() -> None:
    assert all(map(text.shows_seconds, map(text.age, (0.2, 41))))
    assert all(map(text.shows_seconds, map(text.duration, (0, 8, 1131))))
    assert all(map(text.shows_seconds, map(text.countdown, (38, 0, -38))))
    calm = [text.age(660), text.duration(4140), text.countdown(-1080), text.countdown(432_000)]
    assert not any(map(text.shows_seconds, ["", *calm]))
