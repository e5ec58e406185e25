"""How much ran at the same time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from flowtui.models.work import Stint, run_by, taken

START = datetime(2026, 11, 20, 1, 0, tzinfo=timezone.utc)
END = START + timedelta(hours=2)


def ran(first: float, last: float | None, *labels: str) -> Stint:
    """A run from one minute to another, or until now."""
    end = None if last is None else START + timedelta(minutes=last)
    return Stint(None, labels, START + timedelta(minutes=first), end)


def test_what_ran_at_the_same_time_is_counted_in_each_part() -> None:
    stints = [
        ran(-30, 15, "gpu"),
        ran(5, 25, "gpu", "eu"),
        ran(50, 52, "gpu"),
        ran(52, 54, "gpu"),
        ran(54, 54, "gpu"),
        ran(100, None, "gpu"),
        ran(0, 120, "eu"),
    ]
    assert taken("gpu", stints, START, END, 12) == [2, 2, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1]
    assert taken("eu", stints, START, END, 4) == [2, 1, 1, 1]
    assert taken("tpu", stints, START, END, 3) == [0, 0, 0]


def test_what_an_agent_runs_is_its_own() -> None:
    assert run_by("a", [Stint("a", (), START), Stint("b", (), START), Stint(None, (), START)]) == 1
