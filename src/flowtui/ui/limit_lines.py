"""A limit below the list of limits: which runs hold its places, and which come next under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models.limits import LABEL, TAG, Limit, TagHolder
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, cells, duration, plain
from flowtui.ui.agent_lines import waiting_line
from flowtui.ui.graphics import state_pieces, subject_piece
from flowtui.ui.ink import Piece, blank, cut_before, fit_pieces, joined
from flowtui.ui.overview_lines import late_of
from flowtui.ui.paint import Line, cut_heading
from flowtui.ui.tokens import Palette

LEVELS = 7
"""Heights of what was taken; never a full cell, so that rows stay apart."""
FLOW = 24
"""Cells of a flow's name."""


def under(limit: Limit, runs: Sequence[FlowRun]) -> list[FlowRun]:
    """The runs that it counts; task runs are known to their own runs alone."""
    return [run for run in runs if limit.kind == LABEL and limit.name in run.labels]


def past_pieces(limit: Limit, counts: Sequence[int], palette: Palette) -> Line:
    """How much of it was taken in each part of the last hours; loud where it was full."""
    pieces: Line = []
    for count in counts:
        share = min(1.0, count / limit.limit) if limit.limit else 1.0
        height = palette.heights[max(1, round(share * LEVELS))] if count else " "
        token = "late" if count and share >= 1.0 else "ok-quiet"
        pieces.append(Piece(height, token))
    return joined(pieces)


def below_tag(limit: Limit, holders: Sequence[TagHolder]) -> list[TagHolder]:
    """The task runs that it counts, or that wait for it."""
    return [one for one in holders if limit.kind == TAG and limit.name in one.tags]


def holder_lines(
    limit: Limit,
    running: Sequence[FlowRun],
    now: datetime,
    palette: Palette,
    width: int,
    rows: int,
) -> list[Line]:
    """The runs that hold its places, the one that has run longest in front."""
    holders = sorted(under(limit, running), key=lambda run: run.seconds(now) or 0.0, reverse=True)
    noun = _counted(len(holders), rows, "flow run")
    lines = [cut_heading("Holds its places", noun, palette, width)]
    told = [
        (run.shown_state(now), run.flow_name, run.name, run.seconds(now)) for run in holders[:rows]
    ]
    return [*lines, *_lines(told, palette, width)]


def task_lines(
    limit: Limit,
    holders: Sequence[TagHolder],
    now: datetime,
    palette: Palette,
    width: int,
    rows: int,
    *,
    waits: bool,
) -> list[Line]:
    """The task runs that hold its places, or those that wait for one; the longest in front."""
    shown = [one for one in below_tag(limit, holders) if one.waits == waits]
    shown.sort(key=lambda one: one.since or now)
    noun = _counted(len(shown), rows, "task run")
    if waits and not shown:
        noun = "nothing"
    title = "Waits for a place" if waits else "Holds its places"
    lines = [cut_heading(title, noun, palette, width)]
    told = [
        (
            one.state,
            one.task,
            f"{one.flow} / {one.run}",
            (now - one.since).total_seconds() if one.since is not None else None,
        )
        for one in shown[:rows]
    ]
    return [*lines, *_lines(told, palette, width)]


def _counted(count: int, rows: int, noun: str) -> str:
    """How many there are, and how many of them are shown if not all."""
    return f"{rows} of {amount(count, noun)}" if count > rows else amount(count, noun)


def _lines(
    told: Sequence[tuple[str, str, str, float | None]], palette: Palette, width: int
) -> list[Line]:
    """What runs or waits: its state, its name, where it belongs, and for how long."""
    room = min(FLOW, max((cells(plain(name)) for _, name, _, _ in told), default=0))
    lines: list[Line] = []
    for state, name, belongs, seconds in told:
        took = Piece(duration(seconds) if seconds is not None else palette.glyph("absent"), "fg1")
        named = fit_pieces([subject_piece(plain(name), state)], room, ellipsis=palette.ellipsis)
        left = [*state_pieces(state, palette, 13), *named, blank(2), Piece(plain(belongs), "fg2")]
        lines.append(cut_before(left, [took], width, palette.ellipsis))
    return lines


def queue_lines(
    limit: Limit,
    planned: Sequence[FlowRun],
    now: datetime,
    zone: tzinfo | None,
    palette: Palette,
    width: int,
    rows: int,
) -> list[Line]:
    """The runs that wait for a place, and then those that are planned."""
    found = under(limit, planned)
    late = len(late_of(found, now))
    note = f"{late} late, {len(found) - late} planned" if found else "nothing"
    lines = [cut_heading("Comes next", note, palette, width)]
    return [*lines, *(waiting_line(run, now, zone, palette, width) for run in found[:rows])]
