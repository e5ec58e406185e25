"""The columns of lists of runs, and the order such a list has by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flowtui.models import states
from flowtui.models.inputs import shown_value
from flowtui.models.runs import FlowRun
from flowtui.models.text import away, cells, countdown, duration
from flowtui.ui.columns import LONGEST, Column
from flowtui.ui.ink import Piece
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.usual_columns import (
    Now,
    Zone,
    id_column,
    state_column,
    text_column,
    version_column,
    when_column,
    words_column,
)

ORDER = "what is on, then the newest"
"""The order of runs, in words."""


def in_order(runs: Sequence[FlowRun], now: datetime) -> list[FlowRun]:
    """What is late or runs, then what has been, then what is to come; the newest first."""

    def rank(run: FlowRun) -> int:
        shown = run.shown_state(now)
        if shown == states.LATE or states.is_running(shown) or shown in ("Submitted", "Paused"):
            return 0
        return 2 if states.is_scheduled(shown) else 1

    past = [run for run in runs if rank(run) < 2]
    planned = sorted((run for run in runs if rank(run) == 2), key=lambda r: r.scheduled_start_time)
    return [*sorted(past, key=lambda run: (rank(run), _rank_of_late(run, now))), *planned]


def _rank_of_late(run: FlowRun, now: datetime) -> bool:
    return run.shown_state(now) != states.LATE


def run_columns(now: Now, zone: Zone, with_flow: bool = True) -> list[Column[FlowRun]]:
    """All there are; those that are extra wait until somebody asks for them."""

    def shown(run: FlowRun) -> str:
        return run.shown_state(now())

    return [
        state_column(shown, ticks=lambda run: run.state.type == "Scheduled"),
        text_column(
            "run",
            lambda run: run.name,
            token=lambda run: "fg0" if look_of(shown(run)).loud else "fg1",
            bold=lambda run: look_of(shown(run)).alarming,
            least=10,
            most=20,
        ),
        *(_flow_columns() if with_flow else ()),
        version_column(lambda run: run.flow_version, drop=1 if with_flow else 4),
        *_time_columns(now, zone),
        *_extra_columns(now, zone),
        Column(
            "message",
            lambda run: run.state.message,
            token=lambda run: "fg1" if look_of(shown(run)).alarming else "fg2",
            drop=3,
            least=16,
            most=24,
            grows=True,
            raw=lambda run: run.state.message,
        ),
    ]


def _flow_columns() -> list[Column[FlowRun]]:
    return [
        text_column("flow", lambda run: run.flow_name, most=18, least=8),
        text_column("project", lambda run: run.project_name, token="fg2", drop=2, most=12),
    ]


def _time_columns(now: Now, zone: Zone) -> list[Column[FlowRun]]:
    def time_of(run: FlowRun) -> str | None:
        seconds = run.seconds(now())
        if seconds is not None:
            return duration(seconds)
        if states.is_scheduled(run.state.type) and run.state.type != "Paused":
            return countdown((run.due - now()).total_seconds())
        return None

    def paint(run: FlowRun, palette: Palette, width: int) -> list[Piece]:
        """Its time; where that is too long, how far away it is, as its state says the rest."""
        told = time_of(run)
        if told is None:
            return [Piece(palette.glyph("absent"), "fg3")]
        if cells(told) > width:
            told = away(abs((run.due - now()).total_seconds()))
        return [Piece(told, "fg1")]

    return [
        when_column(
            "start",
            lambda run: run.start_time or run.scheduled_start_time,
            now,
            zone,
            least=12,
            short=6,
        ),
        Column(
            "time",
            time_of,
            paint=paint,
            right=True,
            least=8,
            short=8,
            ticks=lambda run: not run.is_finished,
            raw=lambda run: run.seconds(now()),
            way=LONGEST,
        ),
    ]


def _extra_columns(now: Now, zone: Zone) -> list[Column[FlowRun]]:
    def parameters(run: FlowRun) -> str | None:
        given = (f"{name}={shown_value(value)}" for name, value in run.parameters.items())
        return ", ".join(given) or None

    return [
        when_column(
            "planned", lambda run: run.scheduled_start_time, now, zone, least=12, drop=5, extra=True
        ),
        when_column(
            "end",
            lambda run: run.end_time if run.is_finished else None,
            now,
            zone,
            least=12,
            drop=6,
            extra=True,
        ),
        when_column("changed", lambda run: run.state.timestamp, now, zone, drop=6, extra=True),
        words_column("labels", lambda run: run.labels, most=20, drop=7, extra=True),
        Column(
            "parameters",
            parameters,
            least=12,
            most=30,
            drop=8,
            raw=lambda run: dict(run.parameters),
            rank=parameters,
            extra=True,
        ),
        text_column(
            "by",
            lambda run: "schedule" if run.auto_scheduled else "hand",
            token="fg2",
            drop=5,
            title="planned by",
            extra=True,
        ),
        id_column(lambda run: run.id, drop=6),
    ]
