"""Why nobody takes a run: the question everybody has who watches one that does not begin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.runs import FlowRun

PATIENCE = timedelta(seconds=15)
"""An agent asks for work every 10 s; a run that waits longer than this has a reason to."""


def is_overdue(run: FlowRun, now: datetime) -> bool:
    """Whether an agent should have taken the run by now."""
    return states.is_scheduled(run.state.type) and now - run.due > PATIENCE


def why_waiting(run: FlowRun, agents: Sequence[Agent], now: datetime) -> str:
    """One sentence on the agents that there are, and why none of them takes this run."""
    labels = ", ".join(sorted(run.labels))
    needs = f"labels {labels}" if labels else "an agent without labels"
    fitting = [agent for agent in agents if agent.takes(run.labels)]
    healthy = [agent for agent in fitting if agent.health(now) == "healthy"]
    if not agents:
        return "No agent is registered with this backend, so nothing is taken."
    if healthy:
        names = _names(healthy)
        return f"No agent has taken it yet, though {names} could. Is it full, or stopped?"
    if fitting:
        return f"No agent has taken it: it fits {_names(fitting)}, which asks no more."
    return f"No agent takes it: it needs {needs}, and {_names(agents)} does not match."


def _names(agents: Sequence[Agent]) -> str:
    named = [agent.name or str(agent.id)[:8] for agent in agents[:3]]
    rest = len(agents) - len(named)
    return " or ".join(named) + (f" (and {rest} more)" if rest else "")
