"""A run against the last one of its flow that went well: what is another now, and what is slow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from flowtui.models.course import Course
from flowtui.models.inputs import shown_value
from flowtui.models.runs import FlowRun
from flowtui.models.text import cut, duration, moment, plain
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import Line
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import Palette

SLOWER = 1.2
"""Times as long as then, from which on a task is marked as slower."""

NAME = 18
VALUE = 14


def diff_title(course: Course, now: datetime, zone: tzinfo | None, width: int) -> Line:
    """What it is held against."""
    when = f", {moment(course.ended, now, zone)}" if course.ended else ""
    title = Piece("Against the last success", "fg0", bold=True)
    return between([title], [Piece(f"{plain(course.run_name)}{when}", "fg2")], width)


def diff_lines(
    run: FlowRun,
    rows: Sequence[TaskRow],
    course: Course,
    now: datetime,
    palette: Palette,
    width: int,
) -> list[Line]:
    """Version and parameters where they changed, and how long each task took then and takes now."""
    if not course.run_name:
        return [[Piece("no run of this flow has gone well yet", "fg2")]]
    changes = change_lines(run, course, palette, width)
    same: list[Line] = [[Piece("the same version and parameters", "fg2")]]
    return [*(changes or same), *time_lines(run, rows, course, now, palette, width)]


def change_lines(run: FlowRun, course: Course, palette: Palette, width: int) -> list[Line]:
    """Version and parameters, where they are others now."""
    lines: list[Line] = []
    if course.version != run.flow_version:
        lines.append(_row("version", f"v{course.version}", f"v{run.flow_version}", palette, width))
    for name in sorted({*course.parameters, *run.parameters}):
        before, after = (_shown(one, name) for one in (course.parameters, run.parameters))
        if before != after:
            lines.append(_row(name, before, after, palette, width))
    return lines


def time_lines(
    run: FlowRun,
    rows: Sequence[TaskRow],
    course: Course,
    now: datetime,
    palette: Palette,
    width: int,
    most: int | None = None,
) -> list[Line]:
    """How long the run and each task took then and takes now; of many those that took longest."""
    lines: list[Line] = []
    seconds = run.seconds(now)
    if course.lasted is not None and seconds is not None:
        then = course.lasted.total_seconds()
        lines.append(_time("the run", then, seconds, palette, width, not run.is_finished))
    known = [
        (usual.lasted.total_seconds(), took, row)
        for row in rows
        if not row.is_strip and not row.task.is_child
        if (usual := course.tasks.get(row.task.task_slug)) is not None
        if (took := row.seconds(now)) is not None
    ]
    if most is not None and len(known) > most - len(lines):
        longest = sorted(known, key=lambda one: -max(one[:2]))[: max(0, most - len(lines))]
        known = [one for one in known if one in longest]
    for then, took, row in known:
        goes_on = row.end is None
        lines.append(_time(row.task.task_name, then, took, palette, width, goes_on))
    return lines[:most]


def _shown(parameters: Mapping[str, Any], name: str) -> str:
    return shown_value(parameters[name]) if name in parameters else "absent"


def _time(name: str, then: float, now: float, palette: Palette, width: int, goes_on: bool) -> Line:
    """Two durations; the second stands out once it is much the longer one, and still grows if it
    has a plus behind it."""
    slow = now > then * SLOWER and now - then > 1
    token = "late" if slow else "fg1"
    row = _columns(name, duration(then), palette, width)
    said = f"{duration(now)}{' +' if goes_on else ''}{' slower' if slow else ''}"
    return fit_pieces([*row, Piece(said, token, bold=slow)], width, ellipsis=palette.ellipsis)


def _row(name: str, before: str, after: str, palette: Palette, width: int) -> Line:
    """What was, and what is."""
    row = _columns(name, before, palette, width)
    return fit_pieces([*row, Piece(plain(after), "accent")], width, ellipsis=palette.ellipsis)


def _columns(name: str, before: str, palette: Palette, width: int) -> Line:
    value = max(VALUE, (width - NAME - 4) // 2)
    shown = cut(plain(before), value - 1, palette.ellipsis)
    return [
        Piece(cut(plain(name), NAME - 2, palette.ellipsis).ljust(NAME), "fg2"),
        blank(value - 1 - len(shown)),
        Piece(shown, "fg2"),
        Piece(f"  {palette.glyph('then')} ", "fg3"),
    ]
