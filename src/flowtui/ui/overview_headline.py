"""The headline of the overview: what is wrong in numbers, and how the window went.

One line where rows are few; where there is room, three: below each number stands what one asks
next, how old, how many causes, what comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.attention import Matter, Overview
from flowtui.models.flows import FlowSummary
from flowtui.models.outcomes import DayOutcome
from flowtui.models.runs import FlowRun
from flowtui.models.text import age, amount, clock, cut, plain, thin_groups
from flowtui.ui.day_success import success_by_day
from flowtui.ui.graphics import ribbon
from flowtui.ui.ink import Piece, between, blank, fit_pieces, width_of
from flowtui.ui.overview_columns import is_slow, usual_of
from flowtui.ui.overview_lines import Window, late_of, soon_of
from flowtui.ui.paint import Line, zoned_moment
from flowtui.ui.tokens import Palette, look_of

LATELY = timedelta(hours=1)
"""A cause that was first seen within this time is new."""
EACH = 23
"""Cells of a number and of what stands below it; on a broad screen a quarter more."""
BROAD = 150
"""Cells from which on there is room for that."""
SHARE, APART = 40, 6
"""Cells that the share of runs that went well takes at most, and behind it."""


@frozen
class Seen:
    """What the headline is made from, as far as it is known."""

    overview: Overview
    found: Sequence[Matter]
    runs: Sequence[FlowRun]
    """The newest runs."""
    planned: Sequence[FlowRun] | None
    """Planned runs; None while nobody knows."""
    flows: Mapping[str, FlowSummary]
    now: datetime
    window: Window
    zone: tzinfo | None
    project: str = ""
    days: Sequence[DayOutcome] = ()
    """How the last days went, where there is room to say it."""
    more: bool = False
    """There are more planned runs than are known."""

    @property
    def late(self) -> list[FlowRun]:
        return late_of(self.planned or (), self.now)


def short_headline(seen: Seen, palette: Palette, width: int, is_tall: bool) -> list[Line]:
    """The numbers and the share in one line, and a ribbon below it where there is room."""
    pieces: Line = []
    for number in _numbers(seen, palette):
        if number.is_known:
            pieces += [*number.pieces, Piece(f" {number.word.lower()}", "fg1"), blank(3)]
    if seen.project:
        pieces += [Piece("in ", "fg2"), Piece(cut(plain(seen.project), 20), "accent"), blank(3)]
    overview, name = seen.overview, seen.window.name
    said = f"none has ended, {name}"
    if overview.finished:
        said = f"{_percent(overview)} of {thin_groups(overview.finished)} ok"
        if width_of(pieces) + len(f"{said}, {name}") <= width:
            said += f", {name}"
    lines = [between(pieces[:-1], [Piece(said, "fg1")], width)]
    return [*lines, _ribbon(overview, palette, width)] if is_tall else lines


def tall_headline(seen: Seen, palette: Palette, width: int) -> list[Line]:
    """Each number with its word, below it two facts; then how the runs of the window went."""
    each = EACH * 5 // 4 if width >= BROAD else EACH
    lines: list[Line] = [[], [], []]
    for number in _numbers(seen, palette):
        word = Piece(f" {number.word}", "fg0", bold=True)
        lines[0] += fit_pieces([*number.pieces, word] if number.is_known else [], each)
        for line, fact in zip(lines[1:], number.facts, strict=True):
            said = cut(fact, each - 3, palette.ellipsis)
            line += fit_pieces([blank(2), Piece(said, "fg2")], each)
    room = min(SHARE, width - width_of(lines[0]))
    days = success_by_day(seen.days, seen.zone, palette)
    for line, told, day in zip(lines, _share(seen, palette, room), days, strict=True):
        line += [*fit_pieces(told, room + APART), *day] if width >= BROAD else told
    return lines


@frozen
class _Number:
    """A glyph and a count, the word for it, and two facts about it."""

    pieces: Line
    word: str
    facts: tuple[str, str]
    is_known: bool = True
    """One that is not known yet keeps its place."""


def _numbers(seen: Seen, palette: Palette) -> list[_Number]:
    late = seen.late
    soon = soon_of(seen.planned or (), seen.now)
    open_end = seen.more and soon + len(late) >= len(seen.planned or ())
    numbers = [
        _number("Failed", seen.overview.failed, "Failed", _of_failed(seen), palette),
        _number(states.LATE, len(late), "Late", _of_late(late, seen.now), palette, seen.more),
        _number("Running", seen.overview.running, "Running", _of_running(seen), palette),
        _number("Scheduled", soon, "Next hour", _of_planned(seen), palette, open_end),
    ]
    if seen.planned is None:
        numbers[1::2] = [replace(one, facts=("", ""), is_known=False) for one in numbers[1::2]]
    return numbers


def _number(
    state: str,
    count: int,
    word: str,
    facts: tuple[str, str],
    palette: Palette,
    open_end: bool = False,
) -> _Number:
    look = look_of(state)
    is_wrong = look.group == "wrong" and count > 0
    token = look.token if count else "fg2"
    told = thin_groups(count) + ("+" if open_end else "")
    sign = Piece(f"{palette.state_glyph(state)} ", token, bold=is_wrong)
    return _Number([sign, Piece(told, token if is_wrong else "fg0", bold=True)], word, facts)


def _of_failed(seen: Seen) -> tuple[str, str]:
    """How many causes there are, and how many of them nobody has seen before."""
    window = f"in {seen.window.name}"
    causes = [one for one in seen.found if one.state != states.LATE]
    if not causes:
        return window, ""
    known = len(seen.overview.failures)
    if known < seen.overview.failed:
        return f"{len(causes)}+ causes", window
    told = amount(len(causes), "cause")
    if seen.window.span > LATELY:
        new = sum(1 for one in causes if one.first and seen.now - one.first <= LATELY)
        told += f", {new} new" if new else ", none new"
    return told, window


def _of_late(late: Sequence[FlowRun], now: datetime) -> tuple[str, str]:
    """How long the first has been waiting, and how many flows wait."""
    if not late:
        return "all on time", ""
    oldest = min(run.due for run in late)
    return f"oldest {_whole(now - oldest)}", amount(len({run.flow_name for run in late}), "flow")


def _of_running(seen: Seen) -> tuple[str, str]:
    """How many take longer than they usually do, and how long the longest has been at it."""
    going = [run for run in seen.runs if states.is_running(run.state.type)]
    if not going:
        ended = [run.moved_at for run in seen.runs if run.is_finished]
        last = clock(max(ended), seen.zone, seconds=False) if ended else ""
        return (f"last ended {last}", "") if last else ("", "")
    usual = [(run, usual_of(seen.flows, run)) for run in going]
    slow = sum(1 for run, known in usual if is_slow(run, known, seen.now))
    told = f"{slow} slower than usual" if slow else "no slower than usual"
    if not slow and not all(known for _, known in usual):
        told = ""
    longest = max(run.seconds(seen.now) or 0.0 for run in going)
    facts = (told, f"longest {_whole(timedelta(seconds=longest))}")
    return facts if told else (facts[1], "")


def _of_planned(seen: Seen) -> tuple[str, str]:
    """When the next one is due, and of which flow it is."""
    ahead = [run for run in seen.planned or () if run.due >= seen.now]
    if not ahead:
        return "nothing is planned", ""
    first = min(ahead, key=lambda run: run.due)
    return f"next {zoned_moment(first.due, seen.now, seen.zone)}", plain(first.flow_name)


def _share(seen: Seen, palette: Palette, width: int) -> list[Line]:
    """How the runs of the window went: in words, and as a line of shares."""
    overview = seen.overview
    if overview.finished:
        head: Line = [Piece(_percent(overview), "fg0", bold=True), Piece(" succeeded", "fg1")]
        told = f"{amount(overview.finished, 'run')} in "
    else:
        head, told = [Piece("none has ended", "fg1")], "in "
    where = Piece(seen.window.name, "fg2")
    if seen.project:
        where = Piece(plain(seen.project), "accent")
    below = fit_pieces([Piece(told, "fg2"), where], width, ellipsis=palette.ellipsis)
    return [head, below, _ribbon(overview, palette, width)]


def _ribbon(overview: Overview, palette: Palette, width: int) -> Line:
    counts = {
        "Success": overview.succeeded,
        "Failed": overview.failed,
        "Cancelled": overview.cancelled,
    }
    return ribbon(counts, palette, width)


def _percent(overview: Overview) -> str:
    return f"{100 * overview.succeeded / overview.finished:.1f} %"


def _whole(span: timedelta) -> str:
    """An age in minutes, hours or days: one that ticks would not be calm."""
    return "under 1 m" if span < timedelta(minutes=1) else age(span)
