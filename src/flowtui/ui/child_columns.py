"""The columns of a mapped task's children."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from flowtui.models.tasks import TaskRun
from flowtui.models.text import duration, plain
from flowtui.ui.columns import LARGEST, LONGEST, NEWEST, WORST, Column
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece
from flowtui.ui.paint import when_piece, wrongness


def child_columns(
    now: Callable[[], datetime],
    zone: Callable[[], tzinfo | None],
    goes_on: Callable[[object], bool],
) -> list[Column[TaskRun]]:
    """All there are; those that are extra wait until somebody asks for them."""

    def time_of(task: TaskRun) -> Piece | None:
        seconds = task.seconds(now())
        return None if seconds is None else Piece(duration(seconds), "fg1")

    return [
        Column(
            "state",
            paint=lambda task, palette, width: state_pieces(task.state.type, palette, width),
            least=13,
            raw=lambda task: task.state.type,
            rank=lambda task: (wrongness(task.state.type), task.state.type),
            way=WORST,
        ),
        Column("index", lambda task: str(task.map_index), right=True, raw=lambda t: t.map_index),
        Column("name", lambda task: plain(task.name) or None, most=24, drop=3, extra=True),
        Column(
            "start",
            lambda task: when_piece(task.start_time, now(), zone()),
            right=True,
            drop=2,
            raw=lambda task: task.start_time,
            way=NEWEST,
        ),
        Column(
            "end",
            lambda task: when_piece(task.end_time if task.is_finished else None, now(), zone()),
            right=True,
            drop=4,
            raw=lambda task: task.end_time if task.is_finished else None,
            way=NEWEST,
        ),
        Column(
            "time",
            time_of,
            right=True,
            least=7,
            ticks=lambda task: goes_on(task) and not task.is_finished,
            raw=lambda task: task.seconds(now()),
            way=LONGEST,
        ),
        Column(
            "attempts",
            lambda task: task.attempts or None,
            right=True,
            raw=lambda task: task.attempts,
            way=LARGEST,
            extra=True,
        ),
        Column(
            "message",
            lambda task: task.state.message or None,
            token="fg2",
            least=12,
            most=12,
            grows=True,
            raw=lambda task: task.state.message,
        ),
        Column(
            "id",
            lambda task: task.id,
            token="fg2",
            least=12,
            most=14,
            middle=True,
            drop=2,
            raw=lambda task: task.id,
            extra=True,
        ),
    ]
