"""The tasks a flow is made of, and the order its edges put them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowtui.frozen import frozen
from flowtui.models.ids import FlowId, TaskId


@frozen
class Upstream:
    """What a task waits for, and what it takes from it."""

    slug: str
    key: str = ""
    """The argument that gets the result; empty where only the order matters."""
    mapped: bool = False


@frozen
class FlowTask:
    """A task as a version of a flow was registered with it."""

    id: TaskId
    flow_id: FlowId
    name: str
    slug: str
    type: str = ""
    trigger: str = ""
    max_retries: int = 0
    retry_seconds: float | None = None
    tags: tuple[str, ...] = ()
    is_mapped: bool = False
    """Made by Prefect, such as the one that holds a parameter's value."""
    cache_key: str = ""
    description: str = ""
    upstream: tuple[Upstream, ...] = ()

    @property
    def class_name(self) -> str:
        """The last part of its class."""
        return self.type.rpartition(".")[2]

    @property
    def trigger_name(self) -> str:
        """The last part of its trigger's name."""
        return self.trigger.rpartition(".")[2]


@frozen
class PlacedTask:
    """A task and its place among the others."""

    task: FlowTask
    depth: int
    """How many tasks lie on the longest way to it."""
    downstream: tuple[str, ...] = ()
    """Slugs of the tasks that wait for it."""

    @property
    def id(self) -> TaskId:
        """The task's own."""
        return self.task.id


def placed(tasks: Sequence[FlowTask]) -> list[PlacedTask]:
    """The tasks of one flow as work goes through them, each under what it waits for.

    A task stands under the deepest of those it waits for. Edges to tasks that are not there, and
    circles, which no real flow has, are left out.
    """
    known = {task.slug: task for task in tasks}
    waits = {
        task.slug: tuple(dict.fromkeys(one.slug for one in task.upstream if one.slug in known))
        for task in tasks
    }
    depths = _depths(waits)
    downstream: dict[str, list[str]] = {slug: [] for slug in known}
    for slug, ups in waits.items():
        for up in ups:
            downstream[up].append(slug)
    under: dict[str, list[str]] = {}
    for slug, ups in waits.items():
        parent = max(ups, key=lambda up: depths[up], default="") if depths[slug] else ""
        under.setdefault(parent, []).append(slug)
    order: list[str] = []
    stack = sorted(under.get("", ()), key=lambda slug: _rank(known[slug]), reverse=True)
    while stack:
        slug = stack.pop()
        order.append(slug)
        children = sorted(under.get(slug, ()), key=lambda one: _rank(known[one]), reverse=True)
        stack.extend(children)
    return [PlacedTask(known[one], depths[one], tuple(sorted(downstream[one]))) for one in order]


def _depths(waits: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How deep each lies; what is in a circle lies at the top."""
    depths: dict[str, int] = {}
    left = {slug: len(ups) for slug, ups in waits.items()}
    after: dict[str, list[str]] = {}
    for slug, ups in waits.items():
        for up in ups:
            after.setdefault(up, []).append(slug)
    ready = [slug for slug, count in left.items() if not count]
    depths.update(dict.fromkeys(ready, 0))
    while ready:
        slug = ready.pop()
        for one in after.get(slug, ()):
            depths[one] = max(depths.get(one, 0), depths[slug] + 1)
            left[one] -= 1
            if not left[one]:
                ready.append(one)
    circled = [slug for slug, count in left.items() if count]
    return {**depths, **dict.fromkeys(circled, 0)}


def _rank(task: FlowTask) -> tuple[str, str]:
    return task.name.casefold(), task.slug
