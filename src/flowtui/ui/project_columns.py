"""The columns of the list of projects."""

from __future__ import annotations

from flowtui.models.projects import ProjectSummary
from flowtui.ui.columns import Column
from flowtui.ui.graphics import heat
from flowtui.ui.tokens import look_of
from flowtui.ui.usual_columns import (
    Now,
    Zone,
    id_column,
    number_column,
    state_column,
    text_column,
    when_column,
)

HEALTH = 16
"""Cells of the strip with a cell for each flow, or for a few."""


def project_columns(now: Now, zone: Zone) -> list[Column[ProjectSummary]]:
    """All there are; those that are extra wait until somebody asks for them."""

    def state(row: ProjectSummary) -> str:
        return row.shown_state(now())

    return [
        state_column(
            state,
            least=11,
            ticks=lambda row: any(flow.next_run is not None for flow in row.flows),
        ),
        text_column(
            "project",
            lambda row: row.project.name,
            token=lambda row: "fg0" if look_of(state(row)).loud else "fg1",
            bold=lambda row: bool(state(row)) and look_of(state(row)).alarming,
            least=12,
            most=24,
        ),
        number_column("flows", lambda row: row.project.flows),
        number_column("wrong", lambda row: row.wrong(now()), token="failed", bold=True),
        Column(
            "each flow",
            paint=lambda row, palette, width: heat(row.states(now()), palette, width),
            least=HEALTH,
            drop=3,
        ),
        when_column("last run", lambda row: row.last_run, now, zone, least=8, drop=4),
        text_column(
            "description",
            lambda row: row.project.description,
            token="fg2",
            least=12,
            most=40,
            grows=True,
        ),
        when_column("created", lambda row: row.project.created, now, zone, least=8, drop=1),
        number_column(
            "archived",
            lambda row: row.project.archived,
            drop=2,
            title="archived versions",
            extra=True,
        ),
        id_column(lambda row: row.project.id, title="project id"),
    ]
