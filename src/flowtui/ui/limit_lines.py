"""A limit below the list of limits: which runs hold its places, and which come next under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models.limits import LABEL, Limit
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, duration, plain
from flowtui.ui.agent_lines import waiting_line
from flowtui.ui.graphics import state_pieces, subject_piece
from flowtui.ui.ink import Piece, blank, cut_before, fit_pieces
from flowtui.ui.overview_lines import late_of
from flowtui.ui.paint import Line, heading
from flowtui.ui.tokens import Palette

FLOW = 24
"""Cells of a flow's name."""


def under(limit: Limit, runs: Sequence[FlowRun]) -> list[FlowRun]:
    """The runs that it counts; task runs are known to their own runs alone."""
    return [run for run in runs if limit.kind == LABEL and limit.name in run.labels]


def holder_lines(
    limit: Limit,
    running: Sequence[FlowRun],
    now: datetime,
    palette: Palette,
    width: int,
    rows: int,
) -> list[Line]:
    """The runs that hold its places, the one that has run longest in front."""
    if limit.kind != LABEL:
        return []
    holders = sorted(under(limit, running), key=lambda run: run.seconds(now) or 0.0, reverse=True)
    lines: list[Line] = [heading("Holds its places", amount(len(holders), "flow run"))]
    for run in holders[:rows]:
        seconds, state = run.seconds(now), run.shown_state(now)
        took = Piece(duration(seconds) if seconds is not None else palette.glyph("absent"), "fg1")
        flow = fit_pieces(
            [subject_piece(plain(run.flow_name), state)], FLOW, ellipsis=palette.ellipsis
        )
        left = [*state_pieces(state, palette, 12), *flow, blank(2), Piece(plain(run.name), "fg2")]
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
    if limit.kind != LABEL:
        return []
    found = under(limit, planned)
    late = len(late_of(found, now))
    note = f"{late} late, {len(found) - late} planned" if found else "nothing that is planned"
    lines: list[Line] = [heading("Comes next", note)]
    return [*lines, *(waiting_line(run, now, zone, palette, width) for run in found[:rows])]
