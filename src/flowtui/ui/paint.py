"""Lines that several screens show: breadcrumbs, headings, and a flow in a few words.

Pure functions from models to pieces; foreign text passes through `plain` here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from flowtui.models import states
from flowtui.models.flows import Parameter
from flowtui.models.inputs import kind_of, shown_value
from flowtui.models.runs import FlowRun
from flowtui.models.text import (
    amount,
    away,
    cells,
    clock,
    countdown,
    cut,
    cut_middle,
    day,
    moment,
    plain,
    wrap,
    zone_name,
)
from flowtui.ui.graphics import RunMark
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.tokens import Palette, look_of

Line = list[Piece]

WHOLE_CRUMB = 24
"""Cells of where one is that are not cut for the sake of the way there."""
SHORTEST_CRUMB = 12
"""Cells that a part of a path keeps."""


def crumbs(*parts: str, room: int = 0) -> Line:
    """`commerce / orders-etl v42 / rosy-otter`: the last one is where you are.

    Where the `room` is not enough the way there is cut before the last, and then begins later.
    """
    shown = [plain(part) for part in parts]
    while room and len(shown) > 2 and _least_crumbs(shown) > room:
        del shown[0]
    for index in range(len(shown)):
        too_much = sum(map(cells, shown)) + 3 * (len(shown) - 1) - room
        if room and too_much > 0:
            shown[index] = cut(shown[index], max(SHORTEST_CRUMB, cells(shown[index]) - too_much))
    pieces: Line = []
    for index, part in enumerate(shown):
        last = index == len(shown) - 1
        if index:
            pieces.append(Piece(" / ", "fg2"))
        pieces.append(Piece(part, "fg0" if last else "fg2", bold=last))
    return pieces


def _least_crumbs(shown: Sequence[str]) -> int:
    """The cells of a way that is cut as short as it may be, with the name where one is."""
    way = sum(min(SHORTEST_CRUMB, cells(part)) + 3 for part in shown[:-1])
    return way + min(WHOLE_CRUMB, cells(shown[-1]))


def way_to(run: FlowRun) -> tuple[str, str, str]:
    """The path to a run: its project, its flow in its version, its name."""
    return run.project_name, f"{run.flow_name} v{run.flow_version}", run.name


def last_runs(count: int) -> str:
    """The title of a band of runs."""
    return "Last run" if count == 1 else f"Last {amount(count, 'run')}"


def heading(text: str, note: str = "") -> Line:
    """A block's title and a note behind it."""
    pieces = [Piece(text, "fg0", bold=True)]
    return [*pieces, blank(2), Piece(note, "fg2")] if note else pieces


def cut_heading(text: str, note: str, palette: Palette, width: int) -> Line:
    """A block's title and the note behind it in exactly `width` cells."""
    return fit_pieces(heading(text, note), width, ellipsis=palette.ellipsis)


def labelled(name: str, value: Sequence[Piece], width: int, column: int = 12) -> Line:
    """A caption and what belongs to it, in two columns; an id or a path loses its middle."""
    if len(value) == 1 and " " not in value[0].text:
        value = [value[0]._replace(text=cut_middle(value[0].text, max(4, width - column)))]
    return fit_pieces([Piece(name.ljust(column), "fg2"), *value], width)


def mark_of(run: FlowRun, now: datetime) -> RunMark:
    """A run as strips and bands draw it."""
    return RunMark(run.shown_state(now), run.seconds(now))


def marks_of(runs: Iterable[FlowRun], now: datetime) -> list[RunMark]:
    """Runs that come newest first, as strips want them: the newest last."""
    return [mark_of(run, now) for run in reversed(list(runs))]


def due_piece(
    run: FlowRun | None, now: datetime, palette: Palette, captioned: bool = False
) -> Piece:
    """When the next run starts: `in 6m`, `▲ 18m` when it should have, `–` for none; under a
    caption that says what it is, `6m` is enough."""
    if run is None:
        return Piece(palette.glyph("absent"), "fg3")
    seconds = (run.due - now).total_seconds()
    if run.shown_state(now) == states.LATE:
        return Piece(f"{palette.state_glyph(states.LATE)} {away(-seconds)}", "late", bold=True)
    return Piece(away(max(0.0, seconds)) if captioned else countdown(max(0.0, seconds)), "fg1")


def value_piece(value: Any, width: int) -> Piece:
    """A JSON value on one line."""
    return Piece(cut(plain(shown_value(value)), max(0, width)), "fg1")


def parameter_lines(
    parameters: Sequence[Parameter], palette: Palette, width: int, most: int = 0
) -> list[Line]:
    """Each parameter with its default and its kind; a required one is marked.

    Where there are more than `most` the rest is counted, the required ones last of all.
    """
    if not parameters:
        return [[Piece("none", "fg2")]]
    column = min(14, max(len(plain(one.name)) for one in parameters) + 2)
    left_out = len(parameters) - most + 1 if 0 < most < len(parameters) else 0
    if left_out:
        ranked = sorted(parameters, key=lambda one: not one.required)[: most - 1]
        parameters = [one for one in parameters if one in ranked]
    lines: list[Line] = []
    for one in parameters:
        name = Piece(cut(plain(one.name), column - 1).ljust(column), "fg2")
        if one.required:
            value, kind = Piece("required", "accent"), Piece("", "fg2")
        else:
            kind = Piece(kind_of(one.default).name, "fg2")
            value = value_piece(one.default, width - column - len(kind.text) - 2)
        lines.append(between([name, value], [kind], width))
    if left_out:
        lines.append([Piece(f"and {left_out} more", "fg2")])
    return lines


def counts_of(run_states: Iterable[str]) -> Mapping[str, int]:
    """How many are in each state."""
    counts: dict[str, int] = {}
    for state in run_states:
        counts[state] = counts.get(state, 0) + 1
    return counts


def when_piece(when: datetime | None, now: datetime, zone: tzinfo | None) -> Piece:
    """A time with as much of its date as it needs, or `–`."""
    return Piece(moment(when, now, zone), "fg1") if when else Piece("–", "fg3")


def zoned_clock(when: datetime, zone: tzinfo | None, seconds: bool = True) -> str:
    """A time of day and its zone."""
    return f"{clock(when, zone, seconds=seconds)} {zone_name(when, zone)}"


def zoned_instant(when: datetime, now: datetime, zone: tzinfo | None) -> str:
    """A time to the second and its zone, with its day where that is another than now."""
    is_near = when.astimezone(zone).date() == now.astimezone(zone).date()
    return ("" if is_near else f"{day(when, zone)} ") + zoned_clock(when, zone)


def wrongness(state: str) -> int:
    """The order of lists: wrong, then running, then the rest."""
    if state == states.LATE:
        return 0
    return {"wrong": 1, "running": 2}.get(look_of(state).group, 3)


def zoned_moment(when: datetime, now: datetime, zone: tzinfo | None) -> str:
    """A time with as much of its date as it needs, and its zone."""
    return f"{moment(when, now, zone)} {zone_name(when, zone)}"


def wrapped(text: str, width: int) -> list[str]:
    """Prose in lines of at most `width` cells, broken between words where that is possible."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if cells(longer) <= width or not line:
            line = longer
        else:
            lines.append(line)
            line = word
    lines.append(line)
    return [piece for each in lines for piece in wrap(each, max(2, width))]
