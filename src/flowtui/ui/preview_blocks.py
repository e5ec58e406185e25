"""What stands in a preview of a flow below its versions: when it runs next and who takes that, what
goes wrong most, and what it is for.

Only what has been answered is said: where nothing is known yet, nothing stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.agents import Agent, live_takers
from flowtui.models.flow_errors import TROUBLED_RUNS, FlowTroubles
from flowtui.models.flows import FlowGroup, FlowSummary
from flowtui.models.runs import FlowRun
from flowtui.models.text import age, amount, cells, cut, moment, plain, zone_name
from flowtui.ui.graphics import bar, state_pieces
from flowtui.ui.ink import Piece, between, blank, fit_pieces, width_of
from flowtui.ui.markdown_lines import markdown_lines
from flowtui.ui.paint import Line, due_piece, heading
from flowtui.ui.tokens import Palette

TIMES = 3
"""Planned runs whose times are told."""
TASKS, FLOWS, PROSE = 3, 3, 6
"""Tasks, other flows, and lines of the read me that are shown at most."""


@frozen
class Known:
    """What has been answered about a flow beyond what its list says; None is not yet."""

    runs: Sequence[FlowRun] | None = None
    """The newest, also those that are planned."""
    group: FlowGroup | None = None
    agents: Sequence[Agent] | None = None
    troubles: FlowTroubles | None = None


def ahead_lines(
    flow: FlowSummary,
    known: Known,
    now: datetime,
    palette: Palette,
    width: int,
    zone: tzinfo | None,
) -> list[Line]:
    """When it runs next, which agents would take that, and by which labels."""
    labels = [plain(label) for label in flow.labels]
    lines = [between(heading("Next"), _next(flow, known, now, palette, width - 6, zone), width)]
    if not flow.latest.is_schedule_active and flow.schedule:
        lines.append([Piece("The schedule is off: no runs by themselves.", "fg2")])
    if known.agents is not None:
        takers = _takers(known.agents, flow.labels, now, palette, width - 8)
        lines.append(between(heading("Agents"), takers, width))
    shown = cut("  ".join(labels), width - 8, palette.ellipsis)
    said = Piece(shown, "fg1") if shown else Piece(palette.glyph("absent"), "fg3")
    return [*lines, between(heading("Labels"), [said], width)]


def _next(
    flow: FlowSummary, known: Known, now: datetime, palette: Palette, room: int, zone: tzinfo | None
) -> Line:
    """The times of the runs that are planned, as many as there is room for."""
    run = flow.next_run
    if run is None:
        return [Piece(palette.glyph("absent"), "fg3")]
    planned = [one for one in known.runs or () if states.is_scheduled(one.state.type)]
    times = sorted({run.due, *(one.due for one in planned)})[:TIMES]
    if run.shown_state(now) == states.LATE or len(times) < 2:
        at = f"{moment(run.due, now, zone)} {zone_name(run.due, zone)}  "
        return [Piece(at, "fg1"), due_piece(run, now, palette)]
    told = [moment(when, now, zone) for when in times]
    behind = f" {zone_name(times[0], zone)}"
    while len(told) > 1 and cells("  ".join(told) + behind) > room - 2:
        told.pop()
    return [Piece("  ".join(told) + behind, "fg1")]


def _takers(
    agents: Sequence[Agent], labels: Sequence[str], now: datetime, palette: Palette, room: int
) -> Line:
    """How many of those that ask for work would take a run with these labels."""
    live = len(live_takers(agents, labels, now))
    wanted = ", ".join(map(plain, labels))
    if live:
        said = (
            f" {live} {'matches' if live == 1 else 'match'} {wanted}"
            if wanted
            else f" {live} without labels"
        )
        said = cut(said, room - 2, palette.ellipsis)
        return [Piece(palette.state_glyph("Running"), "success"), Piece(said, "fg1")]
    said = f" none live for {wanted}" if wanted else " none live without labels"
    said = cut(said, room - 2, palette.ellipsis)
    return [Piece(palette.state_glyph(states.LATE), "late", bold=True), Piece(said, "late")]


def trouble_lines(
    flow: FlowSummary, troubles: FlowTroubles, now: datetime, palette: Palette, width: int
) -> list[list[Line]]:
    """Which tasks fail most, and who else has the error that it ended with, a block each."""
    blocks = []
    if troubles.tasks:
        blocks.append(_failing(troubles, palette, width))
    ended = flow.recent_runs[0].id if flow.recent_runs else None
    if troubles.last is not None and troubles.last.run.id == ended and troubles.same_elsewhere:
        blocks.append(_elsewhere(troubles, now, palette, width))
    return blocks


def _failing(troubles: FlowTroubles, palette: Palette, width: int) -> list[Line]:
    runs = troubles.runs
    span = f"of the last {runs} that failed" if runs >= TROUBLED_RUNS else "7 days"
    lines = [between(heading("Tasks that fail most"), [Piece(span, "fg2")], width)]
    shown = troubles.tasks[:TASKS]
    column = min(width // 3, max(cells(plain(one.name)) for one in shown))
    room = width - column - 2 - 2 - 4
    for one in shown:
        name = cut(plain(one.name), column, palette.ellipsis)
        left = [
            *fit_pieces([Piece(name, "fg1")], column + 2),
            *bar(one.runs / runs, palette, room, "failed"),
        ]
        lines.append(between(left, [Piece(str(one.runs), "fg1")], width))
    return lines


def _elsewhere(troubles: FlowTroubles, now: datetime, palette: Palette, width: int) -> list[Line]:
    found = troubles.same_elsewhere
    note = "" if len(found) <= FLOWS else f"{len(found)} flows"
    lines = [between(heading("Same error elsewhere"), [Piece(note, "fg2")], width)]
    for one in found[:FLOWS]:
        when = Piece(f"{age(now - one.run.moved_at)} ago", "fg2")
        state = state_pieces(one.run.state.type, palette)
        room = width - width_of(state) - 2 - width_of([when]) - 2
        name = Piece(cut(plain(one.run.flow_name), room, palette.ellipsis), "fg1")
        lines.append(between([*state, blank(2), name], [when], width))
    return lines


def readme_lines(group: FlowGroup, palette: Palette, width: int, room: int) -> list[Line]:
    """The beginning of what it is for, in so many rows; nothing where nobody has said it."""
    text = group.description or group.latest.description
    if not text.strip() or room < 2:
        return []
    prose = markdown_lines(text, palette, width)
    shown = prose[: min(PROSE, room - 1)]
    more = amount(len(prose) - len(shown), "more line") if len(prose) > len(shown) else ""
    return [between(heading("Read me"), [Piece(more, "fg2")], width), *shown]
