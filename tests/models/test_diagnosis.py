"""Why a run is not running, without a screen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from flowtui.models.agents import Agent
from flowtui.models.diagnosis import Circumstances, Diagnosis, diagnose
from flowtui.models.flows import FlowGroup, FlowVersion, Safeguards
from flowtui.models.ids import AgentId, FlowGroupId, FlowId, FlowRunId
from flowtui.models.remedies import Around, Remedy, same_cause
from flowtui.models.remedies import remedies as remedies_among
from flowtui.models.runs import FlowRun, FlowRunDetail
from flowtui.models.states import RunState

NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)


def agent(name: str, *labels: str, asked: float = 2) -> Agent:
    return Agent(AgentId(name), name, "LocalAgent", labels, NOW - timedelta(seconds=asked))


def waiting(
    state: str = "Scheduled",
    *,
    labels: tuple[str, ...] = (),
    agents: tuple[Agent, ...] = (),
    since: float = 1080,
    due_in: float = -1080,
    paused: bool = False,
    guards: Safeguards | None = None,
    **detail: Any,
) -> Circumstances:
    due = NOW + timedelta(seconds=due_in)
    run = FlowRun(
        FlowRunId("r"),
        "red-wasp",
        RunState(state, 1, timestamp=NOW - timedelta(seconds=since)),
        due,
        flow_id=FlowId("f"),
        labels=labels,
    )
    version = FlowVersion(FlowId("f"), "ledger", 7, NOW, archived=False)
    group = FlowGroup(FlowGroupId("g"), (version,), safeguards=guards or Safeguards())
    known = FlowRunDetail(run, FlowGroupId("g"))
    return Circumstances(replace(known, **detail), group, agents, paused, NOW)


@pytest.mark.parametrize(
    ("known", "cause", "headline"),
    [
        (
            waiting(labels=("gpu", "eu-1"), agents=(agent("a", "prod"),)),
            "agent",
            "No living agent takes a run with the labels gpu and eu-1.",
        ),
        (
            waiting(labels=("gpu",), agents=(agent("gpu-2", "gpu", asked=1860),)),
            "agent",
            "No living agent takes a run with the label gpu.",
        ),
        (
            waiting(agents=(agent("labelled", "prod"),)),
            "agent",
            "No living agent takes a run with no labels.",
        ),
        (waiting(agents=(agent("a"),), paused=True), "queue", "The work queue is paused."),
        (
            waiting(agents=(agent("a"),), flow_archived=True),
            "flow",
            "Its version of the flow is archived.",
        ),
        (waiting("Queued", agents=(agent("a"),)), "limits", "It waits for a free slot."),
        (waiting("Paused", agents=(agent("a"),)), "state", "Somebody has to let it go on."),
        (
            waiting("Submitted", since=600),
            "submitted",
            "An agent took it, but its process has not begun.",
        ),
        (
            waiting("Running", heartbeat=NOW - timedelta(minutes=5)),
            "heartbeat",
            "Its process has gone silent.",
        ),
    ],
)
def test_the_first_thing_that_is_wrong_is_the_answer(
    known: Circumstances, cause: str, headline: str
) -> None:
    diagnosis = diagnose(known)
    assert diagnosis.cause is not None
    assert (diagnosis.cause.name, diagnosis.headline) == (cause, headline)
    assert remedies(known, diagnosis)


@pytest.mark.parametrize(
    ("known", "headline"),
    [
        (waiting(agents=(agent("a"),), due_in=600), "It is not due yet."),
        (waiting(agents=(agent("a"),)), "An agent should take it any moment."),
        (waiting("Success"), "It is over: Success."),
        (waiting("Running", heartbeat=NOW - timedelta(seconds=9)), "It is running."),
        (waiting("Submitted", since=5), "It is Submitted."),
    ],
)
def test_where_nothing_is_wrong_it_says_what_is_so(known: Circumstances, headline: str) -> None:
    diagnosis = diagnose(known)
    assert not diagnosis.is_bad
    assert diagnosis.headline == headline


def test_what_comes_after_the_cause_was_not_reached() -> None:
    diagnosis = diagnose(waiting(paused=True))
    names = [check.name for check in diagnosis.checks]
    after = diagnosis.checks[names.index("queue") + 1 :]
    assert {check.verdict for check in after} == {"open"}


def test_a_silent_process_is_left_alone_where_heartbeats_are_off() -> None:
    quiet = waiting(
        "Running", heartbeat=NOW - timedelta(hours=1), guards=Safeguards(heartbeat=False)
    )
    assert not diagnose(quiet).is_bad


def test_an_agent_that_is_away_is_named() -> None:
    known = waiting(labels=("gpu",), agents=(agent("gpu-2", "gpu", asked=1860),))
    assert diagnose(known, timezone.utc).detail == (
        "gpu-2 is the only one that would. It last asked for work 31m ago, at 02:43:22 UTC."
    )
    two = replace(known, agents=(*known.agents, agent("gpu-3", "gpu", asked=4000)))
    assert diagnose(two).detail.startswith("2 would, and gpu-2 was heard of last. It last asked")


def test_where_no_agent_would_take_it_it_says_why() -> None:
    one, other = agent("k8s-1", "prod"), agent("k8s-2", "tpu")
    for labels, agents, said in (
        (("gpu",), (), "There is no agent at all."),
        (("gpu",), (one,), "The only agent does not have it."),
        (("gpu", "eu"), (one, other), "None of the 2 agents has all of them."),
        ((), (one,), "An agent with labels takes no run without any."),
    ):
        assert diagnose(waiting(labels=labels, agents=agents)).detail == said


def remedies(known: Circumstances, diagnosis: Diagnosis) -> tuple[Remedy, ...]:
    """What helps, as long as nothing else is known to be planned."""
    return remedies_among(Around(known), diagnosis)


def test_what_helps_is_named_with_its_keys() -> None:
    nobody = waiting(labels=("gpu",), agents=(agent("k8s-1", "prod", "k8s"),))
    start, change, *_, last = remedies(nobody, diagnose(nobody))
    assert (start.key, start.does) == ("", "start an agent with gpu")
    assert (change.key, change.then) == ("x L", "to prod k8s; k8s-1 would take it now")
    assert (last.key, last.does) == ("x c", "cancel this run …")
    away = waiting(
        labels=("gpu",),
        agents=(
            agent("gpu-2", "gpu", asked=1860),
            agent("other", "tpu"),
            agent("k8s-1", "prod", "k8s"),
            agent("k8s-2", "prod", "k8s"),
        ),
    )
    start, change, *_ = remedies(away, diagnose(away))
    assert start.does == "start gpu-2 again on its host"
    assert change.then == "to prod k8s; 2 healthy agents would take it now"
    paused = waiting(agents=(agent("k8s-1"),), paused=True)
    assert remedies(paused, diagnose(paused))[0].key == "1 x Q"
    well = waiting(agents=(agent("k8s-1"),))
    assert remedies(well, diagnose(well)) == ()


@pytest.mark.parametrize(
    ("known", "key"),
    [
        (waiting(flow_archived=True), "x K"),
        (waiting("Queued"), "7"),
        (waiting("Paused"), "x a"),
        (waiting("Submitted", since=600), "x s"),
        (waiting("Running", heartbeat=NOW - timedelta(minutes=9)), "x s"),
    ],
)
def test_every_cause_has_something_that_helps(known: Circumstances, key: str) -> None:
    assert remedies(known, diagnose(known))[0].key == key


def later(known: Circumstances, name: str, minutes: float, *labels: str) -> FlowRun:
    """Another run that is planned."""
    due = NOW + timedelta(minutes=minutes)
    return replace(
        known.run,
        id=FlowRunId(name),
        scheduled_start_time=due,
        labels=labels,
        flow_group_id=FlowGroupId("g"),
        auto_scheduled=True,
    )


def test_what_waits_for_the_same_agent_is_counted() -> None:
    known = waiting(
        labels=("gpu", "eu"),
        agents=(agent("gpu-2", "gpu", "eu", asked=1860), agent("k8s-1", "prod")),
    )
    planned = [
        known.run,
        later(known, "late too", -20, "gpu"),
        later(known, "soon", 40, "gpu", "eu"),
        later(known, "later", 100, "eu"),
        later(known, "taken by another", 50, "prod"),
        later(known, "for somebody else", 50, "tpu"),
        later(known, "far off", 1000, "gpu"),
    ]
    same = same_cause(known, planned)
    assert same.late == 2
    assert [run.id for run in same.due] == ["soon", "later"]


def test_giving_up_says_what_comes_after() -> None:
    known = waiting(labels=("gpu",), agents=(agent("gpu-2", "gpu", asked=1860),))
    latest = replace(known.group.latest, is_schedule_active=True)
    known = replace(known, group=replace(known.group, versions=(latest,)))
    planned = [later(known, "next", 41, "gpu"), later(known, "then", 101, "gpu")]
    *_, cancel, switch = remedies_among(Around(known, planned, timezone.utc), diagnose(known))
    assert cancel.then == "the next one is due 03:55; it will be late too"
    assert (switch.key, switch.then) == (
        "x p",
        "until the agent is back; 2 planned runs would go",
    )


@pytest.mark.parametrize(("often", "told"), [(1, "it 1 time"), (2, "it 2 times")])
def test_how_often_lazarus_helped_is_counted_in_words(often: int, told: str) -> None:
    checks = diagnose(waiting(agents=(agent("a"),), times_resurrected=often, due_in=60)).checks
    assert checks[-1].text.endswith(f"has rescheduled {told}")


@pytest.mark.parametrize("state", ["Paused", "Submitted", "Queued"])
def test_no_key_is_named_beside_those_that_help(state: str) -> None:
    cause = diagnose(waiting(state, agents=(agent("a"),))).cause
    assert cause is not None
    assert "x " not in cause.help
