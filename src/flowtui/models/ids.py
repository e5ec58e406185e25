"""Ids with types of their own, so that one cannot pass for another."""

from __future__ import annotations

from typing import NewType

ProjectId = NewType("ProjectId", str)
FlowGroupId = NewType("FlowGroupId", str)
FlowId = NewType("FlowId", str)
FlowRunId = NewType("FlowRunId", str)
TaskId = NewType("TaskId", str)
TaskRunId = NewType("TaskRunId", str)
AgentId = NewType("AgentId", str)
LogId = NewType("LogId", str)
