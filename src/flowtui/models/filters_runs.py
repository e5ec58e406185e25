"""What flow runs can be filtered by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flowtui.models import run_conditions
from flowtui.models.filter_kinds import (
    NUMBER,
    ORIGIN,
    PARAMETER,
    SINCE,
    SPAN,
    STATE,
    TEXT,
    UNTIL,
    WHOLE,
)
from flowtui.models.filters import FilterField, Language
from flowtui.models.inputs import shown_value
from flowtui.models.runs import FlowRun


def time_of(run: FlowRun | None) -> datetime | None:
    """When a run started, or else was or is due."""
    if run is None:
        return None
    return run.start_time or run.due


def age_of(when: datetime | None, now: datetime) -> float | None:
    """How many seconds ago a moment was; None for one that is still to come."""
    return None if when is None or when > now else (now - when).total_seconds()


def _parameters_of(run: FlowRun) -> Iterable[str]:
    return (f"{name}={shown_value(value)}" for name, value in run.parameters.items())


RUNS: Language[FlowRun] = Language(
    "run",
    lambda run: (run.name, run.flow_name),
    lambda run: (run.id,),
    "the name of the run or of its flow",
    (
        FilterField(
            "state",
            "Its state and all of that family; wrong is failed or late.",
            STATE,
            lambda run, now: run.shown_state(now),
            example="state:failed,late",
            asks=run_conditions.state,
        ),
        FilterField(
            "flow",
            "The flow it is a run of.",
            TEXT,
            lambda run, now: run.flow_name,
            lambda run: (run.flow_name,),
            "flow:etl",
            asks=run_conditions.text_in("flow.name"),
        ),
        FilterField(
            "project",
            "The project of its flow.",
            TEXT,
            lambda run, now: run.project_name,
            lambda run: (run.project_name,),
            "project:ml",
            asks=run_conditions.text_in("flow.project.name"),
        ),
        FilterField(
            "label",
            "A label of the run; !label:* has none.",
            WHOLE,
            lambda run, now: run.labels,
            lambda run: run.labels,
            "label:prod",
            asks=run_conditions.label,
        ),
        FilterField(
            "name",
            "The run's own name.",
            TEXT,
            lambda run, now: run.name,
            example="name:rosy*",
            asks=run_conditions.text_in("name", True),
        ),
        FilterField(
            "param",
            "A parameter, or a parameter and its whole value.",
            PARAMETER,
            lambda run, now: run.parameters,
            _parameters_of,
            "param:date=2021-*",
            asks=run_conditions.parameter,
        ),
        FilterField(
            "version",
            "The version of the flow.",
            NUMBER,
            lambda run, now: run.flow_version,
            example="version:>3",
            asks=run_conditions.version,
        ),
        FilterField(
            "since",
            "It started, or should have, at that time or later.",
            SINCE,
            lambda run, now: time_of(run),
            example="since:2h",
            asks=run_conditions.since,
        ),
        FilterField(
            "until",
            "It started, or is due, at that time or before.",
            UNTIL,
            lambda run, now: time_of(run),
            example="until:08:00",
            asks=run_conditions.until,
        ),
        FilterField(
            "age",
            "How long ago it started, or should have.",
            SPAN,
            lambda run, now: age_of(time_of(run), now),
            example="age:<2h",
            asks=run_conditions.age,
        ),
        FilterField(
            "time",
            "How long it took, or takes so far.",
            SPAN,
            lambda run, now: run.seconds(now),
            example="time:>10m",
        ),
        FilterField(
            "message",
            "What its state says.",
            TEXT,
            lambda run, now: run.state.message,
            example='message:"timed out"',
            asks=run_conditions.text_in("state_message", True),
        ),
        FilterField(
            "by",
            "Who planned it: its schedule, or somebody by hand.",
            ORIGIN,
            lambda run, now: "schedule" if run.auto_scheduled else "hand",
            example="by:hand",
            asks=run_conditions.origin,
        ),
    ),
    words_ask=run_conditions.words,
)
