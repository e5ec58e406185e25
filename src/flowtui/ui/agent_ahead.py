"""The next 24 hours of an agent: the planned runs it would take, a line for each flow.

The backend plans a few runs of each flow ahead, and only those are known: behind the last of them
a line goes on dotted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from flowtui.models.agents import Agent
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, cut, plain
from flowtui.ui.agent_lines import taken_by
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import Line, heading
from flowtui.ui.timeline import Axis, Bar, axis_line, gantt
from flowtui.ui.tokens import Palette

AHEAD = timedelta(hours=24)
NAME = 18
"""Cells of a flow's name, and the gap behind it."""
FEWEST = 4
"""Lines without which there is nothing to be seen: the title, a flow, and the axis."""


def ahead_lines(
    agent: Agent,
    agents: Sequence[Agent],
    planned: Sequence[FlowRun],
    now: datetime,
    zone: tzinfo | None,
    palette: Palette,
    size: tuple[int, int],
) -> list[Line]:
    """The lines in a width and a height; none where nothing is planned."""
    width, height = size
    axis = Axis(now, now + AHEAD, max(8, width - NAME))
    lanes = _lanes([run for run in taken_by(agent, planned) if run.due >= now], axis.end)
    if not lanes or height < FEWEST:
        return []
    shown = lanes[: height - 2]
    note, token = _note(agent, agents, [run for lane in lanes for run in lane], now)
    if len(lanes) > len(shown):
        note += f", and {amount(len(lanes) - len(shown), 'more flow')}"
    title = [*heading("Next 24 hours"), blank(2), Piece(note, token)]
    dots = [Piece(f"{palette.glyph('expected')} not planned yet", "fg2")]
    unknown = any(_known_until(lane, axis) < axis.width for lane in shown)
    lines = [between(title, dots if unknown else [], width)]
    for lane in shown:
        name = Piece(cut(plain(lane[0].flow_name), NAME - 2, palette.ellipsis), "fg1")
        bar = "late" if token == "late" else "sched-quiet"
        lines.append([*fit_pieces([name], NAME), *_drawn(lane, axis, palette, bar)])
    return [*lines, [blank(NAME), *axis_line(axis, palette, zone)]]


def _lanes(runs: Sequence[FlowRun], end: datetime) -> list[list[FlowRun]]:
    """The runs of each flow that has any before the end, the flow that is due first in front."""
    lanes: dict[str, list[FlowRun]] = {}
    for run in sorted(runs, key=lambda run: run.due):
        lanes.setdefault(run.flow_group_id or run.flow_name, []).append(run)
    return [lane for lane in lanes.values() if lane[0].due < end]


def _note(
    agent: Agent, agents: Sequence[Agent], runs: Sequence[FlowRun], now: datetime
) -> tuple[str, str]:
    """What becomes of those runs, and its colour."""
    if agent.health(now) == "healthy":
        return "what it would take", "fg2"
    live = [one for one in agents if one.health(now) == "healthy"]
    alone = [run for run in runs if not any(one.takes(run.labels) for one in live)]
    if not alone:
        return "what other agents take while it stays away", "fg2"
    return "what will be missed while it stays away", "late"


def _known_until(lane: Sequence[FlowRun], axis: Axis) -> int:
    """The cell behind the last run that is planned, where the flow's schedule goes on."""
    if not lane[-1].auto_scheduled:
        return axis.width
    return min(axis.width, int(axis.place(lane[-1].due + _lasts(axis))) + 1)


def _lasts(axis: Axis) -> timedelta:
    """How long a run is drawn: half a cell."""
    return (axis.end - axis.start) / axis.width / 2


def _drawn(lane: Sequence[FlowRun], axis: Axis, palette: Palette, token: str) -> Line:
    bars = [Bar(run.due, run.due + _lasts(axis), "Scheduled", token) for run in lane]
    known = _known_until(lane, axis)
    dots = Piece(palette.glyph("expected") * (axis.width - known), "fg3")
    pieces = fit_pieces(gantt(axis, palette, bars), known, ellipsis="")
    return [*pieces, dots] if dots.text else pieces
