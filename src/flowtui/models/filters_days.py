"""What the flows of a day on the calendar can be filtered by."""

from __future__ import annotations

from flowtui.models.calendar import FlowDay
from flowtui.models.filter_kinds import NUMBER, SPAN, STATE, TEXT
from flowtui.models.filters import FilterField, Language

DAYS: Language[FlowDay] = Language(
    "flow",
    lambda row: (row.name, row.project_name),
    lambda row: (row.group_id,),
    "the name of the flow or of its project",
    (
        FilterField(
            "state",
            "The state of its worst run of the day.",
            STATE,
            lambda row, now: row.shown_state,
            example="state:failed",
        ),
        FilterField(
            "project",
            "The project it is in.",
            TEXT,
            lambda row, now: row.project_name,
            lambda row: (row.project_name,),
            "project:ml",
        ),
        FilterField(
            "ran",
            "How many runs it had that day.",
            NUMBER,
            lambda row, now: row.ran,
            example="ran:>10",
        ),
        FilterField(
            "planned",
            "How many runs are still to come.",
            NUMBER,
            lambda row, now: row.planned,
            example="planned:>0",
        ),
        FilterField(
            "failed",
            "How many of its runs failed.",
            NUMBER,
            lambda row, now: row.failed,
            example="failed:>0",
        ),
        FilterField(
            "time",
            "How long its runs took in all.",
            SPAN,
            lambda row, now: row.busy_seconds,
            example="time:>1h",
        ),
    ),
)
