"""What agents can be filtered by."""

from __future__ import annotations

from flowtui.models.agents import Agent
from flowtui.models.filter_kinds import HEALTH, SINCE, SPAN, TEXT, WHOLE
from flowtui.models.filters import FilterField, Language
from flowtui.models.filters_runs import age_of

AGENTS: Language[Agent] = Language(
    "agent",
    lambda agent: (agent.name, agent.type, *agent.labels),
    lambda agent: (agent.id,),
    "the name of the agent, its type or a label",
    (
        FilterField(
            "state",
            "How it is: healthy, stale or old.",
            HEALTH,
            lambda agent, now: agent.health(now),
            example="state:stale,old",
        ),
        FilterField(
            "name",
            "The agent's own name.",
            TEXT,
            lambda agent, now: agent.name,
            lambda agent: (agent.name,),
            "name:k8s*",
        ),
        FilterField(
            "type",
            "The kind of agent.",
            TEXT,
            lambda agent, now: agent.type,
            lambda agent: (agent.type.removesuffix("Agent").lower(),),
            "type:docker",
        ),
        FilterField(
            "label",
            "A label it serves; !label:* has none.",
            WHOLE,
            lambda agent, now: agent.labels,
            lambda agent: agent.labels,
            "label:prod",
        ),
        FilterField(
            "since",
            "It asked for work at that time or later.",
            SINCE,
            lambda agent, now: agent.last_queried,
            example="since:10m",
        ),
        FilterField(
            "age",
            "How long ago it asked for work.",
            SPAN,
            lambda agent, now: age_of(agent.last_queried, now),
            example="age:>1d",
        ),
        FilterField(
            "core",
            "The version of Prefect it runs.",
            TEXT,
            lambda agent, now: agent.core_version,
            lambda agent: (agent.core_version,),
            "core:1.4*",
        ),
    ),
)
