"""What stands on a task run's page: its head, a map of its children, its neighbours, its facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models.runs import FlowRun
from flowtui.models.task_detail import TaskRunDetail
from flowtui.models.text import age, cut, duration, plain, thin_groups
from flowtui.ui.graphics import heat, state_flow, state_pieces, tally
from flowtui.ui.ink import Piece, between, blank, fit_pieces, width_of
from flowtui.ui.paint import (
    Line,
    counts_of,
    crumbs,
    heading,
    labelled,
    way_to,
    wrapped,
    zoned_instant,
)
from flowtui.ui.task_facts import (
    attempts_told,
    neighbour_pieces,
    neighbours_line,
    task_lines,
)
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import GROUPS, Palette, look_of

MAP_ROWS = 6
"""Rows of the map of children at most; of very many children, several share a cell."""

SAID_ROWS = 3
"""Rows of what its state says."""


def task_head(
    run: FlowRun,
    row: TaskRow,
    detail: TaskRunDetail | None,
    now: datetime,
    palette: Palette,
    size: tuple[int, bool],
    zone: tzinfo | None,
) -> list[Line]:
    """Where one is, how it goes, what its state says, and when that was."""
    width, tall = size
    task = row.task
    index = f"child {task.map_index}" if task.is_child else ""
    path = crumbs(*way_to(run), task.label, room=width - len(index) - 2 if index else width)
    where = between(path, [Piece(index, "fg2")] if index else [], width)
    glyph, word = state_pieces(row.state, palette)
    state: Line = [glyph, word._replace(bold=True)]
    seconds = row.seconds(now)
    if seconds is not None:
        state += [blank(2), Piece(duration(seconds), "fg0", bold=True)]
    if task.name and task.name != task.label:
        state += [blank(2), Piece(cut(plain(task.name), 30, palette.ellipsis), "fg1")]
    said = wrapped(plain(task.state.message), width)[: SAID_ROWS if tall else 1]
    facts = _times(row, detail, now, zone)
    if width_of(state) + width_of(facts) + 3 > width:
        facts = facts[-1:]
    lines = [where, *([[]] if tall else []), between(state, facts, width)]
    lines += [[Piece(text, "fg1")] for text in said if text]
    return [*lines, *([_flow(row, now, palette, width)] if tall else []), *([[]] if tall else [])]


def _times(
    row: TaskRow, detail: TaskRunDetail | None, now: datetime, zone: tzinfo | None
) -> list[Piece]:
    task, facts = row.task, []
    if row.start:
        facts.append(f"started {zoned_instant(row.start, now, zone)}")
    if row.end:
        facts.append(f"ended {zoned_instant(row.end, row.start or now, zone)}")
    if (task.max_retries and not row.children) or task.attempts > 1:
        facts.append(f"attempt {attempts_told(task, ' of ')}")
    if detail is not None and detail.heartbeat and not task.is_finished:
        facts.append(f"heartbeat {age(max(1.0, (now - detail.heartbeat).total_seconds()))} ago")
    return [Piece("   ".join(facts), "fg2")]


def _flow(row: TaskRow, now: datetime, palette: Palette, width: int) -> Line:
    """How long each of its states lasted."""
    records = row.task.states
    ends = [record.timestamp for record in records[1:]] + [now]
    stays = [
        (record.type, max(0.0, (end - record.timestamp).total_seconds()))
        for record, end in zip(records, ends, strict=True)
    ]
    if not stays:
        return []
    if row.task.is_finished:
        last = stays.pop()[0]
        glyph = Piece(palette.state_glyph(last), look_of(last).token)
        then = [Piece(f"  {palette.glyph('then')}  ", "fg3")] if stays else []
        return [*state_flow(stays, palette, width - 8), *then, glyph]
    return state_flow(stays, palette, width)


def map_lines(states: Sequence[str], palette: Palette, width: int, rows: int) -> list[Line]:
    """A cell a child, in the order of their index; where there is no room the worst of several."""
    if not states or width < 4:
        return []
    used = min(rows, -(-len(states) // width))
    lines: list[Line] = []
    for row in range(used):
        first, last = row * len(states) // used, (row + 1) * len(states) // used
        if used > 1 and len(states) <= width * used:
            first, last = row * width, min(len(states), (row + 1) * width)
        lines.append(heat(states[first:last], palette, width))
    return lines


def children_title(
    states: Sequence[str], expected: int | None, palette: Palette, width: int
) -> Line:
    """How many children there are, and how they fare."""
    counts = dict.fromkeys(GROUPS, 0)
    for state, count in counts_of(states).items():
        counts[look_of(state).group] += count
    shown = [
        ("Failed", counts["wrong"], "failed"),
        ("Running", counts["running"], "running"),
        ("Success", counts["success"], "ok"),
        ("Pending", counts["waiting"], "waiting"),
    ]
    more = f" of {expected} expected" if expected and expected > len(states) else ""
    title = heading("Children", f"{thin_groups(len(states))}{more}")
    words = tally([one for one in shown if one[1]], palette)
    return fit_pieces([*title, blank(3), *words], width, ellipsis=palette.ellipsis)


def neighbour_lines(detail: TaskRunDetail | None, palette: Palette, width: int) -> list[Line]:
    """What runs before it and after it, with their states."""
    if detail is None:
        return []
    lines: list[Line] = []
    for name, ends in (("upstream", detail.upstream), ("downstream", detail.downstream)):
        lines.append(labelled(name, neighbours_line(ends, palette, width - 12), width))
    return lines


def panel_lines(
    row: TaskRow,
    detail: TaskRunDetail | None,
    now: datetime,
    palette: Palette,
    width: int,
    zone: tzinfo | None,
    family: int = 0,
) -> list[Line]:
    """Everything there is to know of it, besides what the head and the list of children say."""
    lines = task_lines(row, palette, width, now, zone, family, with_children=False)
    lines = lines[lines.index([]) + 1 :]
    if detail is None:
        return lines
    delay = detail.retry_delay
    facts = (
        ("type", detail.type.rpartition(".")[2]),
        ("trigger", detail.trigger.rpartition(".")[2]),
        ("retries", f"after {duration(delay.total_seconds())}" if delay else ""),
        ("cache key", detail.cache_key),
        ("inputs", _inputs(detail)),
    )
    lines += [[], heading("The task")]
    lines += [labelled(name, [Piece(plain(text), "fg1")], width) for name, text in facts if text]
    if detail.description:
        lines += [[Piece(text, "fg1")] for text in wrapped(plain(detail.description), width)]
    return [*lines, [], heading("Its neighbours"), *_ends(detail, palette, width)]


def _inputs(detail: TaskRunDetail) -> str:
    """Whether it could run again by itself."""
    if not any(one.key for one in detail.upstream):
        return ""
    return "kept" if detail.has_cached_inputs else "not kept"


def _ends(detail: TaskRunDetail, palette: Palette, width: int) -> list[Line]:
    lines: list[Line] = []
    for name, ends in (("upstream", detail.upstream), ("downstream", detail.downstream)):
        for number, one in enumerate(ends or (None,)):
            told = [Piece("nothing", "fg2")] if one is None else neighbour_pieces(one, palette)
            if one is not None and one.key:
                told += [blank(2), Piece(plain(one.key), "fg2")]
            lines.append(labelled(name if number == 0 else "", told, width))
    return lines
