"""What can be done to many at once: adding a deed is a line here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from flowtui.errors import NotFound
from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.flows import FlowSummary
from flowtui.models.journal import Still
from flowtui.models.projects import Project
from flowtui.models.runs import FlowRun
from flowtui.models.tasks import TaskRun
from flowtui.ui.bulk import Becomes, BulkDeed, Kind

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

# Runs ---------------------------------------------------------------------------------------------


async def _runs_again(backend: Backend, runs: Sequence[FlowRun]) -> Mapping[str, FlowRun]:
    return await backend.runs_again([run.id for run in runs])


async def _run_moved(backend: Backend, run: FlowRun) -> str:
    now = await backend.run_state(run.id)
    if now.version == run.state.version:
        return ""
    return f"it is {now.type} now, version {now.version}"


def _run_seconds(run: FlowRun, now: datetime) -> float | None:
    """Seconds since it began, or since it was or until it is due."""
    if states.is_scheduled(run.state.type):
        due = run.state.start_time or run.scheduled_start_time
        return (now - due).total_seconds()
    if run.is_finished:
        ended = run.end_time or run.state.timestamp
        return None if ended is None else (now - ended).total_seconds()
    return run.seconds(now)


RUNS: Kind[FlowRun] = Kind(
    noun="flow run",
    key=lambda run: run.id,
    name=lambda run: run.name,
    belongs=lambda run: run.flow_name,
    owner="flow",
    state=lambda run, now: run.shown_state(now),
    version=lambda run: run.state.version,
    seconds=_run_seconds,
    again=_runs_again,
    moved=_run_moved,
)


def _cancelled(run: FlowRun, now: datetime) -> Becomes:
    if run.is_finished:
        return Becomes(skip="it is over")
    if run.state.type == "Cancelling":
        return Becomes(skip="it is on its way")
    return Becomes("Cancelling" if states.is_running(run.state.type) else "Cancelled")


async def _cancel(backend: Backend, run: FlowRun) -> None:
    await backend.cancel_flow_run(run.id, run.state)


def _started(run: FlowRun, now: datetime) -> Becomes:
    if run.state.type != "Scheduled":
        return Becomes(skip=f"it does not wait for its time: {run.state.type}")
    return Becomes("Scheduled")


async def _start(backend: Backend, run: FlowRun) -> None:
    await backend.start_now(run.id, seen=run.state)


def _restarted(run: FlowRun, now: datetime) -> Becomes:
    if not states.is_finished(run.state.type):
        return Becomes(skip="it is not over")
    if states.is_success(run.state.type):
        return Becomes(skip="it went well")
    return Becomes("Scheduled")


async def _restart(backend: Backend, run: FlowRun) -> None:
    tasks = [task for task in await backend.task_runs(run.id) if task.is_reset_by_restart]
    await backend.restart(run.id, tasks, seen=run.state, reason="Flow run restarted by hand.")


async def _delete(backend: Backend, run: FlowRun) -> None:
    await backend.delete_flow_run(run.id)


CANCEL = BulkDeed(
    RUNS,
    "c",
    "Cancel {}",
    "cancel …",
    "Have them stopped; what has not begun ends at once.",
    "cancel_flow_run",
    _cancelled,
    _cancel,
    undo="what had not begun can be set back from the journal z; stopped work cannot",
)
START_NOW = BulkDeed(
    RUNS,
    "g",
    "Start {} now",
    "start now …",
    "Have those that wait for their time start at once.",
    "the state Scheduled, for now",
    _started,
    _start,
    undo="those that no agent has taken can be set back from the journal z",
    guards_itself=True,
)
RESTART = BulkDeed(
    RUNS,
    "r",
    "Restart {}",
    "restart …",
    "Have those that ended badly run again; the tasks that went well are kept.",
    "set_task_run_states and the run's state",
    _restarted,
    _restart,
    undo="those that no agent has taken can be set back from the journal z",
    guards_itself=True,
)
DELETE = BulkDeed(
    RUNS,
    "d",
    "Delete {}",
    "delete …",
    "Remove them with their task runs, states and logs.",
    "delete_flow_run",
    lambda run, now: Becomes("deleted"),
    _delete,
    undo="there is no way back; cancelling keeps the history",
    removes=True,
)


def setting(state: str, note: str, key: str) -> BulkDeed[FlowRun]:
    """Setting runs to a state by hand."""

    def becomes(run: FlowRun, now: datetime) -> Becomes:
        same = run.state.type == state and state != "Scheduled"
        return Becomes(skip=f"it is {state}") if same else Becomes(state)

    async def send(backend: Backend, run: FlowRun) -> None:
        await backend.set_flow_run_state(
            run.id, state, seen=run.state, reason=f"Flow run set to {state} by hand."
        )

    return BulkDeed(
        RUNS,
        key,
        f"Set {{}} to {state}",
        f"set to {state} …",
        note,
        "the state, guarded by its version",
        becomes,
        send,
        undo="what was over or waited can be set back from the journal z",
        guards_itself=True,
    )


RUN_DEEDS: tuple[BulkDeed[FlowRun], ...] = (
    CANCEL,
    RESTART,
    START_NOW,
    setting("Success", "They count as done.", "s"),
    setting("Failed", "They count as failed.", "f"),
    setting("Scheduled", "They run again from now; done tasks stay done.", "q"),
    setting("Cancelled", "They end, and every task run that is not over.", "e"),
    DELETE,
)


# Task runs ----------------------------------------------------------------------------------------


async def _tasks_again(backend: Backend, tasks: Sequence[TaskRun]) -> Mapping[str, TaskRun]:
    seen = await backend.seen_task_runs({"id": {"_in": [task.id for task in tasks]}})
    now = {str(one.id): one.state for one in seen}
    return {task.id: replace(task, state=now[task.id]) for task in tasks if task.id in now}


async def _task_moved(backend: Backend, task: TaskRun) -> str:
    now = await backend.task_run_state(task.id)
    same = now.version == task.state.version
    return "" if same else f"it is {now.type} now, version {now.version}"


TASKS: Kind[TaskRun] = Kind(
    noun="task run",
    key=lambda task: task.id,
    name=lambda task: task.label,
    belongs=lambda task: "",
    owner="",
    state=lambda task, now: task.state.type,
    version=lambda task: task.state.version,
    seconds=lambda task, now: task.seconds(now),
    again=_tasks_again,
    moved=_task_moved,
)


def setting_tasks(state: str, note: str, key: str) -> BulkDeed[TaskRun]:
    """Setting task runs to a state by hand."""

    def becomes(task: TaskRun, now: datetime) -> Becomes:
        return Becomes(skip=f"it is {state}") if task.state.type == state else Becomes(state)

    async def send(backend: Backend, task: TaskRun) -> None:
        await backend.set_task_run_state(task.id, state, seen=task.state)

    return BulkDeed(
        TASKS,
        key,
        f"Set {{}} to {state}",
        f"set to {state} …",
        note,
        "the state, guarded by its version",
        becomes,
        send,
        guards_itself=True,
    )


TASK_DEEDS: tuple[BulkDeed[TaskRun], ...] = (
    setting_tasks("Success", "They count as done, without a result.", "s"),
    setting_tasks("Failed", "They count as failed.", "f"),
    setting_tasks("Skipped", "They count as passed over.", "k"),
    setting_tasks("Pending", "They run again, if their run does.", "p"),
)


# Flows --------------------------------------------------------------------------------------------


async def _flows_again(backend: Backend, flows: Sequence[FlowSummary]) -> Mapping[str, FlowSummary]:
    return {flow.group_id: flow for flow in await backend.flows()}


async def _flow_moved(backend: Backend, flow: FlowSummary) -> str:
    on = flow.latest.is_schedule_active
    return await backend.moved(Still("flow", flow.latest.id, "is_schedule_active", (on,)))


def _schedule_of(flow: FlowSummary, now: datetime) -> str:
    if flow.schedule is None:
        return "no schedule"
    return "schedule on" if flow.latest.is_schedule_active else "schedule off"


FLOWS: Kind[FlowSummary] = Kind(
    noun="flow",
    key=lambda flow: flow.group_id,
    name=lambda flow: flow.name,
    belongs=lambda flow: flow.latest.project_name,
    owner="project",
    state=_schedule_of,
    version=lambda flow: flow.latest.version,
    seconds=lambda flow, now: None,
    again=_flows_again,
    moved=_flow_moved,
)


def switching(on: bool) -> BulkDeed[FlowSummary]:
    """Switching schedules on or off."""
    word = "on" if on else "off"

    def becomes(flow: FlowSummary, now: datetime) -> Becomes:
        if flow.schedule is None:
            return Becomes(skip="it has no schedule")
        if flow.latest.is_schedule_active == on:
            return Becomes(skip=f"its schedule is {word}")
        return Becomes(f"schedule {word}")

    async def send(backend: Backend, flow: FlowSummary) -> None:
        await backend.switch_schedule(flow.latest.id, on)

    follows = "the next runs are planned at once" if on else "runs that are planned are removed"
    return BulkDeed(
        FLOWS,
        "s" if on else "o",
        f"Switch the schedules of {{}} {word}",
        f"schedule {word} …",
        f"Switch their schedules {word}; {follows}.",
        f"set_schedule_{'active' if on else 'inactive'}",
        becomes,
        send,
        undo="each can be switched back from the journal z",
    )


async def _archive(backend: Backend, flow: FlowSummary) -> None:
    await backend.archive(flow.latest.id)


def moving(project: Project | None) -> BulkDeed[FlowSummary]:
    """Moving flows, all their versions, to a project; without one it is still to be chosen."""
    name = project.name if project is not None else "another project"

    def becomes(flow: FlowSummary, now: datetime) -> Becomes:
        if project is not None and flow.latest.project_name == project.name:
            return Becomes(skip="it is there already")
        return Becomes(name)

    async def send(backend: Backend, flow: FlowSummary) -> None:
        assert project is not None
        for version in await backend.versions_of_groups([flow.group_id]):
            await backend.move_flow(version.id, project.id)

    return BulkDeed(
        FLOWS,
        "m",
        "Move {} to " + name.replace("{", "{{").replace("}", "}}"),
        "move …",
        "Move all their versions, with runs and logs, to another project.",
        "update_flow_project",
        becomes,
        send,
        undo="they can be moved back",
    )


MOVE = moving(None)

FLOW_DEEDS: tuple[BulkDeed[FlowSummary], ...] = (
    switching(True),
    switching(False),
    MOVE,
    BulkDeed(
        FLOWS,
        "a",
        "Archive {}",
        "archive …",
        "Archive their newest versions: runs stay, schedules end, no new runs.",
        "archive_flow",
        lambda flow, now: (
            Becomes(skip="it is archived") if flow.latest.archived else Becomes("archived")
        ),
        _archive,
        removes=True,
    ),
)


# Agents -------------------------------------------------------------------------------------------


async def _agents_again(backend: Backend, agents: Sequence[Agent]) -> Mapping[str, Agent]:
    return {agent.id: agent for agent in await backend.agents()}


async def _agent_moved(backend: Backend, agent: Agent) -> str:
    """An agent has moved when it asked for work."""
    now = (await _agents_again(backend, ())).get(agent.id)
    if now is None:
        raise NotFound("it is gone")
    return "" if now.last_queried == agent.last_queried else "it has asked for work meanwhile"


def _quiet_seconds(agent: Agent, now: datetime) -> float | None:
    return None if agent.last_queried is None else (now - agent.last_queried).total_seconds()


AGENTS: Kind[Agent] = Kind(
    noun="agent",
    key=lambda agent: agent.id,
    name=lambda agent: agent.name or "agent",
    belongs=lambda agent: " ".join(agent.labels),
    owner="labels",
    state=lambda agent, now: agent.health(now),
    version=lambda agent: None,
    seconds=_quiet_seconds,
    again=_agents_again,
    moved=_agent_moved,
)


async def _remove(backend: Backend, agent: Agent) -> None:
    await backend.delete_agent(agent.id)


REMOVE_AGENTS = BulkDeed(
    AGENTS,
    "d",
    "Remove {}",
    "remove …",
    "Forget those that are gone for good; the runs they took stay.",
    "delete_agent",
    lambda agent, now: (
        Becomes(skip="it is alive") if agent.health(now) == "healthy" else Becomes("removed")
    ),
    _remove,
    undo="an agent that is started again comes back by itself",
    removes=True,
)

AGENT_DEEDS: tuple[BulkDeed[Agent], ...] = (REMOVE_AGENTS,)
