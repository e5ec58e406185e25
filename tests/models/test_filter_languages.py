"""What agents, versions, projects, days and limits can be asked for, in the one filter language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flowtui.models.agents import Agent
from flowtui.models.calendar import FlowDay, Stay
from flowtui.models.filters import Language
from flowtui.models.filters_agents import AGENTS
from flowtui.models.filters_days import DAYS
from flowtui.models.filters_flows import FLOWS
from flowtui.models.filters_limits import LIMITS
from flowtui.models.filters_projects import PROJECTS
from flowtui.models.filters_versions import VERSIONS
from flowtui.models.flows import FlowSummary, FlowVersion, Parameter
from flowtui.models.ids import AgentId, FlowGroupId, FlowId, ProjectId
from flowtui.models.limits import TAG, Limit
from flowtui.models.projects import Project, ProjectSummary
from tests.world import NOW

AGENT = Agent(
    AgentId("a1"),
    "k8s-prod-1",
    "KubernetesAgent",
    ("prod", "gpu"),
    NOW - timedelta(hours=1),
    "1.4.1",
)
VERSION = FlowVersion(
    FlowId("f1"), "orders-etl", 7, NOW - timedelta(days=9), True, "ml", "0.15.3",
    parameters=(Parameter("batch_size", False, 5),),
)  # fmt: skip
FLOW = FlowSummary(FlowGroupId("g1"), VERSION)
PROJECT = ProjectSummary(
    Project(ProjectId("p1"), "ml", NOW - timedelta(days=3), "models", flows=1), (FLOW,)
)
DAY = FlowDay(
    FlowGroupId("g1"), "orders-etl", "ml", (Stay(NOW - timedelta(hours=2), NOW, "Failed"),)
)
LIMIT = Limit("l1", TAG, "warehouse", 4, 4)


@pytest.mark.parametrize(
    ("language", "record", "holds", "fails"),
    [
        (AGENTS, AGENT, "prod state:stale label:gpu age:>10m core:1.4* type:kube", "state:healthy"),
        (AGENTS, AGENT, "!label:gp since:2h /k8s-\\w+/", "since:10m"),
        (VERSIONS, VERSION, "v7 archived:yes param:batch* age:>1d schedule:none", "archived:no"),
        (VERSIONS, VERSION, "version:>=7 core:0.15.3 failed:<1", "failed:>0"),
        (FLOWS, FLOW, "archived:yes name:orders* project:ml", "archived:no"),
        (PROJECTS, PROJECT, "models flow:orders flows:1 since:7d !wrong:>0", "wrong:>0"),
        (DAYS, DAY, "state:failed failed:1 time:>1h project:ml ran:1", "planned:>0"),
        (LIMITS, LIMIT, "ware of:tag full:yes limit:<5 used:4", "of:label"),
    ],
)
def test_each_language_knows_its_fields(
    language: Language[Any], record: Any, holds: str, fails: str
) -> None:
    found = language.parse(holds, NOW)
    assert found.problem is None, found.problem
    assert found.matches(record)
    for term in holds.split():
        assert language.parse(term, NOW).matches(record), term
    assert not language.parse(fails, NOW).matches(record)


def test_values_are_completed_from_what_there_is() -> None:
    def options(language: Language[Any], text: str, record: Any) -> tuple[str, ...]:
        return language.complete(text, len(text), [record]).options

    assert options(AGENTS, "label:", AGENT) == ("gpu", "prod")
    assert options(AGENTS, "state:s", AGENT)[0] == "stale"
    assert options(VERSIONS, "param:", VERSION) == ("batch_size",)
    assert options(PROJECTS, "flow:", PROJECT) == ("orders-etl",)
    assert options(LIMITS, "full:", LIMIT) == ("yes", "no")
    assert options(DAYS, "pro", DAY) == ("project:",)
