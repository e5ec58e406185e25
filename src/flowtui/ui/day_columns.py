"""The columns of the calendar: a flow a row, its day on the time axis."""

from __future__ import annotations

from collections.abc import Callable

from flowtui.models.calendar import FlowDay
from flowtui.models.text import duration
from flowtui.ui.columns import LONGEST, WORST, Column
from flowtui.ui.day_graphics import day_strip
from flowtui.ui.ink import Piece, blank
from flowtui.ui.timeline import Axis, axis_line
from flowtui.ui.tokens import Palette, look_of
from flowtui.ui.usual_columns import Zone, number_column, text_column, worst_first

TIMES = "day"
"""What the column with the time axis is called."""


def day_columns(
    axis: Callable[[int], Axis],
    name_width: Callable[[], int],
    zone: Zone,
) -> list[Column[FlowDay]]:
    """All there are; `axis` gives the day on so many cells."""
    return [
        Column(
            "flow",
            paint=_name,
            wants=lambda row: name_width(),
            least=name_width(),
            raw=lambda row: row.name,
        ),
        Column(
            "",
            paint=lambda row, palette, width: day_strip(row.stays, axis(width), palette),
            caption=lambda palette, width: axis_line(axis(width), palette, zone()),
            least=24,
            grows=True,
            title=TIMES,
            rank=lambda row: worst_first(row.shown_state),
            way=WORST,
        ),
        number_column("ran", lambda row: row.ran, least=4),
        number_column("failed", lambda row: row.failed, token="failed", drop=1, extra=True),
        number_column("planned", lambda row: row.planned, drop=1, extra=True),
        Column(
            "busy",
            _busy,
            right=True,
            drop=1,
            title="busy time",
            raw=lambda row: row.busy_seconds,
            way=LONGEST,
            extra=True,
        ),
        text_column(
            "project", lambda row: row.project_name, token="fg2", drop=1, most=16, extra=True
        ),
    ]


def _name(row: FlowDay, palette: Palette, width: int) -> list[Piece]:
    """The glyph of what is worst, and the flow's name."""
    look = look_of(row.shown_state)
    loud = look.alarming or row.shown_state == "Running"
    glyph = Piece(palette.state_glyph(row.shown_state), look.token, bold=look.alarming)
    return [glyph, blank(1), Piece(row.name, "fg0" if loud else "fg1", bold=look.alarming)]


def _busy(row: FlowDay) -> str | None:
    return duration(row.busy_seconds) if row.busy_seconds else None
