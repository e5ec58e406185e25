"""Clocks in words, and when they fire."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from flowtui.models.group_schedule import (
    GroupClock,
    GroupSchedule,
    group_schedule,
    next_times,
    parse_clock,
    parse_parameters,
    parse_zone,
)
from flowtui.models.inputs import InputProblem
from flowtui.models.schedules import schedule_from

FRIDAY = datetime(2026, 10, 23, 12, tzinfo=timezone.utc)
"""The clocks of Europe are set back on the Sunday after it."""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20m", 1200),
        ("every 20 min", 1200),
        ("1d", 86_400),
        ("hourly", 3600),
        ("Daily", 86_400),
        ("2 hours", 7200),
        ("1.5h", 5400),
    ],
)
def test_an_interval_is_read_as_people_write_it(text: str, seconds: int) -> None:
    assert parse_clock(text) == GroupClock("interval", seconds=seconds)


def test_all_else_is_a_cron_expression() -> None:
    assert parse_clock(" 0  5 * * 1-5 ") == GroupClock("cron", cron="0 5 * * 1-5")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "write 20m"),
        ("20s", "at least a minute"),
        ("0 5", "five fields"),
        ("61 * * * *", "cron:"),
        ("a b c d e", "cron:"),
    ],
)
def test_what_is_no_clock_is_told_why(text: str, said: str) -> None:
    with pytest.raises(InputProblem, match=said):
        parse_clock(text)


def test_zones_and_parameters_are_checked() -> None:
    assert parse_zone("") == ""
    assert parse_zone("Europe/Berlin") == "Europe/Berlin"
    for wrong in ("Mars/Base", "../etc/passwd", "\x00"):
        with pytest.raises(InputProblem, match="zone"):
            parse_zone(wrong)
    assert parse_parameters('{"a": [1]}') == {"a": [1]}
    with pytest.raises(InputProblem, match="object"):
        parse_parameters("[1]")


def test_a_clock_keeps_the_time_on_the_wall_when_clocks_are_set_back() -> None:
    schedule = GroupSchedule((parse_clock("0 5 * * *"),), "Europe/Berlin")
    hours = [when.strftime("%d %H:%M") for when in next_times(schedule, FRIDAY)]
    assert hours == ["24 03:00", "25 04:00", "26 04:00", "27 04:00", "28 04:00"]


def test_what_is_stored_is_what_is_edited() -> None:
    stored = {
        "type": "Schedule",
        "clocks": [
            {
                "type": "CronClock",
                "cron": "0 5 * * *",
                "start_date": {"dt": "x", "tz": "Asia/Tokyo"},
            },
            {"type": "DatesClock", "dates": []},
            {"type": "IntervalClock", "interval": 5_400_000_000, "parameter_defaults": {"a": 1}},
        ],
    }
    schedule = group_schedule(schedule_from(stored))
    assert schedule.zone == "Asia/Tokyo"
    assert [one.text for one in schedule.clocks] == ["0 5 * * *", "90m"]
    assert schedule.clocks[1].sent() == {"interval": 5400, "parameter_defaults": {"a": 1}}
    assert [one.text for one in schedule.without(0).clocks] == ["90m"]
