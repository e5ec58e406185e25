"""What stands above a log: whose it is, how much came when, what is searched, what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, cells, clock, cut, plain, thin_groups
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, between, blank, fit_pieces, width_of
from flowtui.ui.log_search import Search
from flowtui.ui.log_times import Times
from flowtui.ui.log_volume import Contents
from flowtui.ui.paint import Line, crumbs, way_to
from flowtui.ui.timeline import Axis, ticks
from flowtui.ui.tokens import Palette

AT_LEAST = ("all", "info", "warning", "error")
"""The least level that is shown, by its rank."""
ROOMY = 100
"""Cells from which on the way to the page says that it is the log, too."""
_LEVELS = (
    (3, "error", "error", "failed"),
    (2, "warn", "warning", "scheduled"),
    (1, "info", "cursor", "fg3"),
    (0, "debug", "cursor", "line"),
)


def title_line(
    run: FlowRun,
    now: datetime,
    lines: str,
    contents: Contents,
    times: Times,
    palette: Palette,
    width: int,
) -> Line:
    """Where one is, how the run goes, how long its log is (in words) and what time it spans."""
    glyph, word = state_pieces(run.shown_state(now), palette)
    state = [blank(2), glyph, word]
    spans = _spans(lines, contents, times)
    room = width - width_of(state) - cells(spans[-1]) - 2
    here = ("log",) if width >= ROOMY else ()
    left = [*crumbs(*way_to(run), *here, room=room), *state]
    for right in spans:
        if width_of(left) + cells(right) + 2 <= width:
            break
    return between(left, [Piece(right, "fg2")], width)


def _spans(count: str, contents: Contents, times: Times) -> list[str]:
    """How long the log is and what time it spans, in more words and in fewer."""
    first, last = contents.first, contents.last
    if first is None or last is None:
        return [count]
    exact = " to ".join(clock(each, times.zone) for each in (first, last))
    rough = " to ".join(clock(each, times.zone, seconds=False) for each in (first, last))
    zone = Times(times.zone).name(last)
    return [f"{count}, {exact} {zone}", f"{count}, {rough}", count]


def band_lines(
    contents: Contents,
    here: datetime | None,
    times: Times,
    palette: Palette,
    width: int,
    now: datetime | None = None,
) -> list[Line]:
    """How many lines came when, and under it clocks and the time where one is.

    Of a run that goes on it is known when `now` is: where the last line is as new, so is the end.
    """
    if contents.first is None or contents.last is None or width < 30:
        return []
    band = contents.volume.band(palette, width, 2)
    axis: list[tuple[int, Piece]] = []
    if here is not None:
        column = contents.volume.column_of(here, width)
        glyph, time = palette.glyph("here"), clock(here, times.zone)
        at = column - len(time) - 1
        mark = (at, f"{time} {glyph}") if at >= 0 else (column, f"{glyph} {time}")
        axis.append((mark[0], Piece(mark[1], "accent")))
    begin, end = (clock(one, times.zone, seconds=False) for one in (contents.first, contents.last))
    span = Axis(contents.first, contents.last, width)
    is_now = now is not None and span.place(now) < width * 1.05
    last = Piece("now", "fg0", bold=True) if is_now else Piece(end, "fg2")
    known = [(width - len(last.text), last), (0, Piece(begin, "fg2"))]
    known += [
        (contents.volume.column_of(when, width), Piece(text, "fg2"))
        for when, text in ticks(span, times.zone)
    ]
    for start, piece in known:
        if all(_apart(start, piece, *other) for other in axis) and start + len(piece.text) <= width:
            axis.append((start, piece))
    pieces: Line = []
    for start, piece in sorted(axis):
        pieces += [blank(start - width_of(pieces)), piece]
    return [*band, fit_pieces(pieces, width)]


def _apart(start: int, piece: Piece, at: int, other: Piece) -> bool:
    """Whether two labels have a gap between them."""
    return start + len(piece.text) + 1 < at or at + len(other.text) + 1 < start


def search_groups(
    search: Search, count: tuple[int | None, int], more: bool, only: bool, palette: Palette
) -> list[Line]:
    """What is searched for, which hit of how many one stands on, and how it is searched for; what
    matters least comes last."""
    current, total = count
    if not total:
        hits = "searching" if more else "no hit"
    elif current is None:
        hits = amount(total, "hit")
    else:
        hits = f"hit {thin_groups(current + 1)} of {thin_groups(total)}"
    text = cut(plain(search.text), 40, palette.ellipsis)
    found = Piece(
        hits + (palette.ellipsis if more else ""), "fg1" if total or more else "scheduled"
    )
    groups = [[Piece("/ ", "accent", bold=True), Piece(text, "fg0", bold=True)], [found]]
    if only:
        groups.append([Piece("only hits", "accent")])
    groups.append([Piece(search.way, "fg1")])
    if search.ignores_case:
        groups.append([Piece("ignore case", "fg2")])
    return groups


def level_pieces(contents: Contents, least: int, palette: Palette, room: int) -> Line:
    """How many lines of each level there are, as far as there is room; what is left out is dim."""
    pieces: Line = []
    if least:
        worse = "errors" if least == 3 else f"{AT_LEAST[least]} and worse"
        pieces = [Piece(worse, "accent"), blank(3)]
    for rank, word, glyph, token in _LEVELS:
        count = contents.ranks[rank]
        shown = rank >= least
        more = [
            Piece(f"{palette.glyph(glyph)} ", token, bold=rank == 3),
            Piece(thin_groups(count), "fg1" if shown else "fg3"),
            Piece(f" {word}", "fg2" if shown else "fg3"),
            blank(2),
        ]
        if not count:
            continue
        if width_of(pieces) + width_of(more) > room:
            break
        pieces += more
    return pieces


def bar_line(groups: Sequence[Line], right: Line, width: int, ellipsis: str) -> Line:
    """Groups in a row, as many as there is room for, and the counts at its end."""
    room = width - width_of(right) - 4
    left: Line = []
    for group in groups:
        gap = [blank(3)] if left else []
        if left and width_of([*left, *gap, *group]) > room:
            break
        left += [*gap, *group]
    if width_of(left) > room > 0:
        left = fit_pieces(left, room, ellipsis=ellipsis)
    return between([blank(2), *left], right, width)
