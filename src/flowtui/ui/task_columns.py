"""The columns of a run's tasks; what is drawn on the time axis comes from the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from flowtui.models.text import duration, plain
from flowtui.ui.columns import LARGEST, LONGEST, NEWEST, SOONEST, WORST, Column
from flowtui.ui.graphics import heat, state_pieces
from flowtui.ui.ink import Piece
from flowtui.ui.paint import when_piece, wrongness
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import Palette, look_of

Now = Callable[[], datetime]
Zone = Callable[[], "tzinfo | None"]
Caption = Callable[[Palette, int], Sequence[Piece]]


@dataclass(frozen=True)
class Timeline:
    """How the page draws time: a bar a row, an axis above them, and which rows go on."""

    bar: Callable[[TaskRow, Palette, int], Sequence[Piece]]
    axis: Caption
    ticks: Callable[[TaskRow], bool]


def task_columns(
    now: Now, zone: Zone, timeline: Timeline, caption: Caption, *, wide: bool
) -> list[Column[TaskRow]]:
    """All there are; those that are extra wait until somebody asks for them."""

    def time_of(row: TaskRow) -> Piece | str:
        seconds = None if row.is_strip else row.seconds(now())
        return "" if seconds is None else Piece(duration(seconds), "fg1")

    return [
        Column(
            "state",
            paint=_paint_state,
            least=10,
            caption=caption,
            raw=lambda row: row.state,
            rank=lambda row: (wrongness(row.state), row.state),
            way=WORST,
        ),
        Column(
            "",
            paint=_paint_name,
            least=26 if wide else 18,
            title="task",
            raw=lambda row: row.task.label,
        ),
        Column(
            "done",
            _done,
            right=True,
            least=7,
            raw=_done,
            rank=lambda row: row.done[0] / row.done[1] if row.done else None,
            way=LARGEST,
        ),
        Column(
            "time",
            time_of,
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
    def shown(row: TaskRow, when: datetime | None) -> Piece | str:
        return "" if row.is_strip else when_piece(when, now(), zone())

    return [
        Column(
            "start",
            lambda row: shown(row, row.start),
            right=True,
            drop=3,
            raw=lambda row: row.start,
            way=NEWEST,
            extra=True,
        ),
        Column(
            "end",
            lambda row: shown(row, row.end),
            right=True,
            drop=3,
            raw=lambda row: row.end,
            way=NEWEST,
            extra=True,
        ),
        Column(
            "attempts",
            lambda row: "" if row.is_strip else row.task.attempts or None,
            right=True,
            drop=2,
            raw=lambda row: row.task.attempts,
            way=LARGEST,
            extra=True,
        ),
        Column(
            "message",
            lambda row: "" if row.is_strip else row.task.state.message or None,
            token="fg2",
            least=12,
            most=30,
            drop=2,
            raw=lambda row: row.task.state.message,
            extra=True,
        ),
        Column(
            "id",
            lambda row: "" if row.is_strip else row.task.id,
            token="fg2",
            least=12,
            most=14,
            middle=True,
            drop=2,
            raw=lambda row: row.task.id,
            extra=True,
        ),
    ]


def _paint_state(row: TaskRow, palette: Palette, width: int) -> list[Piece]:
    if row.is_strip:
        return [Piece("  children", "fg2")]
    return state_pieces(row.state, palette, width)


def _paint_name(row: TaskRow, palette: Palette, width: int) -> list[Piece]:
    if row.is_strip:
        return heat([child.state.type for child in row.children], palette, width)
    look = look_of(row.state)
    bright = look.alarming or row.state in ("Running", "Retrying")
    token = "fg0" if bright else "fg2" if look.group == "waiting" else "fg1"
    if row.task.is_child:
        message = plain(row.task.state.message)
        return [Piece(f"  [{row.task.map_index}] {message}", token, bold=look.alarming)]
    return [Piece(plain(row.task.label), token, bold=look.alarming)]


def _done(row: TaskRow) -> str:
    if row.is_strip:
        return ""
    if row.done:
        return f"{row.done[0]}/{row.done[1]}"
    task = row.task
    return f"{task.attempts}/{task.max_retries + 1}" if task.attempts > 1 else ""
