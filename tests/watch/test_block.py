"""The live block and the summary, as a person reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from flowtui.models.ids import FlowGroupId, FlowRunId, TaskId, TaskRunId
from flowtui.models.runs import FlowRun, FlowRunDetail
from flowtui.models.states import RunState
from flowtui.models.tasks import TaskRun
from flowtui.ui.ink import text_of, width_of
from flowtui.ui.tokens import PALETTES
from flowtui.watch.block import View, header, live_block, summary
from flowtui.watch.lines import Line
from flowtui.watch.story import Snapshot

START = datetime(2026, 11, 20, 3, 2, 18, tzinfo=timezone.utc)
PALETTE = PALETTES["dark"]


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def snapshot(state: str = "Running", tasks: Sequence[TaskRun] = (), message: str = "") -> Snapshot:
    run = FlowRun(
        FlowRunId("6f0c1d52-77aa-4e0b-9b5e-2f1c8e3a90d4"),
        "rosy-otter",
        RunState(state, 4, message, at(18.85)),
        START,
        start_time=None if state == "Scheduled" else START,
        end_time=at(18.85),
        flow_name="orders-etl",
        flow_version=42,
        project_name="prod",
    )
    detail = FlowRunDetail(run, FlowGroupId("g"), usual_seconds=19 * 60.0)
    return Snapshot(detail, tuple(tasks))


def task(
    slug: str, state: str, index: int = -1, started: float = 0.0, message: str = ""
) -> TaskRun:
    return TaskRun(
        TaskRunId(f"{slug}{index}"),
        FlowRunId("r"),
        TaskId(slug),
        slug,
        slug,
        RunState(state, 2, message, at(started)),
        index,
        start_time=at(started),
    )


def mapped(slug: str, **states: int) -> list[TaskRun]:
    """A mapped task with so many children in each state."""
    names = [state for state, count in states.items() for _ in range(count)]
    children = [task(slug, state, index, 6) for index, state in enumerate(names)]
    return [task(slug, "Mapped"), *children]


BUSY = [
    task("check_source", "Success"),
    *mapped("load_warehouse", Success=30, Failed=1, Retrying=3, Running=6),
    task("enrich_customers", "Running", started=10),
    task("publish_marts", "Pending"),
]


def shown(lines: Sequence[Line]) -> list[str]:
    return [text_of(line).rstrip() for line in lines]


def block(
    snapshot: Snapshot,
    columns: int = 120,
    rows: int = 40,
    view: View | None = None,
    now: float = 12,
) -> list[str]:
    return shown(live_block(snapshot, at(now), PALETTE, columns, rows, view or View()))


def test_the_header_says_which_run_this_is() -> None:
    said = text_of(header(snapshot(), PALETTE))
    assert said.startswith("● orders-etl / rosy-otter   v42   prod   started ")


def test_the_first_line_says_how_things_stand() -> None:
    _, status, *_ = block(snapshot(tasks=BUSY))
    assert status.startswith("● Running  12m 00s  of about 19m, eta ")
    assert status.endswith("   ✗ 1 failed   ↻ 3 retrying   32 of 43")


def test_an_eta_that_has_passed_is_not_promised() -> None:
    _, status, *_ = block(snapshot(), now=30)
    assert "of about 19m" in status
    assert "eta" not in status


def test_what_runs_is_shown_with_its_share_and_time() -> None:
    lines = block(snapshot(tasks=BUSY))
    first = next(line for line in lines if "load_warehouse" in line)
    assert "31 of 40" in first
    assert "━" in first
    assert first.endswith("6m 00s")
    other = next(line for line in lines if "enrich_customers" in line)
    assert other.endswith("2m 00s")
    assert "━" not in other
    assert not any("publish_marts" in line for line in lines)


def test_more_than_fits_is_counted() -> None:
    many = [task(f"task{number}", "Running", started=number) for number in range(20)]
    lines = block(snapshot(tasks=many), rows=12)
    assert len(lines) == 11
    assert "and 14 more" in lines[-2]
    assert "task0" in lines[3], "the one that runs longest is never left out"


def test_a_run_that_waits_says_for_how_long() -> None:
    _, status, *_ = block(snapshot("Scheduled"), now=-2)
    assert status.startswith("○ Scheduled  in 2m")
    _, status, *_ = block(snapshot("Scheduled"), now=5)
    assert status.startswith("▲ Late  5m late")


def test_the_question_takes_the_place_of_the_keys() -> None:
    assert "detach" in block(snapshot())[-1]
    asking = block(snapshot(), view=View(asking=True))[-1]
    assert asking == "Cancel this run?   y cancel it   s stop watching, it goes on   n go on"


def test_silence_and_notices_stand_above_the_keys() -> None:
    silent = replace(snapshot(), silent_since=at(11.5))
    lines = block(silent, view=View(notice="It was not cancelled."))
    assert lines[-3:-1] == ["It was not cancelled.", "▲ no answer for 30s"]


@pytest.mark.parametrize("columns", [1, 2, 5, 12, 20, 33, 40, 60, 80, 120, 300])
@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 8, 24, 60])
def test_it_fits_on_every_screen(columns: int, rows: int) -> None:
    lines = live_block(
        snapshot(tasks=BUSY), at(12), PALETTE, columns, rows, View(asking=True, notice="x" * 200)
    )
    assert len(lines) <= max(1, rows - 1)
    assert all(width_of(line) <= max(1, columns - 1) for line in lines)


def test_a_question_is_seen_on_every_screen() -> None:
    for rows in (2, 3, 5, 24):
        assert "y" in block(snapshot(tasks=BUSY), 80, rows, View(asking=True))[-1]


def test_the_summary_says_what_failed_and_why() -> None:
    tasks = [
        task("check_source", "Success"),
        task("publish_marts", "TriggerFailed", message="some upstream tasks failed."),
        *mapped("load_warehouse", Success=938),
        task("load_warehouse", "Failed", 938, message="KeyError: 'currency_code'\nat load.py"),
        task("load_warehouse", "Failed", 939, message="KeyError: 'price'"),
    ]
    lines = shown(summary(snapshot("Failed", tasks), at(20), PALETTE, 120))
    assert lines[1].startswith("✗ Failed  18m 51s   usual 19m   ended ")
    assert "load_warehouse            2 of 940 failed: 938, 939   KeyError" in lines[3]
    assert lines[4] == "╳ publish_marts             trigger: an upstream task failed"
    assert lines[-2] == "why   flowtui --open 6f0c1d52-77aa-4e0b-9b5e-2f1c8e3a90d4"
    assert lines[-1] == "again x r  there restarts the run, and what went well stays"


def test_what_was_taken_along_is_one_line() -> None:
    tasks = [
        task("load", "Failed", message="Unexpected error: KeyError('price')"),
        *(task(name, "TriggerFailed", message="some upstream tasks failed.") for name in "abc"),
    ]
    lines = shown(summary(snapshot("Failed", tasks), at(20), PALETTE, 120))
    assert [line.split("  ")[0] for line in lines[3:5]] == ["✗ load", "╳ a"]
    assert lines[3].endswith("KeyError('price')")
    assert lines[4].endswith("trigger: an upstream task failed, so 2 more did not run")
    assert lines[5] == ""


def test_children_that_have_no_task_run_yet_are_counted() -> None:
    parent, *children = mapped("load", Success=3, Running=1)
    lines = block(snapshot(tasks=[replace(parent, expected_children=940), *children]))
    assert lines[1].endswith("3 of 940")
    assert any("3 of 940" in line for line in lines[3:])


@pytest.mark.parametrize(
    ("columns", "keys"),
    [(120, "^C cancel   enter open in flowtui"), (80, "^C cancel   enter open")],
)
def test_its_keys_are_told_as_far_as_there_is_room(columns: int, keys: str) -> None:
    assert block(snapshot(), columns)[-1].endswith(f"   b bell at the end   {keys}")


def test_many_failures_are_counted() -> None:
    tasks = [task(f"task{number}", "Failed", message="no") for number in range(30)]
    lines = shown(summary(snapshot("Failed", tasks), at(20), PALETTE, 120))
    assert sum("✗ task" in line for line in lines) == 8
    assert "  and 22 more tasks" in lines


def test_a_failure_without_failed_tasks_gives_the_runs_own_reason() -> None:
    lines = shown(summary(snapshot("Failed", message="No heartbeat."), at(20), PALETTE, 80))
    assert "  No heartbeat." in lines


def test_success_needs_no_reasons() -> None:
    lines = shown(summary(snapshot("Success", [task("load", "Success")]), at(20), PALETTE, 80))
    assert lines[1].startswith("✓ Success  18m 51s")
    assert lines[-1].startswith("open  flowtui --open ")
