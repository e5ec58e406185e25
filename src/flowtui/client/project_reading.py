"""Answers about projects into models."""

from __future__ import annotations

from flowtui.client.reading import Json, count, identity
from flowtui.models.ids import FlowGroupId, FlowId, ProjectId
from flowtui.models.projects import Project, ProjectFlow
from flowtui.models.times import parse_time


def project(row: Json) -> Project:
    return Project(
        id=ProjectId(identity(row["id"])),
        name=row["name"] or "",
        created=parse_time(row["created"]),
        description=row["description"] or "",
        flows=count(row["active"]),
        archived=count(row["archived"]),
    )


def project_flow(row: Json) -> ProjectFlow:
    return ProjectFlow(
        id=FlowId(identity(row["id"])),
        group_id=FlowGroupId(identity(row["flow_group_id"])),
        name=row["name"] or "",
        version=row["version"] or 0,
        archived=bool(row["archived"]),
    )
