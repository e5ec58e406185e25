"""Answers about runs and task runs into models, as `reading` does for what lists show."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flowtui.client import reading
from flowtui.client.reading import Json, document, identity, moment, number, text
from flowtui.models.course import Course, UsualTask
from flowtui.models.ids import TaskRunId
from flowtui.models.task_detail import Artifact, Neighbour, TaskRunDetail
from flowtui.models.times import told_time


def course(rows: Sequence[Json]) -> Course:
    """The tasks of the first of these runs, if there is one that knows when it started."""
    if not rows or not rows[0]["start_time"]:
        return Course()
    row = rows[0]
    began = told_time(row["start_time"])
    spans: dict[str, tuple[datetime, datetime]] = {}
    for one in row["task_runs"]:
        start, end = moment(one["start_time"]), moment(one["end_time"])
        slug = text(one["task"]["slug"])
        if start is None or end is None:
            continue
        known = spans.get(slug, (start, end))
        spans[slug] = min(known[0], start), max(known[1], end)
    tasks = {slug: UsualTask(start - began, end - start) for slug, (start, end) in spans.items()}
    ended = moment(row["end_time"])
    return Course(
        run_name=text(row["name"]),
        version=number(row["flow"]["version"]),
        parameters=document(row["parameters"]) or {},
        ended=ended,
        lasted=ended - began if ended is not None else None,
        tasks=tasks,
    )


def task_run_detail(row: Json) -> TaskRunDetail:
    task, state = row["task"], row["serialized_state"]
    known: Mapping[str, Any] = state if isinstance(state, Mapping) else {}
    expected = known.get("n_map_states")
    trigger = task["trigger"]
    return TaskRunDetail(
        task=reading.task_run(row),
        heartbeat=moment(row["heartbeat"]),
        cache_key=text(row["cache_key"]),
        type=text(task["type"]),
        trigger=text(trigger.get("fn")) if isinstance(trigger, Mapping) else text(trigger),
        retry_delay=reading.span(task["retry_delay"]),
        description=text(task["description"]),
        expected_children=expected if isinstance(expected, int) else None,
        has_cached_inputs=bool(known.get("cached_inputs")),
        upstream=tuple(
            _neighbour(edge, edge["upstream_task"], row["map_index"])
            for edge in task["upstream_edges"]
        ),
        downstream=tuple(
            _neighbour(edge, edge["downstream_task"], row["map_index"])
            for edge in task["downstream_edges"]
        ),
    )


def _neighbour(edge: Json, task: Json, map_index: int) -> Neighbour:
    """The task run at the other end: of a mapped edge the child with the same index, if it is."""
    runs = task["task_runs"]
    wanted = map_index if edge["mapped"] else -1
    same = next((run for run in runs if run["map_index"] == wanted), None)
    run = same or next((run for run in runs if run["map_index"] == -1), None)
    name, key, mapped = text(task["name"] or task["slug"]), text(edge["key"]), bool(edge["mapped"])
    if run is None:
        return Neighbour(name, key=key, is_mapped=mapped)
    state, index = text(run["state"]) or "Pending", int(run["map_index"])
    return Neighbour(name, TaskRunId(identity(run["id"])), state, index, key, mapped)


def artifact(row: Json) -> Artifact:
    run, data, kind = row["task_run"], row["data"], text(row["kind"])
    said = data.get(kind) if isinstance(data, Mapping) else None
    return Artifact(
        id=str(row["id"]),
        kind=kind,
        created=told_time(row["created"]),
        task_name=text(run["task"]["name"] or run["task"]["slug"]),
        map_index=int(run["map_index"]),
        text=said if isinstance(said, str) else json.dumps(data, ensure_ascii=False, indent=2),
    )
