"""Every filter language there is: one for each kind of list, for the lists, help and README."""

from __future__ import annotations

from typing import Any

from flowtui.models.filters import Language
from flowtui.models.filters_agents import AGENTS
from flowtui.models.filters_days import DAYS
from flowtui.models.filters_errors import ERRORS
from flowtui.models.filters_flow_tasks import FLOW_TASKS
from flowtui.models.filters_flows import FLOWS
from flowtui.models.filters_journal import JOURNAL
from flowtui.models.filters_limits import LIMITS
from flowtui.models.filters_projects import PROJECTS
from flowtui.models.filters_runs import RUNS
from flowtui.models.filters_tasks import TASKS
from flowtui.models.filters_versions import VERSIONS

LANGUAGES: tuple[Language[Any], ...] = (
    FLOWS,
    VERSIONS,
    FLOW_TASKS,
    ERRORS,
    RUNS,
    TASKS,
    AGENTS,
    PROJECTS,
    DAYS,
    LIMITS,
    JOURNAL,
)
"""Every one of them."""

__all__ = [
    "AGENTS",
    "DAYS",
    "ERRORS",
    "FLOWS",
    "FLOW_TASKS",
    "JOURNAL",
    "LANGUAGES",
    "LIMITS",
    "PROJECTS",
    "RUNS",
    "TASKS",
    "VERSIONS",
]
