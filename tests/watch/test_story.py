"""The story of a run: each thing once, in order of time, with the words a person needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from flowtui.models.ids import FlowGroupId, FlowRunId, LogId, TaskId, TaskRunId
from flowtui.models.logs import LogLine
from flowtui.models.runs import FlowRun, FlowRunDetail
from flowtui.models.states import RunState, StateRecord
from flowtui.models.tasks import TaskRun
from flowtui.watch.story import Happening, Interleaver, LogEntry, StateChange, Story

START = datetime(2026, 11, 20, 3, 0, tzinfo=timezone.utc)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def detail(*states: str, agent: str = "") -> FlowRunDetail:
    """A run that came into these states, a second apart."""
    records = tuple(
        StateRecord(state, at(number), f"{state}!", number) for number, state in enumerate(states)
    )
    run = FlowRun(
        FlowRunId("r"), "otter", RunState(states[-1], len(states), timestamp=at(len(states))), START
    )
    return FlowRunDetail(run, FlowGroupId("g"), records, agent_name=agent)


def task(
    slug: str, *history: tuple[float, str], index: int = -1, message: str = "", retries: int = 0
) -> TaskRun:
    """A task run that came into these states at these seconds."""
    records = tuple(
        StateRecord(state, at(seconds), message if number == len(history) - 1 else "", number)
        for number, (seconds, state) in enumerate(history)
    )
    return TaskRun(
        TaskRunId(f"{slug}{index}"),
        FlowRunId("r"),
        TaskId(slug),
        slug,
        slug,
        RunState(history[-1][1], len(history), message, at(history[-1][0])),
        index,
        max_retries=retries,
        start_time=at(history[0][0]),
        states=records,
    )


def line(seconds: float, message: str, task_run_id: str | None = None) -> LogLine:
    return LogLine(
        LogId(message),
        at(seconds),
        "INFO",
        message,
        "prefect.etl",
        task_run_id=None if task_run_id is None else TaskRunId(task_run_id),
    )


def said(happenings: Sequence[Happening]) -> list[str]:
    """What the happenings are about, shortly."""
    return [
        f"{h.subject} {h.state}" if isinstance(h, StateChange) else h.message for h in happenings
    ]


def notes(changes: Sequence[StateChange]) -> list[str]:
    return [change.note for change in changes]


def test_each_state_of_the_run_is_told_once() -> None:
    story = Story()
    assert said(story.run_changes(detail("Scheduled", "Submitted"))) == [
        "otter Scheduled",
        "otter Submitted",
    ]
    assert said(story.run_changes(detail("Scheduled", "Submitted", "Running"))) == ["otter Running"]
    assert story.run_changes(detail("Scheduled", "Submitted", "Running")) == []


def test_a_state_that_comes_again_is_told_again() -> None:
    story = Story()
    story.run_changes(detail("Running", "Failed"))
    assert said(story.run_changes(detail("Running", "Failed", "Scheduled", "Running"))) == [
        "otter Scheduled",
        "otter Running",
    ]


def test_the_agent_that_took_a_run_is_named() -> None:
    changes = Story().run_changes(detail("Submitted", agent="k8s-prod-1"))
    assert notes(changes) == ["taken by agent k8s-prod-1"]


def test_a_task_that_succeeded_tells_how_long_its_last_attempt_took() -> None:
    history = [(0, "Running"), (5, "Retrying"), (10, "Running"), (31, "Success")]
    changes = Story().task_changes([task("load", *history, retries=3)])
    assert notes(changes) == ["", "retry 1 of 3", "", "21s"]
    assert [change.notable for change in changes] == [False, True, False, True]


def test_retries_are_counted() -> None:
    history = [(0, "Running"), (1, "Retrying"), (2, "Running"), (3, "Retrying")]
    changes = Story().task_changes([task("load", *history, retries=3, message="deadlock")])
    assert notes(changes)[1::2] == ["retry 1 of 3", "retry 2 of 3, deadlock"]


def test_a_retry_tells_why_and_the_failure_before_it_needs_no_line() -> None:
    history = [(0, "Running"), (1, "Failed"), (1, "Retrying"), (9, "Running"), (11, "Failed")]
    told = task("load", *history, retries=3, message="Unexpected error: KeyError('price')")
    said = replace(told.states[1], message="Unexpected error: Deadlock('busy')")
    told = replace(told, states=(told.states[0], said, *told.states[2:]))
    changes = [change for change in Story().task_changes([told]) if change.notable]
    assert notes(changes) == ["retry 1 of 3, Deadlock", "KeyError('price')"]


def test_that_a_task_run_exists_is_no_news() -> None:
    assert Story().task_changes([task("load", (0, "Pending"))]) == []


def test_of_mapped_children_only_trouble_is_notable() -> None:
    good = task("load", (0, "Running"), (1, "Success"), index=0)
    bad = task("load", (0, "Running"), (1, "Failed"), index=1, message="KeyError")
    changes = Story().task_changes([good, bad])
    notable = [change for change in changes if change.notable]
    assert said(notable) == ["load[1] Failed"]
    assert notes(notable) == ["KeyError"]


def test_mapped_children_are_summed_up_when_all_have_ended_and_no_more_have_come() -> None:
    story = Story()
    first = task("load", (0, "Running"), (9, "Success"), index=0)
    story.task_changes([task("load", (0, "Mapped")), first])
    assert story.finished_maps() == [], "there may be more to come"
    story.task_changes([task("load", (1, "Running"), (12, "Success"), index=1)])
    assert story.finished_maps() == []
    assert notes(story.finished_maps()) == ["2 of 2, 12s"]
    assert story.finished_maps() == []


def test_children_that_failed_make_the_sum_a_failure() -> None:
    story = Story()
    story.task_changes(
        [
            task("load", (0, "Running"), (5, "Success"), index=0),
            task("load", (0, "Running"), (9, "TimedOut"), index=1),
        ]
    )
    story.finished_maps()
    assert said(story.finished_maps()) == ["load TimedOut"]


def test_a_log_line_is_told_with_the_task_that_wrote_it() -> None:
    story = Story()
    story.task_changes([task("load", (0, "Running"), index=3)])
    entries = story.entries([line(1, "from the task", "load3"), line(2, "from the flow")])
    assert [entry.subject for entry in entries] == ["load[3]", "etl"]


def change(seconds: float, state: str = "Running", of_run: bool = False) -> StateChange:
    return StateChange(at(seconds), "load", state, of_run=of_run)


def entry(seconds: float, message: str) -> LogEntry:
    return LogEntry(at(seconds), "etl", "INFO", message)


def test_a_state_waits_for_the_lines_before_it() -> None:
    teller = Interleaver()
    teller.add([change(10)], at(10))
    assert teller.ready(at(12)) == []
    teller.add([entry(9, "before"), entry(11, "after")], at(13))
    assert said(teller.ready(at(13))) == ["before", "load Running", "after"]
    assert teller.seconds_until_due(at(13)) is None


def test_a_state_waits_for_nothing_longer_than_lines_can_take() -> None:
    teller = Interleaver()
    teller.add([change(10)], at(11))
    assert teller.seconds_until_due(at(11)) == 5
    assert teller.ready(at(15.9)) == []
    assert said(teller.ready(at(16))) == ["load Running"]
    assert teller.ready(at(99)) == []


def test_what_is_long_past_is_told_at_once() -> None:
    teller = Interleaver()
    teller.add([change(10), change(20, "Success")], at(3600))
    assert said(teller.ready(at(3600))) == ["load Running", "load Success"]


def test_a_clock_that_is_ahead_makes_nobody_wait_longer() -> None:
    teller = Interleaver()
    teller.add([change(500)], at(10))
    assert said(teller.ready(at(16))) == ["load Running"]


def test_states_before_anything_can_log_wait_for_nothing() -> None:
    teller = Interleaver()
    teller.add([change(10, "Submitted", of_run=True)], at(10))
    assert said(teller.ready(at(10))) == ["load Submitted"]


def test_in_one_moment_a_state_begins_then_the_log_speaks_then_a_state_ends() -> None:
    story, teller = Story(), Interleaver()
    teller.add(story.entries([line(1, "said")]), at(1))
    teller.add(story.task_changes([task("load", (1, "Running"), (1, "Success"))]), at(1))
    assert said(teller.rest()) == ["load Running", "said", "load Success"]
    assert teller.rest() == []
