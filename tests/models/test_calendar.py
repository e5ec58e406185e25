"""A day of runs: where it begins and ends, what is planned, and how much runs at once."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from flowtui.models.calendar import (
    Calendar,
    ScheduledFlow,
    Stay,
    day_of,
    events_of,
    load_of,
    stay_of,
)
from flowtui.models.ids import FlowGroupId, FlowRunId
from flowtui.models.runs import FlowRun
from flowtui.models.states import RunState
from tests.world import NOW, interval

BERLIN = ZoneInfo("Europe/Berlin")
GROUP = FlowGroupId("group")


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-20T{clock}+00:00")


def run(state: str, start: str = "", end: str = "", due: str = "03:00") -> FlowRun:
    return FlowRun(
        FlowRunId(f"{state}{start}"),
        "rosy-otter",
        RunState(state, 1),
        at(due),
        at(start) if start else None,
        at(end) if end else None,
        flow_group_id=GROUP,
        flow_name="orders",
    )


def test_a_day_has_as_many_hours_as_the_clock_on_the_wall_gives_it() -> None:
    spring = day_of(datetime(2026, 3, 29, 12, tzinfo=timezone.utc), BERLIN)
    autumn = day_of(datetime(2026, 10, 25, 12, tzinfo=timezone.utc), BERLIN)
    assert spring.end - spring.start == timedelta(hours=23)
    assert autumn.end - autumn.start == timedelta(hours=25)
    assert spring.moved(1, BERLIN).start == spring.end
    assert autumn.moved(-1, BERLIN).end == autumn.start
    assert day_of(at("23:30"), BERLIN).start == at("23:00")


def test_runs_stand_where_they_were_and_planned_ones_where_they_will_be() -> None:
    runs = (
        run("Success", "01:00", "01:20"),
        run("Failed", "02:00", "02:10"),
        run("Running", "03:00"),
        run("Scheduled", due="02:56"),
        run("Scheduled", due="04:00"),
        run("Cancelled", due="05:00"),
    )
    flows = Calendar(day_of(NOW, timezone.utc), runs).flows(NOW)
    assert [(one.name, one.ran, one.planned, one.failed) for one in flows] == [("orders", 3, 1, 1)]
    states = [(stay.state, stay.start) for stay in flows[0].stays]
    assert ("Late", at("02:56")) in states
    assert ("Scheduled", at("04:00")) in states
    assert flows[0].busy_seconds == 20 * 60 + 10 * 60 + (14 * 60 + 22)
    assert flows[0].shown_state == "Late"


def test_a_run_that_reaches_into_a_day_is_of_that_day_too() -> None:
    late_one = run("Success", "00:00", "00:30")
    yesterday = day_of(NOW - timedelta(days=1), timezone.utc)
    assert Calendar(yesterday, (late_one,)).flows(NOW) == []
    assert [one.name for one in Calendar(yesterday.moved(1, None), (late_one,)).flows(NOW)]
    assert stay_of(run("Cancelled"), 60, NOW) is None


def test_clocks_go_on_where_the_plan_of_the_backend_ends() -> None:
    flow = ScheduledFlow(GROUP, "orders", document=interval(60), planned_until=at("20:00"))
    day = day_of(NOW, timezone.utc)
    assert events_of([flow], day, NOW) == {GROUP: (at("21:00"), at("22:00"), at("23:00"))}
    tomorrow = events_of([flow], day.moved(1, timezone.utc), NOW)
    assert len(tomorrow[GROUP]) == 24
    assert events_of([ScheduledFlow(GROUP, "odd", document={"clocks": 7})], day, NOW) == {}
    assert events_of([flow], day.moved(-1, timezone.utc), NOW) == {}


def test_the_load_of_a_half_hour_is_the_most_that_ran_at_once_in_it() -> None:
    day = day_of(NOW, timezone.utc)
    stays = [
        Stay(at("01:00"), at("02:10"), "Success"),
        Stay(at("01:10"), at("01:20"), "Success"),
        Stay(at("01:20"), at("01:25"), "Success"),
        Stay(day.start - timedelta(hours=1), at("00:10"), "Success"),
        Stay(at("23:50"), day.end + timedelta(hours=3), "Running"),
    ]
    load = load_of(stays, day)
    assert [load.at(at(when)) for when in ("00:05", "00:35", "01:05", "01:45", "02:05")] == [
        1,
        0,
        2,
        1,
        1,
    ]
    assert load.at(at("02:40")) == 0
    assert load.at(at("23:59")) == 1
    assert (load.peak, load.peak_at) == (2, at("01:00"))
    assert load_of([], day).peak_at is None
