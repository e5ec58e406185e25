"""What pages say of versions, tasks, runs and flows, as text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from flowtui.models.flows import FlowGroup, FlowSummary, FlowVersion, Parameter
from flowtui.models.ids import FlowGroupId, FlowId, FlowRunId, TaskId, TaskRunId
from flowtui.models.run_lists import RunNumber
from flowtui.models.runs import FlowRun, FlowRunDetail
from flowtui.models.states import RunState, StateRecord
from flowtui.models.tasks import TaskRun
from flowtui.models.version_changes import Change, Changes, Place
from flowtui.ui.history import history_lines
from flowtui.ui.ink import text_of, width_of
from flowtui.ui.paint import crumbs
from flowtui.ui.preview import flow_preview
from flowtui.ui.preview_blocks import Known
from flowtui.ui.run_head import run_head
from flowtui.ui.screens.flow_settings import settings_of
from flowtui.ui.success import success_lines, turning_point
from flowtui.ui.task_facts import task_lines
from flowtui.ui.task_rows import task_rows
from flowtui.ui.tokens import PALETTES
from flowtui.ui.version_diff import diff_lines

DARK = PALETTES["dark"]
UTC = timezone.utc
NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=UTC)


def version(number: int, succeeded: int, finished: int) -> FlowVersion:
    return FlowVersion(
        FlowId(f"flow-{number}"),
        "orders",
        number,
        NOW - timedelta(days=30 - number),
        archived=False,
        succeeded=succeeded,
        finished=finished,
    )


def a_run(state: str, name: str = "rosy-otter", ago: int = 600, took: int = 60) -> FlowRun:
    start = NOW - timedelta(seconds=ago)
    over = state in ("Success", "Failed")
    return FlowRun(
        FlowRunId(name),
        name,
        RunState(state, 3, "Because.", start + timedelta(seconds=took if over else 0)),
        start,
        start if state != "Scheduled" else None,
        start + timedelta(seconds=took) if over else None,
        flow_name="orders",
        flow_version=7,
        project_name="commerce",
    )


def task(name: str, state: str, index: int = -1, message: str = "") -> TaskRun:
    start = NOW - timedelta(seconds=90)
    records = (
        StateRecord("Pending", start - timedelta(seconds=5), "Waiting.", 1),
        StateRecord("Running", start, "Off we go.", 2),
        StateRecord(state, start + timedelta(seconds=20), message, 3),
    )
    return TaskRun(
        TaskRunId(f"{name}-{index}"),
        FlowRunId("run"),
        TaskId(name),
        name,
        f"{name}-1",
        RunState(state, 3, message, start + timedelta(seconds=20)),
        map_index=index,
        start_time=start,
        end_time=start + timedelta(seconds=20),
        states=records,
    )


def said(lines: object) -> str:
    return "\n".join(text_of(line) for line in lines)  # type: ignore[attr-defined]


# Versions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "first_bad", "last_good"),
    [
        ([(7, 10), (11, 11), (3, 3)], 3, 2),
        ([(7, 10), (5, 10), (3, 3)], 2, 1),
        ([(0, 0), (7, 10), (3, 3)], 2, 1),
        ([(1, 10), (2, 10)], 1, None),
        ([(99, 100), (1, 10)], None, None),
    ],
)
def test_where_it_went_wrong_is_the_first_of_the_bad_versions_until_now(
    shares: list[tuple[int, int]], first_bad: int | None, last_good: int | None
) -> None:
    newest = len(shares)
    turned = turning_point([version(newest - i, *share) for i, share in enumerate(shares)])
    if first_bad is None:
        assert turned is None
    else:
        assert turned is not None
        assert turned[0].version == first_bad
        assert (turned[1].version if turned[1] else None) == last_good


def test_versions_are_columns_between_a_floor_and_all() -> None:
    lines = success_lines([version(3, 8, 10), version(2, 10, 10), version(1, 10, 10)], DARK, 52)
    text = said(lines)
    assert "First bad version  v3   2 of 10 failed" in text
    assert "Last good version  v2   none of 10 failed" in text
    assert "75 to 100 %" in text
    assert text.split("\n")[-1].split() == ["v1", "v2", "v3"]
    assert success_lines([version(1, 1, 1)], DARK, 52) == []


# Flows --------------------------------------------------------------------------------------------


def test_a_band_has_words_that_say_the_same() -> None:
    runs = [
        a_run("Scheduled", ago=-600),
        a_run("Running", ago=30),
        a_run("Failed"),
        a_run("Success"),
    ]
    title, *drawn = history_lines(runs, NOW, DARK, (100, 4), UTC)
    assert text_of(title) == "Last 3 runs  since 20 Nov, 1 failed, usual 1m 00s, 1 planned"
    assert len(drawn) == 4 + 1 + 1
    assert all(width_of(line) <= 100 for line in drawn)
    assert history_lines([a_run("Scheduled", ago=-600)], NOW, DARK, (100, 4), UTC) == []


def test_a_setting_tells_the_read_me_that_the_page_shows() -> None:
    group = FlowGroup(FlowGroupId("g"), (replace(version(1, 1, 1), description="Who leaves."),))
    (told,) = [one for one in settings_of(group, "today") if one.name == "read me"]
    assert (told.value, told.note) == ("Who leaves.", "as registered")
    own = replace(group, description="Ask Ada.")
    (told,) = [one for one in settings_of(own, "today") if one.name == "read me"]
    assert (told.value, told.note) == ("Ask Ada.", "")


def test_a_preview_shows_what_it_knows_and_then_more() -> None:
    latest = replace(version(7, 1, 2), parameters=(Parameter("since", True),))
    flow = FlowSummary(FlowGroupId("g"), latest, recent_runs=(a_run("Failed"), a_run("Success")))
    first = said(flow_preview(flow, Known(), NOW, DARK, (36, 40), UTC))
    assert "Last 2 runs" in first
    assert "since  required" in first
    assert "Agents" not in first
    runs = [a_run("Failed", f"run-{i}", ago=600 + i) for i in range(30)]
    older = (version(6, 8, 8), version(5, 7, 7))
    group = FlowGroup(FlowGroupId("g"), (latest, *older))
    known = Known(runs, group, agents=())
    more = said(flow_preview(flow, known, NOW, DARK, (36, 40), UTC))
    assert "Last run " in said(flow_preview(flow, Known(runs[:1]), NOW, DARK, (36, 40), UTC))
    assert "Last 30 runs" in more
    only_planned = Known([a_run("Scheduled", ago=-60)])
    unborn = replace(flow, recent_runs=())
    assert "Runs" not in said(flow_preview(unborn, only_planned, NOW, DARK, (36, 40), UTC))
    assert "1 / 2" in more
    assert "run-0" in more
    assert len(more.split("\n")) <= 40
    assert more.index("Versions") < more.index("Parameters") < more.index("run-0")
    assert first.split("\n").index("Parameters") == more.split("\n").index("Parameters")
    assert "none live without labels" in more


# Runs and tasks -----------------------------------------------------------------------------------


def detail(state: str = "Running") -> FlowRunDetail:
    run = a_run(state)
    records = (StateRecord("Scheduled", run.scheduled_start_time - timedelta(seconds=9)),)
    return FlowRunDetail(
        run, FlowGroupId("g"), records, heartbeat=NOW - timedelta(seconds=130), usual_seconds=1200.0
    )


def test_the_head_of_a_run_has_a_row_less_where_the_screen_is_low() -> None:
    rows = task_rows([task("load", "Failed"), task("extract", "Success")])
    tall = run_head(detail(), rows, NOW, DARK, (116, True), UTC)
    assert "of about 20m, eta 03:24" in said(tall)
    assert "✗ 1 failed   ✓ 1 ok" in said(tall)
    low = run_head(detail(), rows, NOW, DARK, (76, False), UTC)
    assert len(low) == 3
    assert text_of(low[1]).startswith("● Running  10m 00s  eta 03:24   ✗ 1 failed")
    assert text_of(low[1]).endswith("heartbeat 2 m ago")
    over = run_head(detail("Failed"), rows, NOW, DARK, (76, False), UTC)
    assert text_of(over[1]).endswith("2 of 2 tasks")


@pytest.mark.parametrize(
    ("agent", "width", "told"),
    [
        ("k8s-prod-1", 116, "started 03:04:22 UTC   agent k8s-prod-1   heartbeat 6 s ago"),
        ("k8s-prod-1-7c9f5d8b6-x2x9q", 108, "agent k8s-pr…-x2x9q   heartbeat 6 s ago"),
        ("k8s-prod-1-7c9f5d8b6-x2x9q", 104, "03:24   started 03:04:22 UTC   heartbeat 6 s ago"),
        ("k8s-prod-1-7c9f5d8b6-x2x9q", 75, "eta 03:24   heartbeat 6 s ago"),
    ],
)
def test_facts_of_a_run_leave_one_by_one(agent: str, width: int, told: str) -> None:
    """A long agent's name loses its middle; then the agent goes, and the times last."""
    known = replace(detail(), agent_name=agent, heartbeat=NOW - timedelta(seconds=6))
    head = run_head(known, (), NOW, DARK, (width, True), UTC)
    assert re.sub(" {3,}", "   ", text_of(head[2])).endswith(told)


def test_the_head_of_a_run_says_which_of_its_flows_runs_it_is() -> None:
    helped = replace(detail(), times_resurrected=2)
    head = run_head(helped, (), NOW, DARK, (116, True), UTC, RunNumber(18, 1412, are_more=True))
    assert text_of(head[0]).endswith("resurrected 2x   [ older   newer ]   run 18 of 1 412+")
    tokens = {piece.text: piece.fg for piece in head[0]}
    assert (tokens["[ older"], tokens["newer ]"]) == ("fg2", "fg2")
    last = run_head(detail(), (), NOW, DARK, (116, True), UTC, RunNumber(1, 1))
    tokens = {piece.text: piece.fg for piece in last[0]}
    assert (tokens["[ older"], tokens["newer ]"]) == ("fg3", "fg3")
    low = run_head(detail(), (), NOW, DARK, (76, False), UTC, RunNumber(18, 412))
    assert text_of(low[0]).endswith("[ 18 of 412 ]")


def test_a_task_says_its_message_its_times_and_its_states() -> None:
    (row,) = task_rows([task("load", "Failed", message="KeyError: " + "x" * 90)])
    text = said(task_lines(row, DARK, 60, NOW, UTC))
    assert text.startswith("✗ Failed\nKeyError:\nxxxx")
    assert "ended       03:13:12 UTC, 20s" in text
    assert "03:12:52  ● Running      20s" in text


def test_a_mapped_task_counts_its_children() -> None:
    children = [task("load", "Failed" if i == 2 else "Success", index=i) for i in range(5)]
    row = task_rows([task("load", "Mapped"), *children])[0]
    assert "✗ 1 failed   ✓ 4 ok" in said(task_lines(row, DARK, 60, NOW, UTC))


def test_the_way_to_a_page_is_cut_before_its_name() -> None:
    parts = ("a-project-with-a-long-name", "a-flow-with-a-long-name", "rosy-otter")
    assert text_of(crumbs(*parts)) == " / ".join(parts)
    short = text_of(crumbs(*parts, room=42))
    assert short.endswith(" / rosy-otter")
    assert "…" in short
    assert len(short) <= 42


def test_where_one_is_keeps_its_name_and_the_way_begins_later() -> None:
    parts = ("commerce", "orders-etl v5", "rosy-otter", "load_warehouse[7]")
    assert text_of(crumbs(*parts, room=46)) == "orders-etl v5 / rosy-otter / load_warehouse[7]"
    assert text_of(crumbs(*parts, room=30)) == "rosy-otter / load_warehouse[7]"
    assert text_of(crumbs("commerce", "n" * 80, room=30)).startswith("commerce / nnn")


def test_values_that_begin_alike_are_told_apart_where_room_is_scarce() -> None:
    change = Change("feed", "https://feeds.example/v2/orders", "https://feeds.example/v3/orders")
    found = Changes((Place("Parameters", "1 of 1", (change,)),), ())
    wide = said(diff_lines(version(1, 1, 1), version(2, 1, 1), found, DARK, 110))
    assert "https://feeds.example/v2/orders" in wide
    narrow = said(diff_lines(version(1, 1, 1), version(2, 1, 1), found, DARK, 50))
    assert "…/v2/orders" in narrow
    assert "…/v3/orders" in narrow
