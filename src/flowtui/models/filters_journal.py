"""What the journal can be filtered by."""

from __future__ import annotations

from datetime import datetime

from flowtui.models.filter_kinds import OUTCOME, SINCE, TEXT, UNTIL, YES_NO
from flowtui.models.filters import FilterField, Language
from flowtui.models.journal import Entry


def _when(entry: Entry, now: datetime) -> datetime:
    return entry.at


JOURNAL: Language[Entry] = Language(
    "command",
    lambda entry: (entry.target, entry.mutation, entry.mutation.replace("_", " "), entry.said),
    lambda entry: tuple(one for one in entry.input.values() if isinstance(one, str)),
    "what was sent, to what, or why it was refused",
    (
        FilterField(
            "outcome",
            "What became of it: done, refused, unknown or sent.",
            OUTCOME,
            lambda entry, now: entry.outcome,
            example="outcome:refused,unknown",
        ),
        FilterField(
            "what",
            "The mutation.",
            TEXT,
            lambda entry, now: entry.mutation,
            lambda entry: (entry.mutation,),
            "what:cancel*",
        ),
        FilterField(
            "target",
            "What it was sent to.",
            TEXT,
            lambda entry, now: entry.target,
            lambda entry: (entry.target,),
            "target:orders-etl",
        ),
        FilterField(
            "profile",
            "The backend it went to.",
            TEXT,
            lambda entry, now: entry.profile,
            lambda entry: (entry.profile,),
            "profile:prod",
        ),
        FilterField(
            "undo",
            "Whether there is a way back.",
            YES_NO,
            lambda entry, now: "yes" if entry.undo else "no",
            example="undo:yes",
        ),
        FilterField("since", "Sent at that time or later.", SINCE, _when, example="since:1h"),
        FilterField("until", "Sent at that time or before.", UNTIL, _when, example="until:03:00"),
    ),
)
