"""What is painted about agents: when one was heard of, and what waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models import states
from flowtui.models.agents import STALE_FOR, Agent
from flowtui.models.runs import FlowRun
from flowtui.models.text import away, clock, cut, day, plain, zone_name
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, cut_before
from flowtui.ui.paint import due_piece
from flowtui.ui.tokens import Palette

Line = list[Piece]


def taken_by(agent: Agent, planned: Sequence[FlowRun]) -> list[FlowRun]:
    """The planned runs that an agent would take."""
    return [run for run in planned if agent.takes(run.labels)]


def due_for(agent: Agent, planned: Sequence[FlowRun], now: datetime) -> list[FlowRun]:
    """The runs that an agent would take, and should have by now."""
    return [run for run in taken_by(agent, planned) if run.due <= now]


def late_for(agent: Agent, planned: Sequence[FlowRun], now: datetime) -> list[FlowRun]:
    """The late runs that an agent would take."""
    return [run for run in taken_by(agent, planned) if run.shown_state(now) == states.LATE]


def contact(agent: Agent, now: datetime, zone: tzinfo | None, width: int = 200) -> Line:
    """When it asked last, and what follows from that; a long name leaves room for it."""
    name = Piece(cut(plain(agent.name or "agent"), max(12, width - 50)), "fg0", bold=True)
    if agent.last_queried is None:
        return [name, Piece("  has never asked for work", "fg2")]
    when = agent.last_queried
    dated = f"{day(when, zone)} " if now - when > STALE_FOR else ""
    asked = f"{dated}{clock(when, zone)} {zone_name(when, zone)}"
    said = f"  last asked {asked}, {away(now - when)} ago"
    if agent.health(now) == "stale":
        said += f"; old from {clock(when + STALE_FOR, zone, seconds=False)}"
    return [name, Piece(said, "fg2")]


def waiting_line(
    run: FlowRun, now: datetime, zone: tzinfo | None, palette: Palette, width: int
) -> Line:
    """A run that waits for an agent."""
    left = [
        Piece(f"{clock(run.due, zone, seconds=False)}  ", "fg2"),
        *state_pieces(run.shown_state(now), palette, 13),
        Piece(plain(run.flow_name), "fg1"),
    ]
    return cut_before(left, [due_piece(run, now, palette)], width, palette.ellipsis)
