"""The task under the cursor of a run's page, beside the log: what happened to it, and what to do.

What a task waits for and what waits for it follows from the flow's edges and the task runs that
the page has read, so that going from one task to the next asks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from flowtui.frozen import frozen
from flowtui.models.course import Course
from flowtui.models.flow_tasks import FlowTask
from flowtui.models.ids import TaskId
from flowtui.models.runs import FlowRun
from flowtui.models.task_detail import Neighbour
from flowtui.models.text import cut, plain, thin_groups
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, between, width_of
from flowtui.ui.paint import Line, heading, labelled, wrapped
from flowtui.ui.run_diff import change_lines, diff_lines, diff_title, time_lines
from flowtui.ui.task_facts import (
    children_tally,
    facts_of,
    history_lines,
    neighbours_line,
)
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import Palette

MESSAGE_ROWS = 4
"""Rows of what the state says; its traceback is in the log."""

LEAST = 4
"""Lines that the states, and the comparison with the last success, keep where there is little
room; what can be done keeps all of its lines."""

KEY = 6
"""Cells of a key before what it does."""


@frozen
class Told:
    """What a run's page knows of the task under the cursor."""

    row: TaskRow
    run: FlowRun
    rows: Sequence[TaskRow]
    """All tasks of the run."""

    course: Course
    upstream: Sequence[Neighbour] | None = None
    """None where it is not known."""

    downstream: Sequence[Neighbour] | None = None
    keys: Sequence[tuple[str, str]] = ()
    """What can be done now, each with its key."""


def panel(
    told: Told, now: datetime, palette: Palette, size: tuple[int, int], zone: tzinfo | None
) -> list[Line]:
    """The panel in so many cells and lines; where there is little room the comparison is short."""
    width, height = size
    row = told.row
    state = state_pieces(row.state, palette)
    name = cut(plain(row.task.label), width - width_of(state) - 2, palette.ellipsis)
    lines = [between([Piece(name, "fg0", bold=True)], state, width)]
    said = row.task.cause if not row.children else ""
    lines += [[Piece(text, "fg1")] for text in wrapped(plain(said), width)[:MESSAGE_ROWS] if said]
    lines += [[], *_facts(told, now, palette, width, zone)]
    do = [_key(key, label, width) for key, label in told.keys]
    do = [[], heading("Do"), *do] if do else []
    history = _history(row, now, palette, width, zone)
    room = height - len(lines) - len(do) - 2
    if told.course.run_name:
        least = min(len(history), LEAST + 2)
        against = _against(told, now, palette, width, zone, max(LEAST, room - least))
        lines += [[], *against]
        room -= len(against) + 1
    return [*lines, *_last_of(history, max(LEAST, room)), *do]


def _last_of(history: list[Line], room: int) -> list[Line]:
    """The title, and the last of the states; those before them are counted."""
    left_out = len(history) - 2 - room
    if left_out <= 0:
        return history
    before = [Piece(f"after {left_out + 1} others", "fg2")]
    return [*history[:2], before, *history[left_out + 3 :]]


def _facts(
    told: Told, now: datetime, palette: Palette, width: int, zone: tzinfo | None
) -> list[Line]:
    row = told.row
    lines = [
        labelled(name, [Piece(text, "fg1")], width)
        for name, text in facts_of(row, now, zone, _family(told))
        if text
    ]
    for name, ends in (("upstream", told.upstream), ("downstream", told.downstream)):
        if ends is not None:
            pieces = neighbours_line(ends, palette, width - 12)
            lines.append(labelled(name, pieces, width))
    lines.append(labelled("state", [Piece(f"version {row.task.state.version}", "fg1")], width))
    return lines


def _family(told: Told) -> int:
    """How many children its mapped task has or will have."""
    task = told.row.task
    same = (row for row in told.rows if row.task.task_id == task.task_id and row.children)
    return next((len(row.each) for row in same), 0)


def _history(
    row: TaskRow, now: datetime, palette: Palette, width: int, zone: tzinfo | None
) -> list[Line]:
    if row.children:
        title = heading("Children", thin_groups(len(row.each)))
        return [[], title, children_tally(row.each, palette)]
    if not row.task.states:
        return []
    return [[], heading("Its states"), *history_lines(row.task.states, palette, width, now, zone)]


def _against(
    told: Told, now: datetime, palette: Palette, width: int, zone: tzinfo | None, room: int
) -> list[Line]:
    """What is another than in the last success, and what took longest, as far as there is room."""
    course = told.course
    found = diff_lines(told.run, told.rows, course, now, palette, width)
    if len(found) > room - 1:
        changes = change_lines(told.run, course, palette, width)[: (room - 1) // 2]
        most = room - 1 - len(changes)
        times = time_lines(told.run, told.rows, course, now, palette, width, most)
        found = [*changes, *times]
    return [diff_title(course, now, zone, width), *found]


def _key(key: str, label: str, width: int) -> Line:
    said = Piece(cut(plain(label), width - KEY), "fg1")
    return [Piece(key.ljust(KEY), "fg0", bold=True), said]


def neighbours_of(
    row: TaskRow, tasks: Sequence[FlowTask], rows: Sequence[TaskRow]
) -> tuple[list[Neighbour], list[Neighbour]]:
    """What runs before a task and after it; a mapped child's neighbour is the one like it."""
    own = next((one for one in tasks if one.id == row.task.task_id), None)
    if own is None:
        return [], []
    by_slug = {one.slug: one for one in tasks}
    runs = {one.task.task_id: one for one in rows if not one.is_strip and _stands_alone(one)}
    index = row.task.map_index
    before = [
        _neighbour(by_slug[edge.slug], edge.mapped, index, runs)
        for edge in own.upstream
        if edge.slug in by_slug
    ]
    after = [
        _neighbour(task, edge.mapped, index, runs)
        for task in tasks
        for edge in task.upstream
        if edge.slug == own.slug
    ]
    return list(dict.fromkeys(before)), list(dict.fromkeys(after))


def _stands_alone(row: TaskRow) -> bool:
    return bool(row.children) or not row.task.is_child


def _neighbour(
    task: FlowTask, mapped: bool, index: int, runs: Mapping[TaskId, TaskRow]
) -> Neighbour:
    row = runs.get(task.id)
    if row is None:
        return Neighbour(task.name)
    child = next((one for one in row.children if one.map_index == index >= 0 and mapped), None)
    if child is not None:
        return Neighbour(task.name, child.id, child.state.type, index)
    return Neighbour(task.name, row.task.id, row.state)
