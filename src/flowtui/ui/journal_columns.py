"""The columns of the journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flowtui.models.journal import DONE, REFUSED, UNKNOWN, Entry
from flowtui.models.text import moment
from flowtui.ui.columns import NEWEST, Column
from flowtui.ui.ink import Piece
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.usual_columns import Now, Zone, text_column

OUTCOMES = {
    DONE: ("Success", "fg2"),
    REFUSED: ("Failed", "failed"),
    UNKNOWN: ("Late", "late"),
}
"""Outcome → the state whose glyph it borrows, and the colour of its word."""

ORDER = "the newest first"


def outcome_pieces(outcome: str, palette: Palette) -> list[Piece]:
    """The glyph and the word of an outcome."""
    state, token = OUTCOMES.get(outcome, ("Running", "running"))
    loud = outcome in (REFUSED, UNKNOWN)
    glyph = Piece(f"{palette.state_glyph(state)} ", look_of(state).token, bold=loud)
    return [glyph, Piece(outcome, token)]


def newest_first(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """The order of the journal."""
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def spoken(mutation: str) -> str:
    """A mutation as one reads it."""
    return mutation.replace("_", " ")


def journal_columns(
    now: Now,
    zone: Zone,
    way_back: Callable[[Entry], Piece],
) -> list[Column[Entry]]:
    """All there are; `way_back` says of an entry whether and how it can be undone."""
    return [
        Column(
            "sent",
            lambda one: moment(one.at, now(), zone()),
            token="fg2",
            least=8,
            raw=lambda one: one.at,
            way=NEWEST,
        ),
        Column(
            "outcome",
            paint=lambda one, palette, width: outcome_pieces(one.outcome, palette),
            least=9,
            raw=lambda one: one.outcome,
        ),
        text_column("what", lambda one: spoken(one.mutation), least=16, most=30),
        text_column("target", lambda one: one.target, token="fg0", least=12, most=36),
        text_column("on", lambda one: one.profile, token="fg2", drop=1, most=16, title="profile"),
        Column("undo", way_back, least=10, most=40, drop=3),
        Column("why", lambda one: one.said or "", token="fg2", least=5, grows=True, drop=2),
    ]
