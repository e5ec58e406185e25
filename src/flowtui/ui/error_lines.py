"""What is told below the errors of a flow: what the one under the cursor says, and all of them by
their causes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models.attention import signature_of
from flowtui.models.flow_errors import FlowError
from flowtui.models.tasks import unwrapped
from flowtui.models.text import amount, cells, cut, moment, plain
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import Line, heading, wrapped
from flowtui.ui.tokens import Palette

FOLLOWS = "TriggerFailed"
"""The state of a task that did not run, as something before it went wrong."""
WHEN = 14
"""Cells of a time, with the gap before it."""
TASK = 28
"""Cells of a task's name at most."""


def message_lines(error: FlowError, width: int, rows: int) -> list[Line]:
    """What it says, whole as far as there is room."""
    title = heading(plain(error.task) or "The run itself", f"in {plain(error.run.name)}")
    message = unwrapped(error.message)
    said = [row for line in message.splitlines() for row in wrapped(plain(line), width)]
    return [fit_pieces(title, width), *([Piece(row, "fg1")] for row in said[: max(1, rows - 1)])]


def cause_lines(
    errors: Sequence[FlowError],
    now: datetime,
    zone: tzinfo | None,
    palette: Palette,
    width: int,
    rows: int,
) -> list[Line]:
    """Each cause, in how many runs it was, and when last; the most frequent in front."""
    causes: dict[tuple[str, str], list[FlowError]] = {}
    for error in errors:
        if error.state != FOLLOWS:
            causes.setdefault((_task_of(error), signature_of(error.message)), []).append(error)
    follow = sum(1 for error in errors if error.state == FOLLOWS)
    note = f"{amount(follow, 'task')} did not run because of them" if follow else ""
    ranked = sorted(causes.values(), key=lambda alike: -len(_runs(alike)))
    lines = [between(heading("By cause", note), [Piece("runs" + "last".rjust(WHEN), "fg2")], width)]
    column = min(TASK, max((cells(_task_of(one[0])) for one in ranked), default=0))
    for alike in ranked[: max(0, rows - 1)]:
        newest = alike[0]
        when = moment(newest.time, now, zone) if newest.time else palette.glyph("absent")
        count = Piece(str(len(_runs(alike))).rjust(4), "fg0", bold=True)
        right = [count, Piece(when.rjust(WHEN), "fg2")]
        state = state_pieces(newest.state, palette)[:1]
        name = Piece(cut(_task_of(newest), column, palette.ellipsis), "fg0")
        left = [*state, blank(1), *fit_pieces([name], column), blank(2)]
        room = width - column - 4 - WHEN - 4 - 2
        said = Piece(cut(plain(unwrapped(newest.message)), room, palette.ellipsis), "fg1")
        lines.append(between([*left, said], right, width))
    return lines


def _task_of(error: FlowError) -> str:
    """The task, whichever of its children it was."""
    return plain(error.task).partition("[")[0] or "the run itself"


def _runs(errors: Sequence[FlowError]) -> set[str]:
    return {error.run.id for error in errors}
