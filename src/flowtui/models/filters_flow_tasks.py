"""What the tasks of a flow can be filtered by."""

from __future__ import annotations

from flowtui.models.filter_kinds import NUMBER, TEXT, WHOLE, YES_NO
from flowtui.models.filters import FilterField, Language
from flowtui.models.flow_tasks import PlacedTask

FLOW_TASKS: Language[PlacedTask] = Language(
    "task",
    lambda one: (one.task.name, one.task.slug),
    lambda one: (one.task.id,),
    "the name of the task",
    (
        FilterField(
            "class",
            "Its class.",
            TEXT,
            lambda one, now: one.task.type,
            lambda one: (one.task.class_name,),
            "class:ShellTask",
        ),
        FilterField(
            "trigger",
            "What makes it run.",
            TEXT,
            lambda one, now: one.task.trigger,
            lambda one: (one.task.trigger_name,),
            "trigger:any_failed",
        ),
        FilterField(
            "tag",
            "A tag of it; !tag:* has none.",
            WHOLE,
            lambda one, now: one.task.tags,
            lambda one: one.task.tags,
            "tag:db",
        ),
        FilterField(
            "mapped",
            "Whether it runs once for each of many values.",
            YES_NO,
            lambda one, now: "yes" if one.task.is_mapped else "no",
            example="mapped:yes",
        ),
        FilterField(
            "retries",
            "How often it is tried again.",
            NUMBER,
            lambda one, now: one.task.max_retries,
            example="retries:>0",
        ),
        FilterField(
            "after",
            "A task it waits for.",
            TEXT,
            lambda one, now: tuple(up.slug for up in one.task.upstream),
            lambda one: tuple(up.slug for up in one.task.upstream),
            "after:extract",
        ),
    ),
)
