"""The next 24 hours of an agent: the planned runs it would take, a line for each flow.

The backend plans a few runs of each flow ahead, and only those are known: behind the last of them
a line goes on dotted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from flowtui.models.agents import Agent
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, cut, plain
from flowtui.ui.agent_lines import taken_by
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import Line, heading
from flowtui.ui.timeline import Axis, Bar, axis_line, draws_whole_cells, gantt
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
    lasting: Mapping[str, timedelta] | None = None,
) -> list[Line]:
    """The lines in a width and a height; none where nothing is planned. `lasting` says how long
    runs of flows took."""
    width, height = size
    axis = Axis(now, now + AHEAD, max(8, width - NAME))
    lanes = _lanes([run for run in taken_by(agent, planned) if run.due >= now], axis.end)
    if not lanes or height < FEWEST:
        return []
    shown = lanes[: height - 2]
    missed = missed_of(agent, agents, [run for lane in lanes for run in lane], now)
    note, token = _note(agent, missed, sum(map(len, lanes)), now)
    if len(lanes) > len(shown):
        note += f", and {amount(len(lanes) - len(shown), 'more flow')}"
    title = [*heading("Next 24 hours"), blank(2), Piece(note, token)]
    dots = [Piece(f"{_unknown(palette)} not planned yet", "fg2")]
    unknown = any(_known_until(lane, axis) < axis.width for lane in shown)
    lines = [between(title, dots if unknown else [], width)]
    for lane in shown:
        name = Piece(cut(plain(lane[0].flow_name), NAME - 2, palette.ellipsis), "fg1")
        lasts = (lasting or {}).get(lane_of(lane[0]), timedelta())
        lines.append([*fit_pieces([name], NAME), *_drawn(lane, axis, palette, missed, lasts)])
    return [*lines, [blank(NAME), *axis_line(axis, palette, zone)]]


def _lanes(runs: Sequence[FlowRun], end: datetime) -> list[list[FlowRun]]:
    """The runs of each flow that has any before the end, the flow that is due first in front."""
    lanes: dict[str, list[FlowRun]] = {}
    for run in sorted(runs, key=lambda run: run.due):
        lanes.setdefault(lane_of(run), []).append(run)
    return [lane for lane in lanes.values() if lane[0].due < end]


def lane_of(run: FlowRun) -> str:
    """What tells the runs of one flow from those of others."""
    return run.flow_group_id or run.flow_name


def missed_of(
    agent: Agent, agents: Sequence[Agent], runs: Sequence[FlowRun], now: datetime
) -> frozenset[str]:
    """Those of the runs that nobody takes while the agent is away."""
    if agent.health(now) == "healthy":
        return frozenset()
    live = [one for one in agents if one.health(now) == "healthy"]
    return frozenset(run.id for run in runs if not any(one.takes(run.labels) for one in live))


def _note(agent: Agent, missed: frozenset[str], runs: int, now: datetime) -> tuple[str, str]:
    """What becomes of those runs, and its colour."""
    if agent.health(now) == "healthy":
        return "what it would take", "fg2"
    if not missed:
        return "what other agents take while it stays away", "fg2"
    if len(missed) < runs:
        return f"{len(missed)} of {amount(runs, 'run')} will be missed while it stays away", "late"
    return "what will be missed while it stays away", "late"


def _known_until(lane: Sequence[FlowRun], axis: Axis, lasts: timedelta = timedelta()) -> int:
    """The cell behind the last run that is planned, where the flow's schedule goes on."""
    if not lane[-1].auto_scheduled:
        return axis.width
    return min(axis.width, int(axis.place(lane[-1].due + max(lasts, _lasts(axis)))) + 1)


def _unknown(palette: Palette) -> str:
    """Stands for time in which nothing is planned yet; never the sign of a planned run."""
    return palette.glyph("folded" if draws_whole_cells(palette) else "expected")


def _lasts(axis: Axis) -> timedelta:
    """How long a run is drawn: half a cell."""
    return (axis.end - axis.start) / axis.width / 2


def _drawn(
    lane: Sequence[FlowRun],
    axis: Axis,
    palette: Palette,
    missed: frozenset[str],
    lasts: timedelta,
) -> Line:
    """The runs of a flow, each as long as the last one took, and those loud that are missed."""
    long = max(lasts, _lasts(axis))
    bars = [
        Bar(run.due, run.due + long, "Scheduled", "late" if run.id in missed else "sched-quiet")
        for run in lane
    ]
    known = _known_until(lane, axis, lasts)
    dots = Piece(_unknown(palette) * (axis.width - known), "fg3")
    pieces = fit_pieces(gantt(axis, palette, bars), known, ellipsis="")
    return [*pieces, dots] if dots.text else pieces
