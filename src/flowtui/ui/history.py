"""The last runs of a flow as a band, with the words that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models import states
from flowtui.models.runs import FlowRun, usual_seconds
from flowtui.models.text import day, duration
from flowtui.ui.graphics import band
from flowtui.ui.ink import Piece
from flowtui.ui.paint import Line, heading, last_runs, marks_of
from flowtui.ui.tokens import Palette

PLANNED = 10
"""Planned runs that are drawn."""
WIDEST = 3
"""Cells from one run to the next."""


def history_lines(
    runs: Sequence[FlowRun],
    now: datetime,
    palette: Palette,
    size: tuple[int, int],
    zone: tzinfo | None,
) -> list[Line]:
    """A title, the band and a blank line; nothing where there are no runs to show."""
    width, height = size
    ran = [run for run in runs if not states.is_scheduled(run.state.type)]
    if not ran:
        return []
    planned = sum(1 for run in runs if run.shown_state(now) == "Scheduled")
    usual = usual_seconds(ran)
    ahead = [usual or 60.0] * min(PLANNED, planned)
    least = 1 if palette.depth == "full" else 2  # no second green to count them by
    spacing = max(least, min(WIDEST, width // (len(ran) + len(ahead) + 1)))
    future = len(ahead) * max(2, spacing) + 1 if ahead else 0
    shown = ran[: (width - future) // spacing]
    room = min(width, len(shown) * spacing + future)
    drawn = band(
        marks_of(shown, now), ahead, palette, room, height, spacing, thick=max(1, spacing - 1)
    )
    failed = sum(1 for run in shown if states.is_failed(run.state.type))
    facts = [Piece(f"{failed} failed", "failed") if failed else Piece("none failed", "fg2")]
    if usual:
        facts.append(Piece(f", usual {duration(usual)}", "fg2"))
    if planned:
        facts.append(Piece(f", {planned} planned", "fg2"))
    if not shown:
        return []
    since = f"since {day(shown[-1].scheduled_start_time, zone)}, "
    return [[*heading(last_runs(len(shown)), since), *facts], *drawn, []]
