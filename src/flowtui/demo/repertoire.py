"""Which declaration a run belongs to, going by what the API tells of its flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from flowtui.demo.declarations import Task, Version, in_order
from flowtui.demo.flows import FLOWS


@cache
def _versions() -> Mapping[str, tuple[Version, ...]]:
    return {flow.name: tuple(version for _, version in flow.versions()) for flow in FLOWS}


def version_of(flow: Mapping[str, Any]) -> Version:
    """The declaration of a sample flow's version; for any other flow, one made from its tasks."""
    slugs = {task["slug"] for task in flow["tasks"]}
    versions = _versions().get(flow["name"], ())
    for version in versions[flow["version"] - 1 : flow["version"]]:
        if {task.slug for task in version.tasks} == slugs:
            return version
    return _unknown(flow)


def _unknown(flow: Mapping[str, Any]) -> Version:
    """A flow that somebody registered: its tasks do nothing in particular, each for a moment.

    Slugs stand for names, which several of its tasks may share.
    """
    after: dict[str, list[str]] = {task["slug"]: [] for task in flow["tasks"]}
    for edge in flow["edges"]:
        after[edge["downstream_task"]["slug"]].append(edge["upstream_task"]["slug"])
    tasks = tuple(
        Task(
            name=task["slug"],
            known_as=task["slug"],
            after=tuple(after[task["slug"]]),
            seconds=3.0,
            mapped=3 if task["mapped"] else 0,
        )
        for task in flow["tasks"]
    )
    try:
        return Version(flow["name"], project="", tasks=in_order(tasks))
    except ValueError:
        # Prefect makes no such flow, but the API takes one.
        return Version(flow["name"], project="", tasks=tuple(replace(t, after=()) for t in tasks))
