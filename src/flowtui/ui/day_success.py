"""How the last days went: the share of good runs, a column a day, and the worst day in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from flowtui.models.outcomes import DayOutcome
from flowtui.models.text import day
from flowtui.ui.ink import Piece
from flowtui.ui.paint import Line
from flowtui.ui.success import BAD_SHARE, FLOORS
from flowtui.ui.tokens import Palette

COLUMN, HIGHEST = 2, 7
"""Cells of the column of a day, and its eighths at most: never a full cell."""


def success_by_day(days: Sequence[DayOutcome], zone: tzinfo | None, palette: Palette) -> list[Line]:
    """Three lines: what it is, a column a day, and the worst day; empty where less than two days
    had runs that ended."""
    ended = [one for one in days if one.ended]
    if len(ended) < 2:
        return [[], [], []]
    worst = min(ended, key=lambda one: one.share)
    floor = next(floor for floor in FLOORS if worst.share > floor or not floor)
    columns: Line = []
    for index, one in enumerate(days):
        if not one.ended:
            columns.append(Piece(palette.glyph("point") * COLUMN, "fg3"))
            continue
        level = max(1, round((one.share - floor) / (1 - floor) * HIGHEST))
        token = "failed" if one.share < 1 - BAD_SHARE else f"ok-quiet{'-2' * (index % 2)}"
        columns.append(Piece(palette.heights[level] * COLUMN, token))
    told = "no run has failed"
    if worst.share < 1:
        told = f"lowest {100 * worst.share:.0f} % on {day(worst.start, zone)}"
    title = Piece(f"Success, {len(days)} days", "fg0", bold=True)
    return [[title], columns, [Piece(told, "fg2")]]
