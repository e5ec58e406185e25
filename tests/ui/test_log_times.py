"""Times in a log: how they are shown, and how one types them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from flowtui.ui.log_times import Times, time_typed, ways_to_show

FIRST = datetime(2026, 11, 18, 23, 50, tzinfo=timezone.utc)
LAST = datetime(2026, 11, 19, 3, 14, 22, tzinfo=timezone.utc)
CET = timezone(timedelta(hours=1), "CET")


@pytest.mark.parametrize(
    ("seconds", "wide", "narrow"),
    [
        (0, "  +00:00.000", "  +00:00"),
        (62.5, "  +01:02.500", "  +01:02"),
        (-1.25, "  -00:01.250", "  -00:01"),
        (3723, "+1:02:03.000", "+1:02:03"),
        (36000, "   +10:00:00", " +10h 00m"[1:]),
        (400_000, "     +4d 15h", " +4d 15h"),
    ],
)
def test_times_from_the_start_have_the_width_of_a_clock(
    seconds: float, wide: str, narrow: str
) -> None:
    times = Times(timezone.utc, FIRST)
    when = FIRST + timedelta(seconds=seconds)
    assert (times.text(when, wide=True), times.text(when, wide=False)) == (wide, narrow)


def test_times_of_day_are_those_of_the_zone() -> None:
    assert Times(CET).text(LAST, wide=True) == "04:14:22.000"
    assert Times(timezone.utc).text(LAST, wide=False) == "03:14:22"


def test_only_ways_that_differ_are_offered() -> None:
    assert ways_to_show(timezone.utc, None, LAST) == [Times(timezone.utc)]
    assert [one.name(LAST) for one in ways_to_show(CET, FIRST, LAST)] == [
        "CET",
        "UTC",
        "since the start",
    ]


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("03:12", "2026-11-19T03:12:00"),
        ("3:12:45.118", "2026-11-19T03:12:45.118000"),
        ("23:55", "2026-11-18T23:55:00"),
        ("12:00", "2026-11-19T12:00:00"),
        ("2026-11-18 23:59", "2026-11-18T23:59:00"),
        (" -10m ", "2026-11-19T03:04:22"),
        ("- 1h 30m", "2026-11-19T01:44:22"),
        ("+90s", "2026-11-18T23:51:30"),
    ],
)
def test_what_is_typed_is_understood(typed: str, when: str) -> None:
    near = LAST - timedelta(minutes=30)
    found = time_typed(typed, Times(timezone.utc), FIRST, LAST, near)
    assert isinstance(found, datetime)
    assert found.isoformat() == f"{when}+00:00"


def test_a_time_of_day_is_in_the_zone_that_is_shown() -> None:
    found = time_typed("04:12", Times(CET), FIRST, LAST, LAST)
    assert found == datetime(2026, 11, 19, 3, 12, tzinfo=timezone.utc)


def test_a_distance_is_from_the_start_of_the_run_where_times_are() -> None:
    start = FIRST - timedelta(minutes=5)
    assert time_typed("+5m", Times(timezone.utc, start), FIRST, LAST, LAST) == FIRST


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "write a time as 03:12"),
        ("soon", "write a time as 03:12"),
        ("25:00", "there is no such time"),
        ("2026-02-30 10:00", "there is no such time"),
        ("-99999999999d", "further than time goes"),
        ("+9999999d", "further than time goes"),
    ],
)
def test_what_is_no_time_is_said(typed: str, said: str) -> None:
    answer = time_typed(typed, Times(timezone.utc), FIRST, LAST, LAST)
    assert isinstance(answer, str)
    assert said in answer
