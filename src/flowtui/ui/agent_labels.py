"""Every label: which agents serve it, how much is due under it soon, and how much ran of late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

from flowtui.frozen import frozen
from flowtui.models.agents import Agent
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, cut, plain
from flowtui.models.work import Stint, taken
from flowtui.ui.graphics import bar, fill_token
from flowtui.ui.ink import Piece, blank, fit_pieces, joined
from flowtui.ui.paint import Line
from flowtui.ui.tokens import Palette

SOON = timedelta(hours=1)
LATELY = timedelta(hours=2)
ROOMY = 100
"""Cells from which on columns have captions in full, and stand apart."""
LEVELS = 7
"""Heights of what ran; never a full cell, so that rows stay apart."""


@frozen
class Shape:
    """The cells of each column."""

    label: int
    agents: int
    number: int
    bar: int
    gap: int
    strip: int


def shape_of(width: int) -> Shape:
    """How a width is divided; what ran is left out where there is no room for it."""
    if width >= ROOMY:
        return Shape(18, 23, 3, 22, 8, 40)
    strip = min(20, max(0, width - 47))
    return Shape(16, 13, 3, 10, 3, strip if strip >= 15 else 0)


@frozen
class Served:
    """What is known of a label."""

    name: str
    live: int
    due: int
    ran: Sequence[int]
    silent_since: datetime | None
    """When the last of its agents was heard of, where none is alive."""

    @property
    def is_missed(self) -> bool:
        """Whether runs wait for an agent with it, and there is none."""
        return self.due > 0 and not self.live


def window(now: datetime, parts: int) -> tuple[datetime, datetime]:
    """The last hours, up to the end of the part that goes on: what has been drawn stays."""
    part = LATELY.total_seconds() / parts
    until = datetime.fromtimestamp((now.timestamp() // part + 1) * part, timezone.utc)
    return until - LATELY, until


def labels_of(
    agents: Sequence[Agent],
    planned: Sequence[FlowRun],
    stints: Sequence[Stint] | None,
    now: datetime,
    parts: int,
) -> list[Served]:
    """Every label that an agent or a run has: those that miss an agent, then the most wanted."""
    due: dict[str, int] = {}
    for run in planned:
        for label in run.labels:
            due[label] = due.get(label, 0) + (run.due <= now + SOON)
    found = []
    for name in {label for agent in agents for label in agent.labels} | set(due):
        theirs = [agent for agent in agents if name in agent.labels]
        live = sum(1 for agent in theirs if agent.health(now) == "healthy")
        heard = [agent.last_queried for agent in theirs if agent.last_queried is not None]
        ran = taken(name, stints, *window(now, parts), parts) if stints and parts else ()
        silent = max(heard) if heard and not live else None
        found.append(Served(name, live, due.get(name, 0), ran, silent))
    return sorted(found, key=lambda one: (not one.is_missed, -one.due, one.name))


def label_lines(
    agents: Sequence[Agent],
    planned: Sequence[FlowRun],
    stints: Sequence[Stint] | None,
    now: datetime,
    palette: Palette,
    size: tuple[int, int],
) -> list[Line]:
    """A line a label, as many as there is room for; without `stints` nothing is said of them."""
    width, height = size
    shape = shape_of(width)
    known = labels_of(agents, planned, stints, now, shape.strip)
    if not known or height < 2:
        return []
    lines = [_captions(shape, width >= ROOMY, stints is not None)]
    rows = height - 1 if len(known) < height else height - 2
    most = max(one.due for one in known)
    most_ran = max((count for one in known for count in one.ran), default=0)
    for one in known[:rows]:
        line = [*_name(one, shape, palette), *_due(one, most, shape, palette), blank(shape.gap)]
        lines.append([*line, *_ran(one, most_ran, now, shape, palette)])
    if len(known) > rows:
        lines.append([Piece(f"and {amount(len(known) - rows, 'more label')}", "fg2")])
    return lines


def _captions(shape: Shape, in_full: bool, with_strip: bool) -> Line:
    agents = "healthy agents" if in_full else "healthy"
    due = "runs due in the next hour" if in_full else "due in 1 h"
    strip = "slots taken, last 2 h" if in_full else "taken, last 2 h"
    return [
        *fit_pieces([Piece("Every label", "fg0", bold=True)], shape.label),
        Piece(agents.ljust(shape.agents), "fg2"),
        Piece(due.ljust(shape.number + 2 + shape.bar + shape.gap), "fg2"),
        Piece(strip if with_strip and shape.strip else "", "fg2"),
    ]


def _name(one: Served, shape: Shape, palette: Palette) -> Line:
    token = "late" if one.is_missed else "fg1"
    name = Piece(cut(plain(one.name), shape.label - 2, palette.ellipsis), token, bold=one.is_missed)
    return [
        *fit_pieces([name], shape.label),
        *fit_pieces(_agents(one, shape, palette), shape.agents),
    ]


def _agents(one: Served, shape: Shape, palette: Palette) -> Line:
    """A dot for each that is there; where there are too many, the number says all."""
    if one.live:
        dots = one.live if one.live * 2 <= shape.agents - 5 else 1
        shown = " ".join([palette.glyph("dot")] * dots)
        return [Piece(shown.ljust(4), "success"), Piece(f"  {one.live}", "fg2")]
    if one.is_missed:
        late = palette.state_glyph("Late")
        return [Piece(f"{late} none", "late", bold=True)]
    return [Piece("none", "fg2")]


def _due(one: Served, most: int, shape: Shape, palette: Palette) -> Line:
    token = "late" if one.is_missed else "scheduled"
    number = "late" if one.is_missed else "fg1" if one.due else "fg2"
    share = bar(one.due / most if most else 0.0, palette, shape.bar, token)
    return [Piece(str(one.due).rjust(shape.number), number), blank(2), *share]


def _ran(one: Served, most: int, now: datetime, shape: Shape, palette: Palette) -> Line:
    """How many ran in each part of the last hours; dots since nobody takes any."""
    if not one.ran:
        return []
    since, part = window(now, shape.strip)[0], LATELY / shape.strip
    first = round(since.timestamp() / part.total_seconds())
    pieces: Line = []
    for cell, count in enumerate(one.ran):
        if count:
            height = palette.heights[1 + round(count / most * (LEVELS - 1))]
            shown = Piece(height, fill_token("Success", (first + cell) // 3))
        elif one.silent_since is not None and one.silent_since < since + cell * part:
            shown = Piece(palette.glyph("point"), "late" if one.is_missed else "fg3")
        else:
            shown = blank(1)
        pieces.append(shown)
    return joined(pieces)
