"""The columns of lists of agents, and how the health of one looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

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


def agent_columns(now: Callable[[], datetime], late: Callable[[Agent], int]) -> list[Column[Agent]]:
    """All there are; `late` counts the runs that wait for an agent."""

    def health(agent: Agent) -> str:
        return agent.health(now())

    def asked(agent: Agent) -> Piece:
        if agent.last_queried is None:
            return Piece("never", "failed")
        token = "fg1" if health(agent) == "healthy" else LOOKS[health(agent)][2]
        return Piece(away(now() - agent.last_queried), token)

    def waiting(agent: Agent) -> Piece:
        count = late(agent)
        return Piece(str(count), "late" if count else "fg2", bold=bool(count))

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
        Column(
            "asked",
            asked,
            right=True,
            least=7,
            ticks=True,
            raw=lambda agent: agent.last_queried,
            way=NEWEST,
        ),
        Column("late", waiting, right=True, least=4, raw=late, way=LARGEST),
        text_column("core", lambda agent: agent.core_version, right=True, token="fg2", drop=1),
    ]


def _traits() -> list[Column[Agent]]:
    return [
        Column(
            "type",
            lambda agent: agent.type.removesuffix("Agent").lower() or None,
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
