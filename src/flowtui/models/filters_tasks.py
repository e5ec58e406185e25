"""What task runs can be filtered by."""

from __future__ import annotations

from flowtui.models.filter_kinds import NUMBER, SINCE, SPAN, STATE, TEXT
from flowtui.models.filters import FilterField, Language
from flowtui.models.tasks import TaskRun

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
