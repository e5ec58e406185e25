"""The next 24 hours of an agent."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from flowtui.models.agents import Agent
from flowtui.models.ids import AgentId, FlowGroupId, FlowRunId
from flowtui.models.runs import FlowRun
from flowtui.models.states import RunState
from flowtui.ui.agent_ahead import NAME, ahead_lines
from flowtui.ui.ink import text_of, width_of
from flowtui.ui.tokens import PALETTES, Palette

DARK = PALETTES["dark"]
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=timezone.utc)
WIDTH = NAME + 96
"""Four cells an hour."""


def agent(name: str, *labels: str, minutes_ago: float = 0) -> Agent:
    asked = NOW - timedelta(minutes=minutes_ago)
    return Agent(AgentId(name), name, "LocalAgent", labels, asked)


def planned(flow: str, *hours: float, label: str = "gpu", auto: bool = True) -> list[FlowRun]:
    found = []
    for hour in hours:
        due = NOW + timedelta(hours=hour)
        said = RunState("Scheduled", 1, "", start_time=due)
        found.append(
            FlowRun(
                FlowRunId(f"{flow}-{hour}"),
                flow,
                said,
                due,
                flow_group_id=FlowGroupId(flow),
                flow_name=flow,
                auto_scheduled=auto,
                labels=(label,),
            )
        )
    return found


def drawn(one: Agent, runs: list[FlowRun], *others: Agent, height: int = 9) -> list[str]:
    size = (WIDTH, height)
    lines = ahead_lines(one, [one, *others], runs, NOW, timezone.utc, DARK, size)
    assert all(width_of(line) <= WIDTH for line in lines)
    return [text_of(line) for line in lines]


GPU = agent("gpu-1", "gpu")
AWAY = agent("gpu-2", "gpu", minutes_ago=31)


def test_each_flow_has_a_line_the_one_that_is_due_first_in_front() -> None:
    runs = [*planned("nightly", 20, 44), *planned("hourly", *range(1, 30)), *planned("none", 25)]
    title, *lanes, axis = drawn(GPU, runs)
    assert title == "Next 24 hours  what it would take".ljust(WIDTH)
    assert [lane.split()[0] for lane in lanes] == ["hourly", "nightly"]
    assert len([cell for cell in lanes[0][NAME:] if cell != " "]) >= 23
    assert lanes[1][NAME + 80] != " "
    assert "08:00" in axis


def test_what_it_would_not_take_and_what_is_late_has_no_line() -> None:
    assert drawn(GPU, [*planned("other", 2, label="tpu"), *planned("late", -1)]) == []


def test_behind_the_last_planned_run_a_line_is_dotted() -> None:
    title, lane, _ = drawn(GPU, planned("hourly", 1, 2, 3))
    assert title.endswith("· not planned yet")
    assert lane[NAME + 13 :] == "·" * (96 - 13)
    title, lane, _ = drawn(GPU, planned("once", 3, auto=False))
    assert "not planned yet" not in title
    assert "·" not in lane


@pytest.mark.parametrize(
    "palette", [PALETTES["ansi16"], PALETTES["mono"], DARK.in_ascii()], ids=["16", "mono", "ascii"]
)
def test_a_planned_run_is_no_dot_of_what_is_not_planned(palette: Palette) -> None:
    size, runs = (WIDTH, 9), planned("hourly", 1, 2, 3)
    title, lane, _ = map(text_of, ahead_lines(GPU, [GPU], runs, NOW, timezone.utc, palette, size))
    unknown = title.removesuffix(" not planned yet")[-1]
    assert lane.endswith(unknown * (96 - 13))
    marks = set(lane[NAME : NAME + 13]) - {" "}
    assert len(marks) == 1
    assert marks != {unknown}


def test_an_agent_that_is_away_misses_what_no_other_takes() -> None:
    runs = planned("hourly", 1, 2, 30)
    assert drawn(AWAY, runs)[0].startswith("Next 24 hours  what will be missed")
    assert drawn(AWAY, runs, GPU)[0].startswith("Next 24 hours  what other agents take")
    size = (WIDTH, 9)
    lane = ahead_lines(AWAY, [AWAY], runs, NOW, timezone.utc, DARK, size)[1]
    assert "late" in {one for piece in lane for one in (piece.fg, piece.bg)}


def test_only_what_nobody_else_takes_is_loud() -> None:
    runs = [*planned("hourly", 1, 2), *planned("trained", 1, label="tpu")]
    both = agent("gpu-3", "gpu", "tpu", minutes_ago=31)
    title, hourly, trained, _ = ahead_lines(
        both, [both, GPU], runs, NOW, timezone.utc, DARK, (WIDTH, 9)
    )
    assert "1 of 3 runs will be missed while it stays away" in text_of(title)
    looks = [
        {one for piece in lane for one in (piece.fg, piece.bg)} & {"late", "sched-quiet"}
        for lane in (hourly, trained)
    ]
    assert looks == [{"sched-quiet"}, {"late"}]


def test_a_run_is_drawn_as_long_as_the_last_one_took() -> None:
    runs, size = planned("hourly", 1, auto=False), (WIDTH, 9)
    for hours, cells in ((0.1, 1), (2.0, 8)):
        lasting = {"hourly": timedelta(hours=hours)}
        _, lane, _ = ahead_lines(GPU, [GPU], runs, NOW, timezone.utc, DARK, size, lasting)
        assert len(text_of(lane)[NAME:].strip()) == cells


def test_flows_for_which_there_is_no_room_are_counted() -> None:
    runs = [run for nth in range(7) for run in planned(f"flow-{nth}", 1 + nth, 40)]
    title, *lanes, _ = drawn(GPU, runs, height=6)
    assert "and 3 more flows" in title
    assert len(lanes) == 4
    assert drawn(GPU, runs, height=2) == []


def test_names_are_harmless() -> None:
    _, lane, _ = drawn(GPU, planned("x\x1b[2J\ny", 1, 30))
    assert "\x1b" not in lane
