"""What the overview has besides, where there is room for it: every flow, and every project."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flowtui.models.flows import FlowSummary
from flowtui.models.text import cut, plain
from flowtui.ui.graphics import heat, strip
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import Line, heading, marks_of, wrongness
from flowtui.ui.tokens import Palette, look_of

NAME, LAST, APART = 20, 10, 4
"""Cells of a flow's name, of its last runs, and between two flows."""
PROJECT, EACH = 14, 20
"""Cells of a project's name, and of its flows."""

BAND = 14
"""Rows that are left by the tables from which on the band of runs is shown."""
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
    flows: Iterable[FlowSummary], now: datetime, palette: Palette, width: int, rows: int
) -> list[Line]:
    """Each flow in a few cells, by name, down one column after the other.

    Where there is no room for all, those are left out of which there is least to say.
    """
    found = sorted(flows, key=lambda flow: _importance(flow, now))
    across = max(1, (width + APART) // (2 + NAME + 1 + LAST + APART))
    down = min(max(1, rows), -(-len(found) // across))
    shown = sorted(found[: down * across], key=lambda flow: flow.name.casefold())
    left_out = len(found) - len(shown)
    note = f"last {LAST} runs each" + (f", and {left_out} more" if left_out else "")
    lines = [heading("Every flow", note)]
    for row in range(down):
        line: Line = []
        for flow in shown[row::down]:
            line += [*([blank(APART)] if line else []), *_flow(flow, now, palette)]
        lines.append(line)
    return lines


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
    return [
        sign,
        *fit_pieces([name], NAME + 1),
        *strip(marks_of(flow.recent_runs, now), palette, LAST),
    ]


def project_lines(
    flows: Iterable[FlowSummary], now: datetime, palette: Palette, width: int, rows: int
) -> list[Line]:
    """Each project: its flows, a cell each, and how many of them went wrong; the worst first."""
    by_name: dict[str, list[str]] = {}
    for flow in flows:
        by_name.setdefault(flow.latest.project_name, []).append(flow.shown_state(now))
    lines = [between(heading("Projects"), [Piece("wrong of all flows", "fg2")], width)]
    digits = max((len(str(len(found))) for found in by_name.values()), default=1)
    ranked = sorted(by_name.items(), key=lambda one: (-_wrong(one[1]), one[0].casefold()))
    for name, found in ranked[:rows]:
        ran = sorted((state for state in found if state), key=lambda one: (wrongness(one), one))
        wrong = _wrong(found)
        left = fit_pieces([Piece(cut(plain(name), PROJECT, palette.ellipsis), "fg1")], PROJECT + 2)
        counted = [
            Piece(str(wrong), "failed" if wrong else "fg2", bold=bool(wrong)),
            Piece(f" of {len(found):>{digits}}", "fg2"),
        ]
        lines.append(between([*left, *heat(ran, palette, EACH)], counted, width))
    return lines


def _wrong(found: Sequence[str]) -> int:
    return sum(1 for state in found if state and look_of(state).alarming)
