"""Two flows with schedules: one by an interval, one by a cron line in a zone with summer time."""

from datetime import timedelta

import pendulum
from prefect import Flow, Parameter
from prefect.schedules import Schedule
from prefect.schedules.clocks import CronClock, IntervalClock

weekly = IntervalClock(
    interval=timedelta(weeks=1),
    start_date=pendulum.datetime(2020, 1, 6, 12, 30),
    parameter_defaults={"bed": "roses"},
)
daily = CronClock("30 6 * * *", start_date=pendulum.datetime(2020, 1, 1, tz="America/New_York"))

with Flow("watering", schedule=Schedule(clocks=[weekly])) as watering:
    watering.add_task(Parameter("bed", default="tulips"))

with Flow("milking", schedule=Schedule(clocks=[daily])) as milking:
    milking.add_task(Parameter("cows", default=3))
