"""What flows can be filtered by."""

from __future__ import annotations

from datetime import datetime

from flowtui.models.filter_kinds import NUMBER, SCHEDULE, SINCE, SPAN, STATE, TEXT, WHOLE, YES_NO
from flowtui.models.filters import FilterField, Language
from flowtui.models.filters_runs import age_of, time_of
from flowtui.models.flows import FlowSummary


def _schedule_of(flow: FlowSummary) -> tuple[str, ...]:
    if flow.schedule is None:
        return ("none",)
    return ("on" if flow.latest.is_schedule_active else "off", *flow.schedule.clocks)


def _last_run(flow: FlowSummary) -> datetime | None:
    return max((when for when in map(time_of, flow.recent_runs) if when), default=None)


FLOWS: Language[FlowSummary] = Language(
    "flow",
    lambda flow: (flow.name, flow.latest.project_name),
    lambda flow: (flow.group_id, flow.latest.id),
    "the name of the flow or of its project",
    (
        FilterField(
            "state",
            "Its state and all of that family; wrong is failed or late.",
            STATE,
            lambda flow, now: flow.shown_state(now),
            example="state:failed,late",
        ),
        FilterField(
            "project",
            "The project it is in.",
            TEXT,
            lambda flow, now: flow.latest.project_name,
            lambda flow: (flow.latest.project_name,),
            "project:ml",
        ),
        FilterField(
            "label",
            "A label that its runs get; !label:* has none.",
            WHOLE,
            lambda flow, now: flow.labels,
            lambda flow: flow.labels,
            "label:prod",
        ),
        FilterField(
            "schedule",
            "Its schedule: on, off, none, or a part of it.",
            SCHEDULE,
            lambda flow, now: _schedule_of(flow),
            example="schedule:off",
        ),
        FilterField(
            "archived",
            "Whether no version of it can run; without this only those that can are listed.",
            YES_NO,
            lambda flow, now: "yes" if flow.latest.archived else "no",
            example="archived:yes",
        ),
        FilterField(
            "name",
            "The name of the flow.",
            TEXT,
            lambda flow, now: flow.name,
            lambda flow: (flow.name,),
            "name:orders*",
        ),
        FilterField(
            "version",
            "The number of its newest version.",
            NUMBER,
            lambda flow, now: flow.latest.version,
            example="version:>3",
        ),
        FilterField(
            "since",
            "Its last run started at that time or later.",
            SINCE,
            lambda flow, now: _last_run(flow),
            example="since:2h",
        ),
        FilterField(
            "age",
            "How long ago its last run started.",
            SPAN,
            lambda flow, now: age_of(_last_run(flow), now),
            example="age:>7d",
        ),
    ),
)
