"""Flows registered with a schedule get their next runs, and only those."""

import json
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from .farm import FLOWS, Farm, Prefect, Row, Server
from .processes import eventually

ALMANAC = Path(__file__).with_name("almanac.py")
COMING = """
query($flow: uuid!) {
  flow_run(where: {flow_id: {_eq: $flow}, state: {_eq: "Scheduled"}},
           order_by: {scheduled_start_time: asc}) {
    scheduled_start_time auto_scheduled parameters labels
  }
}
"""


def coming_runs(farm: Farm, server: Server, flow: str) -> list[Row]:
    """The runs a flow's schedule has brought, once they are there."""
    flow_id = farm.flow(flow)["id"]
    return eventually(
        lambda: server.ask(COMING, flow=flow_id)["flow_run"], f"scheduled runs of {flow}"
    )


def starts(runs: list[Row]) -> list[datetime]:
    """When they are to start."""
    return [datetime.fromisoformat(run["scheduled_start_time"]) for run in runs]


def test_an_interval_brings_runs_one_interval_apart(farm: Farm, server: Server):
    runs = coming_runs(farm, server, "watering")
    assert len(runs) == 10
    assert {later - earlier for earlier, later in pairwise(starts(runs))} == {timedelta(weeks=1)}
    first = starts(runs)[0]
    assert (first.weekday(), first.hour, first.minute) == (0, 12, 30)
    assert all(run["auto_scheduled"] for run in runs)


def test_a_clocks_parameters_go_into_its_runs(farm: Farm, server: Server):
    runs = coming_runs(farm, server, "watering")
    assert all(run["parameters"] == {"bed": "roses"} for run in runs)


def test_a_cron_line_keeps_to_the_wall_clock_of_its_zone(farm: Farm, server: Server):
    runs = coming_runs(farm, server, "milking")
    assert len(runs) == 10
    there = [start.astimezone(ZoneInfo("America/New_York")) for start in starts(runs)]
    assert {(start.hour, start.minute) for start in there} == {(6, 30)}
    assert {later.date() - earlier.date() for earlier, later in pairwise(there)} == {
        timedelta(days=1)
    }
    assert all(run["parameters"] == {"cows": 3} for run in runs)


def test_a_new_version_takes_over_the_coming_runs(prefect: Prefect, server: Server):
    dairy = Farm(server, prefect, "dairy")
    dairy.register(FLOWS / "clocks.py", "-n", "milking")
    old = dairy.flow("milking")["id"]
    assert len(coming_runs(dairy, server, "milking")) == 10
    dairy.register(FLOWS / "clocks.py", "-n", "milking", "--force")
    assert dairy.flow("milking")["version"] == 2
    assert len(coming_runs(dairy, server, "milking")) == 10
    assert server.ask(COMING, flow=old)["flow_run"] == []


def test_runs_come_when_prefect_itself_foresees_them(prefect: Prefect, server: Server):
    """Every kind of clock, filter and adjustment."""
    almanac = Farm(server, prefect, "almanac")
    foreseen = json.loads(prefect.python(str(ALMANAC), almanac.project))
    question = """
    query($project: String!) {
      flow(where: {project: {name: {_eq: $project}}}) {
        name flow_runs(order_by: {scheduled_start_time: asc}) { scheduled_start_time }
      }
    }
    """
    flows = server.ask(question, project=almanac.project)["flow"]
    coming = {flow["name"]: starts(flow["flow_runs"]) for flow in flows}
    wanted = {
        name: [datetime.fromisoformat(time) for time in times] for name, times in foreseen.items()
    }
    wrong = {
        name: (in_short(coming[name]), in_short(times))
        for name, times in wanted.items()
        if coming[name] not in (times[:10], times[1:11])
    }
    assert wrong == {}


def in_short(times: list[datetime]) -> str:
    """The first times, for a failure to show."""
    return ", ".join(f"{time:%a %Y-%m-%d %H:%M}" for time in times[:12])
