"""What there is to know of one task run: its state with its message, its times, its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models.states import StateRecord
from flowtui.models.tasks import TaskRun
from flowtui.models.text import clock, duration, plain, thin_groups
from flowtui.ui.graphics import state_pieces, tally
from flowtui.ui.ink import Piece, blank, fit_pieces
from flowtui.ui.paint import Line, counts_of, heading, labelled, wrapped, zoned_clock
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import GROUPS, Palette, look_of

MESSAGE_ROWS = 8
"""Rows of a state's message; a traceback is in the log."""


def task_lines(
    row: TaskRow, palette: Palette, width: int, now: datetime, zone: tzinfo | None
) -> list[Line]:
    """A task run in `width` cells."""
    task = row.task
    state = state_pieces(row.state, palette)
    lines: list[Line] = [state]
    if task.state.message:
        said = wrapped(plain(task.state.message), width)[:MESSAGE_ROWS]
        lines += [[Piece(text, "fg1")] for text in said]
    lines.append([])
    lines += [
        labelled(name, [Piece(text, "fg1")], width) for name, text in _facts(row, now, zone) if text
    ]
    if row.children:
        lines += [[], heading("Children", thin_groups(len(row.children))), _children(row, palette)]
    if task.states and not row.children:
        lines += [[], heading("Its states"), *_history(task.states, palette, width, now, zone)]
    return lines


def attempts_told(task: TaskRun, between: str) -> str:
    """Which attempt it is, of how many: `2 of 4`; after restarts there may be more: `5`."""
    allowed = task.attempts_allowed
    return f"{max(1, task.attempts)}{between}{allowed}" if allowed else str(task.attempts)


def _facts(row: TaskRow, now: datetime, zone: tzinfo | None) -> list[tuple[str, str]]:
    task, seconds = row.task, row.seconds(now)
    took = f", {duration(seconds)}" if seconds is not None else ""
    attempts = attempts_told(task, " of ") if task.attempts else ""
    return [
        ("started", zoned_clock(row.start, zone) if row.start else "not yet"),
        ("ended", zoned_clock(row.end, zone) + took if row.end else ""),
        ("runs for", took.removeprefix(", ") if row.start and not row.end else ""),
        ("attempts", attempts if task.max_retries or task.attempts > 1 else ""),
        ("map index", str(task.map_index) if task.is_child else ""),
        ("state", f"version {task.state.version}"),
        ("slug", plain(task.task_slug)),
        ("id", task.id),
    ]


def _children(row: TaskRow, palette: Palette) -> Line:
    groups = dict.fromkeys(GROUPS, 0)
    for state, count in counts_of(child.state.type for child in row.children).items():
        groups[look_of(state).group] += count
    shown = [
        ("Failed", groups["wrong"], "failed"),
        ("Running", groups["running"], "running"),
        ("Success", groups["success"], "ok"),
        ("Pending", groups["waiting"], "waiting"),
    ]
    return tally([entry for entry in shown if entry[1]], palette)


def _history(
    states: Sequence[StateRecord],
    palette: Palette,
    width: int,
    now: datetime,
    zone: tzinfo | None,
) -> list[Line]:
    lines: list[Line] = []
    for index, record in enumerate(states):
        last = index + 1 == len(states)
        until = now if last else states[index + 1].timestamp
        lasted = "" if last else duration(until - record.timestamp)
        said = record.message if last else lasted
        lines.append(
            fit_pieces(
                [
                    Piece(f"{clock(record.timestamp, zone)}  ", "fg2"),
                    *state_pieces(record.type, palette, 14),
                    blank(1),
                    Piece(plain(said), "fg2"),
                ],
                width,
            )
        )
    return lines
