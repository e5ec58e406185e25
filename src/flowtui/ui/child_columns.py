"""The columns of a mapped task's children."""

from __future__ import annotations

from collections.abc import Callable

from flowtui.models.tasks import TaskRun
from flowtui.models.text import plain
from flowtui.ui.columns import LARGEST, Column
from flowtui.ui.usual_columns import (
    Now,
    Zone,
    duration_column,
    id_column,
    message_column,
    state_column,
    when_column,
)


def child_columns(
    now: Now,
    zone: Zone,
    goes_on: Callable[[object], bool],
) -> list[Column[TaskRun]]:
    """All there are; those that are extra wait until somebody asks for them."""
    return [
        state_column(lambda task: task.state.type, least=13),
        Column("index", lambda task: str(task.map_index), right=True, raw=lambda t: t.map_index),
        Column("name", lambda task: plain(task.name) or None, most=24, drop=3, extra=True),
        when_column("start", lambda task: task.start_time, now, zone, drop=2),
        when_column(
            "end", lambda task: task.end_time if task.is_finished else None, now, zone, drop=4
        ),
        duration_column(
            "time",
            lambda task: task.seconds(now()),
            ticks=lambda task: goes_on(task) and not task.is_finished,
        ),
        Column(
            "attempts",
            lambda task: task.attempts or None,
            right=True,
            raw=lambda task: task.attempts,
            way=LARGEST,
            extra=True,
        ),
        message_column(
            lambda task: task.state.message,
            token="fg2",
            least=12,
            most=12,
            grows=True,
        ),
        id_column(lambda task: task.id),
    ]
