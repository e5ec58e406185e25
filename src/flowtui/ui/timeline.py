"""Timelines: what ran when, in the rows of a table, with an axis above.

Bars begin and end on eighths of a cell. Where a terminal picks its own colours a partly filled
cell would show the wrong background, so there, and in mono, bars have whole cells and a sign of
their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from flowtui.frozen import frozen
from flowtui.models.text import clock
from flowtui.ui.graphics import fill_token
from flowtui.ui.ink import BEHIND, Piece, blank, fit_pieces
from flowtui.ui.tokens import EIGHTHS, Palette, look_of

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200)
_DAY = 86400

LEAST_LABELS = 2
"""Where fewer have found a place, the axis says when it begins."""


@frozen
class Axis:
    """A stretch of time on a stretch of cells, with the two lines that run down the rows."""

    start: datetime
    end: datetime
    width: int
    now: datetime | None = None
    cursor: datetime | None = None

    def place(self, when: datetime) -> float:
        """Where a time is, in cells from the left; it may lie outside."""
        whole = max((self.end - self.start).total_seconds(), 0.001)
        return (when - self.start).total_seconds() / whole * self.width

    def cell(self, when: datetime | None) -> int | None:
        """The cell a time falls into, if it is on the axis."""
        if when is None:
            return None
        place = self.place(when)
        if place == self.width:
            return self.width - 1
        return int(place) if 0 <= place < self.width else None


@frozen
class Bar:
    """Something that took time: an attempt of a task run, from here to there, in that state."""

    start: datetime
    end: datetime
    state: str
    token: str = ""
    """Its colour where the state and the row do not say it: what is only planned is quiet."""


@frozen
class Moment:
    """Something that took none: cached or skipped."""

    at: datetime
    state: str


def gantt(
    axis: Axis,
    palette: Palette,
    bars: Sequence[Bar] = (),
    expected: tuple[datetime, datetime] | None = None,
    moments: Sequence[Moment] = (),
    row: int = 0,
) -> list[Piece]:
    """One row of a timeline; `row` tells neighbours apart by their green."""
    whole_cells = draws_whole_cells(palette)
    draw = _in_whole_cells if whole_cells else _in_eighths
    cells = draw(axis, palette, bars, expected, row)
    for moment in moments:
        at = axis.cell(moment.at)
        if at is not None:
            cells[at] = Piece(palette.state_glyph(moment.state), look_of(moment.state).token)
    _draw_lines(cells, axis, palette, whole_cells)
    return [
        Piece("".join(piece.text for piece in group), *look)
        for look, group in groupby(cells, key=lambda piece: piece[1:])
    ]


def draws_whole_cells(palette: Palette) -> bool:
    """Whether a bar ends with a cell, and tells by its sign what colour may not."""
    return palette.depth != "full" or palette.ascii


def _draw_lines(cells: list[Piece], axis: Axis, palette: Palette, whole_cells: bool) -> None:
    """The lines of now and of the cursor; a bar hides now, and the cursor where it is one cell."""
    now, cursor = axis.cell(axis.now), axis.cell(axis.cursor)
    if now is not None and (not cells[now].text.strip() or cells[now].fg == "track"):
        ground = "track" if cells[now].text == EIGHTHS[8] else cells[now].bg
        cells[now] = Piece(palette.glyph("now"), "fg2", ground)
    if cursor is not None:
        below = cells[cursor]
        filled = below.text in EIGHTHS[1:] and below.fg != BEHIND and palette.depth != "mono"
        if whole_cells and not filled and _is_all_there_is(cells, cursor):
            return
        ground = below.fg if filled else below.bg
        cells[cursor] = Piece(palette.glyph("cursor"), "accent", ground)


def _is_all_there_is(cells: Sequence[Piece], at: int) -> bool:
    """Whether a cell is a bar of its own, which the cursor's line would wipe out."""
    beside = [*cells[max(0, at - 1) : at], *cells[at + 1 : at + 2]]
    return bool(cells[at].text.strip()) and cells[at] not in beside


def _in_eighths(
    axis: Axis,
    palette: Palette,
    bars: Sequence[Bar],
    expected: tuple[datetime, datetime] | None,
    row: int,
) -> list[Piece]:
    size = axis.width * 8
    parts = [""] * size

    def fill(start: datetime, end: datetime, token: str) -> None:
        first = round(axis.place(start) * 8)
        last = max(round(axis.place(end) * 8), first + 2)
        for index in range(max(first, 0), min(last, size)):
            parts[index] = token

    if expected:
        fill(*expected, "track")
    for bar in bars:
        fill(bar.start, bar.end, bar.token or fill_token(bar.state, row))
    return [_cell(parts[index : index + 8]) for index in range(0, size, 8)]


def _cell(parts: list[str]) -> Piece:
    """Eight parts as one character and two colours, as near as that can be."""
    if len(set(parts)) == 1:
        return Piece(EIGHTHS[8], parts[0]) if parts[0] else Piece(" ")
    best = (9, 4, "", "")
    for split in range(1, 8):
        left, right = _most(parts[:split]), _most(parts[split:])
        wrong = 8 - parts[:split].count(left) - parts[split:].count(right)
        if left != right:
            best = min(best, (wrong, split, left, right))
    wrong, split, left, right = best
    if wrong > 8:
        return _thin(parts)
    return Piece(EIGHTHS[split], left or BEHIND, right)


def _thin(parts: list[str]) -> Piece:
    """Something narrow in the midst of a cell, moved to the edge that is nearer."""
    ground = _most(parts)
    other = [index for index, part in enumerate(parts) if part != ground]
    token = _most([parts[index] for index in other])
    if sum(other) < 4 * len(other):
        return Piece(EIGHTHS[len(other)], token or BEHIND, ground)
    return Piece(EIGHTHS[8 - len(other)], ground or BEHIND, token)


def _most(parts: list[str]) -> str:
    return max(parts, key=parts.count)


def _in_whole_cells(
    axis: Axis,
    palette: Palette,
    bars: Sequence[Bar],
    expected: tuple[datetime, datetime] | None,
    row: int,
) -> list[Piece]:
    cells = [Piece(" ")] * axis.width

    def fill(start: datetime, end: datetime, piece: Piece) -> None:
        first = int(axis.place(start))
        last = max(round(axis.place(end)), first + 1)
        for index in range(max(first, 0), min(last, axis.width)):
            cells[index] = piece

    if expected:
        fill(*expected, Piece(palette.glyph("expected"), "track"))
    for bar in bars:
        sign = "expected" if bar.token == "sched-quiet" else ""
        shown = palette.glyph(sign) if sign else _sign(bar.state, palette)
        fill(bar.start, bar.end, Piece(shown, bar.token or fill_token(bar.state, row)))
    return cells


def _sign(state: str, palette: Palette) -> str:
    """What a bar of that state is made of where colour does not say it."""
    group = look_of(state).group
    if group == "success":
        return palette.glyph("bar")
    if palette.depth == "mono" or palette.ascii:
        if group == "wrong":
            return "x"
        if state == "Retrying":
            return "~"
    return palette.glyph("full")


def axis_line(
    axis: Axis,
    palette: Palette,
    zone: tzinfo | None = None,
    breaks: Sequence[Moment] = (),
) -> list[Piece]:
    """Clocks above the rows: even steps, `now`, and the cursor's own time in accent; where all of
    it was interrupted stands the state that it went into."""
    labels = Labels(axis.width)
    cursor, now = axis.cell(axis.cursor), axis.cell(axis.now)
    if axis.cursor is not None and cursor is not None:
        label = Piece(clock(axis.cursor, zone), "accent", bold=True)
        labels.put(label, cursor - len(label.text) // 2, gap=0)
    if now is not None:
        labels.put(Piece("now", "fg1"), now - 1, gap=1, pushed=True)
    for moment in breaks:
        at, look = axis.cell(moment.at), look_of(moment.state)
        if at is not None:
            labels.put(Piece(palette.state_glyph(moment.state), look.token, bold=True), at, gap=1)
    for when, text in ticks(axis, zone):
        labels.put(Piece(text, "fg2"), int(axis.place(when)), gap=2)
    if labels.count < LEAST_LABELS:
        labels.put(Piece(clock(axis.start, zone, seconds=False), "fg2"), 0, gap=2)
    return labels.line()


class Labels:
    """Labels on a line, none too near to another."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._taken: list[tuple[int, Piece]] = []

    @property
    def count(self) -> int:
        """How many labels there are."""
        return len(self._taken)

    def put(self, piece: Piece, first: int, gap: int, pushed: bool = False) -> None:
        """Put a label there; where another is, it goes behind that one if it may be pushed."""
        size = len(piece.text)
        if pushed or not gap:
            first = max(0, min(first, self._width - size))
        blocking = self._near(first, size, gap)
        if blocking is not None and pushed:
            first = blocking[0] + len(blocking[1].text) + gap
            blocking = self._near(first, size, gap)
        if blocking is None and 0 <= first <= self._width - size:
            self._taken.append((first, piece))

    def _near(self, first: int, size: int, gap: int) -> tuple[int, Piece] | None:
        for at, other in self._taken:
            if first < at + len(other.text) + gap and at < first + size + gap:
                return at, other
        return None

    def line(self) -> list[Piece]:
        """All of them, from left to right."""
        pieces: list[Piece] = []
        reached = 0
        for first, piece in sorted(self._taken):
            pieces += [blank(first - reached), piece]
            reached = first + len(piece.text)
        return fit_pieces([piece for piece in pieces if piece.text], self._width)


def ticks(axis: Axis, zone: tzinfo | None) -> list[tuple[datetime, str]]:
    """Times at even steps, far enough apart to be read, with their labels."""
    span = (axis.end - axis.start).total_seconds()
    room = max(axis.width // 12, 1)
    step = next((step for step in _STEPS if span / step <= room), _DAY)
    midnight = axis.start.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    passed = (axis.start - midnight).total_seconds()
    when = midnight + timedelta(seconds=-(-passed // step) * step)
    found: list[tuple[datetime, str]] = []
    while when <= axis.end and len(found) <= room + 1:
        found.append((when, clock(when, zone, seconds=step < 60)))
        when += timedelta(seconds=step)
    return found
