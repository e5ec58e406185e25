"""What flows, runs and task runs can be filtered by: a field each, declared once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flowtui.models.filter_kinds import (
    NUMBER,
    ORIGIN,
    PARAMETER,
    SCHEDULE,
    SINCE,
    SPAN,
    STATE,
    TEXT,
    UNTIL,
    WHOLE,
)
from flowtui.models.filters import FilterField, Language
from flowtui.models.flows import FlowSummary
from flowtui.models.inputs import shown_value
from flowtui.models.runs import FlowRun
from flowtui.models.tasks import TaskRun


def _time_of(run: FlowRun | None) -> datetime | None:
    """When a run started, or else was or is due."""
    if run is None:
        return None
    return run.start_time or run.state.start_time or run.scheduled_start_time


def _age(when: datetime | None, now: datetime) -> float | None:
    return None if when is None or when > now else (now - when).total_seconds()


def _schedule_of(flow: FlowSummary) -> tuple[str, ...]:
    if flow.schedule is None:
        return ("none",)
    return ("on" if flow.latest.is_schedule_active else "off", *flow.schedule.clocks)


def _last_run(flow: FlowSummary) -> datetime | None:
    return max((when for when in map(_time_of, flow.recent_runs) if when), default=None)


def _parameters_of(run: FlowRun) -> Iterable[str]:
    return (f"{name}={shown_value(value)}" for name, value in run.parameters.items())


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
            lambda flow, now: _age(_last_run(flow), now),
            example="age:>7d",
        ),
    ),
)

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
        ),
        FilterField(
            "flow",
            "The flow it is a run of.",
            TEXT,
            lambda run, now: run.flow_name,
            lambda run: (run.flow_name,),
            "flow:etl",
        ),
        FilterField(
            "project",
            "The project of its flow.",
            TEXT,
            lambda run, now: run.project_name,
            lambda run: (run.project_name,),
            "project:ml",
        ),
        FilterField(
            "label",
            "A label of the run; !label:* has none.",
            WHOLE,
            lambda run, now: run.labels,
            lambda run: run.labels,
            "label:prod",
        ),
        FilterField(
            "name",
            "The run's own name.",
            TEXT,
            lambda run, now: run.name,
            example="name:rosy*",
        ),
        FilterField(
            "param",
            "A parameter, or a parameter and its whole value.",
            PARAMETER,
            lambda run, now: run.parameters,
            _parameters_of,
            "param:date=2021-*",
        ),
        FilterField(
            "version",
            "The version of the flow.",
            NUMBER,
            lambda run, now: run.flow_version,
            example="version:>3",
        ),
        FilterField(
            "since",
            "It started, or should have, at that time or later.",
            SINCE,
            lambda run, now: _time_of(run),
            example="since:2h",
        ),
        FilterField(
            "until",
            "It started, or is due, at that time or before.",
            UNTIL,
            lambda run, now: _time_of(run),
            example="until:08:00",
        ),
        FilterField(
            "age",
            "How long ago it started, or should have.",
            SPAN,
            lambda run, now: _age(_time_of(run), now),
            example="age:<2h",
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
        ),
        FilterField(
            "by",
            "Who planned it: its schedule, or somebody by hand.",
            ORIGIN,
            lambda run, now: "schedule" if run.auto_scheduled else "hand",
            example="by:hand",
        ),
    ),
)

TASKS: Language[TaskRun] = Language(
    "task run",
    lambda task: (task.label, task.name),
    lambda task: (task.id,),
    "the name of the task",
    (
        FilterField(
            "state",
            "Its state and all of that family.",
            STATE,
            lambda task, now: task.state.type,
            example="state:failed",
        ),
        FilterField(
            "name",
            "The name of the task.",
            TEXT,
            lambda task, now: task.label,
            lambda task: (task.task_name,),
            "name:load",
        ),
        FilterField(
            "index",
            "The number of a mapped child.",
            NUMBER,
            lambda task, now: task.map_index if task.is_child else None,
            example="index:>=100",
        ),
        FilterField(
            "since",
            "It started at that time or later.",
            SINCE,
            lambda task, now: task.start_time,
            example="since:08:00",
        ),
        FilterField(
            "time",
            "How long it took, or takes so far.",
            SPAN,
            lambda task, now: task.seconds(now),
            example="time:>10m",
        ),
        FilterField(
            "attempts",
            "How often it was started.",
            NUMBER,
            lambda task, now: task.attempts,
            example="attempts:>1",
        ),
        FilterField(
            "message",
            "What its state says.",
            TEXT,
            lambda task, now: task.state.message,
            example="message:KeyError",
        ),
    ),
)

LANGUAGES: tuple[Language[Any], ...] = (FLOWS, RUNS, TASKS)
"""Every one of them, for help and README."""
