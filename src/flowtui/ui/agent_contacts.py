"""How often an agent asked for work, as a strip: a cell is four minutes.

Where it fell silent there are dots, in the colour of what that makes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

from flowtui.models.agents import Agent, Contacts
from flowtui.ui.agent_columns import LOOKS, STRIP
from flowtui.ui.graphics import fill_token
from flowtui.ui.ink import Piece, blank, joined
from flowtui.ui.tokens import Palette

SHOWN = timedelta(hours=2)
"""How much of the past a strip has."""
LEVELS = 4
"""Heights: half a cell, so that strips below each other stay apart."""
TOGETHER = 5
"""Cells of one green; then comes the other, so that time can be counted."""


def most_asked(contacts: Iterable[Contacts]) -> int:
    """How often one of them asked at most in a span: what their strips are measured by."""
    return max((count for one in contacts for count in one.times), default=1)


def contact_strip(
    agent: Agent,
    contacts: Contacts | None,
    now: datetime,
    palette: Palette,
    most: int,
    width: int = STRIP,
) -> list[Piece]:
    """How often it asked up to now, as high as often; from its last contact on, dots."""
    known = contacts or Contacts(int(SHOWN.total_seconds()) // STRIP, 0, ())
    this, passed = divmod(now.timestamp(), known.seconds)
    token = LOOKS[agent.health(now)][2]
    silent = int(this)
    if agent.last_queried is not None and agent.health(now) != "healthy":
        silent = int(agent.last_queried.timestamp()) // known.seconds
    pieces: list[Piece] = []
    for cell, count in enumerate(known.until(now, width)):
        span = int(this) - width + 1 + cell
        if count:
            # The span that goes on has not had all its time yet.
            often = count if span < this else count * known.seconds / max(1.0, passed)
            level = ceil(min(1.0, often / most) * LEVELS)
            shown = Piece(palette.heights[level], fill_token("Success", span // TOGETHER))
        elif span > silent:
            shown = Piece(palette.glyph("point"), token)
        else:
            shown = blank(1)
        pieces.append(shown)
    return joined(pieces)
