"""Answers about runs and task runs into models, as `reading` does for what lists show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flowtui.client.reading import Json, moment
from flowtui.models.course import Course, UsualTask
from flowtui.models.times import parse_time


def course(rows: Sequence[Json]) -> Course:
    """The tasks of the first of these runs, if there is one that knows when it started."""
    if not rows or not rows[0]["start_time"]:
        return Course()
    row = rows[0]
    began = parse_time(row["start_time"])
    spans: dict[str, tuple[datetime, datetime]] = {}
    for one in row["task_runs"]:
        start, end = moment(one["start_time"]), moment(one["end_time"])
        slug = one["task"]["slug"] or ""
        if start is None or end is None:
            continue
        known = spans.get(slug, (start, end))
        spans[slug] = min(known[0], start), max(known[1], end)
    tasks = {slug: UsualTask(start - began, end - start) for slug, (start, end) in spans.items()}
    return Course(row["name"] or "", tasks)
