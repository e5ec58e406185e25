"""What there is to know before a run is started by hand: who takes it, what runs beside it, and how
its version has done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from flowtui.models import states
from flowtui.models.agents import Agent, live_takers
from flowtui.models.flows import FlowGroup, FlowVersion
from flowtui.models.limits import LABEL, Limit
from flowtui.models.schedules import Schedule
from flowtui.models.text import amount, away, cells, cut, moment, plain, thin_groups
from flowtui.ui.ink import Piece
from flowtui.ui.paint import Line, heading
from flowtui.ui.success import is_bad
from flowtui.ui.tokens import Palette

GOOD, ODD, IDLE = "Success", states.LATE, ""
"""What a fact is: as it should be, to be looked at, or neither."""

SHORTEST = 8
"""Cells that a name keeps."""

Fact = tuple[str, str]


def before_lines(
    group: FlowGroup,
    version: FlowVersion,
    labels: Sequence[str],
    agents: Sequence[Agent] | None,
    limits: Sequence[Limit] | None,
    now: datetime,
    zone: tzinfo | None,
    palette: Palette,
    width: int,
) -> list[Line]:
    """A fact a line; of agents and limits nothing while they are not known."""
    facts: list[Fact] = []
    if agents is not None:
        facts.append(_agents(agents, labels, now))
    facts.append(_schedule(group, version, now, zone))
    facts += _running(group, labels, limits, width - 2)
    facts.append(_history(version))
    return [heading("Before it starts"), *(_line(fact, palette, width) for fact in facts)]


def end_line(
    group: FlowGroup, version: FlowVersion, start: datetime, now: datetime, zone: tzinfo | None
) -> Line:
    """How long it usually takes, and when it would end; nothing where no run tells."""
    versions = (version, *group.versions)
    seconds = next((one.usual_seconds for one in versions if one.usual_seconds), None)
    if seconds is None:
        return []
    end = moment(start + timedelta(seconds=seconds), now, zone)
    said = f"{away(seconds)}, would end about {end}"
    return [Piece("Usual time  ", "fg2"), Piece(said, "fg1")]


def _line(fact: Fact, palette: Palette, width: int) -> Line:
    kind, said = fact
    shown = cut(plain(said), width - 2, palette.ellipsis)
    if kind == IDLE:
        return [Piece(f"{palette.glyph('absent')} ", "fg3"), Piece(shown, "fg2")]
    odd = kind == ODD
    sign = Piece(f"{palette.state_glyph(kind)} ", "late" if odd else "success", bold=odd)
    return [sign, Piece(shown, "fg0" if odd else "fg1")]


def _agents(agents: Sequence[Agent], labels: Sequence[str], now: datetime) -> Fact:
    live = len(live_takers(agents, labels, now))
    takes = f"take{'s' * (live < 2)} {', '.join(labels)}" if labels else "without labels"
    if not live:
        return ODD, f"no live agent {takes}"
    return GOOD, f"{amount(live, 'healthy agent')} {takes}"


def _schedule(group: FlowGroup, version: FlowVersion, now: datetime, zone: tzinfo | None) -> Fact:
    schedule = group.schedule or version.schedule
    if schedule is None:
        return IDLE, "no schedule, it runs by hand alone"
    if not version.is_schedule_active:
        return IDLE, "schedule off, no runs by themselves"
    when = _next_own(schedule, now)
    return GOOD, f"schedule on, next own run {moment(when, now, zone)}" if when else "schedule on"


def _next_own(schedule: Schedule, now: datetime) -> datetime | None:
    """When it runs by itself next, where its schedule can be read and goes on."""
    from flowtui.models.clocks import BadSchedule, next_events

    try:
        return next((one.start_time for one in next_events(schedule.document, now, 1)), None)
    except BadSchedule:
        return None


def _running(
    group: FlowGroup, labels: Sequence[str], limits: Sequence[Limit] | None, room: int
) -> list[Fact]:
    """What runs of it now, and how much room there is under its labels."""
    runs = [run for version in group.versions for run in version.recent_runs]
    names = [run.name for run in runs if states.is_running(run.state.type)]
    of_labels = [one for one in limits or () if one.kind == LABEL and one.name in labels]
    facts: list[Fact] = [(GOOD, "nothing of it runs now")]
    if names:
        more = f" and {len(names) - 1} more are" if len(names) > 1 else " is"
        free = ", no limit" if limits is not None and not of_labels else ""
        said = f"{more} running now{free}"
        facts = [(ODD, cut(plain(names[0]), max(SHORTEST, room - cells(said))) + said)]
    for one in of_labels:
        taken = f"{one.used} of {one.limit} taken"
        said = f"limit of {one.name}: {taken}"
        facts.append((ODD, f"{said}, it would wait") if one.is_full else (GOOD, said))
    return facts


def _history(version: FlowVersion) -> Fact:
    name, runs = f"v{version.version}", thin_groups(version.finished)
    if not version.finished:
        return IDLE, f"no run of {name} is over"
    failed = version.finished - version.succeeded
    if not failed:
        return GOOD, f"{name} failed none of its {runs} runs"
    kind = ODD if is_bad(version) else GOOD
    return kind, f"{name} failed {thin_groups(failed)} of its {runs} runs"
