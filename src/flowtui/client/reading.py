"""Answers into models: the one place that knows what the selections in `queries` look like.

Whatever is missing or of another type than it should be raises KeyError, TypeError or
ValueError, which `understood` turns into NotUnderstood; a half-read answer never gets further.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from sys import intern
from typing import Any

from flowtui.errors import NotUnderstood
from flowtui.models.agents import Agent
from flowtui.models.attention import Failure, Overview
from flowtui.models.flows import FlowGroup, FlowSummary, FlowVersion, Parameter, Safeguards
from flowtui.models.ids import (
    AgentId,
    FlowGroupId,
    FlowId,
    FlowRunId,
    LogId,
    TaskId,
    TaskRunId,
)
from flowtui.models.logs import LogLine
from flowtui.models.runs import FlowRun, FlowRunDetail
from flowtui.models.schedules import schedule_from
from flowtui.models.states import RunState, StateRecord
from flowtui.models.tasks import TaskRun
from flowtui.models.times import told_time

Json = Mapping[str, Any]

_NOTHING: Mapping[str, Any] = {}


@lru_cache(2048)
def _one(text: str) -> str:
    return text


def shared(text: str) -> str:
    """The same text, and the same object as all that are like it: a list of runs says a few names,
    ids and messages again and again, and each of them is of some 80 bytes."""
    return _one(text) if type(text) is str else text


@contextmanager
def understood(what: str) -> Iterator[None]:
    """Say which answer it was that could not be read."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise NotUnderstood(
            f"The backend's answer about {what} makes no sense ({type(error).__name__}: {error})."
        ) from error


def text(value: Any) -> str:
    """A text; one that is absent is empty. What is none would be found out by who paints it."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    raise TypeError(f"{type(value).__name__} where a text should be")


def texts(value: Any) -> tuple[str, ...]:
    """Labels or tags: whatever a flow named there."""
    return tuple(shared(str(one)) for one in value or ())


def number(value: Any) -> int:
    """A number that counts something; one that is absent is 0."""
    if type(value) is int:
        return value
    if value is None:
        return 0
    raise TypeError(f"{type(value).__name__} where a number should be")


def document(value: Any) -> Mapping[str, Any] | None:
    """What a flow or a run carries as JSON; None where it carries nothing."""
    if value is not None and not isinstance(value, Mapping):
        raise TypeError(f"{type(value).__name__} where an object should be")
    return value


_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def identity(value: Any) -> str:
    """An id. What has none cannot be told from others, and a backend refuses each question that
    names another thing, so neither gets any further."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("something has no id")
    return value


def moment(text: str | None) -> datetime | None:
    """A time that may be absent."""
    return None if text is None else told_time(text)


_SPAN = re.compile(r"(?:(\d+) days?,? ?)?(?:(\d+):(\d+):(\d+(?:\.\d+)?))?")


def span(value: Any) -> timedelta | None:
    """A span as databases write it: `00:01:30`, `2 days 04:00:00`, or a number of seconds."""
    if isinstance(value, (int, float)):
        return timedelta(seconds=value)
    found = _SPAN.fullmatch(str(value or "").strip())
    if found is None or not found.group():
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def run_state(row: Json) -> RunState:
    """What a run is in; a run without a state counts as Pending."""
    return RunState(
        type=shared(text(row["state"]) or "Pending"),
        version=number(row["version"]),
        message=shared(text(row["state_message"])),
        timestamp=moment(row["state_timestamp"]),
        start_time=moment(row["state_start_time"]),
    )


def state_record(row: Json) -> StateRecord:
    return StateRecord(
        type=text(row["state"]),
        timestamp=told_time(row["timestamp"]),
        message=text(row["message"]),
        version=number(row["version"]),
        start_time=moment(row["start_time"]),
    )


def flow_run(row: Json, flow: Json | None = None) -> FlowRun:
    """A run; the flow is the one it carries, else the one it was found under."""
    flow = row.get("flow") or flow or {}
    group = flow.get("flow_group_id")
    return FlowRun(
        id=FlowRunId(identity(row["id"])),
        name=text(row["name"]),
        state=run_state(row),
        scheduled_start_time=told_time(row["scheduled_start_time"]),
        start_time=moment(row["start_time"]),
        end_time=moment(row["end_time"]),
        flow_id=FlowId(shared(identity(flow["id"]))) if flow.get("id") else None,
        flow_group_id=FlowGroupId(shared(identity(group))) if group else None,
        flow_name=shared(text(flow.get("name"))),
        flow_version=number(flow.get("version")),
        project_name=shared(text((flow.get("project") or {}).get("name"))),
        auto_scheduled=bool(row.get("auto_scheduled")),
        labels=texts(row.get("labels")),
        parameters=document(row.get("parameters")) or _NOTHING,
    )


def flow_run_detail(row: Json) -> FlowRunDetail:
    flow, agent = row["flow"], row["agent"]
    return FlowRunDetail(
        run=flow_run(row),
        flow_group_id=FlowGroupId(identity(flow["flow_group_id"])),
        states=tuple(state_record(one) for one in row["states"]),
        agent_id=AgentId(identity(agent["id"])) if agent else None,
        agent_name=text(agent["name"]) if agent else "",
        heartbeat=moment(row["heartbeat"]),
        times_resurrected=number(row["times_resurrected"]),
        context=document(row["context"]) or {},
        run_config=document(row["run_config"]),
        idempotency_key=text(row["idempotency_key"]),
        flow_archived=bool(flow["archived"]),
        usual_seconds=_usual_seconds(flow["usual"]),
        updated=moment(row["updated"]),
    )


def _usual_seconds(rows: Sequence[Json]) -> float | None:
    spans = sorted(
        (told_time(row["end_time"]) - told_time(row["start_time"])).total_seconds()
        for row in rows
        if row["start_time"] and row["end_time"]
    )
    middle = len(spans) // 2
    return (spans[middle] + spans[~middle]) / 2 if spans else None


def parameters(document: Any) -> tuple[Parameter, ...]:
    """A flow's parameters, by name; registered flows keep them as a list of objects."""
    if not isinstance(document, list):
        return ()
    found = (
        Parameter(str(entry["name"]), bool(entry.get("required")), entry.get("default"))
        for entry in document
        if isinstance(entry, Mapping) and "name" in entry
    )
    return tuple(sorted(found, key=lambda one: one.name))


def flow_version(row: Json) -> FlowVersion:
    storage = row.get("storage") or {}
    return FlowVersion(
        id=FlowId(identity(row["id"])),
        name=text(row["name"]),
        version=number(row["version"]),
        created=told_time(row["created"]),
        archived=bool(row["archived"]),
        project_name=text((row.get("project") or {}).get("name")),
        core_version=text(row.get("core_version")),
        schedule=schedule_from(row["schedule"]),
        is_schedule_active=bool(row["is_schedule_active"]),
        parameters=parameters(row["parameters"]),
        run_config=document(row.get("run_config")),
        storage=str(storage.get("type") or "") if isinstance(storage, Mapping) else "",
        storage_settings=storage if isinstance(storage, Mapping) else None,
        environment=document(row.get("environment")),
        version_group_id=text(row.get("version_group_id")),
        description=text(row.get("description")),
        recent_runs=tuple(flow_run(run, row) for run in row.get("flow_runs") or ()),
        succeeded=count(row.get("succeeded")),
        finished=count(row.get("finished")),
    )


def count(aggregate: Json | None) -> int:
    """What an aggregate counts; 0 where it was not asked for."""
    return int(aggregate["aggregate"]["count"]) if aggregate else 0


def safeguards(settings: Any) -> Safeguards:
    """The three switches of a group; a missing one is as the server treats it."""
    known = settings if isinstance(settings, Mapping) else {}
    return Safeguards(
        heartbeat=known.get("heartbeat_enabled") is not False,
        lazarus=known.get("lazarus_enabled") is not False,
        version_lock=known.get("version_locking_enabled") is True,
    )


def flow_summary(row: Json) -> FlowSummary:
    group, latest = row["flow_group"], flow_version(row)
    recent = [
        flow_run(run, {**row, "version": one["version"]})
        for one in group["flows"]
        for run in one["flow_runs"]
    ]
    recent.sort(key=lambda run: run.scheduled_start_time, reverse=True)
    upcoming = [flow_run(run, row) for run in row["upcoming"]]
    labels = group.get("labels")
    return FlowSummary(
        group_id=FlowGroupId(identity(row["flow_group_id"])),
        latest=latest,
        safeguards=safeguards(group["settings"]),
        schedule=schedule_from(group["schedule"]) or latest.schedule,
        recent_runs=tuple(recent[:10]),
        next_run=upcoming[0] if upcoming else None,
        group_labels=None if labels is None else texts(labels),
    )


def flow_group(row: Json) -> FlowGroup:
    versions = tuple(flow_version(one) for one in row["flows"])
    labels = row["labels"]
    group = FlowGroup(
        id=FlowGroupId(identity(row["id"])),
        versions=versions,
        safeguards=safeguards(row["settings"]),
        schedule=schedule_from(row["schedule"]),
        labels=None if labels is None else texts(labels),
        default_parameters=document(row["default_parameters"]) or {},
        description=text(row["description"]),
        run_config=document(row["run_config"]),
    )
    if not versions:
        raise ValueError("a flow group without flows")
    return group


def task_run(row: Json) -> TaskRun:
    task = row["task"]
    return TaskRun(
        id=TaskRunId(identity(row["id"])),
        flow_run_id=FlowRunId(shared(identity(row["flow_run_id"]))),
        task_id=TaskId(shared(identity(task["id"]))),
        task_name=shared(text(task["name"] or task["slug"])),
        task_slug=shared(text(task["slug"])),
        state=run_state(row),
        map_index=int(row["map_index"]),
        name=text(row["name"]),
        max_retries=number(task["max_retries"]),
        start_time=moment(row["start_time"]),
        end_time=moment(row["end_time"]),
        updated=moment(row["updated"]),
        states=tuple(state_record(one) for one in row["states"]),
        expected_children=number(row.get("n_map_states")),
    )


def log_line(row: Json) -> LogLine:
    """A line; what it has in common with others of a long log is held once for all of them."""
    run, task_run = row["flow_run_id"], row["task_run_id"]
    return LogLine(
        id=LogId(identity(row["id"])),
        timestamp=told_time(row["timestamp"]),
        level=intern(row["level"] or "INFO"),
        message=text(row["message"]),
        logger=intern(text(row["name"])),
        flow_run_id=FlowRunId(intern(run)) if run else None,
        task_run_id=TaskRunId(intern(task_run)) if task_run else None,
    )


def agent(row: Json) -> Agent:
    return Agent(
        id=AgentId(identity(row["id"])),
        name=text(row["name"]),
        type=text(row["type"]),
        labels=texts(row["labels"]),
        last_queried=moment(row["last_queried"]),
        core_version=text(row["core_version"]),
    )


def overview(answer: Json, since: datetime) -> Overview:
    return Overview(
        since=since,
        succeeded=count(answer["succeeded"]),
        failed=count(answer["failed"]),
        cancelled=count(answer["cancelled"]),
        running=count(answer["running"]),
        failures=tuple(failure(row) for row in answer["failures"]),
    )


def failure(row: Json) -> Failure:
    first = row["task_runs"][0] if row["task_runs"] else None
    if first is None:
        return Failure(flow_run(row))
    name, index = text(first["task"]["name"]), int(first["map_index"])
    label = f"{name}[{index}]" if index >= 0 else name
    return Failure(flow_run(row), label, text(first["state_message"]))
