"""What else is known of something that needs a human: where, since when, and what went well."""

from __future__ import annotations

from datetime import datetime, tzinfo

from flowtui.models import states
from flowtui.models.attention import Matter
from flowtui.models.flows import FlowSummary
from flowtui.models.runs import FlowRun
from flowtui.models.text import age, duration, moment, plain
from flowtui.ui.ink import Piece
from flowtui.ui.paint import zoned_moment


def cause_facts(
    matter: Matter, flow: FlowSummary | None, now: datetime, zone: tzinfo | None
) -> list[Piece]:
    """The second line of a cause."""
    told = _of_late(matter, now, zone) if matter.state == states.LATE else _of_failed(matter, flow)
    if matter.runs > 1 and matter.first is not None:
        told.append(f"first {moment(matter.first, now, zone)}")
    good = _last_good(flow)
    if flow is not None and good is not None:
        if any(states.is_success(run.state.type) for run in _before(matter, flow)):
            told.append(f"new since v{matter.version}")
        when = good.end_time or good.scheduled_start_time
        again = matter.state != states.LATE and when > matter.since
        word = "ok again" if again else "last ok"
        told.append(f"{word} {moment(when, now, zone)}, {plain(good.name)}")
    return [Piece(" · ".join(told), "fg2")]


def _of_late(matter: Matter, now: datetime, zone: tzinfo | None) -> list[str]:
    told = [f"due {zoned_moment(matter.since, now, zone)}"]
    agent = matter.agent
    if agent is not None and agent.last_queried is not None:
        asked = age(now - agent.last_queried)
        told.append(f"agent {plain(agent.name or 'agent')} last asked {asked} ago")
    return told


def _of_failed(matter: Matter, flow: FlowSummary | None) -> list[str]:
    told = [plain(matter.task)] if matter.task else []
    if matter.state == "TimedOut" and flow is not None and flow.usual_seconds:
        told.append(f"usually {duration(flow.usual_seconds)}")
    return told


def _before(matter: Matter, flow: FlowSummary) -> list[FlowRun]:
    """The runs of versions in which it has not happened yet."""
    if matter.state == states.LATE:
        return []
    return [run for run in flow.recent_runs if run.flow_version < matter.version]


def _last_good(flow: FlowSummary | None) -> FlowRun | None:
    runs = flow.recent_runs if flow is not None else ()
    return next((run for run in runs if states.is_success(run.state.type)), None)
