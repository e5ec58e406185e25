"""Why nobody takes a run, in one sentence."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from flowtui.models.agents import Agent
from flowtui.models.ids import AgentId, FlowRunId
from flowtui.models.runs import FlowRun
from flowtui.models.states import RunState
from flowtui.watch.waiting import is_overdue, why_waiting

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=timezone.utc)


def run(*labels: str, state: str = "Scheduled", late: float = 20) -> FlowRun:
    due = NOW - timedelta(seconds=late)
    return FlowRun(FlowRunId("r"), "otter", RunState(state, 1, start_time=due), due, labels=labels)


def agent(name: str, *labels: str, asked: float = 5) -> Agent:
    return Agent(AgentId(name), name, "local", labels, NOW - timedelta(seconds=asked))


def test_a_run_is_overdue_when_an_agent_should_have_come() -> None:
    assert is_overdue(run(), NOW)
    assert not is_overdue(run(late=10), NOW)
    assert not is_overdue(run(late=-60), NOW)
    assert not is_overdue(run(state="Running"), NOW)


def test_without_agents_nothing_is_taken() -> None:
    assert why_waiting(run(), [], NOW).startswith("No agent is registered")


def test_labels_that_no_agent_has_are_named_with_the_agents() -> None:
    said = why_waiting(run("gpu", "prod"), [agent("a", "prod"), agent("b")], NOW)
    assert said == "No agent takes it: it needs labels gpu, prod, and a or b does not match."
    said = why_waiting(run(), [agent("a", "prod")], NOW)
    assert said == "No agent takes it: it needs an agent without labels, and a does not match."


def test_an_agent_that_went_silent_is_named() -> None:
    said = why_waiting(run("prod"), [agent("a", "prod", asked=3600)], NOW)
    assert said == "No agent has taken it: it fits a, which asks no more."


def test_an_agent_that_could_take_it_is_named() -> None:
    said = why_waiting(run("prod"), [agent(name, "prod", "x") for name in "abcde"], NOW)
    assert "a or b or c (and 2 more) could" in said
