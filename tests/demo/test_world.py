"""The sample world is the same for a seed, has one of everything, and could have happened."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import flowtui.demo
from flowtui.demo.flows import FLOWS, PROJECTS
from flowtui.demo.flows.lab import COMBINING, HOSTILE, WIDE
from flowtui.demo.world import COUNTED
from flowtui.server.services.schedules import RUNS_AHEAD
from tests.demo.conftest import NOW, Sample, make

FLOW_RUN_STATES = {
    "Success",
    "Failed",
    "TimedOut",
    "Cancelled",
    "Cancelling",
    "Paused",
    "Queued",
    "Submitted",
    "Running",
    "Scheduled",
}

TASK_RUN_STATES = {
    "Success",
    "Failed",
    "TimedOut",
    "TriggerFailed",
    "Cancelled",
    "Skipped",
    "Cached",
    "Mapped",
    "Paused",
    "Running",
    "Retrying",
    "Pending",
}


def digest(sample: Sample) -> str:
    """Everything in the tables that people look at, as one number."""
    tables = ("project", "flow", "task", "flow_run", "task_run", "log", "agent")
    everything = [
        sorted(
            (
                sorted((name, repr(value)) for name, value in row.items() if name != "tenant_id")
                for row in sample.rows(table)
            ),
        )
        for table in tables
    ]
    return hashlib.sha256(repr(everything).encode()).hexdigest()


def test_the_same_seed_makes_the_same_world(sample: Sample) -> None:
    again = asyncio.run(make(seed=1))
    other = asyncio.run(make(seed=2))
    try:
        assert digest(again) == digest(sample)
        assert digest(other) != digest(sample)
        assert other.states("flow_run") >= FLOW_RUN_STATES
        assert other.states("task_run") >= TASK_RUN_STATES
    finally:
        asyncio.run(again.storage.close())
        asyncio.run(other.storage.close())


def test_it_counts_what_it_made(sample: Sample) -> None:
    world = sample.world
    counted = [len(sample.rows(table, None, "id")) for table in COUNTED]
    assert counted == [world.flows, world.flow_runs, world.task_runs, world.logs]
    assert 20 <= len(world.flow_ids) <= 31
    assert 500 <= world.flow_runs <= 1200


def test_every_state_is_there_to_be_looked_at(sample: Sample) -> None:
    assert sample.states("flow_run") >= FLOW_RUN_STATES
    assert sample.states("task_run") >= TASK_RUN_STATES
    assert sample.states("task_run_state") >= {"Resume", "Submitted"}


def test_every_project_has_flows(sample: Sample) -> None:
    names = {row["id"]: row["name"] for row in sample.rows("project")}
    newest = sample.rows("flow", {"archived": {"_eq": False}}, "project_id", "name")
    assert {names[flow["project_id"]] for flow in newest} == set(PROJECTS)
    assert {flow["name"] for flow in newest} == {flow.name for flow in FLOWS}


def test_several_flows_have_five_versions_that_differ(sample: Sample) -> None:
    versions: dict[str, list[dict[str, Any]]] = {}
    for flow in sorted(sample.rows("flow"), key=lambda flow: flow["version"]):
        versions.setdefault(flow["name"], []).append(flow)
    assert sum(len(several) >= 5 for several in versions.values()) >= 5
    for several in versions.values():
        assert [flow["version"] for flow in several] == list(range(1, len(several) + 1))
        assert [flow["archived"] for flow in several] == [True] * (len(several) - 1) + [False]
        for before, after in pairwise(several):
            assert before["serialized_flow"] != after["serialized_flow"]
            assert before["created"] < after["created"]


@pytest.mark.parametrize("part", ["tasks", "parameters", "schedule", "run_config"])
def test_versions_differ_in_every_part(sample: Sample, part: str) -> None:
    documents: dict[str, set[str]] = {}
    for flow in sample.rows("flow"):
        documents.setdefault(flow["name"], set()).add(repr(flow["serialized_flow"][part]))
    assert any(len(several) > 1 for several in documents.values())


def test_parameters_are_of_every_kind(sample: Sample) -> None:
    declared = [
        parameter
        for flow in sample.rows("flow", {"archived": {"_eq": False}}, "parameters")
        for parameter in flow["parameters"]
    ]
    kinds = {type(parameter["default"]) for parameter in declared if not parameter["required"]}
    assert kinds >= {str, int, float, bool, list, dict, type(None)}
    assert any(parameter["required"] for parameter in declared)


def test_schedules_are_intervals_and_crons_in_many_zones_or_none(sample: Sample) -> None:
    flows = sample.rows("flow", {"archived": {"_eq": False}})
    clocks = [clock for flow in flows if flow["schedule"] for clock in flow["schedule"]["clocks"]]
    assert {clock["type"] for clock in clocks} == {"IntervalClock", "CronClock"}
    assert len({clock["start_date"]["tz"] for clock in clocks}) >= 4
    assert any(flow["schedule"] is None for flow in flows)
    assert any(flow["schedule"] and not flow["is_schedule_active"] for flow in flows)


def test_active_schedules_have_their_next_runs(sample: Sample) -> None:
    ahead = Counter(
        run["flow_id"]
        for run in sample.rows("flow_run", {"state": {"_eq": "Scheduled"}})
        if run["auto_scheduled"] and run["scheduled_start_time"] > NOW
    )
    active = sample.rows("flow", {"is_schedule_active": {"_eq": True}}, "id")
    assert active
    assert {ahead[flow["id"]] for flow in active} == {RUNS_AHEAD}


def test_late_runs_wait_for_labels_that_no_living_agent_has(sample: Sample) -> None:
    alive = [
        set(agent["labels"])
        for agent in sample.rows("agent")
        if agent["last_queried"] > NOW - timedelta(minutes=5)
    ]
    late = [
        run
        for run in sample.rows("flow_run", {"state": {"_eq": "Scheduled"}})
        if run["scheduled_start_time"] < NOW - timedelta(seconds=20)
    ]
    assert len(late) >= 2
    for run in late:
        assert run["labels"]
        assert not any(set(run["labels"]) <= labels for labels in alive)


def test_agents_are_healthy_stale_and_old(sample: Sample) -> None:
    ages = [NOW - agent["last_queried"] for agent in sample.rows("agent")]
    assert any(age < timedelta(minutes=5) for age in ages)
    assert any(timedelta(minutes=5) < age < timedelta(hours=12) for age in ages)
    assert any(age > timedelta(hours=12) for age in ages)
    healthy = sample.rows("agent", {"last_queried": {"_gt": NOW - timedelta(minutes=5)}})
    assert all("simulated" in agent["name"] for agent in healthy)


def test_two_weeks_have_passed_and_nothing_is_ahead_of_its_time(sample: Sample) -> None:
    states = sample.rows("flow_run_state", None, "timestamp")
    times = [state["timestamp"] for state in states]
    assert min(times) < NOW - timedelta(days=13)
    assert max(times) <= NOW
    assert max(line["timestamp"] for line in sample.rows("log", None, "timestamp")) <= NOW


def test_the_last_day_is_denser_than_the_days_before(sample: Sample) -> None:
    finished = [run["end_time"] for run in sample.rows("flow_run") if run["end_time"]]
    yesterday = sum(end > NOW - timedelta(days=1) for end in finished)
    days_before = sum(end <= NOW - timedelta(days=1) for end in finished) / 13
    assert yesterday > 2 * days_before


def test_states_of_a_run_follow_each_other_as_the_rules_have_it(sample: Sample) -> None:
    run = sample.run_named("many-parts")
    history = sample.rows("flow_run_state", {"flow_run_id": {"_eq": run["id"]}})
    in_order = sorted(history, key=lambda state: state["version"])
    assert [state["state"] for state in in_order] == [
        "Scheduled",
        "Submitted",
        "Running",
        "Success",
    ]
    assert all(one["timestamp"] < other["timestamp"] for one, other in pairwise(in_order))
    assert run["version"] == 4
    assert run["agent_id"]


def test_mapped_tasks_have_the_children_that_a_parameter_asks_for(sample: Sample) -> None:
    run = sample.run_named("many-parts")
    task_runs = sample.rows("task_run", {"flow_run_id": {"_eq": run["id"]}})
    children = [row for row in task_runs if row["map_index"] >= 0]
    (parent,) = [row for row in task_runs if row["state"] == "Mapped"]
    assert len(children) == run["parameters"]["parts"] == 48
    assert parent["serialized_state"]["n_map_states"] == 48
    assert {child["task_id"] for child in children} == {parent["task_id"]}


def test_one_run_is_as_wide_and_as_long_as_runs_are(sample: Sample) -> None:
    """What a page does with hundreds of children and lines, and one failure among them, is seen."""
    run = sample.run_named("rosy-otter")
    assert run["state"] == "Running"
    where = {"flow_run_id": {"_eq": run["id"]}}
    task_runs = sample.rows("task_run", where)
    mapped = {row["task_id"]: row for row in task_runs if row["state"] == "Mapped"}
    expected = sorted(row["serialized_state"]["n_map_states"] for row in mapped.values())
    assert expected == [12, 48, 48, 940]
    children = Counter(row["state"] for row in task_runs if row["map_index"] >= 0)
    assert children["Success"] > 300
    assert children["Failed"] == 1
    assert children["Retrying"] >= 2
    levels = Counter(row["level"] for row in sample.rows("log", where, "level"))
    assert sum(levels.values()) > 1000
    assert levels.keys() == {"DEBUG", "INFO", "WARNING", "ERROR"}


def test_a_run_waits_for_approval_and_an_earlier_one_got_it(sample: Sample) -> None:
    waiting, approved = sample.run_named("issue-42"), sample.run_named("issue-41")
    assert waiting["state"] == "Running"
    paused = {"flow_run_id": {"_eq": waiting["id"]}, "state": {"_eq": "Paused"}}
    assert len(sample.rows("task_run", paused)) == 1
    assert approved["state"] == "Success"


def test_a_cancelled_run_has_no_task_left_running(sample: Sample) -> None:
    run = sample.run_named("deep-crawl")
    assert run["state"] == "Cancelled"
    states = {row["state"] for row in sample.rows("task_run", {"flow_run_id": {"_eq": run["id"]}})}
    assert "Cancelled" in states
    assert not states & {"Running", "Pending"}


def test_logs_have_levels_loggers_and_tracebacks_of_many_lines(sample: Sample) -> None:
    lines = sample.rows("log")
    assert {line["level"] for line in lines} == {"DEBUG", "INFO", "WARNING", "ERROR"}
    loggers = Counter(line["name"] for line in lines)
    assert loggers.keys() > {"agent", "prefect.CloudFlowRunner", "prefect.CloudTaskRunner"}
    tracebacks = [line["message"] for line in lines if "Traceback (most recent" in line["message"]]
    assert len(tracebacks) >= 5
    assert all(text.count("\n") >= 4 for text in tracebacks)
    assert len({text.rsplit("\n", 1)[-1] for text in tracebacks}) >= 5


def test_the_run_that_fails_says_why_in_its_task_and_in_its_log(sample: Sample) -> None:
    run = sample.run_named("backfill-monday-2")
    assert run["state"] == "Failed"
    where = {"flow_run_id": {"_eq": run["id"]}}
    failed = sample.rows("task_run", {**where, "state": {"_eq": "Failed"}})
    assert [row["state_message"] for row in failed] == [
        "Unexpected error: KeyError(\"'currency_code'\")"
    ]
    errors = sample.rows("log", {**where, "level": {"_eq": "ERROR"}})
    assert any(line["message"].endswith("KeyError: 'currency_code'") for line in errors)
    assert {line["task_run_id"] for line in errors} == {row["id"] for row in failed}


def test_hostile_text_is_kept_as_it_is(sample: Sample) -> None:
    (newest,) = sample.rows("flow", {"name": {"_eq": HOSTILE.name}, "archived": {"_eq": False}})
    assert "\x1b[31m" in newest["name"]
    assert WIDE in newest["name"]
    of_it = {"flow_id": {"_eq": newest["id"]}, "name": {"_like": "%\u202e%"}}
    (run,) = sample.rows("flow_run", of_it)
    assert "\x1b]8;;" in run["parameters"]["text"]
    assert run["state"] == "Failed"
    messages = [row["message"] for row in sample.rows("log", {"flow_run_id": {"_eq": run["id"]}})]
    assert COMBINING in messages
    assert any("\x1b[2J" in message for message in messages)


def test_safeguards_are_switched_off_and_locks_on_here_and_there(sample: Sample) -> None:
    settings: list[Mapping[str, Any]] = [row["settings"] for row in sample.rows("flow_group")]
    assert any(not group["heartbeat_enabled"] for group in settings)
    assert any(not group["lazarus_enabled"] for group in settings)
    assert any(group["version_locking_enabled"] for group in settings)


def test_no_row_is_written_but_by_the_services() -> None:
    (package,) = flowtui.demo.__path__
    for path in Path(package).rglob("*.py"):
        text = path.read_text("utf-8")
        for writing in ('.insert("', '.update("', '.delete("', "INSERT INTO"):
            assert writing not in text, path.name
