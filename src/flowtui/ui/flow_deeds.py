"""What can be done to many flows at once: adding a deed is a line here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from flowtui.models.flows import FlowSummary
from flowtui.models.journal import Still
from flowtui.models.projects import Project
from flowtui.ui.bulk import Becomes, BulkDeed, Kind

if TYPE_CHECKING:
    from flowtui.client.backend import Backend


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
