"""The columns of a mapped task's children."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from flowtui.models.tasks import TaskRun
from flowtui.models.text import duration, plain
from flowtui.ui.columns import LARGEST, LONGEST, WORST, Column
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece
from flowtui.ui.paint import wrongness
from flowtui.ui.usual_columns import id_column, when_column


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
        when_column("start", lambda task: task.start_time, now, zone, drop=2),
        when_column(
            "end", lambda task: task.end_time if task.is_finished else None, now, zone, drop=4
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
        id_column(lambda task: task.id),
    ]
