"""The columns of lists of agents, and how the health of one looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flowtui.frozen import frozen
from flowtui.models.agents import Agent
from flowtui.models.text import away
from flowtui.ui.columns import LARGEST, NEWEST, WORST, Column
from flowtui.ui.ink import Piece
from flowtui.ui.tokens import Palette
from flowtui.ui.usual_columns import text_column

HEALTHS = ("old", "stale", "healthy")
LOOKS = {
    "healthy": ("dot", "Success", "success"),
    "stale": ("", "Late", "late"),
    "old": ("", "Failed", "failed"),
}
"""Health → glyph (or that of a state), state, colour."""

STRIP = 30
"""Cells of how often an agent asked for work."""

ORDER = "who is away, then name"
_RANKS = {"stale": 0, "old": 1, "healthy": 2}


def health_pieces(health: str, palette: Palette) -> list[Piece]:
    """The glyph and the word of an agent's health."""
    glyph, state, token = LOOKS[health]
    shown = palette.glyph(glyph) if glyph else palette.state_glyph(state)
    loud = health != "healthy"
    return [Piece(f"{shown} ", token, bold=loud), Piece(health, token if loud else "fg2")]


def away_first(agents: Sequence[Agent], now: datetime) -> list[Agent]:
    """The order of agents: who may be missed, who is gone for good, who is there."""
    return sorted(agents, key=lambda one: (_RANKS[one.health(now)], one.name.lower()))


_SHORT = {"kubernetes": "k8s"}
"""What types of agents are called besides."""


@frozen
class Worked:
    """What a list of agents knows of each besides what he is."""

    waiting: Callable[[Agent], int]
    """How many runs that are due wait for it."""
    late: Callable[[Agent], int]
    """And how many of these are late."""
    runs: Callable[[Agent], int | None]
    """How many it runs now, if that is known."""
    strip: Callable[[Agent, Palette, int], Sequence[Piece]] | None = None
    """How often it asked for work, where the backend keeps that."""


def agent_columns(now: Callable[[], datetime], worked: Worked) -> list[Column[Agent]]:
    """All there are."""

    def health(agent: Agent) -> str:
        return agent.health(now())

    def asked(agent: Agent) -> Piece:
        if agent.last_queried is None:
            return Piece("never", "failed")
        token = "fg1" if health(agent) == "healthy" else LOOKS[health(agent)][2]
        return Piece(away(now() - agent.last_queried), token)

    def waiting(agent: Agent) -> Piece:
        count, is_late = worked.waiting(agent), bool(worked.late(agent))
        return Piece(str(count), "late" if is_late else "fg1" if count else "fg2", bold=is_late)

    def runs(agent: Agent) -> Piece | None:
        count = worked.runs(agent)
        return None if count is None else Piece(str(count), "fg1" if count else "fg2")

    return [
        Column(
            "status",
            paint=lambda agent, palette, width: health_pieces(health(agent), palette),
            least=9,
            ticks=True,
            raw=health,
            rank=lambda agent: _RANKS[health(agent)],
            way=WORST,
        ),
        Column(
            "agent",
            lambda agent: agent.name or "agent",
            token=lambda agent: "fg1" if health(agent) == "healthy" else "fg0",
            bold=lambda agent: health(agent) != "healthy",
            least=12,
            most=24,
            raw=lambda agent: agent.name,
        ),
        *_traits(),
        *_asking(worked),
        Column(
            "asked",
            asked,
            right=True,
            least=7,
            ticks=True,
            raw=lambda agent: agent.last_queried,
            way=NEWEST,
        ),
        Column("runs", runs, right=True, least=4, raw=worked.runs, way=LARGEST),
        Column("waiting", waiting, right=True, least=7, raw=worked.waiting, way=LARGEST),
        text_column("core", lambda agent: agent.core_version, right=True, token="fg2", drop=1),
    ]


def _type(agent: Agent) -> str:
    """What takes its runs, in a word."""
    called = agent.type.removesuffix("Agent").lower()
    return _SHORT.get(called, called)


def _asking(worked: Worked) -> list[Column[Agent]]:
    if worked.strip is None:
        return []
    strip = worked.strip
    return [Column("asked for work, 2 h", paint=strip, least=STRIP, drop=3, gap=3)]


def _traits() -> list[Column[Agent]]:
    return [
        Column(
            "type",
            lambda agent: _type(agent) or None,
            token="fg2",
            drop=2,
            most=12,
            raw=lambda agent: agent.type,
        ),
        Column(
            "labels",
            lambda agent: " ".join(agent.labels) or "none",
            token="fg2",
            least=8,
            most=20,
            grows=True,
            raw=lambda agent: agent.labels,
            rank=lambda agent: " ".join(agent.labels) or None,
        ),
    ]
