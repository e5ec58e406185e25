"""A project below the list of projects: its flows, what failed in it last, and what comes next."""

from __future__ import annotations

from datetime import datetime, tzinfo

from flowtui.models import states
from flowtui.models.flows import FlowSummary
from flowtui.models.projects import ProjectSummary
from flowtui.models.text import clock, day, plain
from flowtui.ui.graphics import state_pieces, strip, subject_piece
from flowtui.ui.ink import Piece, between, blank, cut_before, fit_pieces
from flowtui.ui.paint import Line, cut_heading, due_piece, heading, marks_of, wrongness
from flowtui.ui.tokens import Palette

LAST = 10
"""Runs of a flow that its strip has."""
WORDY = 48
"""Cells from which on a flow has the word of its state."""
BROAD = 56
"""Cells from which on a run that failed is said by its name and its message too."""


def flow_lines(
    project: ProjectSummary, now: datetime, palette: Palette, width: int, rows: int
) -> list[Line]:
    """Its flows with their last runs: what is wrong, then what runs, then by name."""
    flows = sorted(
        project.flows, key=lambda one: (wrongness(one.shown_state(now)), one.name.casefold())
    )
    lines: list[Line] = [heading("Its flows", _how_many(len(flows), rows))]
    for flow in flows[:rows]:
        lines.append(_flow(flow, now, palette, width))
    return lines if flows else [*lines, [Piece("none that can run", "fg2")]]


def _how_many(count: int, rows: int) -> str:
    return f"{rows} of {count}" if count > rows else str(count or "")


def _flow(flow: FlowSummary, now: datetime, palette: Palette, width: int) -> Line:
    state, word = flow.shown_state(now), 13 if width >= WORDY else 2
    if state:
        left = [*state_pieces(state, palette, word), subject_piece(plain(flow.name), state)]
        left = left if width >= WORDY else [left[0], blank(1), left[-1]]
    else:
        none = "no runs" if width >= WORDY else ""
        left = [Piece(f"{palette.glyph('absent')} {none}".ljust(word), "fg2")]
        left.append(Piece(plain(flow.name), "fg1"))
    named = fit_pieces(left, width - LAST - 2, ellipsis=palette.ellipsis)
    return between(named, strip(marks_of(flow.recent_runs, now), palette, LAST), width)


def failure_lines(
    project: ProjectSummary,
    now: datetime,
    zone: tzinfo | None,
    palette: Palette,
    width: int,
    rows: int,
) -> list[Line]:
    """Its runs that went wrong last, of those that are known: the last of each flow."""
    wrong = [
        run
        for flow in project.flows
        for run in flow.recent_runs
        if states.is_failed(run.state.type)
    ]
    wrong.sort(key=lambda run: run.moved_at, reverse=True)
    note = f"in the last {LAST} of each"
    lines = [cut_heading("Failed last", note, palette, width)]
    for run in wrong[:rows]:
        ended = run.moved_at
        is_old = (now - ended).days > 0
        when = day(ended, zone) if is_old else clock(ended, zone, seconds=False)
        line = [
            Piece(when.ljust(8), "fg2"),
            *state_pieces(run.state.type, palette, 11),
            Piece(plain(run.flow_name), "fg1"),
        ]
        if width >= BROAD:
            line = fit_pieces(line, 42, ellipsis=palette.ellipsis)
            line += [blank(2), Piece(plain(run.name), "fg2")]
        lines.append(fit_pieces(line, width, ellipsis=palette.ellipsis))
    return lines if wrong else [*lines, [Piece("nothing", "fg2")]]


def next_lines(
    project: ProjectSummary,
    now: datetime,
    zone: tzinfo | None,
    palette: Palette,
    width: int,
    rows: int,
) -> list[Line]:
    """When its flows run next, the one that is due first in front."""
    planned = [flow.next_run for flow in project.flows if flow.next_run is not None]
    planned.sort(key=lambda run: run.due)
    lines: list[Line] = [heading("Next", "of each flow")]
    for run in planned[:rows]:
        due = due_piece(run, now, palette)
        when = Piece(f"{clock(run.due, zone, seconds=False)}  ", "fg2")
        name = Piece(plain(run.flow_name), "fg1")
        lines.append(cut_before([when, name], [due], width, palette.ellipsis))
    return lines if planned else [*lines, [Piece("nothing is planned", "fg2")]]
