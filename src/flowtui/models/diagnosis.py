"""Why a run is not running: what it has to pass on its way, in order, and where it stands.

Each check states a fact that was read from the backend; the first one that is wrong is the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.flows import FlowGroup, FlowVersion
from flowtui.models.runs import FlowRun, FlowRunDetail
from flowtui.models.text import amount, away, clock, duration, zone_name

OK, WRONG, OPEN = "ok", "wrong", "open"

SLOW_START = timedelta(minutes=2)
"""A run that was submitted longer ago and has not begun is stuck."""

SILENT = timedelta(minutes=2)
"""Four heartbeats of 30 seconds."""


@frozen
class Circumstances:
    """All that is known about a run that waits."""

    detail: FlowRunDetail
    group: FlowGroup
    agents: Sequence[Agent]
    is_queue_paused: bool
    now: datetime

    @property
    def run(self) -> FlowRun:
        return self.detail.run

    @property
    def version(self) -> FlowVersion:
        """The version of the flow that the run is of."""
        mine = (one for one in self.group.versions if one.id == self.run.flow_id)
        return next(mine, self.group.latest)

    @property
    def due(self) -> datetime:
        return self.run.due

    @property
    def takers(self) -> list[Agent]:
        """Agents that take runs with these labels, live or not."""
        return [agent for agent in self.agents if agent.takes(self.run.labels)]

    @property
    def live_takers(self) -> list[Agent]:
        return [agent for agent in self.takers if agent.health(self.now) == "healthy"]


@frozen
class Check:
    """One thing a run has to pass."""

    name: str
    verdict: str
    text: str
    help: str = ""
    """Where to look that is not here; what keys do about it is a remedy."""


@frozen
class Diagnosis:
    """The answer, and everything that was looked at."""

    headline: str
    detail: str
    checks: tuple[Check, ...]
    is_bad: bool

    @property
    def cause(self) -> Check | None:
        """The first thing that is wrong."""
        return next((check for check in self.checks if check.verdict == WRONG), None)


def diagnose(known: Circumstances, zone: tzinfo | None = None) -> Diagnosis:
    """Why the run is not running, or that it is; clocks are those of a zone."""
    checks: list[Check] = []
    stopped = False
    for check in CHECKS:
        made = check(known)
        if stopped and made.verdict != WRONG:
            made = Check(made.name, OPEN, "not reached")
        elif stopped:
            made = Check(made.name, OPEN, made.text)
        stopped = stopped or made.verdict == WRONG
        checks.append(made)
    cause = next((check for check in checks if check.verdict == WRONG), None)
    if cause is not None:
        detail = _who_would(known, zone) if cause.name == "agent" else cause.text
        return Diagnosis(_HEADLINES[cause.name](known), detail, tuple(checks), is_bad=True)
    headline, detail = _all_is_well(known)
    return Diagnosis(headline, detail, tuple(checks), is_bad=False)


# What a run passes, in order ----------------------------------------------------------------------


def _flow(known: Circumstances) -> Check:
    version = known.version
    if known.detail.flow_archived:
        text = f"v{version.version} is archived; v{known.group.latest.version} runs now"
        return Check("flow", WRONG, text)
    return Check("flow", OK, f"v{version.version} is not archived")


def _schedule(known: Circumstances) -> Check:
    version = known.version
    if not known.run.auto_scheduled:
        return Check("schedule", OK, "made by hand or by a client, no schedule needed")
    if not version.is_schedule_active:
        return Check("schedule", OK, "off now, but this run was planned before")
    return Check("schedule", OK, f"on, {known.group.schedule or version.schedule}")


def _queue(known: Circumstances) -> Check:
    if known.is_queue_paused:
        return Check("queue", WRONG, "the work queue of the tenant is paused")
    return Check("queue", OK, "not paused")


def _limits(known: Circumstances) -> Check:
    if known.run.state.type == "Queued":
        said = known.run.state.message or "no slot is free"
        return Check("limits", WRONG, said)
    return Check("limits", OK, "not waiting for a slot")


def _state(known: Circumstances) -> Check:
    state = known.run.state
    if states.is_finished(state.type):
        return Check("state", OK, f"{state.type}: it is over")
    if state.type == "Paused":
        return Check("state", WRONG, "Paused: it waits for somebody")
    if state.type == "Cancelling":
        return Check("state", OK, f"Cancelling, for {duration(_since(known))}")
    if known.due > known.now and states.is_scheduled(state.type):
        return Check("state", OK, f"{state.type}, due in {away(known.due - known.now)}")
    return Check("state", OK, f"{state.type}, version {state.version}")


def _agent(known: Circumstances) -> Check:
    if not states.is_scheduled(known.run.state.type):
        taken = known.detail.agent_name
        return Check("agent", OK, f"taken by {taken}" if taken else "it was taken")
    live = len(known.live_takers)
    text = f"{live} of {len(known.agents)} match and live"
    return Check("agent", OK if live else WRONG, text)


def _submitted(known: Circumstances) -> Check:
    state = known.run.state
    if state.type != "Submitted":
        return Check("submitted", OK, "not stuck on its way to a process")
    waited = _since(known)
    if waited > SLOW_START.total_seconds():
        text = f"for {duration(waited)}, and no process has reported"
        return Check("submitted", WRONG, text, "look at the agent's log")
    return Check("submitted", OK, f"for {duration(waited)}")


def _heartbeat(known: Circumstances) -> Check:
    if not states.is_running(known.run.state.type) or known.detail.heartbeat is None:
        return Check("heartbeat", OK, "none is expected yet")
    silent = known.now - known.detail.heartbeat
    if silent > SILENT and known.group.safeguards.heartbeat:
        text = f"none for {duration(silent)}; every 30s is usual"
        return Check("heartbeat", WRONG, text, "its process may be gone: look at its host")
    return Check("heartbeat", OK, f"{duration(silent)} ago")


def _lazarus(known: Circumstances) -> Check:
    often = known.detail.times_resurrected
    touched = f"has rescheduled it {amount(often, 'time')}" if often else "has not touched this run"
    switch = "on" if known.group.safeguards.lazarus else "off"
    return Check("Lazarus", OK, f"{switch}, {touched}")


CHECKS: tuple[Callable[[Circumstances], Check], ...] = (
    _flow,
    _schedule,
    _queue,
    _limits,
    _state,
    _agent,
    _submitted,
    _heartbeat,
    _lazarus,
)


# Sentences ----------------------------------------------------------------------------------------


def _labels(known: Circumstances) -> str:
    labels = known.run.labels
    if not labels:
        return "no labels"
    if len(labels) == 1:
        return f"the label {labels[0]}"
    return f"the labels {', '.join(labels[:-1])} and {labels[-1]}"


def _who_would(known: Circumstances, zone: tzinfo | None) -> str:
    """Which agent would take it if it were alive."""
    takers = takers_last_seen(known)
    if not known.agents:
        return "There is no agent at all."
    if not takers and not known.run.labels:
        return "An agent with labels takes no run without any."
    if not takers:
        whole = "it" if len(known.run.labels) == 1 else "all of them"
        count = len(known.agents)
        who = "The only agent does not have" if count == 1 else f"None of the {count} agents has"
        return f"{who} {whole}."
    last = takers[0]
    name = last.name or "an agent"
    who = f"{name} is the only one that would."
    if len(takers) > 1:
        who = f"{len(takers)} would, and {name} was heard of last."
    if last.last_queried is None:
        return f"{who} It has never asked for work."
    when = last.last_queried
    asked = away(known.now - when)
    return (
        f"{who} It last asked for work {asked} ago, at {clock(when, zone)} {zone_name(when, zone)}."
    )


_HEADLINES: dict[str, Callable[[Circumstances], str]] = {
    "flow": lambda known: "Its version of the flow is archived.",
    "queue": lambda known: "The work queue is paused.",
    "limits": lambda known: "It waits for a free slot.",
    "state": lambda known: "Somebody has to let it go on.",
    "agent": lambda known: f"No living agent takes a run with {_labels(known)}.",
    "submitted": lambda known: "An agent took it, but its process has not begun.",
    "heartbeat": lambda known: "Its process has gone silent.",
}


def _all_is_well(known: Circumstances) -> tuple[str, str]:
    state = known.run.state.type
    if states.is_finished(state):
        return f"It is over: {state}.", known.run.state.message
    if states.is_running(state):
        return "It is running.", known.run.state.message
    if states.is_scheduled(state) and known.due > known.now:
        return "It is not due yet.", f"It starts in {away(known.due - known.now)}."
    if states.is_scheduled(state):
        names = ", ".join(agent.name for agent in known.live_takers[:3])
        return "An agent should take it any moment.", f"{names} asked for work a moment ago."
    return f"It is {state}.", known.run.state.message


def takers_last_seen(known: Circumstances) -> list[Agent]:
    """Agents that would take it, the one that asked last first."""
    never = known.now - timedelta(days=36_500)
    return sorted(known.takers, key=lambda agent: agent.last_queried or never, reverse=True)


def _since(known: Circumstances) -> float:
    since = known.run.state.timestamp or known.now
    return max(0.0, (known.now - since).total_seconds())
