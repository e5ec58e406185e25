"""The columns of the list of flows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from flowtui.models import states
from flowtui.models.flows import FlowSummary
from flowtui.models.text import duration
from flowtui.ui.columns import LARGEST, LONGEST, MOST_FAILED, SOONEST, WORST, Column
from flowtui.ui.graphics import state_pieces, strip
from flowtui.ui.ink import Piece
from flowtui.ui.paint import due_piece, marks_of, wrongness
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.usual_columns import id_column, when_column

Now = Callable[[], datetime]
Zone = Callable[[], "tzinfo | None"]


def flow_columns(now: Now, zone: Zone) -> list[Column[FlowSummary]]:
    """All there are; those that are extra wait until somebody asks for them."""
    return [
        *_naming_columns(now),
        *_running_columns(now),
        *_extra_columns(now, zone),
        Column(
            "ver",
            lambda flow: f"v{flow.latest.version}",
            right=True,
            drop=2,
            token="fg2",
            title="version",
            raw=lambda flow: flow.latest.version,
            way=LARGEST,
        ),
    ]


def _naming_columns(now: Now) -> list[Column[FlowSummary]]:
    """What it is, and how."""

    def state(flow: FlowSummary) -> str:
        return flow.shown_state(now())

    return [
        Column(
            "state",
            paint=lambda flow, palette, width: _state(state(flow), palette, width),
            least=11,
            ticks=lambda flow: flow.next_run is not None,
            raw=state,
            rank=lambda flow: (wrongness(state(flow)), state(flow)),
            way=WORST,
        ),
        Column(
            "flow",
            lambda flow: _name(flow, state(flow)),
            least=12,
            most=20,
            raw=lambda flow: flow.name,
        ),
        Column(
            "project",
            lambda flow: flow.latest.project_name,
            token="fg2",
            drop=3,
            most=18,
            raw=lambda flow: flow.latest.project_name,
        ),
    ]


def _running_columns(now: Now) -> list[Column[FlowSummary]]:
    """How it runs."""
    return [
        Column(
            "last 10",
            paint=lambda flow, palette, width: strip(
                marks_of(flow.recent_runs, now()), palette, width
            ),
            least=10,
            ticks=lambda flow: any(states.is_running(run.state.type) for run in flow.recent_runs),
            raw=lambda flow: [run.shown_state(now()) for run in flow.recent_runs],
            rank=_failures,
            way=MOST_FAILED,
        ),
        Column(
            "schedule",
            _schedule,
            token="fg2",
            drop=5,
            most=16,
            least=9,
            raw=_schedule,
        ),
        Column(
            "next",
            paint=lambda flow, palette, width: [_due(flow, now(), palette)],
            right=True,
            least=8,
            ticks=lambda flow: flow.next_run is not None,
            raw=_next,
            way=SOONEST,
        ),
        Column(
            "usual",
            _usual,
            right=True,
            drop=4,
            least=7,
            raw=lambda flow: flow.usual_seconds,
            way=LONGEST,
        ),
    ]


def _extra_columns(now: Now, zone: Zone) -> list[Column[FlowSummary]]:
    return [
        Column(
            "labels",
            lambda flow: ", ".join(flow.labels) or None,
            token="fg2",
            most=20,
            drop=6,
            raw=lambda flow: list(flow.labels),
            rank=lambda flow: ", ".join(flow.labels) or None,
            extra=True,
        ),
        when_column(
            "registered", lambda flow: flow.latest.created, now, zone, least=12, drop=7, extra=True
        ),
        Column(
            "core",
            lambda flow: flow.latest.core_version or None,
            token="fg2",
            drop=6,
            title="core version",
            raw=lambda flow: flow.latest.core_version or None,
            extra=True,
        ),
        id_column(lambda flow: flow.group_id, drop=6, title="group id"),
    ]


def _name(flow: FlowSummary, state: str) -> list[Piece]:
    """The name, bold where something is wrong."""
    look = look_of(state)
    token = "fg0" if look.loud else "fg2" if flow.latest.archived else "fg1"
    return [Piece(flow.name, token, bold=look.alarming)]


def _state(state: str, palette: Palette, width: int) -> list[Piece]:
    if not state:
        return [Piece(palette.glyph("absent"), "fg3"), Piece(" no runs", "fg2")]
    return state_pieces(state, palette, width)


def _failures(flow: FlowSummary) -> int:
    return sum(1 for run in flow.recent_runs if states.is_failed(run.state.type))


def _schedule(flow: FlowSummary) -> str | None:
    if flow.schedule is None:
        return None
    return str(flow.schedule) if flow.latest.is_schedule_active else "paused"


def _next(flow: FlowSummary) -> datetime | None:
    run = flow.next_run
    return (run.state.start_time or run.scheduled_start_time) if run is not None else None


def _due(flow: FlowSummary, now: datetime, palette: Palette) -> Piece:
    """When it runs next; one that is archived never does."""
    if flow.latest.archived:
        return Piece("archived", "fg2")
    return due_piece(flow.next_run, now, palette)


def _usual(flow: FlowSummary) -> str | None:
    return None if flow.usual_seconds is None else duration(flow.usual_seconds)
