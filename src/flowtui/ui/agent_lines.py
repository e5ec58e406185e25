"""What is painted about agents: who one is, and what every label has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models import states
from flowtui.models.agents import STALE_FOR, Agent
from flowtui.models.runs import FlowRun
from flowtui.models.text import away, clock, cut, day, plain, zone_name
from flowtui.ui.graphics import bar, state_pieces
from flowtui.ui.ink import Piece, between, fit_pieces
from flowtui.ui.paint import due_piece
from flowtui.ui.tokens import Palette

Line = list[Piece]


def taken_by(agent: Agent, planned: Sequence[FlowRun]) -> list[FlowRun]:
    """The planned runs that an agent would take."""
    return [run for run in planned if agent.takes(run.labels)]


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
        Piece(cut(plain(run.flow_name), 24).ljust(26), "fg1"),
    ]
    return between(left, [due_piece(run, now, palette)], width)


def label_lines(
    agents: Sequence[Agent],
    planned: Sequence[FlowRun],
    now: datetime,
    palette: Palette,
    width: int,
) -> list[Line]:
    """Every label, who serves it, and how much is planned for it."""
    counts: dict[str, int] = {}
    for run in planned:
        for label in run.labels:
            counts[label] = counts.get(label, 0) + 1
    named = {label for agent in agents for label in agent.labels} | set(counts)
    most = max(counts.values(), default=0)
    title = fit_pieces([Piece("Every label", "fg0", bold=True)], 16)
    lines = [
        between([*title, Piece("live agents", "fg2")], [Piece("planned       ", "fg2")], width)
    ]
    for label in sorted(named, key=lambda one: (-counts.get(one, 0), one)):
        count = counts.get(label, 0)
        live = sum(1 for one in agents if label in one.labels and one.health(now) == "healthy")
        missing = count > 0 and not live
        token = "late" if missing else "fg1"
        left = [
            *fit_pieces([Piece(cut(plain(label), 14), token, bold=missing)], 16),
            Piece("none" if missing else str(live), token),
        ]
        share = bar(count / most if most else 0.0, palette, 10, "scheduled")
        number = Piece(f"{count}  ", "fg1" if count else "fg2")
        lines.append(between(fit_pieces(left, 24), [number, *share], width))
    return lines
