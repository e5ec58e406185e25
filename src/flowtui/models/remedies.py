"""What would help a run that does not run, and which other runs wait for the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta, tzinfo

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.diagnosis import Circumstances, Diagnosis, takers_last_seen
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, clock

SOON = timedelta(hours=3)
"""How far ahead runs are counted that will wait for the same."""


@frozen
class Remedy:
    """Something to be done about it, and the keys for that."""

    key: str
    """Empty where it is done elsewhere."""
    does: str
    then: str = ""
    """What follows from it."""


@frozen
class Around:
    """What else is planned, and the zone of clocks."""

    known: Circumstances
    planned: Sequence[FlowRun] = ()
    zone: tzinfo | None = None


@frozen
class SameCause:
    """Runs that wait, or will, for the agent that this one waits for."""

    late: int
    due: tuple[FlowRun, ...]
    """Those of the next hours, the one that is due first in front."""


def remedies(around: Around, diagnosis: Diagnosis) -> tuple[Remedy, ...]:
    """What would help against the cause, the nearest first."""
    if diagnosis.cause is None:
        return ()
    return (*_REMEDIES[diagnosis.cause.name](around), *_give_up(around))


def same_cause(known: Circumstances, planned: Sequence[FlowRun]) -> SameCause:
    """The runs, this one among them, that no live agent takes and this run's agents would."""
    live = [agent for agent in known.agents if agent.health(known.now) == "healthy"]

    def waits_too(run: FlowRun) -> bool:
        if any(agent.takes(run.labels) for agent in live):
            return False
        same = set(run.labels) == set(known.run.labels)
        return same or any(agent.takes(run.labels) for agent in known.takers)

    found = sorted((run for run in planned if waits_too(run)), key=lambda run: run.due)
    late = sum(1 for run in found if run.shown_state(known.now) == states.LATE)
    until = known.now + SOON
    return SameCause(late, tuple(run for run in found if known.now < run.due <= until))


# By what is wrong ---------------------------------------------------------------------------------


def _labels(around: Around) -> tuple[Remedy, ...]:
    """An agent that takes it, or labels that somebody takes."""
    known = around.known
    takers = takers_last_seen(known)
    if takers:
        then = "it is taken within seconds; nothing to press here"
        start = Remedy("", f"start {takers[0].name or 'the agent'} again on its host", then)
    else:
        wanted = " ".join(known.run.labels) or "no labels"
        start = Remedy("", f"start an agent with {wanted}", "on any host; nothing to press here")
    return (start, _other_labels(known), Remedy("4", "look at the agents"))


def _other_labels(known: Circumstances) -> Remedy:
    live = [agent for agent in known.agents if agent.health(known.now) == "healthy"]
    does = "change the labels of this run …"
    if not live:
        return Remedy("x L", does)

    def served(agent: Agent) -> int:
        return sum(1 for one in live if one.takes(agent.labels))

    best = max(live, key=served)
    labels, count = " ".join(best.labels) or "none", served(best)
    who = f"{best.name} would" if count == 1 else f"{count} healthy agents would"
    return Remedy("x L", does, f"to {labels}; {who} take it now")


def _give_up(around: Around) -> tuple[Remedy, ...]:
    """To cancel it, and to have no more of its kind."""
    known = around.known
    cancel = Remedy("x c", "cancel this run …")
    mine = [run for run in around.planned if run.flow_group_id == known.group.id]
    waiting = {run.id for run in same_cause(known, mine).due}
    after = next((run for run in mine if run.id in waiting and run.id != known.run.id), None)
    if after is None or known.live_takers:
        return (cancel,)
    at = clock(after.due, around.zone, seconds=False)
    found = [Remedy(cancel.key, cancel.does, f"the next one is due {at}; it will be late too")]
    planned = sum(1 for run in mine if run.auto_scheduled)
    if known.group.latest.is_schedule_active and planned:
        then = f"until the agent is back; {amount(planned, 'planned run')} would go"
        found.append(Remedy("x p", "turn the schedule off …", then))
    return tuple(found)


_AGAIN = Remedy("x s", "set it to Scheduled …", "another agent may take it")

_REMEDIES: dict[str, Callable[[Around], tuple[Remedy, ...]]] = {
    "flow": lambda around: (
        Remedy("x K", "run it again now …", f"on v{around.known.group.latest.version}, the newest"),
    ),
    "queue": lambda around: (Remedy("1 x Q", "resume the queue …", "agents are given runs again"),),
    "limits": lambda around: (
        Remedy("7", "look at the limits", "where x e lets more run at once"),
    ),
    "state": lambda around: (Remedy("x a", "approve …", "it goes on where it stopped"),),
    "agent": _labels,
    "submitted": lambda around: (_AGAIN, Remedy("4", "look at the agents")),
    "heartbeat": lambda around: (_AGAIN, Remedy("l", "read its log")),
}
