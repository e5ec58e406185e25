"""Scripts of runs: the same for the same chance, complete, and true to the flow's declaration."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import pairwise

import pytest

from flowtui.demo.declarations import Fault, Flow, Parameter, Task, Trouble, Version
from flowtui.demo.flows import FLOWS
from flowtui.demo.script import (
    MOST_CHILDREN,
    Cast,
    Line,
    Script,
    StateChange,
    dice_for,
    write_script,
)
from flowtui.models.states import FINISHED

BROKEN = Fault("KeyError", "'price'", "/srv/flows/shop.py", 7, "load", "row['price']")

SHOP = Version(
    "shop",
    "lab",
    (
        Task("fetch", 3, (), ("from {source}, {n} rows", "WARNING {unknown} stays")),
        Task("pack", 4, ("fetch",), mapped=3, mapped_by="boxes"),
        Task("load", 5, ("pack",), retries=2, retry_seconds=30),
        Task("tell", 1, ("load",)),
    ),
    (Parameter("source", "here"), Parameter("boxes", 2)),
)


def script(version: Version = SHOP, **cast: object) -> Script:
    parameters = {"source": "there", "boxes": 4}
    return write_script(
        Cast(version, parameters, **{"troubles": {}, **cast}),  # type: ignore[arg-type]
        dice_for(1, "run"),
    )


def states(script: Script, slug: str, index: int = -1) -> list[str]:
    """The states that a task, or with an empty slug the run, goes through."""
    return [
        step.what.type
        for step in script.steps
        if isinstance(step.what, StateChange) and (step.slug, step.index) == (slug, index)
    ]


def lines(script: Script) -> list[str]:
    return [step.what.message for step in script.steps if isinstance(step.what, Line)]


def test_the_same_chance_writes_the_same_script() -> None:
    assert script() == script()
    assert write_script(Cast(SHOP, {}), dice_for(1, "a")) != write_script(
        Cast(SHOP, {}), dice_for(1, "b")
    )


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.first.project + repr(flow.name)[:16])
def test_every_task_of_every_version_comes_to_an_end(flow: Flow) -> None:
    for _, version in flow.versions():
        written = write_script(Cast(version, {}, troubles={}), dice_for(1, version.name))
        assert all(one.after <= other.after for one, other in pairwise(written.steps))
        for task in version.tasks:
            last = states(written, task.slug)[-1:]
            if written.ends:
                assert last[0] in FINISHED
        assert states(written, "")[0] == "Running"
        assert (states(written, "")[-1] in FINISHED) == written.ends


def test_parameters_decide_and_are_told() -> None:
    written = script()
    assert 'Parameters: {"source": "there", "boxes": 4}' in lines(written)
    assert any(line.startswith("from there, ") for line in lines(written))
    assert {step.index for step in written.steps if step.slug == "pack-1"} == {-1, 0, 1, 2, 3}
    assert states(written, "pack-1") == ["Mapped"]


def test_a_parameter_that_is_unheard_of_stays_as_it_stands() -> None:
    assert "{unknown} stays" in lines(script())


@pytest.mark.parametrize("boxes", ["many", True, None, -3, 10**9])
def test_absurd_numbers_of_children_are_bounded(boxes: object) -> None:
    written = write_script(Cast(SHOP, {"boxes": boxes}, troubles={}), dice_for(1, "run"))
    children = {step.index for step in written.steps if step.slug == "pack-1"} - {-1}
    assert 1 <= len(children) <= MOST_CHILDREN


def test_a_task_is_tried_as_often_as_it_says_and_what_follows_is_not_started() -> None:
    written = script(troubles={"load": Trouble("Failed", 1, BROKEN)})
    attempt = ["Running", "Failed", "Retrying"]
    assert states(written, "load-1") == [*attempt, *attempt, "Running", "Failed"]
    assert states(written, "tell-1") == ["TriggerFailed"]
    assert states(written, "") == ["Running", "Failed"]
    assert any(line.endswith("KeyError: 'price'") for line in lines(written))


def test_a_retry_can_get_over_it() -> None:
    written = script(troubles={"load": Trouble("Failed", 1, BROKEN, passes=True)})
    assert states(written, "load-1") == ["Running", "Failed", "Retrying", "Running", "Success"]
    assert states(written, "") == ["Running", "Success"]


def test_one_child_that_fails_fails_what_comes_after_all() -> None:
    written = script(troubles={"pack": Trouble("Failed", 1, BROKEN)})
    ends = [states(written, "pack-1", index)[-1] for index in range(4)]
    assert sorted(ends) == ["Failed", "Success", "Success", "Success"]
    assert states(written, "load-1") == ["TriggerFailed"]


def test_what_was_finished_before_is_not_done_again() -> None:
    written = script(done={"fetch-1": "Success", "pack-1": "Mapped"})
    assert states(written, "fetch-1") == states(written, "pack-1") == []
    assert states(written, "load-1") == ["Running", "Success"]


def test_children_that_were_reset_are_done_again_before_what_follows() -> None:
    done = {"fetch-1": "Success", "pack-1": "Mapped"}
    written = script(done=done, again={"pack-1": frozenset({2})})
    assert states(written, "pack-1", 2) == ["Running", "Success"]
    assert states(written, "pack-1") == states(written, "pack-1", 1) == []
    ended = max(step.after for step in written.steps if step.slug == "pack-1")
    began = [step.after for step in written.steps if step.slug == "load-1"]
    assert min(began) > ended


def test_a_run_waits_until_somebody_says_yes() -> None:
    asking = Version(
        "asking", "lab", (Task("ask", trigger="manual_only"), Task("act", after=("ask",)))
    )
    waiting = script(asking)
    assert not waiting.ends
    assert states(waiting, "ask-1") == ["Paused"]
    assert states(waiting, "act-1") == []
    assert states(waiting, "") == ["Running"]
    approved = script(asking, approved=frozenset({"ask-1"}))
    assert approved.ends
    assert states(approved, "act-1") == ["Running", "Success"]


def test_a_long_run_is_played_in_the_time_there_is() -> None:
    whole = script(troubles={"load": Trouble("Failed", 1, BROKEN)})
    short = whole.within(2.0)
    assert whole.seconds > 60
    assert whole.within(1e6) is whole
    assert max(step.after for step in short.steps) <= 2.0
    assert len(short.steps) == len(whole.steps)
    delays = [
        step.what.due_in
        for step in short.steps
        if isinstance(step.what, StateChange) and step.what.due_in is not None
    ]
    assert delays
    assert all(delay < 30 for delay in delays)


def test_a_state_is_sent_with_the_time_it_is_due() -> None:
    now = datetime(2026, 11, 20, 3, 0, tzinfo=timezone.utc)
    change = StateChange("Retrying", "again", due_in=90, extra={"run_count": 2})
    assert change.document(now) == {
        "type": "Retrying",
        "message": "again",
        "run_count": 2,
        "start_time": "2026-11-20T03:01:30+00:00",
    }
