"""A run as its flow's graph in text: each task under what it waits for, with the state it is in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flowtui.frozen import frozen
from flowtui.models.flow_tasks import FlowTask, PlacedTask, placed
from flowtui.models.text import duration
from flowtui.ui.columns import Column
from flowtui.ui.flow_task_facts import DEEPEST, indented_name
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import Palette

STEP = 2
"""Cells that a task stands further in than what it waits for."""


@frozen
class GraphRow:
    """A task of the flow, and how it fares in one run."""

    placed: PlacedTask
    row: TaskRow | None
    """None where the run has no task run of it yet."""
    waits_for: tuple[str, ...] = ()
    """The names of what it waits for."""


def graph_rows(tasks: Sequence[FlowTask], rows: Sequence[TaskRow]) -> list[GraphRow]:
    """The tasks of a run's flow as work goes through them."""
    runs = {row.task.task_id: row for row in rows if not row.is_strip and not row.task.is_child}
    names = {task.slug: task.name for task in tasks}
    return [
        GraphRow(
            one,
            runs.get(one.id),
            tuple(dict.fromkeys(names.get(up.slug, up.slug) for up in one.task.upstream)),
        )
        for one in placed(tasks)
    ]


def graph_columns(now: datetime) -> list[Column[Any]]:
    """A graph as a table: state, task, children, how long, and what it waits for."""

    def lasted(one: GraphRow) -> str | None:
        seconds = one.row.seconds(now) if one.row is not None else None
        return None if seconds is None else duration(seconds)

    return [
        Column("state", paint=_state, least=15),
        Column(
            "task",
            paint=lambda one, palette, width: indented_name(one.placed, palette),
            wants=lambda one: STEP * min(one.placed.depth, DEEPEST) + len(one.placed.task.name),
            least=16,
            most=44,
        ),
        Column("children", _children, token="fg1", right=True, drop=2),
        Column("time", lasted, token="fg1", right=True, least=6, drop=1),
        Column("waits for", lambda one: ", ".join(one.waits_for) or None, token="fg2", grows=True),
    ]


def _state(one: GraphRow, palette: Palette, width: int) -> list[Piece]:
    if one.row is None:
        return [Piece("no task run", "fg3")]
    return list(state_pieces(one.row.state, palette, width))


def _children(one: GraphRow) -> str | None:
    done = one.row.done if one.row is not None else None
    return None if done is None else f"{done[0]}/{done[1]}"
