"""Projects: named collections of flows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flowtui.models.ids import FlowGroupId, FlowId, ProjectId


@dataclass(frozen=True)
class Project:
    """A project, and how many flows it holds."""

    id: ProjectId
    name: str
    created: datetime
    description: str = ""
    flows: int = 0
    """Versions that are not archived: one a flow."""
    archived: int = 0
    """Versions that are."""


@dataclass(frozen=True)
class ProjectFlow:
    """A version of a flow that is in a project; each version can be in another one."""

    id: FlowId
    group_id: FlowGroupId
    name: str
    version: int
    archived: bool
