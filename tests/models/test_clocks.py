"""When schedules fire, across the days that have 23 and 25 hours too."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from flowtui.models.clocks import BadSchedule, next_events

NEW_YORK = "America/New_York"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


def local(dt: str, tz: str = NEW_YORK) -> dict[str, str]:
    return {"dt": dt, "tz": tz}


def interval(seconds: int, **more: Any) -> dict[str, Any]:
    return {"type": "IntervalClock", "interval": seconds * 1_000_000, **more}


def cron(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "CronClock", "cron": text, **more}


def schedule(*clocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "Schedule", "clocks": list(clocks), **more}


def times(found: dict[str, Any], after: str, count: int = 3) -> list[str]:
    events = next_events(found, utc(after), count)
    return [event.start_time.strftime("%Y-%m-%dT%H:%M") for event in events]


HOUR, DAY = 3600, 86400


def test_an_interval_counts_from_its_start() -> None:
    every = schedule(interval(HOUR, start_date=local("2021-05-07T00:30:00", "UTC")))
    assert times(every, "2021-05-07T02:30:00") == [
        "2021-05-07T03:30",
        "2021-05-07T04:30",
        "2021-05-07T05:30",
    ]


def test_an_interval_without_a_start_counts_from_2019() -> None:
    assert times(schedule(interval(7 * DAY)), "2019-01-02T00:00:00", 2) == [
        "2019-01-08T00:00",
        "2019-01-15T00:00",
    ]


def test_a_start_in_the_future_is_the_first_event() -> None:
    every = schedule(interval(DAY, start_date=local("2021-06-01T09:00:00")))
    assert times(every, "2021-05-07T00:00:00", 2) == ["2021-06-01T13:00", "2021-06-02T13:00"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        # In March a day has 23 hours, in November 25; it is nine on the wall all the time.
        ("2021-03-13T00:00:00", ["2021-03-13T14:00", "2021-03-14T13:00", "2021-03-15T13:00"]),
        ("2021-11-06T00:00:00", ["2021-11-06T13:00", "2021-11-07T14:00", "2021-11-08T14:00"]),
    ],
)
def test_days_keep_the_time_on_the_wall(after: str, expected: list[str]) -> None:
    daily = schedule(interval(DAY, start_date=local("2021-01-01T09:00:00")))
    assert times(daily, after) == expected


@pytest.mark.parametrize("day", ["2021-03-14", "2021-11-07"])
def test_hours_are_hours_whatever_the_wall_says(day: str) -> None:
    hourly = schedule(interval(HOUR, start_date=local("2021-01-01T00:00:00")))
    events = next_events(hourly, utc(f"{day}T04:00:00"), 5)
    hours = [event.start_time.hour for event in events]
    assert hours == [5, 6, 7, 8, 9]


def test_hours_go_on_months_after_the_clocks_were_changed() -> None:
    hourly = schedule(interval(HOUR, start_date=local("2021-01-01T00:00:00")))
    assert times(hourly, "2021-11-20T04:30:00", 2) == ["2021-11-20T05:00", "2021-11-20T06:00"]


def test_an_interval_ends() -> None:
    ends = schedule(
        interval(
            HOUR,
            start_date=local("2021-05-07T00:00:00", "UTC"),
            end_date=local("2021-05-07T02:00:00", "UTC"),
        )
    )
    assert times(ends, "2021-05-07T00:00:00") == ["2021-05-07T01:00", "2021-05-07T02:00"]
    assert times(ends, "2021-05-07T02:00:00") == []


def test_cron_is_in_utc_unless_its_start_has_a_zone() -> None:
    assert times(schedule(cron("0 9 * * *")), "2021-05-07T10:00:00", 1) == ["2021-05-08T09:00"]
    zoned = schedule(cron("0 9 * * *", start_date=local("2021-01-01T00:00:00")))
    assert times(zoned, "2021-05-07T10:00:00", 1) == ["2021-05-07T13:00"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2021-03-13T00:00:00", ["2021-03-13T14:00", "2021-03-14T13:00", "2021-03-15T13:00"]),
        ("2021-11-06T00:00:00", ["2021-11-06T13:00", "2021-11-07T14:00", "2021-11-08T14:00"]),
    ],
)
def test_cron_keeps_the_time_on_the_wall(after: str, expected: list[str]) -> None:
    daily = schedule(cron("0 9 * * *", start_date=local("2021-01-01T00:00:00")))
    assert times(daily, after) == expected


def test_cron_never_goes_back() -> None:
    """When clocks are set back, one o'clock comes twice; no event does."""
    hourly = schedule(cron("0 * * * *", start_date=local("2021-01-01T00:00:00")))
    found = times(hourly, "2021-11-07T03:30:00", 6)
    assert found == sorted(set(found))
    assert found[0] == "2021-11-07T04:00"


def test_cron_s_own_start_is_an_event() -> None:
    starts = schedule(cron("0 9 * * *", start_date=local("2021-06-01T09:00:00", "UTC")))
    assert times(starts, "2021-05-07T00:00:00", 1) == ["2021-06-01T09:00"]


@pytest.mark.parametrize(
    ("day_or", "expected"),
    [(None, "2021-05-08T00:00"), (True, "2021-05-08T00:00"), (False, "2021-11-13T00:00")],
)
def test_a_day_of_the_month_and_of_the_week(day_or: Any, expected: str) -> None:
    """Saturdays or the 13th; Saturdays that are the 13th."""
    either = schedule(cron("0 0 13 * 6", day_or=day_or))
    assert times(either, "2021-05-07T00:00:00", 1) == [expected]


def test_dates() -> None:
    dates = schedule(
        {
            "type": "DatesClock",
            "dates": [local("2021-07-01T09:00:00"), local("2021-06-01T09:00:00", "UTC")],
        }
    )
    assert times(dates, "2021-05-07T00:00:00") == ["2021-06-01T09:00", "2021-07-01T13:00"]
    assert times(dates, "2021-06-01T09:00:00") == ["2021-07-01T13:00"]


def rule(text: str, start: str = "2021-01-01T09:00:00+00:00", **more: Any) -> dict[str, Any]:
    return {"type": "rrule", "rr": text, "_dtstart": start, "_until": None, **more}


def test_recurrence_rules() -> None:
    weekly = rule("DTSTART:20210101T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO")
    assert times(schedule({"type": "RRuleClock", "rrule_obj": weekly}), "2021-05-07T00:00:00") == [
        "2021-05-10T09:00",
        "2021-05-17T09:00",
        "2021-05-24T09:00",
    ]


def test_a_set_of_rules_with_an_exception() -> None:
    rules = {
        "type": "rruleset",
        "_rrule": [rule("DTSTART:20210101T090000\nRRULE:FREQ=DAILY")],
        "_rdate": [],
        "_exrule": [],
        "_exdate": ["2021-05-08T09:00:00+00:00"],
    }
    assert times(schedule({"type": "RRuleClock", "rrule_obj": rules}), "2021-05-07T00:00:00") == [
        "2021-05-07T09:00",
        "2021-05-09T09:00",
        "2021-05-10T09:00",
    ]


def test_clocks_take_turns_and_say_the_same_once() -> None:
    both = schedule(cron("0 */2 * * *"), cron("0 */3 * * *"))
    assert times(both, "2021-05-07T00:00:00", 4) == [
        "2021-05-07T02:00",
        "2021-05-07T03:00",
        "2021-05-07T04:00",
        "2021-05-07T06:00",
    ]


def test_clocks_that_mean_different_runs_both_fire() -> None:
    both = schedule(
        cron("0 9 * * *", parameter_defaults={"x": 1}),
        cron("0 9 * * *", parameter_defaults={"x": 2}, labels=["gpu"]),
    )
    events = next_events(both, utc("2021-05-07T00:00:00"), 2)
    assert [(event.parameter_defaults, event.labels) for event in events] == [
        ({"x": 1}, None),
        ({"x": 2}, ("gpu",)),
    ]
    assert len({event.start_time for event in events}) == 1


def named(name: str, **kwargs: Any) -> dict[str, Any]:
    return {"fn": f"prefect.schedules.filters.{name}", "kwargs": kwargs}


@pytest.mark.parametrize(
    ("filters", "first"),
    [
        ({"filters": [named("is_weekend")]}, "2021-05-08T00:00"),
        ({"not_filters": [named("is_weekday")]}, "2021-05-08T00:00"),
        ({"filters": [named("at_time", t="09:00:00")]}, "2021-05-07T09:00"),
        ({"filters": [named("at_time", t="//time:09:00:00")]}, "2021-05-07T09:00"),
        (
            {"filters": [named("on_datetime", dt="//datetime:2021-06-01T02:00:00+02:00")]},
            "2021-06-01T00:00",
        ),
        (
            {
                "adjustments": [
                    {
                        "fn": "prefect.schedules.adjustments.add",
                        "kwargs": {"interval": "//timedelta:420.0"},
                    }
                ],
            },
            "2021-05-07T01:07",
        ),
        (
            {"filters": [named("between_times", start="22:00:00", end="02:00:00")]},
            "2021-05-07T01:00",
        ),
        ({"filters": [named("is_month_start")]}, "2021-06-01T00:00"),
        ({"filters": [named("is_month_end")]}, "2021-05-31T00:00"),
        ({"filters": [named("is_day_of_week", day_of_week=0)]}, "2021-05-10T00:00"),
        ({"filters": [named("on_date", month=12, day=24)]}, "2021-12-24T00:00"),
        (
            {
                "filters": [
                    named("between_dates", start_month=12, start_day=1, end_month=2, end_day=1)
                ]
            },
            "2021-12-01T00:00",
        ),
        (
            {"or_filters": [named("is_weekend"), named("at_time", t="20:00:00")]},
            "2021-05-07T20:00",
        ),
        (
            {
                "filters": [named("is_weekend")],
                "adjustments": [{"fn": "prefect.schedules.adjustments.next_weekday"}],
            },
            "2021-05-10T00:00",
        ),
    ],
)
def test_filters_and_adjustments(filters: dict[str, Any], first: str) -> None:
    """2021-05-07 is a Friday."""
    found = schedule(interval(HOUR), **filters)
    assert times(found, "2021-05-07T00:00:00", 1) == [first]


def test_filters_see_the_clock_s_own_zone() -> None:
    morning = schedule(
        interval(HOUR, start_date=local("2021-01-01T00:00:00")),
        filters=[named("at_time", t="09:00:00")],
    )
    assert times(morning, "2021-05-07T00:00:00", 1) == ["2021-05-07T13:00"]


def test_filters_that_let_nothing_pass_come_to_an_end() -> None:
    never = schedule(interval(HOUR), filters=[named("is_weekend"), named("is_weekday")])
    assert times(never, "2021-05-07T00:00:00") == []


@pytest.mark.parametrize(
    "clock",
    [
        {"type": "SundialClock"},
        interval(30),
        cron("every now and then"),
        interval(HOUR, start_date=local("2021-01-01T00:00:00", "Mars/Olympus")),
        {"type": "DatesClock"},
        {"type": "RRuleClock", "rrule_obj": rule("RRULE:FREQ=OFTEN")},
    ],
)
def test_what_is_no_schedule(clock: dict[str, Any]) -> None:
    with pytest.raises(BadSchedule):
        times(schedule(clock), "2021-05-07T00:00:00")
