"""The agent under the cursor: when it asked last, what waits for it, what it ran, what comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.runs import FlowRun
from flowtui.models.text import cells, clock, cut_middle, day, duration, plain
from flowtui.models.work import Lately
from flowtui.ui.agent_ahead import ahead_lines, lane_of
from flowtui.ui.agent_lines import contact, late_for, taken_by, waiting_line
from flowtui.ui.graphics import state_pieces, subject_piece
from flowtui.ui.ink import Piece, between, blank, cut_before, fit_pieces
from flowtui.ui.paint import Line, heading
from flowtui.ui.tokens import Palette, look_of

LATELY = timedelta(hours=24)
"""Over which it is told how what an agent took ended."""
FEW, MANY = 4, 16
"""Runs that are listed of each kind, where there is little room and where there is much."""
LOW = 12
"""Rows below which there is no room for what comes."""
MUCH = 34
"""Rows from which on there is much room."""
AHEAD = 15
"""Rows that are left for what comes, where there is much room."""
SIDES = 88
"""Cells from which on what it ran stands beside what waits for it."""
LINE = 84
"""Cells that a list of runs needs at most."""
FLOW = 18
"""Cells of a flow's name."""


@frozen
class Chosen:
    """An agent, and what is known around it."""

    agent: Agent
    agents: Sequence[Agent]
    planned: Sequence[FlowRun]
    lately: Lately | None = None
    """What it took; None before that is known."""
    tells_past: bool = True
    """Whether there is room on the page for what it took."""


def chosen_lines(
    chosen: Chosen,
    now: datetime,
    zone: tzinfo | None,
    palette: Palette,
    size: tuple[int, int],
) -> list[Line]:
    """As much of it as there is room for: `size` is a width and a height."""
    width, height = size
    agent = chosen.agent
    name = [Piece(f"id {cut_middle(agent.id, 13, palette.ellipsis)}", "fg2")]
    told = contact(agent, now, zone, width)
    lines = [between(told, name if width >= SIDES else [], width), []]
    rows = min(MANY, max(1, height - (AHEAD if height >= MUCH else 3)))
    rows = FEW if LOW <= height < MUCH else rows
    lines += _lists(chosen, now, zone, palette, width, rows)
    if height < LOW:
        return lines
    known = chosen.lately.runs if chosen.lately is not None else ()
    ahead = ahead_lines(
        agent,
        chosen.agents,
        chosen.planned,
        now,
        zone,
        palette,
        (width, height - len(lines) - 1),
        lasting(known, now),
    )
    return [*lines, [], *ahead] if ahead else lines


def lasting(runs: Sequence[FlowRun], now: datetime) -> Mapping[str, timedelta]:
    """How long the last run of each flow took, of those that are over."""
    found: dict[str, timedelta] = {}
    for run in runs:
        seconds = run.seconds(now)
        if states.is_finished(run.state.type) and seconds is not None:
            found.setdefault(lane_of(run), timedelta(seconds=seconds))
    return found


def _lists(
    chosen: Chosen,
    now: datetime,
    zone: tzinfo | None,
    palette: Palette,
    width: int,
    rows: int,
) -> list[Line]:
    """What waits for it and what it ran, side by side where both have room."""
    if width < SIDES or not chosen.tells_past:
        return _waiting(chosen, now, zone, palette, min(width, LINE), rows)
    half = min(LINE, (width - 6) // 2)
    left = _waiting(chosen, now, zone, palette, half, rows)
    right = _ran(chosen.lately, now, zone, palette, half, rows)
    apart = blank(min(6, width - 2 * half))
    return [
        [*(fit_pieces(left[row], half) if row < len(left) else [blank(half)]), apart, *told]
        for row in range(max(len(left), len(right)))
        for told in [right[row] if row < len(right) else []]
    ]


def _waiting(
    chosen: Chosen, now: datetime, zone: tzinfo | None, palette: Palette, width: int, rows: int
) -> list[Line]:
    mine = taken_by(chosen.agent, chosen.planned)
    late = len(late_for(chosen.agent, chosen.planned, now))
    note = f"{late} late, {len(mine) - late} planned" if mine else "nothing it would take"
    lines = [heading("Waiting for it", note)]
    return [*lines, *(waiting_line(run, now, zone, palette, width) for run in mine[:rows])]


def _ran(
    lately: Lately | None,
    now: datetime,
    zone: tzinfo | None,
    palette: Palette,
    width: int,
    rows: int,
) -> list[Line]:
    if lately is None:
        return [heading("Ran last")]
    note = f"last 24 h: {lately.succeeded} ok of {lately.ended}" if lately.ended else ""
    title = between(heading("Ran last"), [Piece(note, "fg2")] if note else [], width)
    if not lately.runs:
        return [title, [Piece("nothing that is still known", "fg2")]]
    shown = lately.runs[:rows]
    state = max(cells(look_of(run.shown_state(now)).name) for run in shown) + 4
    flow = min(FLOW, max(cells(plain(run.flow_name)) for run in shown))
    columns = state, flow, width
    return [title, *(_ran_line(run, now, zone, palette, columns) for run in shown)]


def _ran_line(
    run: FlowRun, now: datetime, zone: tzinfo | None, palette: Palette, columns: tuple[int, ...]
) -> Line:
    for_state, for_flow, width = columns
    when = run.start_time or run.due
    is_old = now - when >= LATELY
    told = day(when, zone) if is_old else clock(when, zone, seconds=False)
    state, seconds = run.shown_state(now), run.seconds(now)
    took = duration(seconds) if seconds is not None else palette.glyph("absent")
    flow = [subject_piece(plain(run.flow_name), state)]
    left = [
        Piece(told.ljust(8), "fg2"),
        *state_pieces(state, palette, for_state),
        *fit_pieces(flow, for_flow, ellipsis=palette.ellipsis),
        blank(2),
        Piece(plain(run.name), "fg2"),
    ]
    return cut_before(left, [Piece(took, "fg1")], width, palette.ellipsis)
