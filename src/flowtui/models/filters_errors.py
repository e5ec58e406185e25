"""What the errors of a flow can be filtered by."""

from __future__ import annotations

from flowtui.models.filter_kinds import NUMBER, SINCE, STATE, TEXT
from flowtui.models.filters import FilterField, Language
from flowtui.models.flow_errors import FlowError

ERRORS: Language[FlowError] = Language(
    "error",
    lambda error: (error.task, error.run.name, error.message),
    lambda error: (error.id, error.run.id),
    "the name of the task or the run, or what it said",
    (
        FilterField(
            "task",
            "The task that failed.",
            TEXT,
            lambda error, now: error.task,
            lambda error: (error.task,),
            "task:load",
        ),
        FilterField(
            "run",
            "The run it happened in.",
            TEXT,
            lambda error, now: error.run.name,
            lambda error: (error.run.name,),
            "run:rosy*",
        ),
        FilterField(
            "state",
            "How it ended, and all of that family.",
            STATE,
            lambda error, now: error.state,
            example="state:timedout",
        ),
        FilterField(
            "message",
            "What it said.",
            TEXT,
            lambda error, now: error.message,
            example="message:KeyError",
        ),
        FilterField(
            "version",
            "The version of the flow.",
            NUMBER,
            lambda error, now: error.run.flow_version,
            example="version:>3",
        ),
        FilterField(
            "since",
            "It failed at that time or later.",
            SINCE,
            lambda error, now: error.time,
            example="since:2h",
        ),
    ),
)
