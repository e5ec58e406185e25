"""What the overview has besides, where there is room for it: every flow, and every project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flowtui.models import states
from flowtui.models.flows import FlowSummary
from flowtui.models.ids import FlowGroupId
from flowtui.models.outcomes import PastRun, ProjectOutcome
from flowtui.models.runs import FlowRun
from flowtui.models.text import cut, plain, thin_groups
from flowtui.ui.graphics import RunMark, bar, strip
from flowtui.ui.ink import Piece, blank, fit_pieces
from flowtui.ui.paint import Line, heading, marks_of, wrongness
from flowtui.ui.tokens import Palette, look_of

NAME, APART = 20, 4
"""Cells of a flow's name, and between two flows."""
MOST_APART = 50
"""Cells from the name of a flow to that of the one beside it, at most."""
ACROSS = 4
"""Columns that a few flows are given."""
FEWEST, LAST = 10, 30
"""Cells of the last runs of a flow: at least, and where there is room."""
PROJECT, EACH, BAR = 14, 10, 30
"""Cells of a project's name, of its last runs, and of how many there were at most."""

BAND = 14
"""Rows that are left by the tables from which on the band of runs is shown."""
CROWDED = 37
"""Rows that are left by the tables on a broad and high screen below which the band is lower."""
FIXED = 9
"""Rows of a low screen that are neither a cause nor a run."""


def table_heights(rows: int, wanted: tuple[int, int]) -> tuple[tuple[int, int], bool]:
    """How high the causes and the runs are, captions included, and whether there is a band.

    Without a band they take its room.
    """
    causes = min(max(1, wanted[0]), max(4, rows // 4))
    runs = min(max(1, wanted[1]), max(3, rows // 6))
    has_band = rows - causes - runs > BAND
    if not has_band:
        causes += max(0, min(wanted[0] - causes, rows - FIXED - causes - runs))
        runs += max(0, min(wanted[1] - runs, rows - FIXED - causes - runs))
    return (causes + 1, runs + 1), has_band


def every_flow(
    flows: Iterable[FlowSummary],
    past: Mapping[FlowGroupId, Sequence[PastRun]],
    now: datetime,
    palette: Palette,
    width: int,
    rows: int,
) -> list[Line]:
    """Each flow in a few cells, by name, down one column after the other; its last runs in what
    room that leaves.

    Where there is no room for all, those are left out of which there is least to say.
    """
    found = sorted(flows, key=lambda flow: _importance(flow, now))
    most = max(1, (width + APART) // (2 + NAME + 1 + FEWEST + APART))
    needed = -(-len(found) // max(1, rows))
    across = max(1, min(most, max(needed, min(ACROSS, -(-len(found) // 2)))))
    down = min(max(1, rows), -(-len(found) // across))
    shown = sorted(found[: down * across], key=lambda flow: flow.name.casefold())
    left_out = len(found) - len(shown)
    marks = {flow.group_id: marks_of_past(flow, past.get(flow.group_id, ()), now) for flow in shown}
    known = max((len(one) for one in marks.values()), default=0)
    last = min(max(FEWEST, known), LAST, (width + APART) // across - (2 + NAME + 1 + APART))
    note = f"last {last} runs each" + (f", and {left_out} more" if left_out else "")
    pitch = min(MOST_APART, (width + APART) // across)
    lines = [heading("Every flow", note)]
    for row in range(down):
        line: Line = []
        for column, flow in enumerate(shown[row::down]):
            drawn = [*_flow(flow, now, palette), *strip(marks[flow.group_id], palette, last)]
            line += fit_pieces(drawn, min(pitch, width - column * pitch))
        lines.append(fit_pieces(line, width))
    return lines


def marks_of_past(flow: FlowSummary, past: Sequence[PastRun], now: datetime) -> list[RunMark]:
    """The last runs of a flow as strips want them: those the list of flows has, which are asked
    for often, and before them what is known of older ones."""
    recent = marks_of(flow.recent_runs, now)
    if not flow.recent_runs:
        return recent
    oldest = flow.recent_runs[-1].scheduled_start_time
    older = [RunMark(run.state, run.seconds) for run in past if run.due < oldest]
    return [*reversed(older), *recent]


def _importance(flow: FlowSummary, now: datetime) -> tuple[int, bool, str]:
    """What is shown where there is no room for all: what is wrong, what runs, what ever ran."""
    state = flow.shown_state(now)
    return wrongness(state) if state else 3, not flow.recent_runs, flow.name.casefold()


def _flow(flow: FlowSummary, now: datetime, palette: Palette) -> Line:
    state = flow.shown_state(now)
    look = look_of(state)
    glyph = palette.state_glyph(state) if state else palette.glyph("absent")
    sign = Piece(f"{glyph} ", look.token if state else "fg3", bold=bool(state) and look.alarming)
    loud = bool(state) and look.alarming
    name = Piece(cut(plain(flow.name), NAME, palette.ellipsis), "fg0" if loud else "fg1", bold=loud)
    return [sign, *fit_pieces([name], NAME + 1)]


def project_lines(
    outcomes: Sequence[ProjectOutcome],
    runs: Iterable[FlowRun],
    window: str,
    now: datetime,
    palette: Palette,
    width: int,
    rows: int,
) -> list[Line]:
    """Each project: its last runs, how many failed of all that ended, and how many those are
    beside the others; the worst first."""
    lines = [heading("Projects", f"failed of all runs, {window}")]
    last: dict[str, list[FlowRun]] = {}
    for run in runs:
        if not states.is_scheduled(run.state.type):
            last.setdefault(run.project_name, []).append(run)
    ranked = sorted(outcomes, key=lambda one: (-one.failed, one.name.casefold()))[:rows]
    most = max((one.ended for one in ranked), default=0)
    failed = max((len(thin_groups(one.failed)) for one in ranked), default=1)
    ended = max((len(thin_groups(one.ended)) for one in ranked), default=1)
    room = min(BAR, width - PROJECT - EACH - failed - ended - 10)
    for one in ranked:
        marks = marks_of(last.get(one.name, ())[:EACH], now)
        told = Piece(thin_groups(one.failed).rjust(failed), "failed" if one.failed else "fg2")
        line = [
            *fit_pieces([Piece(cut(plain(one.name), PROJECT, palette.ellipsis), "fg1")], PROJECT),
            blank(2),
            *strip(marks, palette, EACH),
            blank(2),
            told._replace(bold=bool(one.failed)),
            Piece(f" of {thin_groups(one.ended):>{ended}}", "fg2"),
        ]
        if room >= 4 and most:
            line += [blank(2), *bar(one.ended / most, palette, room)]
        lines.append(fit_pieces(line, width))
    return lines if ranked else [*lines, [Piece("none has ended", "fg2")]]
