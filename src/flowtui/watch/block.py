"""The live block below the scrollback, and what stays of it at the end: pure, so it can be read.

A state with its time, what is wrong first, a ribbon of all tasks, what is running, and the keys.
Everything is cut to the width; what has no room is left out from the bottom up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.ids import TaskId
from flowtui.models.tasks import TaskRun
from flowtui.models.text import (
    about,
    clock,
    countdown,
    cut,
    duration,
    plain,
    thin_groups,
    zone_name,
)
from flowtui.ui.graphics import bar, ribbon, state_pieces
from flowtui.ui.ink import Piece, blank, fit_pieces, width_of
from flowtui.ui.tokens import Palette, look_of
from flowtui.watch.lines import Line, name_width
from flowtui.watch.story import Snapshot

WIDEST = 96
"""Cells after which a ribbon says no more."""
SPENT = 9
"""Cells for how long a task has been running, at the right of its line."""
ROOMY = 90
"""Cells from which on all keys are told in full."""
NAMED_FAILURES = 8
"""More failed tasks than this are counted, not named."""


@frozen
class View:
    """What the keys have chosen."""

    logs: bool = True
    hidden_lines: int = 0
    bell: bool = False
    asking: bool = False
    """Ctrl-C was pressed, and the question is open."""
    notice: str = ""
    """What came of the last command."""


def header(snapshot: Snapshot, palette: Palette) -> Line:
    """Which run this is, at the top of the scrollback."""
    run = snapshot.run
    flow, name = plain(run.flow_name), plain(run.name)
    pieces = [Piece(palette.state_glyph(run.state.type) + " ", look_of(run.state.type).token)]
    if flow:
        pieces += [Piece(flow, "fg0", bold=True), Piece(" / ", "fg2")]
    pieces.append(Piece(name, "fg1"))
    facts = [f"v{run.flow_version}" if run.flow_version else "", plain(run.project_name)]
    if run.start_time:
        facts.append(f"started {clock(run.start_time)} {zone_name(run.start_time)}")
    return [*pieces, Piece("".join(f"   {fact}" for fact in facts if fact), "fg2")]


def live_block(
    snapshot: Snapshot, now: datetime, palette: Palette, columns: int, rows: int, view: View
) -> list[Line]:
    """The block as it stands now, at most one row less than the screen has."""
    width = max(1, columns - 1)
    lines: list[Line] = [
        [],
        status(snapshot, now, palette, width),
        ribbon(_counts(snapshot.tasks, True), palette, min(width, WIDEST)),
    ]
    last = [_keys(view, palette, width)]
    if snapshot.silent_since is not None:
        silent = duration(now - snapshot.silent_since)
        last.insert(0, [Piece(f"{palette.state_glyph('Late')} no answer for {silent}", "late")])
    if view.notice:
        last.insert(0, [Piece(plain(view.notice), "fg0")])
    room = rows - 1 - len(lines) - len(last)
    lines += running(snapshot.tasks, now, palette, columns, max(0, room))
    fitting = [*lines, *last] if rows > len(last) + 3 else [lines[1], *last][-max(1, rows - 1) :]
    return [_cut(line, width, palette) for line in fitting]


def status(snapshot: Snapshot, now: datetime, palette: Palette, width: int) -> Line:
    """The run's state in one line: how long, of how long, and what is wrong."""
    run = snapshot.run
    shown = run.shown_state(now)
    parts: list[Line] = [state_pieces(shown, palette)]
    seconds = run.seconds(now)
    if seconds is not None:
        parts[0] += [blank(2), Piece(duration(seconds), "fg0", bold=True)]
        usual = snapshot.detail.usual_seconds
        if usual and run.start_time and states.is_running(run.state.type):
            eta = run.start_time + timedelta(seconds=usual)
            said = f"  of about {about(usual)}"
            if eta > now:
                said += f", eta {clock(eta, seconds=False)}"
            parts[0].append(Piece(said, "fg2"))
    elif states.is_scheduled(run.state.type):
        parts[0] += [blank(2), Piece(countdown(run.due - now), "fg0", bold=True)]
    parts += _tallies(snapshot.tasks, palette)
    return _joined(parts, width)


def running(
    tasks: Iterable[TaskRun], now: datetime, palette: Palette, columns: int, room: int
) -> list[Line]:
    """The tasks that run now, the first started first; mapped ones with a bar."""
    lines: list[Line] = []
    groups = [group for group in _groups(tasks) if any(_runs(member) for member in group)]
    groups.sort(key=_started)
    for group in groups[:room]:
        lines.append(_running_line(group, now, palette, columns))
    if len(groups) > room > 0:
        more = len(groups) - room + 1
        lines[-1] = [blank(2), Piece(f"and {more} more", "fg2")]
    return lines


def _running_line(group: Sequence[TaskRun], now: datetime, palette: Palette, columns: int) -> Line:
    name = cut(plain(group[0].task_name), name_width(columns), palette.ellipsis)
    glyph = Piece(palette.state_glyph("Running") + " ", "running")
    line = [glyph, *fit_pieces([Piece(name, "fg0")], name_width(columns))]
    children = [member for member in group if member.is_child]
    if children:
        ended = sum(child.is_finished for child in children)
        of = len(children) + _to_come(group)
        counted = f"  {thin_groups(ended)} of {thin_groups(of)}  "
        line += fit_pieces([Piece(counted, "fg2")], max(16, len(counted)))
        length = min(30, columns - width_of(line) - SPENT - 1)
        if length >= 6:
            line += bar(ended / of, palette, length, "running")
    spent = Piece(duration(now - _started(group)).rjust(SPENT), "fg1")
    right = min(2 + name_width(columns) + 16 + 30 + SPENT, columns - 1)
    return [*line, blank(max(0, right - SPENT - width_of(line))), spent]


def summary(snapshot: Snapshot, now: datetime, palette: Palette, columns: int) -> list[Line]:
    """What stays when the run has ended: how, how long, and which tasks failed why."""
    run = snapshot.run
    width = max(1, columns - 1)
    mark, word = state_pieces(run.state.type, palette)
    parts: list[Line] = [[mark, word._replace(bold=True)]]
    seconds = run.seconds(now)
    if seconds is not None:
        parts[0] += [blank(2), Piece(duration(seconds), "fg0", bold=True)]
    facts: list[str] = []
    if snapshot.detail.usual_seconds:
        facts.append(f"usual {about(snapshot.detail.usual_seconds)}")
    if ended := run.state.timestamp or run.end_time:
        facts.append(f"ended {clock(ended)} {zone_name(ended)}")
    parts += [[Piece(fact, "fg2")] for fact in facts]
    lines = [[], _joined(parts, width)]
    if snapshot.tasks:
        lines.append(ribbon(_counts(snapshot.tasks), palette, min(width, WIDEST)))
    failures = list(_failures(snapshot.tasks, palette, columns))
    lines += failures[:NAMED_FAILURES]
    if len(failures) > NAMED_FAILURES:
        more = len(failures) - NAMED_FAILURES
        lines.append([blank(2), Piece(f"and {more} more tasks", "fg2")])
    if not states.is_success(run.state.type) and not failures and run.state.message:
        lines.append([blank(2), Piece(plain(run.state.message), "fg1")])
    lines = [_cut(line, width, palette) for line in lines]
    went_well = states.is_success(run.state.type)
    action = "open" if went_well else "why"
    lines += [[], [Piece(f"{action:6}", "fg2"), Piece(f"flowtui --open {run.id}", "fg1")]]
    if went_well:
        return lines
    again = "there restarts the run, and what went well stays"
    keys = Piece("x r", "fg0", bold=True)
    return [*lines, [Piece("again ", "fg2"), keys, Piece(f"  {again}", "fg2")]]


def _failures(tasks: Iterable[TaskRun], palette: Palette, columns: int) -> Iterable[Line]:
    """A line for each task that failed: those that broke before those that were not tried."""
    failed = [
        (group, [member for member in group if states.is_failed(member.state.type)])
        for group in _groups(tasks)
    ]
    found = [(group, bad) for group, bad in failed if bad]
    found.sort(key=lambda pair: (pair[1][0].state.type == "TriggerFailed", _started(pair[0])))
    along = [pair for pair in found if pair[1][0].state.type == "TriggerFailed"]
    for group, bad in found[: len(found) - max(0, len(along) - 1)]:
        state = bad[0].state
        look = look_of(state.type)
        width = name_width(columns)
        name = cut(plain(group[0].task_name), width, palette.ellipsis)
        line = [
            Piece(palette.state_glyph(state.type) + " ", look.token, bold=look.alarming),
            *fit_pieces([Piece(name, "fg0")], width),
            blank(2),
        ]
        children = [member for member in group if member.is_child]
        if children:
            numbers = ", ".join(str(member.map_index) for member in bad[:3] if member.is_child)
            dots = ", " + palette.ellipsis if len(bad) > 3 else ""
            of = len(children) + _to_come(group)
            what = f"{thin_groups(len(bad))} of {thin_groups(of)} failed: "
            line += [Piece(f"{what}{numbers}{dots}   ", "fg2")]
        yield [*line, Piece(_why(bad[0], len(along) - 1), "fg1")]


def _why(task: TaskRun, more: int) -> str:
    """Why a task run failed; of those that were not tried one stands for all."""
    if task.state.type != "TriggerFailed":
        return plain(task.cause)
    said = "trigger: an upstream task failed" if "upstream" in task.said else plain(task.said)
    return f"{said}, so {more} more did not run" if more > 0 else said


def _keys(view: View, palette: Palette, width: int) -> Line:
    """What can be pressed; whole items are left out from the right."""
    if view.asking:
        items = [("", "Cancel this run?"), ("y", "cancel it")]
        items += [("s", "stop watching, it goes on"), ("n", "go on")]
    else:
        hidden = f", {thin_groups(view.hidden_lines)} not shown" if view.hidden_lines else ""
        items = [
            ("q", "detach, the run goes on"),
            ("l", "logs" if view.logs else f"logs are off{hidden}"),
            ("b", "bell is on" if view.bell else "bell at the end"),
            ("^C", "cancel"),
            ("enter", "open in flowtui" if width > ROOMY else "open"),
        ]
    line: Line = []
    for key, label in items:
        token = "fg0" if view.asking else "fg2"
        item = [Piece(key, "fg0", bold=True), Piece(" " + label if key else label, token)]
        gap = [blank(3)] if line else []
        if width_of([*line, *gap, *item]) > width and line:
            short = [*gap, Piece(key, "fg0", bold=True)]
            if width_of([*line, *short]) > width:
                break
            item = short[len(gap) :]
        line += [*gap, *item]
    return line


def _tallies(tasks: Sequence[TaskRun], palette: Palette) -> list[Line]:
    counts = _counts(tasks, with_those_to_come=True)
    if not counts:
        return []
    found: list[Line] = []
    failed = sum(count for state, count in counts.items() if states.is_failed(state))
    if failed:
        mark = palette.state_glyph("Failed")
        found.append([Piece(f"{mark} {thin_groups(failed)} failed", "failed", bold=True)])
    if counts.get("Retrying"):
        mark = palette.state_glyph("Retrying")
        found.append([Piece(f"{mark} {thin_groups(counts['Retrying'])} retrying", "retrying")])
    ended = sum(count for state, count in counts.items() if states.is_finished(state))
    total = sum(counts.values())
    found.append([Piece(f"{thin_groups(ended)} of {thin_groups(total)}", "fg1")])
    return found


def _counts(tasks: Iterable[TaskRun], with_those_to_come: bool = False) -> Counter[str]:
    """Task runs by state; a mapped task is counted by its children."""
    groups = _groups(tasks)
    counts = Counter(
        member.state.type
        for group in groups
        for member in group
        if member.is_child or len(group) == 1
    )
    to_come = sum(_to_come(group) for group in groups) if with_those_to_come else 0
    return counts + Counter(Pending=to_come)


def _to_come(group: Sequence[TaskRun]) -> int:
    """Children of a mapped task that have no task run yet."""
    known = sum(member.is_child for member in group)
    expected = max((member.expected_children for member in group), default=0)
    return max(0, expected - known) if known else 0


def _groups(tasks: Iterable[TaskRun]) -> list[list[TaskRun]]:
    """Task runs by task, in the order of their map index."""
    found: dict[TaskId, list[TaskRun]] = {}
    for task_run in tasks:
        found.setdefault(task_run.task_id, []).append(task_run)
    return [sorted(group, key=lambda member: member.map_index) for group in found.values()]


def _runs(task_run: TaskRun) -> bool:
    return states.is_running(task_run.state.type)


def _started(group: Sequence[TaskRun]) -> datetime:
    """When a task began; a mapped one when the first of its children did."""
    members = [member for member in group if member.is_child] or group
    return min((m.start_time for m in members if m.start_time), default=_NEVER)


_NEVER = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


def _joined(parts: Sequence[Line], width: int) -> Line:
    """The parts beside each other, as many as there is room for; the first always."""
    line = list(parts[0])
    for part in parts[1:]:
        if width_of(line) + 3 + width_of(part) <= width:
            line += [blank(3), *part]
    return line


def _cut(line: Line, width: int, palette: Palette) -> Line:
    if width_of(line) <= width:
        return line
    return fit_pieces(line, width, ellipsis=palette.ellipsis)
