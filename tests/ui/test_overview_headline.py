"""The headline of the overview, as text: what it says, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from flowtui.models.attention import Failure, Overview, matters
from flowtui.models.ids import FlowRunId
from flowtui.models.outcomes import DayOutcome
from flowtui.models.runs import FlowRun
from flowtui.models.states import RunState
from flowtui.ui.ink import text_of, width_of
from flowtui.ui.overview_headline import Seen, short_headline, tall_headline
from flowtui.ui.overview_lines import WINDOWS
from flowtui.ui.tokens import PALETTES

NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)
DARK = PALETTES["dark"]


def run(number: int, state: str, minutes: float, flow: str = "nightly") -> FlowRun:
    """A run that came into a state so many minutes ago, or will be due."""
    when = NOW - timedelta(minutes=minutes)
    found = RunState(state, 1, "", when, when if state == "Scheduled" else None)
    start = None if state == "Scheduled" else when
    return FlowRun(FlowRunId(f"run-{number}"), f"run-{number}", found, when, start, flow_name=flow)


def seen(*failures: Failure, **known: object) -> Seen:
    overview = Overview(NOW, 390, len(failures), 6, 2, failures)
    facts = Seen(
        overview,
        matters(overview, (), (), NOW),
        runs=[run(1, "Running", 70), run(2, "Running", 3)],
        planned=[run(3, "Scheduled", 18), run(4, "Scheduled", -4, "fx-rates")],
        flows={},
        now=NOW,
        window=WINDOWS[0],
        zone=timezone.utc,
    )
    return replace(facts, **known)  # type: ignore[arg-type]


def failed(message: str, minutes: float) -> Failure:
    return Failure(run(int(minutes), "Failed", minutes), "load", message)


OLD_AND_NEW = (failed("KeyError", 20), failed("KeyError", 50), failed("refused", 300))


def blocks(told: Seen, width: int = 116) -> list[str]:
    lines = [text_of(line) for line in tall_headline(told, DARK, width)]
    assert all(len(line) <= width for line in lines)
    return lines


def test_below_each_number_stands_what_one_asks_next() -> None:
    first, second, third = blocks(seen(*OLD_AND_NEW))
    assert first.startswith("✗ 3 Failed             ▲ 1 Late               ● 2 Running")
    assert second.startswith("  2 causes, 1 new        oldest 18 m            longest 1 h")
    assert "next 03:18 UTC       399 runs in 24 h" in second
    assert third.startswith("  in 24 h                1 flow")
    assert "fx-rates" in third
    assert first.endswith("○ 1 Next hour          97.7 % succeeded")


def test_nothing_is_said_that_is_not_known() -> None:
    calm = blocks(seen(runs=(), planned=()))
    assert calm[1].startswith("  in 24 h                all on time")
    assert "nothing is planned" in calm[1]
    unasked = blocks(seen(planned=None))
    assert "Late" not in unasked[0]
    assert unasked[0].index("● 2 Running") == blocks(seen())[0].index("● 2 Running")
    cut = seen(*OLD_AND_NEW)
    cut = replace(cut, overview=replace(cut.overview, failed=900))
    assert blocks(cut)[1].startswith("  2+ causes  ")
    hour = blocks(seen(*OLD_AND_NEW, window=WINDOWS[3]))
    assert hour[1].startswith("  2 causes  ")
    assert "▲ 1+ Late" in blocks(seen(more=True))[0]


def test_days_stand_at_the_right_where_two_of_them_had_runs() -> None:
    days = [
        DayOutcome(NOW - timedelta(days=13 - number), ended - number // 12, ended)
        for number, ended in enumerate([0] * 11 + [40, 20, 8])
    ]
    first, second, third = blocks(seen(days=days), 196)
    assert first.endswith("Success, 14 days")
    assert second.endswith("·" * 22 + "▇▇▆▆▄▄")
    assert third.endswith("lowest 88 % on 20 Nov")
    assert "Success, " not in blocks(seen(days=days[:12]), 196)[0]


@pytest.mark.parametrize("width", [36, 56, 76, 106])
def test_one_line_holds_the_numbers_where_there_is_little_room(width: int) -> None:
    lines = short_headline(seen(*OLD_AND_NEW), DARK, width, is_tall=width > 76)
    assert [width_of(line) for line in lines] == [width] * len(lines)
    assert text_of(lines[0]).startswith("✗ 3 failed   ▲ 1 late")
