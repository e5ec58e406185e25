"""A flow in the space beside the table: how it is, its last runs, its versions, what it takes.

The list itself knows the last ten runs; what more there is to show comes a moment later, and takes
its place without moving what is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models import states
from flowtui.models.attention import Failure
from flowtui.models.flows import FlowGroup, FlowSummary
from flowtui.models.runs import FlowRun
from flowtui.models.text import age, countdown, cut, day, duration, plain
from flowtui.ui.graphics import band, bar, state_pieces, subject_piece
from flowtui.ui.ink import Piece, between, fit_pieces, width_of
from flowtui.ui.paint import (
    Line,
    heading,
    last_runs,
    marks_of,
    parameter_lines,
    when_piece,
    wrapped,
)
from flowtui.ui.preview_blocks import Known, ahead_lines, readme_lines, trouble_lines
from flowtui.ui.success import is_bad, ok_of, share_of
from flowtui.ui.tokens import Palette

BROAD = 50
"""Cells from which on there is room for the start of a run."""
THICKEST = 3
"""Cells of a column where there are few runs to draw."""
LOW, HIGH = 3, 5
"""Rows of the last runs, and where it is broad."""
VERSIONS = 3
PARAMETERS = 8
"""Of these as many are shown at most; more would push away what comes after them."""


def flow_preview(
    flow: FlowSummary,
    known: Known,
    now: datetime,
    palette: Palette,
    size: tuple[int, int],
    zone: tzinfo | None,
    lists_runs: bool = True,
) -> list[Line]:
    """A flow in `size` cells; what is `known` of it may still be on its way."""
    width, height = size
    runs, group = known.runs or (), known.group
    ran = [run for run in runs if not states.is_scheduled(run.state.type)] or flow.recent_runs
    takes = group.effective_parameters(flow.latest) if group else flow.latest.parameters
    lines: list[Line] = [
        *_title(flow, width),
        [],
        *_last_state(flow, known, now, palette, width),
        [],
        *_last_runs(ran, now, palette, width, zone),
        *_versions(flow, group, palette, width, zone),
        [],
        heading("Parameters"),
        *parameter_lines(takes, palette, width, PARAMETERS),
        [],
        *ahead_lines(flow, known, now, palette, width, zone),
    ]
    if width >= BROAD and known.troubles is not None:
        for block in trouble_lines(flow, known.troubles, now, palette, width):
            if len(lines) + 1 + len(block) <= height:
                lines += [[], *block]
    if width >= BROAD and group is not None:
        prose = readme_lines(group, palette, width, height - len(lines) - 1)
        lines += [[], *prose] if prose else []
    room = height - len(lines) - 2
    if room >= 3 and ran and lists_runs:
        lines += [[], *run_lines(ran[:room], now, palette, width, zone)]
    return lines


def _title(flow: FlowSummary, width: int) -> list[Line]:
    latest = flow.latest
    schedule = str(flow.schedule) if flow.schedule else "no schedule"
    switch = ("on" if latest.is_schedule_active else "off") if flow.schedule else ""
    about = [part for part in (latest.project_name, schedule, switch) if part]
    version = f"v{latest.version}"
    name = Piece(cut(plain(flow.name), width - len(version) - 2), "fg0", bold=True)
    return [
        between([name], [Piece(version, "fg2")], width),
        [Piece(cut(plain("  /  ".join(about)), width), "fg2")],
    ]


def _last_state(
    flow: FlowSummary, known: Known, now: datetime, palette: Palette, width: int
) -> list[Line]:
    state = flow.shown_state(now)
    if not state:
        return [[Piece("It has not run yet.", "fg2")]]
    late = state == states.LATE
    run = flow.next_run if late else flow.recent_runs[0] if flow.recent_runs else flow.next_run
    assert run is not None
    since = run.scheduled_start_time if late else run.moved_at
    seconds = (now - since).total_seconds()
    when = countdown(-seconds) if seconds < 0 else f"{age(seconds)} ago"
    head = state_pieces(state, palette)
    lines = [between([head[0], head[1]._replace(bold=True)], [Piece(when, "fg1")], width)]
    last = known.troubles.last if known.troubles is not None else None
    failure = last if last is not None and last.run.id == run.id else Failure(run)
    if failure.cause:
        rows = wrapped(plain(failure.cause), width)[: 2 if width >= BROAD else 1]
        rows[-1] = cut(plain(failure.cause), width) if len(rows) == 1 else rows[-1]
        lines += [[Piece(row, "fg1")] for row in rows]
    name = f"run {plain(run.name)}"
    task = plain(failure.task)
    lines.append([Piece(cut(f"{task}  {name}" if task else name, width), "fg2")])
    return lines


def _last_runs(
    runs: Sequence[FlowRun], now: datetime, palette: Palette, width: int, zone: tzinfo | None
) -> list[Line]:
    if not runs:
        return []
    apart = 0 if palette.depth == "full" else 1  # no second green to count them by
    shown = runs[: width // (1 + apart)]
    failed = sum(1 for run in shown if states.is_failed(run.state.type))
    note = Piece(f"{failed} failed", "failed") if failed else Piece("none failed", "fg2")
    thick = max(1, min(THICKEST, width // len(shown) - apart))
    long = len(shown) * (thick + apart)
    high = HIGH if width >= BROAD else LOW
    drawn = band(marks_of(shown, now), (), palette, long, high, thick + apart, thick=thick)
    first = day(shown[-1].scheduled_start_time, zone)
    return [
        between(heading(last_runs(len(shown))), [note], width),
        *drawn,
        between([Piece(first, "fg2")], [Piece("now", "fg1")], max(12, long - apart)),
        [],
    ]


def _versions(
    flow: FlowSummary,
    group: FlowGroup | None,
    palette: Palette,
    width: int,
    zone: tzinfo | None,
) -> list[Line]:
    """The newest versions, and how many of the runs of each went well; before they are known, as
    many empty rows, so that what stands below them stays."""
    lines = [between(heading("Versions"), [Piece("ok of runs", "fg2")], width)]
    if group is None:
        return [*lines, *([] for _ in range(min(VERSIONS, flow.latest.version)))]
    versions = group.versions[:VERSIONS]
    number = max(len(f"v{one.version}") for one in versions)
    counted = [ok_of(one, " / ") or palette.glyph("absent") for one in versions]
    room = width - number - max(map(len, counted)) - 6 - 6
    for one, count in zip(versions, counted, strict=True):
        left = [
            Piece(f"v{one.version}".ljust(number + 2), "fg1"),
            Piece(f"{day(one.created, zone)}  ", "fg2"),
            *bar(share_of(one), palette, max(4, room)),
        ]
        lines.append(between(left, [Piece(count, "failed" if is_bad(one) else "fg1")], width))
    return lines


def run_lines(
    runs: Sequence[FlowRun],
    now: datetime,
    palette: Palette,
    width: int,
    zone: tzinfo | None,
    note: str = "",
) -> list[Line]:
    """The newest runs, a line each; when they started only where there is room for it."""
    starts = width >= BROAD
    time = 10 if starts else 6
    captions = [Piece("started" if starts else "", "fg2"), Piece("time".rjust(time), "fg2")]
    lines = [between(heading("Runs", note), captions, width)]
    for run in runs:
        seconds = run.seconds(now)
        took = duration(seconds) if seconds is not None else palette.glyph("absent")
        right = [Piece(took.rjust(time), "fg1" if seconds is not None else "fg3")]
        if starts:
            right.insert(0, when_piece(run.start_time or run.scheduled_start_time, now, zone))
        state = state_pieces(run.shown_state(now), palette, 12)
        name = subject_piece(plain(run.name), run.shown_state(now))
        room = width - width_of(right) - 2
        named = fit_pieces([*state, name], room, ellipsis=palette.ellipsis)
        lines.append(between(named, right, width))
    return lines
