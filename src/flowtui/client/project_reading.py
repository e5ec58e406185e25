"""Answers about projects into models."""

from __future__ import annotations

from flowtui.client.reading import Json, count, identity, number, text
from flowtui.models.ids import FlowGroupId, FlowId, ProjectId
from flowtui.models.projects import Project, ProjectFlow
from flowtui.models.times import told_time


def project(row: Json) -> Project:
    return Project(
        id=ProjectId(identity(row["id"])),
        name=text(row["name"]),
        created=told_time(row["created"]),
        description=text(row["description"]),
        flows=count(row["active"]),
        archived=count(row["archived"]),
    )


def project_flow(row: Json) -> ProjectFlow:
    return ProjectFlow(
        id=FlowId(identity(row["id"])),
        group_id=FlowGroupId(identity(row["flow_group_id"])),
        name=text(row["name"]),
        version=number(row["version"]),
        archived=bool(row["archived"]),
    )
