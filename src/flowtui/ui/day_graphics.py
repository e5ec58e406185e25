"""A day as graphics: a flow's runs on the time axis, and how much runs at once above them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flowtui.models import states
from flowtui.models.calendar import Load, Stay
from flowtui.ui.graphics import fill_token
from flowtui.ui.ink import Piece
from flowtui.ui.timeline import Axis, Bar, Moment, gantt
from flowtui.ui.tokens import Palette, look_of


def day_strip(stays: Sequence[Stay], axis: Axis, palette: Palette) -> list[Piece]:
    """A flow's runs from midnight to midnight; what went wrong lies on top, and is never thin."""
    cell = (axis.end - axis.start) / max(axis.width, 1)
    bars: list[Bar] = []
    moments: list[Moment] = []
    for index, stay in enumerate(stays):
        if stay.state == states.LATE:
            moments.append(Moment(stay.start, stay.state))
            continue
        wrong = look_of(stay.state).group == "wrong"
        least = cell / 2 if wrong else timedelta()
        token = "sched-quiet" if stay.is_planned else fill_token(stay.state, index)
        bars.append(Bar(stay.start, max(stay.end, stay.start + least), stay.state, token))
    bars.sort(key=_rank)
    return gantt(axis, palette, bars, moments=moments)


def _rank(bar: Bar) -> int:
    """What is painted over by what."""
    if bar.token == "sched-quiet":
        return 0
    return {"success": 1, "waiting": 1, "running": 2, "wrong": 3}[look_of(bar.state).group]


def load_columns(load: Load, axis: Axis, palette: Palette, height: int) -> list[list[Piece]]:
    """How many run at once, as columns over the axis; what is to come is quiet."""
    lines: list[list[Piece]] = []
    cell = (axis.end - axis.start) / max(axis.width, 1)
    now, cursor = axis.cell(axis.now), axis.cell(axis.cursor)
    been = "fg3" if palette.depth == "full" else "fg2"
    for row in range(height - 1, -1, -1):
        line: list[Piece] = []
        for index in range(axis.width):
            middle = axis.start + cell * (index + 0.5)
            count = load.at(middle)
            eighths = 0 if not count else max(1, round(count / load.peak * height * 8)) - row * 8
            shown = palette.heights[max(0, min(8, eighths))]
            to_come = axis.now is not None and middle > axis.now
            token = "sched-quiet" if to_come else been
            filled = shown == palette.heights[8] and palette.depth == "full"
            if index == cursor and (filled or shown == " "):
                ground = token if filled else ""
                line.append(Piece(palette.glyph("cursor"), "accent", ground))
            elif index == now and shown == " ":
                line.append(Piece(palette.glyph("now"), "fg2"))
            else:
                line.append(Piece(shown, token))
        lines.append(line)
    return lines
