"""The columns of the list of projects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from flowtui.models.projects import ProjectSummary
from flowtui.ui.columns import LARGEST, WORST, Column
from flowtui.ui.graphics import heat, state_pieces
from flowtui.ui.ink import Piece
from flowtui.ui.paint import wrongness
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.usual_columns import id_column, when_column

HEALTH = 16
"""Cells of the strip with a cell for each flow, or for a few."""

Now = Callable[[], datetime]


def project_columns(now: Now, zone: Callable[[], tzinfo | None]) -> list[Column[ProjectSummary]]:
    """All there are; those that are extra wait until somebody asks for them."""

    def state(row: ProjectSummary) -> str:
        return row.shown_state(now())

    return [
        Column(
            "state",
            paint=lambda row, palette, width: _state(state(row), palette, width),
            least=11,
            ticks=lambda row: any(flow.next_run is not None for flow in row.flows),
            raw=lambda row: state(row) or None,
            rank=lambda row: (wrongness(state(row)), state(row)),
            way=WORST,
        ),
        Column(
            "project",
            lambda row: row.project.name,
            token=lambda row: "fg0" if look_of(state(row)).loud else "fg1",
            bold=lambda row: bool(state(row)) and look_of(state(row)).alarming,
            least=12,
            most=24,
            raw=lambda row: row.project.name,
        ),
        Column(
            "flows",
            lambda row: Piece(str(row.project.flows), "fg1" if row.project.flows else "fg2"),
            right=True,
            raw=lambda row: row.project.flows,
            way=LARGEST,
        ),
        Column(
            "wrong",
            lambda row: _count(row.wrong(now())),
            right=True,
            raw=lambda row: row.wrong(now()),
            way=LARGEST,
        ),
        Column(
            "each flow",
            paint=lambda row, palette, width: heat(row.states(now()), palette, width),
            least=HEALTH,
            drop=3,
        ),
        when_column("last run", lambda row: row.last_run, now, zone, least=8, drop=4),
        Column(
            "description",
            lambda row: row.project.description or None,
            token="fg2",
            least=12,
            most=40,
            grows=True,
            raw=lambda row: row.project.description,
        ),
        when_column("created", lambda row: row.project.created, now, zone, least=8, drop=1),
        *_extra_columns(),
    ]


def _extra_columns() -> list[Column[ProjectSummary]]:
    return [
        Column(
            "archived",
            lambda row: Piece(str(row.project.archived), "fg1" if row.project.archived else "fg2"),
            right=True,
            drop=2,
            title="archived versions",
            raw=lambda row: row.project.archived,
            way=LARGEST,
            extra=True,
        ),
        id_column(lambda row: row.project.id, title="project id"),
    ]


def _state(state: str, palette: Palette, width: int) -> list[Piece]:
    if not state:
        return [Piece(palette.glyph("absent"), "fg3"), Piece(" no runs", "fg2")]
    return state_pieces(state, palette, width)


def _count(wrong: int) -> Piece:
    return Piece(str(wrong), "failed" if wrong else "fg2", bold=bool(wrong))
