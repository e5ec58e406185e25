"""The columns of a run's tasks; what is drawn on the time axis comes from the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from flowtui.frozen import frozen
from flowtui.models.tasks import in_a_word
from flowtui.models.text import cells, duration, plain
from flowtui.ui.columns import (
    LARGEST,
    LONGEST,
    SOONEST,
    WORST,
    Column,
    Placed,
    row_pieces,
    span,
)
from flowtui.ui.graphics import heat, state_pieces
from flowtui.ui.ink import Piece, blank
from flowtui.ui.task_facts import attempts_told
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.usual_columns import Now, Zone, id_column, message_column, when_column, worst_first

_NAME = "task"

Caption = Callable[[Palette, int], Sequence[Piece]]


@frozen
class Timeline:
    """How the page draws time: a bar a row, an axis above them, and which rows go on."""

    bar: Callable[[TaskRow, Palette, int], Sequence[Piece]]
    axis: Caption
    ticks: Callable[[TaskRow], bool]


def task_columns(
    now: Now, zone: Zone, timeline: Timeline, caption: Caption, *, wide: bool
) -> list[Column[TaskRow]]:
    """All there are; those that are extra wait until somebody asks for them."""
    most = 26 if wide else 15

    return [
        Column(
            "state",
            paint=_paint_state,
            wants=lambda row: 2 + cells(look_of(row.state).name),
            least=10,
            caption=caption,
            raw=lambda row: row.state,
            rank=lambda row: worst_first(row.state),
            way=WORST,
        ),
        Column(
            "",
            paint=_paint_name,
            wants=_cells_with_causes if wide else _name_cells,
            least=18,
            most=most,
            title=_NAME,
            raw=lambda row: row.task.label,
        ),
        Column(
            "done",
            _done,
            right=True,
            least=7,
            raw=_done,
            rank=_share_done,
            way=LARGEST,
        ),
        Column(
            "time",
            lambda row: _time_of(row, now()),
            right=True,
            least=7,
            ticks=timeline.ticks,
            raw=lambda row: row.seconds(now()),
            way=LONGEST,
        ),
        *_extra_columns(now, zone),
        Column(
            "",
            paint=timeline.bar,
            caption=timeline.axis,
            least=16,
            grows=True,
            gap=3,
            ticks=timeline.ticks,
            drop=1,
            title="timeline",
            rank=lambda row: row.start,
            way=SOONEST,
        ),
    ]


def _extra_columns(now: Now, zone: Zone) -> list[Column[TaskRow]]:
    def when(name: str, of: Callable[[TaskRow], datetime | None]) -> Column[TaskRow]:
        return _but_strips(when_column(name, of, now, zone, drop=3, extra=True))

    return [
        when("start", lambda row: row.start),
        when("end", lambda row: row.end),
        _but_strips(
            Column(
                "attempts",
                lambda row: row.task.attempts or None,
                right=True,
                drop=2,
                raw=lambda row: row.task.attempts,
                way=LARGEST,
                extra=True,
            )
        ),
        _but_strips(
            message_column(
                lambda row: row.task.state.message,
                token="fg2",
                least=12,
                most=30,
                drop=2,
                extra=True,
            )
        ),
        _but_strips(id_column(lambda row: row.task.id)),
    ]


def _but_strips(column: Column[TaskRow]) -> Column[TaskRow]:
    """The column, blank where a row is the strip of a task's children."""
    value = column.value
    assert value is not None
    return replace(column, value=lambda row: "" if row.is_strip else value(row))


def strip_of_children(
    row: TaskRow, palette: Palette, placed: Sequence[Placed[TaskRow]]
) -> list[Piece] | None:
    """The row of a mapped task's children: a strip under all that is said of the task."""
    names = [place.column.called for place in placed]
    if not row.is_strip or _NAME not in names:
        return None
    first = last = names.index(_NAME)
    while names[last + 1 : last + 2] in (["done"], ["time"]):
        last += 1
    before, after = placed[:first], placed[last + 1 :]
    gap = [blank(placed[first].gap)] if before else []
    behind = [blank(after[0].gap), *row_pieces(after, row, palette)[1:]] if after else []
    shades = heat(row.each, palette, span(placed, first, last))
    return [*row_pieces(before, row, palette), *gap, *shades, *behind]


def _paint_state(row: TaskRow, palette: Palette, width: int) -> list[Piece]:
    if row.is_strip:
        return [Piece("  children", "fg2")]
    return state_pieces(row.state, palette, width)


def _paint_name(row: TaskRow, palette: Palette, width: int) -> list[Piece]:
    if row.is_strip:
        return heat(row.each, palette, width)
    look = look_of(row.state)
    bright = look.alarming or row.state in ("Running", "Retrying")
    token = "fg0" if bright else "fg2" if look.group == "waiting" else "fg1"
    return [Piece(_name(row, width), token, bold=look.alarming)]


def _name(row: TaskRow, width: int) -> str:
    """What it is called; of a child that is shown by itself, why it is: in one word if need be."""
    if not row.task.is_child:
        return plain(row.task.label)
    index = f"  [{row.task.map_index}] "
    cause = plain(row.task.cause)
    return index + (cause if cells(index + cause) <= width else in_a_word(cause))


def _name_cells(row: TaskRow) -> int:
    """Names say how wide the column is; causes take what there is."""
    return 0 if row.is_strip or row.task.is_child else cells(plain(row.task.label))


def _cells_with_causes(row: TaskRow) -> int:
    """Where there is room, a child's cause has its word whole."""
    is_named = row.is_strip or not row.task.is_child
    return _name_cells(row) if is_named else cells(_name(row, 0))


def _time_of(row: TaskRow, now: datetime) -> Piece | str:
    seconds = None if row.is_strip else row.seconds(now)
    return "" if seconds is None else Piece(duration(seconds), "fg1")


def _share_done(row: TaskRow) -> float | None:
    return row.done[0] / row.done[1] if row.done else None


def _done(row: TaskRow) -> str:
    if row.is_strip:
        return ""
    if row.done:
        return f"{row.done[0]}/{row.done[1]}"
    task = row.task
    return attempts_told(task, "/") if task.attempts > 1 or row.state == "Retrying" else ""
