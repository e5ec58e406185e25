"""What there is to know of one task run: its state with its message, its times, its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models.states import StateRecord
from flowtui.models.task_detail import Neighbour
from flowtui.models.tasks import TaskRun, unwrapped
from flowtui.models.text import cells, clock, cut, duration, plain, thin_groups
from flowtui.ui.graphics import state_pieces, tally
from flowtui.ui.ink import Piece, blank, fit_pieces, width_of
from flowtui.ui.paint import Line, counts_of, heading, labelled, wrapped, zoned_instant
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import GROUPS, Palette, look_of

MESSAGE_ROWS = 8
"""Rows of a state's message; a traceback is in the log."""


def task_lines(
    row: TaskRow,
    palette: Palette,
    width: int,
    now: datetime,
    zone: tzinfo | None,
    family: int = 0,
    *,
    with_children: bool = True,
) -> list[Line]:
    """A task run in `width` cells; `family` is how many children it is one of."""
    task = row.task
    state = state_pieces(row.state, palette)
    lines: list[Line] = [state]
    if task.state.message:
        said = wrapped(plain(task.state.message), width)[:MESSAGE_ROWS]
        lines += [[Piece(text, "fg1")] for text in said]
    lines.append([])
    facts = [
        *facts_of(row, now, zone, family),
        ("state", f"version {task.state.version}"),
        ("slug", plain(task.task_slug)),
        ("id", task.id),
    ]
    lines += [labelled(name, [Piece(text, "fg1")], width) for name, text in facts if text]
    if row.children and with_children:
        title = heading("Children", thin_groups(len(row.each)))
        lines += [[], title, children_tally(row.each, palette)]
    if task.states and not row.children:
        lines += [[], heading("Its states"), *history_lines(task.states, palette, width, now, zone)]
    return lines


def neighbour_pieces(one: Neighbour, palette: Palette) -> Line:
    """A neighbour: the glyph of its state, and its name."""
    look = look_of(one.state)
    glyph = Piece(f"{palette.state_glyph(one.state)} ", look.token, bold=look.alarming)
    return [glyph, Piece(cut(plain(one.label), 32, palette.ellipsis), "fg1")]


def neighbours_line(ends: Sequence[Neighbour], palette: Palette, width: int) -> Line:
    """As many neighbours as a line has room for; the rest are counted."""
    pieces: Line = [Piece("nothing", "fg2")] if not ends else []
    for number, one in enumerate(ends):
        said = [*([blank(3)] if number else []), *neighbour_pieces(one, palette)]
        left = len(ends) - number
        more = f"   and {left - 1} more" if left > 1 else ""
        if number and width_of([*pieces, *said]) + cells(more) > width:
            return [*pieces, Piece(f"   and {left} more", "fg2")]
        pieces += said
    return pieces


def attempts_told(task: TaskRun, between: str) -> str:
    """Which attempt it is, of how many: `2 of 4`; after restarts there may be more: `5`."""
    allowed = task.attempts_allowed
    return f"{max(1, task.attempts)}{between}{allowed}" if allowed else str(task.attempts)


def facts_of(
    row: TaskRow, now: datetime, zone: tzinfo | None, family: int = 0
) -> list[tuple[str, str]]:
    """What is known of a task run, by name; `family` is how many children it is one of."""
    task, seconds = row.task, row.seconds(now)
    took = f", {duration(seconds)}" if seconds is not None else ""
    retries = "" if task.max_retries else ", no retries set"
    attempts = attempts_told(task, " of ") + retries if task.attempts else ""
    of = f" of {thin_groups(family)}" if family else ""
    return [
        ("started", zoned_instant(row.start, now, zone) if row.start else "not yet"),
        ("ended", zoned_instant(row.end, row.start or now, zone) + took if row.end else ""),
        ("runs for", took.removeprefix(", ") if row.start and not row.end else ""),
        ("attempts", attempts if not row.children else ""),
        ("map index", f"{task.map_index}{of}" if task.is_child else ""),
    ]


def children_tally(each: Sequence[str], palette: Palette) -> Line:
    """How mapped children fare, by the state of each."""
    groups = dict.fromkeys((*GROUPS, "paused"), 0)
    for state, count in counts_of(each).items():
        groups["paused" if state == "Paused" else look_of(state).group] += count
    shown = [
        ("Failed", groups["wrong"], "failed"),
        ("Running", groups["running"], "running"),
        ("Paused", groups["paused"], "paused"),
        ("Success", groups["success"], "ok"),
        ("Pending", groups["waiting"], "waiting"),
    ]
    return tally([entry for entry in shown if entry[1]], palette)


def history_lines(
    states: Sequence[StateRecord],
    palette: Palette,
    width: int,
    now: datetime,
    zone: tzinfo | None,
) -> list[Line]:
    """Each state a task run was in: when, how long, and of the last what it said."""
    lines: list[Line] = []
    for index, record in enumerate(states):
        last = index + 1 == len(states)
        until = now if last else states[index + 1].timestamp
        lasted = "" if last else duration(until - record.timestamp)
        said = unwrapped(record.message) if last else lasted
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
