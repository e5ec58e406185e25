"""Happenings as lines, with and without a terminal; foreign text stays text."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from flowtui.ui.ink import text_of
from flowtui.ui.tokens import PALETTES
from flowtui.watch.lines import lines_of, plain_text
from flowtui.watch.story import Happening, LogEntry, Remark, StateChange

NOON = datetime(2026, 11, 20, 12, 0, 5).astimezone()
PALETTE = PALETTES["dark"]
EVIL = "\x1b]0;owned\x07\x1b[31mred\x1b[0m\r\n[bold]\x9b5n\u202e end"


def shown(happening: Happening, columns: int = 100) -> list[str]:
    return [text_of(line) for line in lines_of(happening, PALETTE, columns)]


def test_a_task_run_has_its_time_glyph_name_and_note() -> None:
    change = StateChange(NOON, "load[137]", "Failed", "KeyError", "KeyError: 'x'\nload.py, line 88")
    assert shown(change) == [
        "12:00:05  ✗ load[137]                 KeyError: 'x'",
        "            load.py, line 88",
    ]


def test_the_run_itself_is_named_by_its_state() -> None:
    change = StateChange(NOON, "otter", "Running", note="", of_run=True)
    assert shown(change)[0].rstrip() == "12:00:05  ● Running"


def test_a_log_line_has_its_level_in_the_margin() -> None:
    assert shown(LogEntry(NOON, "etl", "ERROR", "no"))[0].startswith("12:00:05  ▍ etl")
    assert shown(LogEntry(NOON, "etl", "INFO", "yes"))[0].startswith("12:00:05    etl")


def test_a_narrow_terminal_has_narrow_names() -> None:
    change = StateChange(NOON, "a_rather_long_task_name", "Success", note="8s")
    assert shown(change, 40) == ["12:00:05  ✓ a_rather_…  8s"]


def test_plain_lines_have_everything_the_backend_said() -> None:
    change = StateChange(NOON, "load", "Success", "Task run succeeded.", "8s")
    assert plain_text(change) == ["12:00:05  Success    load  Task run succeeded."]
    entry = LogEntry(NOON, "etl", "info", "one\ntwo")
    assert plain_text(entry) == ["12:00:05  INFO       etl  one", f"{'':21}two"]
    assert plain_text(StateChange(NOON, "load", "Success", of_children=True)) == ()


@pytest.mark.parametrize(
    "happening",
    [
        StateChange(NOON, EVIL, EVIL, EVIL, EVIL),
        LogEntry(NOON, EVIL, EVIL, EVIL),
        Remark(NOON, EVIL),
    ],
    ids=["state", "log", "remark"],
)
def test_foreign_text_is_harmless_everywhere(happening: Happening) -> None:
    for line in [*shown(happening), *plain_text(happening)]:
        assert line.isprintable()
        assert "owned" not in line
        assert "[bold]" in " ".join([*shown(happening), *plain_text(happening)])


def test_times_are_those_of_this_machine() -> None:
    utc = NOON.astimezone(timezone.utc)
    assert shown(Remark(utc, "x"))[0].startswith("12:00:05")
