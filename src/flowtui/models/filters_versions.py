"""What the versions of a flow can be filtered by."""

from __future__ import annotations

from flowtui.models import states
from flowtui.models.filter_kinds import NUMBER, SCHEDULE, SINCE, SPAN, STATE, TEXT, YES_NO
from flowtui.models.filters import FilterField, Language
from flowtui.models.filters_runs import age_of
from flowtui.models.flows import FlowVersion


def _schedule_of(version: FlowVersion) -> tuple[str, ...]:
    if version.schedule is None:
        return ("none",)
    return ("on" if version.is_schedule_active else "off", *version.schedule.clocks)


def _failed(version: FlowVersion) -> int:
    return sum(1 for run in version.recent_runs if states.is_failed(run.state.type))


VERSIONS: Language[FlowVersion] = Language(
    "version",
    lambda version: (f"v{version.version}", version.name, version.project_name),
    lambda version: (version.id,),
    "the number of the version, as in v3",
    (
        FilterField(
            "version",
            "Its number.",
            NUMBER,
            lambda version, now: version.version,
            example="version:>3",
        ),
        FilterField(
            "archived",
            "Whether it is archived.",
            YES_NO,
            lambda version, now: "yes" if version.archived else "no",
            example="archived:no",
        ),
        FilterField(
            "state",
            "The state of its last run.",
            STATE,
            lambda version, now: (
                version.recent_runs[0].shown_state(now) if version.recent_runs else ""
            ),
            example="state:failed",
        ),
        FilterField(
            "failed",
            "How many of its last ten runs failed.",
            NUMBER,
            lambda version, now: _failed(version),
            example="failed:>0",
        ),
        FilterField(
            "param",
            "A parameter that it takes.",
            TEXT,
            lambda version, now: tuple(one.name for one in version.parameters),
            lambda version: tuple(one.name for one in version.parameters),
            "param:batch_size",
        ),
        FilterField(
            "schedule",
            "Its schedule: on, off, none, or a part of it.",
            SCHEDULE,
            lambda version, now: _schedule_of(version),
            example="schedule:off",
        ),
        FilterField(
            "core",
            "The version of Prefect it was registered with.",
            TEXT,
            lambda version, now: version.core_version,
            lambda version: (version.core_version,),
            "core:1.4*",
        ),
        FilterField(
            "since",
            "It was registered at that time or later.",
            SINCE,
            lambda version, now: version.created,
            example="since:7d",
        ),
        FilterField(
            "age",
            "How long ago it was registered.",
            SPAN,
            lambda version, now: age_of(version.created, now),
            example="age:>30d",
        ),
    ),
)
