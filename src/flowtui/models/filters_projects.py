"""What projects can be filtered by."""

from __future__ import annotations

from flowtui.models.filter_kinds import NUMBER, SINCE, STATE, TEXT
from flowtui.models.filters import FilterField, Language
from flowtui.models.projects import ProjectSummary

PROJECTS: Language[ProjectSummary] = Language(
    "project",
    lambda row: (row.project.name, row.project.description),
    lambda row: (row.project.id,),
    "the name of the project or its description",
    (
        FilterField(
            "state",
            "The state of its flow that is worst; wrong is failed or late.",
            STATE,
            lambda row, now: row.shown_state(now),
            example="state:wrong",
        ),
        FilterField(
            "name",
            "The name of the project.",
            TEXT,
            lambda row, now: row.project.name,
            lambda row: (row.project.name,),
            "name:ml",
        ),
        FilterField(
            "flow",
            "A flow that is in it.",
            TEXT,
            lambda row, now: tuple(flow.name for flow in row.flows),
            lambda row: tuple(flow.name for flow in row.flows),
            "flow:etl",
        ),
        FilterField(
            "flows",
            "How many flows it holds.",
            NUMBER,
            lambda row, now: row.project.flows,
            example="flows:>10",
        ),
        FilterField(
            "wrong",
            "How many of its flows are late or have failed last.",
            NUMBER,
            lambda row, now: row.wrong(now),
            example="wrong:>0",
        ),
        FilterField(
            "since",
            "It was created at that time or later.",
            SINCE,
            lambda row, now: row.project.created,
            example="since:7d",
        ),
    ),
)
