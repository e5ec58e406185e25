"""What needs a human."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from flowtui.models.agents import Agent
from flowtui.models.attention import Failure, Overview, matters
from flowtui.models.ids import AgentId, FlowRunId
from flowtui.models.runs import FlowRun
from flowtui.models.states import RunState

NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)


def run(name: str, flow: str, state: str, minutes_ago: float, *labels: str) -> FlowRun:
    then = NOW - timedelta(minutes=minutes_ago)
    said = RunState(state, 3, "Some reference tasks failed.", timestamp=then)
    return FlowRun(FlowRunId(name), name, said, then, flow_name=flow, labels=labels)


@pytest.mark.parametrize("wrapping", ["Unexpected error: ", "Error during execution of task: "])
def test_failures_of_one_cause_are_one_matter_however_their_numbers_differ(wrapping: str) -> None:
    failures = tuple(
        Failure(run(f"run-{n}", "etl", "Failed", n), "load[3]", f"{wrapping}part {n} is gone")
        for n in range(1, 4)
    )
    (matter,) = matters(Overview(NOW, failures=failures), (), (), NOW)
    assert (matter.runs, matter.run_id, matter.cause) == (3, "run-1", "part 1 is gone")


def test_another_cause_or_another_flow_is_another_matter() -> None:
    failures = (
        Failure(run("a", "etl", "Failed", 5), "load", "KeyError"),
        Failure(run("b", "etl", "Failed", 4), "load", "ValueError"),
        Failure(run("c", "ml", "Failed", 9), "fit", "KeyError"),
    )
    found = matters(Overview(NOW, failures=failures), (), (), NOW)
    assert [(one.flow_name, one.cause) for one in found] == [
        ("etl", "ValueError"),
        ("etl", "KeyError"),
        ("ml", "KeyError"),
    ]


def test_without_a_task_that_failed_the_run_speaks() -> None:
    (matter,) = matters(
        Overview(NOW, failures=(Failure(run("a", "etl", "Failed", 5)),)), (), (), NOW
    )
    assert matter.cause == "Some reference tasks failed."


def test_late_runs_come_first_and_say_whether_an_agent_is_missing() -> None:
    agents = [Agent(AgentId("a"), "a", "LocalAgent", ("prod",), NOW)]
    planned = [
        run("x", "gpu", "Scheduled", 18, "gpu"),
        run("y", "etl", "Scheduled", 3, "prod"),
        run("z", "etl", "Scheduled", -9, "prod"),
    ]
    failures = (Failure(run("a", "ml", "Failed", 1)),)
    found = matters(Overview(NOW, failures=failures), planned, agents, NOW)
    assert [(one.state, one.flow_name, one.cause, one.runs) for one in found[:2]] == [
        ("Late", "gpu", "no live agent takes gpu", 1),
        ("Late", "etl", "an agent is there, but does not take it", 1),
    ]
    assert found[2].state == "Failed"


def test_late_runs_name_the_agent_that_asked_last_of_those_that_may_take_them() -> None:
    seen = [(40, "prod"), (9, "prod"), (1, "gpu")]
    agents = [
        Agent(AgentId(f"a{n}"), f"a{n}", "LocalAgent", (label,), NOW - timedelta(minutes=minutes))
        for n, (minutes, label) in enumerate(seen)
    ]
    agents.append(Agent(AgentId("never"), "never", "LocalAgent", ("prod",)))
    (matter,) = matters(Overview(NOW), [run("y", "etl", "Scheduled", 3, "prod")], agents, NOW)
    assert matter.agent is agents[1]
    (matter,) = matters(Overview(NOW), [run("y", "etl", "Scheduled", 3, "tpu")], agents, NOW)
    assert matter.agent is None


def test_a_cause_knows_its_first_run_and_its_oldest_version() -> None:
    failures = tuple(
        Failure(replace(run(f"run-{n}", "etl", "Failed", n), flow_version=9 - n), "load", "Key")
        for n in (1, 2, 3)
    )
    (matter,) = matters(Overview(NOW, failures=failures), (), (), NOW)
    assert (matter.since, matter.first) == (
        NOW - timedelta(minutes=1),
        NOW - timedelta(minutes=3),
    )
    assert matter.version == 6
