"""Registers a flow for every kind of schedule and tells when Prefect itself would run each.

Run in Prefect's environment: `python almanac.py PROJECT` prints JSON, flow name to times.
"""

import json
import sys
from datetime import time, timedelta

import pendulum
from dateutil.rrule import FR, MONTHLY, WEEKLY, rrule
from prefect import Flow, Parameter
from prefect.schedules import Schedule, adjustments, filters
from prefect.schedules.clocks import CronClock, DatesClock, IntervalClock, RRuleClock

YEAR = pendulum.now("utc").year
UTC_START = pendulum.datetime(2020, 1, 1, 0, 15)
BERLIN = pendulum.datetime(2020, 1, 1, tz="Europe/Berlin")
HOURLY = IntervalClock(timedelta(hours=1), start_date=UTC_START)


def dates(*days):
    """Noon of the day as many days from now."""
    return [pendulum.today("utc").add(days=day, hours=12) for day in days]


SCHEDULES = {
    "every five hours": Schedule([IntervalClock(timedelta(hours=5), start_date=UTC_START)]),
    "every day in Berlin": Schedule([IntervalClock(timedelta(days=1), start_date=BERLIN)]),
    "every month and a half": Schedule([IntervalClock(timedelta(days=45), start_date=BERLIN)]),
    "until it ends": Schedule(
        [IntervalClock(timedelta(days=1), start_date=UTC_START, end_date=dates(4)[0])]
    ),
    "cron in UTC": Schedule([CronClock("*/40 8-17 * * *")]),
    "cron in Berlin": Schedule([CronClock("30 2 * * *", start_date=BERLIN)]),
    "cron on days or weekdays": Schedule([CronClock("0 6 1,15 * 1", start_date=UTC_START)]),
    "cron on days and weekdays": Schedule(
        [CronClock("0 6 1-7 * 1", start_date=UTC_START, day_or=False)]
    ),
    "single dates": Schedule([DatesClock(dates(1, 3, 2, -1))]),
    "last Friday of the month": Schedule(
        [RRuleClock(rrule(MONTHLY, byweekday=FR(-1), dtstart=pendulum.naive(2020, 1, 1, 9)))]
    ),
    "every other week": Schedule(
        [RRuleClock(rrule(WEEKLY, interval=2, dtstart=pendulum.naive(2020, 1, 6, 7, 30)))]
    ),
    "several clocks": Schedule(
        [
            IntervalClock(timedelta(hours=7), start_date=UTC_START),
            CronClock("0 6 * * *", start_date=BERLIN),
            DatesClock(dates(1, 2)),
        ]
    ),
    "weekdays": Schedule([HOURLY], filters=[filters.is_weekday]),
    "weekends": Schedule([HOURLY], filters=[filters.is_weekend]),
    "Wednesdays": Schedule([HOURLY], filters=[filters.is_day_of_week(2)]),
    "at a quarter past four": Schedule([HOURLY], filters=[filters.at_time(time(4, 15))]),
    "by night": Schedule([HOURLY], filters=[filters.between_times(time(22), time(3))]),
    "not by night": Schedule([HOURLY], not_filters=[filters.between_times(time(22), time(3))]),
    "in the holidays": Schedule([HOURLY], filters=[filters.between_dates(12, 24, 1, 6)]),
    "one day a year": Schedule([HOURLY], filters=[filters.on_date(3, 1)]),
    "between two moments": Schedule(
        [HOURLY],
        filters=[
            filters.between_datetimes(
                pendulum.datetime(YEAR + 1, 1, 1), pendulum.datetime(YEAR + 1, 1, 2)
            )
        ],
    ),
    "at month's start": Schedule([HOURLY], filters=[filters.is_month_start]),
    "at month's end or on Mondays": Schedule(
        [HOURLY], or_filters=[filters.is_month_end, filters.is_day_of_week(0)]
    ),
    "seven minutes later": Schedule([HOURLY], adjustments=[adjustments.add(timedelta(minutes=7))]),
    "on the next weekday": Schedule(
        [CronClock("0 6 * * 6", start_date=BERLIN)],
        or_filters=[filters.is_weekend],
        adjustments=[adjustments.next_weekday],
    ),
}


def main(project):
    """Register all of them; a run more than the server makes, should the hour turn meanwhile."""
    foreseen = {}
    for name, schedule in SCHEDULES.items():
        with Flow(name, schedule=schedule) as flow:
            flow.add_task(Parameter("anything", default=None))
        foreseen[name] = [time.in_tz("utc").isoformat() for time in schedule.next(11)]
        flow.register(project, no_url=True)
    print(json.dumps(foreseen))


if __name__ == "__main__":
    main(sys.argv[1])
