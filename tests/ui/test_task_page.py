"""The map of a mapped task's children, read as pieces."""

from __future__ import annotations

from flowtui.ui.ink import text_of, width_of
from flowtui.ui.task_page import MAP_ROWS, children_title, map_lines
from flowtui.ui.tokens import PALETTES

DARK, MONO = PALETTES["dark"], PALETTES["mono"]


def test_a_cell_is_a_child_while_there_is_room() -> None:
    lines = map_lines(["Success"] * 25, DARK, 10, MAP_ROWS)
    assert [len(text_of(line).rstrip()) for line in lines] == [10, 10, 5]


def test_one_failure_among_ten_thousand_children_is_seen() -> None:
    states = ["Success"] * 10_000
    states[7_531] = "Failed"
    lines = map_lines(states, DARK, 76, MAP_ROWS)
    assert len(lines) == MAP_ROWS
    assert all(width_of(line) == 76 for line in lines)
    wrong = [(y, piece) for y, line in enumerate(lines) for piece in line if piece.fg == "failed"]
    assert [(y, len(piece.text)) for y, piece in wrong] == [(4, 1)]


def test_a_map_is_read_without_colours() -> None:
    line = map_lines(["Success", "Failed", "Running", "Pending"], MONO, 10, 1)[0]
    assert len(set(text_of(line).strip())) == 4


def test_no_children_have_no_map() -> None:
    assert map_lines([], DARK, 10, MAP_ROWS) == []


def test_children_that_are_still_to_come_are_said() -> None:
    said = text_of(children_title(["Success", "Failed"], 40, DARK, 60))
    assert said.startswith("Children  2 of 40 expected   ✗ 1 failed   ✓ 1 ok")
