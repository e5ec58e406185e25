"""What limits can be filtered by."""

from __future__ import annotations

from flowtui.models.filter_kinds import LIMIT_KIND, NUMBER, TEXT, YES_NO
from flowtui.models.filters import FilterField, Language
from flowtui.models.limits import Limit

LIMITS: Language[Limit] = Language(
    "limit",
    lambda limit: (limit.name,),
    lambda limit: (limit.id,),
    "the label or the tag",
    (
        FilterField(
            "of",
            "What it counts: flow runs by label, or task runs by tag.",
            LIMIT_KIND,
            lambda limit, now: limit.kind,
            example="of:tag",
        ),
        FilterField(
            "name",
            "The label or the tag.",
            TEXT,
            lambda limit, now: limit.name,
            lambda limit: (limit.name,),
            "name:gpu",
        ),
        FilterField(
            "full",
            "Whether every place is taken.",
            YES_NO,
            lambda limit, now: "yes" if limit.is_full else "no",
            example="full:yes",
        ),
        FilterField(
            "limit",
            "How many may run at once.",
            NUMBER,
            lambda limit, now: limit.limit,
            example="limit:<5",
        ),
        FilterField(
            "used",
            "How many do.",
            NUMBER,
            lambda limit, now: limit.used,
            example="used:>0",
        ),
    ),
)
