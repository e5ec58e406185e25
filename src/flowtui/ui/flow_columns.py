"""The columns of the list of flows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flowtui.models import states
from flowtui.models.flows import FlowEnds, FlowSummary
from flowtui.models.text import thin_groups
from flowtui.ui.columns import MOST_FAILED, SOONEST, Column
from flowtui.ui.ink import Piece
from flowtui.ui.paint import due_piece
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.usual_columns import (
    Now,
    Zone,
    duration_column,
    id_column,
    last_runs_column,
    state_column,
    text_column,
    version_column,
    when_column,
    words_column,
)

LATELY = "24 h  ok / all"
"""The caption of how the runs of the last day ended."""

Ends = Callable[[FlowSummary], "FlowEnds | None"]


def flow_columns(now: Now, zone: Zone, ends: Ends) -> list[Column[FlowSummary]]:
    """All there are; those that are extra wait until somebody asks for them.

    `ends` is how the runs of the last day ended; None is not known.
    """
    return [
        *_naming_columns(now),
        *_running_columns(now),
        version_column(lambda flow: flow.latest.version, drop=3),
        *_extra_columns(now, zone),
        _ends_column(ends),
    ]


def _ends_column(ends: Ends) -> Column[FlowSummary]:
    """How many of the runs of the last day went well."""

    def shown(flow: FlowSummary) -> Piece | None:
        found = ends(flow)
        if found is None or not found.all_of_them:
            return None
        said = f"{thin_groups(found.succeeded)} / {thin_groups(found.all_of_them)}"
        return Piece(said, "failed" if found.failed else "fg1")

    def failed(flow: FlowSummary) -> int | None:
        found = ends(flow)
        return found.failed if found is not None and found.all_of_them else None

    return Column(
        LATELY,
        shown,
        right=True,
        most=len("100 000 / 100 000"),
        drop=1,
        title="runs of 24 h",
        raw=lambda flow: [found.succeeded, found.all_of_them] if (found := ends(flow)) else None,
        rank=failed,
        way=MOST_FAILED,
    )


def _naming_columns(now: Now) -> list[Column[FlowSummary]]:
    """What it is, and how."""

    def state(flow: FlowSummary) -> str:
        return flow.shown_state(now())

    return [
        state_column(state, least=11, ticks=lambda flow: flow.next_run is not None),
        Column(
            "flow",
            lambda flow: _name(flow, state(flow)),
            least=12,
            most=20,
            raw=lambda flow: flow.name,
        ),
        text_column("project", lambda flow: flow.latest.project_name, token="fg2", drop=4, most=18),
    ]


def _running_columns(now: Now) -> list[Column[FlowSummary]]:
    """How it runs."""
    return [
        last_runs_column(
            lambda flow: flow.recent_runs,
            _failures,
            now,
            ticks=lambda flow: any(states.is_running(run.state.type) for run in flow.recent_runs),
        ),
        Column("schedule", _schedule, token="fg2", drop=6, most=16, least=9, raw=_schedule),
        Column(
            "next",
            paint=lambda flow, palette, width: [_due(flow, now(), palette)],
            right=True,
            least=8,
            ticks=lambda flow: flow.next_run is not None,
            raw=_next,
            way=SOONEST,
        ),
        duration_column("usual", lambda flow: flow.usual_seconds, drop=5),
    ]


def _extra_columns(now: Now, zone: Zone) -> list[Column[FlowSummary]]:
    return [
        words_column("labels", lambda flow: flow.labels, most=20, drop=2),
        when_column(
            "registered", lambda flow: flow.latest.created, now, zone, least=12, drop=8, extra=True
        ),
        Column(
            "core",
            lambda flow: flow.latest.core_version or None,
            token="fg2",
            drop=7,
            title="core version",
            raw=lambda flow: flow.latest.core_version or None,
            extra=True,
        ),
        text_column(
            "by",
            lambda flow: flow.latest.created_by,
            token="fg2",
            most=16,
            drop=7,
            title="registered by",
            extra=True,
        ),
        id_column(lambda flow: flow.group_id, drop=7, title="group id"),
    ]


def _name(flow: FlowSummary, state: str) -> list[Piece]:
    """The name, bold where something is wrong."""
    look = look_of(state)
    token = "fg0" if look.loud else "fg2" if flow.latest.archived else "fg1"
    return [Piece(flow.name, token, bold=look.alarming)]


def _failures(flow: FlowSummary) -> int:
    return sum(1 for run in flow.recent_runs if states.is_failed(run.state.type))


def _schedule(flow: FlowSummary) -> str | None:
    if flow.schedule is None:
        return None
    return str(flow.schedule) if flow.latest.is_schedule_active else "paused"


def _next(flow: FlowSummary) -> datetime | None:
    run = flow.next_run
    return run.due if run is not None else None


def _due(flow: FlowSummary, now: datetime, palette: Palette) -> Piece:
    """When it runs next; one that is archived never does."""
    if flow.latest.archived:
        return Piece("archived", "fg2")
    return due_piece(flow.next_run, now, palette, captioned=True)
