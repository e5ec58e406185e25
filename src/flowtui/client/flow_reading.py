"""Answers about one flow into models: its tasks, its errors, and how its runs stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flowtui.client.reading import (
    Json,
    count,
    failure,
    flow_run,
    identity,
    moment,
    number,
    span,
    text,
    texts,
)
from flowtui.models import states
from flowtui.models.attention import Failure
from flowtui.models.flow_errors import FailingTask, FlowError, FlowTroubles
from flowtui.models.flow_tasks import FlowTask, Upstream
from flowtui.models.flows import FlowEnds
from flowtui.models.ids import FlowGroupId, FlowId, TaskId, TaskRunId

COUNTED: Mapping[str, tuple[str, frozenset[str]]] = {
    "Success": ("succeeded", states.SUCCESS),
    "Failed": ("failed", states.FAILURES),
    "Running": ("running", states.RUNNING),
    "Submitted": ("submitted", frozenset({"Submitted"})),
    "Paused": ("paused", frozenset({"Paused"})),
    "Resume": ("resumed", frozenset({"Resume"})),
    "Cancelled": ("cancelled", frozenset({"Cancelled"})),
}
"""States as they are shown: what `flow_counts.graphql` calls each, and what counts as it."""


def flow_task(row: Json) -> FlowTask:
    upstream = tuple(
        Upstream(text(edge["upstream_task"]["slug"]), text(edge["key"]), bool(edge["mapped"]))
        for edge in row["upstream_edges"]
    )
    delay = span(row["retry_delay"])
    return FlowTask(
        id=TaskId(identity(row["id"])),
        flow_id=FlowId(identity(row["flow_id"])),
        name=text(row["name"] or row["slug"]),
        slug=text(row["slug"]),
        type=text(row["type"]),
        trigger=text(row["trigger"]),
        max_retries=number(row["max_retries"]),
        retry_seconds=delay.total_seconds() if delay is not None else None,
        tags=texts(row["tags"]),
        is_mapped=bool(row["mapped"]) or any(one.mapped for one in upstream),
        cache_key=text(row["cache_key"]),
        description=text(row["description"]),
        upstream=upstream,
    )


def flow_errors(row: Json) -> list[FlowError]:
    """What failed in a run, what did not run because of that behind it; where no task did, the run
    itself if it did."""
    run = flow_run(row)
    found = [_task_error(row, one) for one in row["task_runs"]]
    found.sort(key=lambda one: one.state == "TriggerFailed")
    if found or not states.is_failed(run.state.type):
        return found
    return [FlowError(run, "", run.state.type, run.state.message, run.state.timestamp)]


def _task_error(row: Json, one: Json) -> FlowError:
    name, index = text(one["task"]["name"] or one["task"]["slug"]), int(one["map_index"])
    return FlowError(
        run=flow_run(row),
        task=f"{name}[{index}]" if index >= 0 else name,
        state=text(one["state"]) or "Failed",
        message=text(one["state_message"]),
        time=moment(one["state_timestamp"]),
        task_run_id=TaskRunId(identity(one["id"])),
    )


def flow_counts(answer: Json) -> dict[str, int]:
    """How many runs are in each of these states."""
    return {shown: count(answer[name]) for shown, (name, _) in COUNTED.items()}


def flow_troubles(answer: Json) -> FlowTroubles:
    """What went wrong lately; a task counts once a run, however many of its children failed."""
    failing: Counter[str] = Counter()
    for row in answer["week"]:
        failing.update({text(one["task"]["name"]) for one in row["task_runs"]})
    ranked = sorted(failing.items(), key=lambda one: (-one[1], one[0]))
    last = answer["last"]
    return FlowTroubles(
        last=failure(last[0]) if last else None,
        runs=len(answer["week"]),
        tasks=tuple(FailingTask(name, runs) for name, runs in ranked),
        elsewhere=tuple(failure(row) for row in answer["elsewhere"]),
    )


def flows_lately(answer: Json) -> dict[FlowGroupId, FlowEnds]:
    """How the runs of each flow ended, over all its versions."""
    found: dict[FlowGroupId, FlowEnds] = {}
    for row in answer["flow"]:
        group = FlowGroupId(identity(row["flow_group_id"]))
        ends = FlowEnds(count(row["succeeded"]), count(row["failed"]))
        found[group] = found.get(group, FlowEnds()) + ends
    return found


def version_failures(answer: Json) -> dict[FlowId, Failure]:
    """The last failure of each version that has one."""
    return {
        FlowId(identity(row["id"])): failure({**run, "flow": row})
        for row in answer["flow"]
        for run in row["flow_runs"]
    }
