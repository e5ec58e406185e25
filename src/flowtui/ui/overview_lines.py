"""The lines of the overview: what comes next, the agents, and what has just happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.runs import FlowRun
from flowtui.models.text import away, cells, clock, cut, plain
from flowtui.ui.agent_columns import HEALTHS, health_pieces
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import heading
from flowtui.ui.tokens import Palette

Line = list[Piece]

PROJECT = ("overview", "project")
"""Where it is remembered which project one looks at."""
SOON = timedelta(hours=1)
NAMED = 60
"""Cells from which on what has happened is said of a run by its name, and an agent's labels."""
LABELS = 6
"""Cells of labels below which they say nothing."""


@frozen
class Window:
    """How far back the overview looks."""

    span: timedelta
    name: str


WINDOWS = (
    Window(timedelta(hours=24), "24 h"),
    Window(timedelta(days=7), "7 d"),
    Window(timedelta(days=30), "30 d"),
    Window(timedelta(hours=1), "1 h"),
)
"""The first one is what one sees first."""

ACTIVITIES: tuple[tuple[str, frozenset[str]], ...] = (
    ("", frozenset()),
    ("failed", states.FAILURES),
    ("succeeded", states.SUCCESS),
    ("running", states.RUNNING),
    ("cancelled", frozenset({"Cancelled"})),
)
"""What the list of what has just happened can be narrowed to."""


def late_of(planned: Iterable[FlowRun], now: datetime) -> list[FlowRun]:
    """The runs that should have started."""
    return [run for run in planned if run.shown_state(now) == states.LATE]


def soon_of(planned: Iterable[FlowRun], now: datetime) -> int:
    """How many runs start within the hour."""
    return sum(1 for run in planned if now <= run.due <= now + SOON)


def paused_line(palette: Palette, width: int) -> Line:
    """That nothing is given out, and the key that changes it."""
    glyph = Piece(f"{palette.state_glyph('Paused')} ", "late", bold=True)
    said = Piece("The work queue is paused: no agent is given a run.", "fg0", bold=True)
    keys = [Piece("  x Q", "fg0", bold=True), Piece(" resumes it", "fg2")]
    return fit_pieces([glyph, said, *keys], width, ellipsis=palette.ellipsis)


def next_title(planned: Sequence[FlowRun], now: datetime) -> Line:
    """How many are late, and how many come within the hour."""
    late, soon = len(late_of(planned, now)), soon_of(planned, now)
    pieces: Line = [Piece("Next", "fg0", bold=True)]
    if late:
        pieces += [blank(2), Piece(f"{late} late", "late")]
    return [*pieces, blank(2), Piece(f"{soon} in the next hour", "fg2")]


def agent_lines(
    agents: Sequence[Agent], now: datetime, palette: Palette, width: int, rows: int
) -> list[Line]:
    """Who takes runs, and when each asked last; its labels too, where there is room."""
    counts = [
        f"{sum(1 for one in agents if one.health(now) == health)} {health}"
        for health in reversed(HEALTHS)
    ]
    lines = [heading("Agents", ", ".join(counts) if agents else "none")]
    shown = agents[:rows]
    named = max((cells(plain(agent.name)) for agent in shown), default=0)
    for agent in shown:
        asked = away(now - agent.last_queried) if agent.last_queried else "never"
        left = [*health_pieces(agent.health(now), palette)]
        room = max(4, width - 13 - len(asked))
        name = Piece(cut(plain(agent.name), room), "fg1")
        line: Line = [*fit_pieces(left, 11), name]
        labels = " ".join(map(plain, agent.labels))
        spare = room - named - 2
        if width >= NAMED and labels and spare >= LABELS:
            line = [*fit_pieces(line, 11 + named), blank(2)]
            line.append(Piece(cut(labels, spare, palette.ellipsis), "fg2"))
        lines.append(between(line, [Piece(asked, "fg2")], width))
    return lines


def happened_lines(
    runs: Sequence[FlowRun],
    activity: int,
    zone: tzinfo | None,
    palette: Palette,
    width: int,
    rows: int,
) -> list[Line]:
    """The last changes of state, all of them or those of one kind."""
    word, wanted = ACTIVITIES[activity]
    moved = [run for run in runs if run.state.type != "Scheduled" and run.state.timestamp]
    moved = [run for run in moved if not wanted or run.state.type in wanted]
    moved.sort(key=lambda run: run.moved_at, reverse=True)
    lines = [heading("Just happened", word)]
    for run in moved[:rows]:
        named = max(4, width - 23) if width < NAMED else 20
        line = [
            Piece(f"{clock(run.moved_at, zone)}  ", "fg2"),
            *state_pieces(run.state.type, palette, 13),
            Piece(cut(plain(run.flow_name), named, palette.ellipsis), "fg1"),
        ]
        if width >= NAMED:
            line = [*fit_pieces(line, 23 + named + 2), Piece(plain(run.name), "fg2")]
        lines.append(fit_pieces(line, width, ellipsis=palette.ellipsis))
    return lines if moved else [*lines, [Piece("nothing", "fg2")]]
