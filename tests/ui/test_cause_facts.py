"""What stands under a cause: where it happened, since when, and what went well last."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from flowtui.models.agents import Agent
from flowtui.models.attention import Matter
from flowtui.models.flows import FlowSummary, FlowVersion
from flowtui.models.ids import AgentId, FlowGroupId, FlowId, FlowRunId
from flowtui.models.runs import FlowRun
from flowtui.models.states import RunState
from flowtui.ui.cause_facts import cause_facts
from flowtui.ui.ink import text_of

NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def run(name: str, state: str, version: int, minutes_ago: float) -> FlowRun:
    start, end = ago(minutes_ago), ago(minutes_ago - 2)
    said = RunState(state, 3, "", timestamp=end)
    return FlowRun(FlowRunId(name), name, said, start, start, end, flow_version=version)


def flow(*runs: FlowRun) -> FlowSummary:
    latest = FlowVersion(FlowId("f"), "etl", 42, ago(900), archived=False)
    return FlowSummary(FlowGroupId("g"), latest, recent_runs=runs)


FAILED = Matter(
    "Failed", "etl", "KeyError", FlowRunId("r"), 3, ago(4), "load[2]", "g", ago(33), version=42
)


def told(matter: Matter, known: FlowSummary | None = None) -> str:
    return text_of(cause_facts(matter, known, NOW, timezone.utc))


def test_a_failure_tells_its_task_and_when_it_happened_first() -> None:
    assert told(FAILED) == "load[2] · first 02:41"
    assert told(replace(FAILED, runs=1)) == "load[2]"


def test_what_went_well_in_the_version_before_says_that_it_is_new() -> None:
    known = flow(run("bad", "Failed", 42, 6), run("amber", "Success", 41, 50))
    assert told(FAILED, known).endswith("new since v42 · last ok 02:26, amber")


def test_it_is_not_new_where_the_version_before_failed_as_well() -> None:
    known = flow(run("fine", "Success", 42, 50), run("bad", "Failed", 41, 90))
    assert told(FAILED, known) == "load[2] · first 02:41 · last ok 02:26, fine"


def test_a_run_that_went_well_since_then_says_so() -> None:
    assert told(FAILED, flow(run("fine", "Success", 42, 5))).endswith("ok again 03:11, fine")


def test_a_timeout_tells_how_long_it_usually_takes() -> None:
    late = replace(FAILED, state="TimedOut", runs=1)
    known = flow(run("fine", "Success", 42, 50))
    assert told(late, known) == "load[2] · usually 2m 00s · last ok 02:26, fine"


def test_what_is_late_tells_who_would_take_it_and_has_not_asked() -> None:
    late = Matter("Late", "etl", "no live agent takes gpu", FlowRunId("r"), 1, ago(18))
    assert told(late) == "due 02:56 UTC"
    away = Agent(AgentId("a"), "gpu-worker-2", "LocalAgent", ("gpu",), ago(31))
    assert told(replace(late, agent=away)) == (
        "due 02:56 UTC · agent gpu-worker-2 last asked 31 m ago"
    )


def test_names_are_harmless() -> None:
    late = Matter("Late", "etl", "", FlowRunId("r"), 1, ago(18))
    away = Agent(AgentId("a"), "gpu\x1b[31m\nworker", "LocalAgent", (), ago(31))
    shown = told(replace(late, agent=away), flow(run("a\x1b[2J", "Success", 1, 9)))
    assert "\x1b" not in shown
    assert "\n" not in shown
