"""The head of a run's page: where one is, how it goes, and how its tasks fare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from flowtui.models import states
from flowtui.models.run_lists import RunNumber
from flowtui.models.runs import FlowRun, FlowRunDetail
from flowtui.models.text import (
    about,
    age,
    clock,
    countdown,
    cut,
    cut_middle,
    duration,
    plain,
    thin_groups,
)
from flowtui.ui.graphics import ribbon, state_flow, state_pieces, tally
from flowtui.ui.ink import Piece, between, blank, fit_pieces, width_of
from flowtui.ui.paint import Line, counts_of, crumbs, way_to, zoned_instant, zoned_moment
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import Palette, look_of

SHORTEST_AGENT = 12
"""Cells of an agent's name below which the agent is left out."""

HEARTBEAT_AMBER = 60.0
HEARTBEAT_RED = 120.0
"""Seconds since the last heartbeat: two missed, four missed."""


def run_head(
    detail: FlowRunDetail,
    rows: Sequence[TaskRow],
    now: datetime,
    palette: Palette,
    size: tuple[int, bool],
    zone: tzinfo | None,
    number: RunNumber | None = None,
) -> list[Line]:
    """The head in a width: with blank rows where the screen is tall, else with no row to spare."""
    width, tall = size
    run = detail.run
    counts = task_counts(rows, with_those_to_come=not run.is_finished)
    told = _told(_origin(detail), number, with_keys=tall)
    path = crumbs(*way_to(run), room=width - width_of(told) - 2 if told else width)
    where = between(path, told, width)
    state = _state(detail, now, palette, zone, with_usual=tall)
    if not tall:
        wrong = _tally(counts, palette, ("wrong", "retrying"))
        left = [*state, blank(3), *wrong] if wrong else state
        beat = _heartbeat(detail, now)
        right = beat if beat and beat[0].bold else _done(counts)
        if width_of(left) + width_of(right) + 2 > width and right is not beat:
            right = [right[0]._replace(text=right[0].text.removesuffix(" tasks"))]
        room = width - sum(len(piece.text) for piece in right) - 2
        said = fit_pieces(left, room, ellipsis=palette.ellipsis)
        return [where, between(said, right, width), ribbon(counts, palette, width)]
    said = _trimmed(fit_pieces(state, max(40, width * 3 // 5), ellipsis=palette.ellipsis))
    facts = _facts(detail, now, zone, width - width_of(said) - 3, palette.ellipsis)
    flow = _stays(detail, palette, now, width // 2)
    return [
        where,
        [],
        between(said, facts, width),
        ribbon(counts, palette, width),
        between([*_progress(counts), *_tally(counts, palette)], flow, width),
        [],
    ]


def task_counts(rows: Sequence[TaskRow], with_those_to_come: bool = False) -> dict[str, int]:
    """How many task runs are in each state; a mapped task counts by its children."""
    counted: dict[str, int] = {}
    for row in rows:
        if row.is_strip or (row.task.is_child and not row.children):
            continue
        if not row.children:
            each = {row.state: 1}
        else:
            each = dict(counts_of(child.state.type for child in row.children))
            if with_those_to_come and row.to_come:
                each["Pending"] = each.get("Pending", 0) + row.to_come
        for state, count in each.items():
            counted[state] = counted.get(state, 0) + count
    return counted


def _trimmed(pieces: Sequence[Piece]) -> list[Piece]:
    """Without the blanks at the end."""
    kept = list(pieces)
    while kept and not kept[-1].text.strip():
        kept.pop()
    return kept


def _origin(detail: FlowRunDetail) -> str:
    """Who wanted it, as far as that is known; or that it had to be helped up."""
    if detail.times_resurrected:
        return f"resurrected {detail.times_resurrected}x"
    made_by = f"by {cut(plain(detail.created_by), 20)}" if detail.created_by else ""
    return "scheduled" if detail.run.auto_scheduled else made_by


def _told(origin: str, number: RunNumber | None, with_keys: bool) -> Line:
    """What stands beside the way to it: who wanted it, and which of its flow's runs it is."""
    told: Line = [Piece(origin, "fg2")] if origin else []
    if number is None or number.number > number.of:
        return told
    of = f"{thin_groups(number.number)} of {thin_groups(number.of)}{'+' * number.are_more}"
    gap = [blank(3)] if told else []
    if not with_keys:
        return [*told, *gap, Piece(f"[ {of} ]", "fg2")]
    older = "fg3" if number.number == number.of else "fg2"
    newer = "fg3" if number.number == 1 else "fg2"
    keys = [Piece("[ older", older), blank(3), Piece("newer ]", newer), blank(3)]
    return [*told, *gap, *keys, Piece(f"run {of}", "fg2")]


def _state(
    detail: FlowRunDetail,
    now: datetime,
    palette: Palette,
    zone: tzinfo | None,
    with_usual: bool,
) -> Line:
    run, shown = detail.run, detail.run.shown_state(now)
    glyph, word = state_pieces(shown, palette)
    pieces = [glyph, word._replace(bold=True)]
    seconds = run.seconds(now)
    if seconds is not None:
        pieces += [blank(2), Piece(duration(seconds), "fg0", bold=True)]
    elif waits_for_its_time(run, now):
        left = run.due - now
        waited = duration(-left) if shown == states.LATE else countdown(left)
        pieces += [blank(2), Piece(waited, "fg0", bold=True)]
    usual = detail.usual_seconds
    if usual and seconds is not None and not run.is_finished and run.start_time:
        end = run.start_time + timedelta(seconds=usual)
        eta = f"eta {clock(end, zone, seconds=False)}" if end > now else "slower than usual"
        said = f"of about {about(usual)}, {eta}" if with_usual else eta
        pieces += [blank(2), Piece(said, "fg2")]
    elif run.state.message and (with_usual or run.is_finished):
        pieces += [blank(2), Piece(plain(run.state.message), "fg2")]
    return pieces


def waits_for_its_time(run: FlowRun, now: datetime) -> bool:
    """It has a time to start, and has not started."""
    return run.start_time is None and run.shown_state(now) in ("Scheduled", states.LATE)


def _facts(
    detail: FlowRunDetail, now: datetime, zone: tzinfo | None, room: int, ellipsis: str
) -> Line:
    """When it began and ended, by whose hands, and that it lives: as much of it as there is room
    for. The agent's name is shortened first; then the agent is left out, and then the times."""
    run = detail.run
    started = f"started {zoned_instant(run.start_time, now, zone)}" if run.start_time else ""
    if waits_for_its_time(run, now):
        started = f"due {zoned_moment(run.due, now, zone)}"
    ended = alone = ""
    if run.is_finished and run.end_time:
        ended = f"ended {zoned_instant(run.end_time, run.start_time or now, zone)}"
        alone = f"ended {zoned_instant(run.end_time, now, zone)}"
    name = plain(detail.agent_name)
    beat = _heartbeat(detail, now)
    least = f"agent {cut_middle(name, SHORTEST_AGENT, ellipsis)}" if name else ""
    for kept in ((started, ended, least), (started, ended), (alone or started,), ()):
        facts = [[Piece(text, "fg2")] for text in kept if text]
        line = _apart([*facts, beat])
        if width_of(line) <= room:
            break
    if least not in kept or not name:
        return line
    agent = f"agent {cut_middle(name, SHORTEST_AGENT + room - width_of(line), ellipsis)}"
    return _apart([*facts[:-1], [Piece(agent, "fg2")], beat])


def _apart(facts: Sequence[Line]) -> Line:
    pieces: Line = []
    for fact in facts:
        pieces += [blank(3), *fact] if pieces and fact else fact
    return pieces


def _heartbeat(detail: FlowRunDetail, now: datetime) -> Line:
    """How long ago the process was heard of; it stands out once some were missed."""
    if not states.is_running(detail.run.state.type) or not detail.heartbeat:
        return []
    seconds = (now - detail.heartbeat).total_seconds()
    token = "fg2"
    if seconds > HEARTBEAT_AMBER:
        token = "failed" if seconds > HEARTBEAT_RED else "late"
    return [Piece(f"heartbeat {age(max(1.0, seconds))} ago", token, bold=token != "fg2")]


def _progress(counts: dict[str, int]) -> Line:
    """How many task runs are over, of how many; nothing while there are none."""
    over = sum(count for state, count in counts.items() if states.is_finished(state))
    total = sum(counts.values())
    if not total:
        return []
    return [
        Piece(f"{thin_groups(over)}/{thin_groups(total)}", "fg0", bold=True),
        Piece(" done", "fg1"),
        blank(3),
    ]


def _done(counts: dict[str, int]) -> Line:
    over = sum(count for state, count in counts.items() if states.is_finished(state))
    return [Piece(f"{thin_groups(over)} of {thin_groups(sum(counts.values()))} tasks", "fg2")]


def _tally(counts: dict[str, int], palette: Palette, only: Sequence[str] | None = None) -> Line:
    apart = {"Retrying": "retrying", "Paused": "paused"}
    groups = dict.fromkeys(("wrong", "retrying", "running", "paused", "success", "waiting"), 0)
    for state, count in counts.items():
        groups[apart.get(state, look_of(state).group)] += count
    shown = [
        ("wrong", "Failed", "failed"),
        ("retrying", "Retrying", "retrying"),
        ("running", "Running", "running"),
        ("paused", "Paused", "paused"),
        ("success", "Success", "ok"),
        ("waiting", "Pending", "waiting"),
    ]
    return tally(
        [
            (state, groups[group], word)
            for group, state, word in shown
            if groups[group] and (only is None or group in only)
        ],
        palette,
    )


def _stays(detail: FlowRunDetail, palette: Palette, now: datetime, width: int) -> Line:
    """How long each state lasted, so far."""
    stays: list[tuple[str, float]] = []
    for index, record in enumerate(detail.states):
        last = index == len(detail.states) - 1
        until = now if last else detail.states[index + 1].timestamp
        stays.append((record.type, max(0.0, (until - record.timestamp).total_seconds())))
    if stays and states.is_finished(stays[-1][0]):
        state = stays.pop()[0]
        pieces = state_flow(stays, palette, width - 8)
        glyph = Piece(palette.state_glyph(state), look_of(state).token)
        return [*pieces, Piece(f"  {palette.glyph('then')}  ", "fg3"), glyph]
    return state_flow(stays, palette, width)
