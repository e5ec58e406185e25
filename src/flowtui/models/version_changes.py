"""What changed between two versions of a flow, in the places one looks at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flowtui.frozen import frozen
from flowtui.models.flow_tasks import FlowTask
from flowtui.models.flows import FlowVersion
from flowtui.models.inputs import shown_value
from flowtui.models.text import away

ADDED, REMOVED, CHANGED = "+", "-", "~"


@frozen
class Change:
    """One thing that is not what it was; None is that it was not, or is not, there."""

    name: str
    before: str | None
    after: str | None

    @property
    def sign(self) -> str:
        """Whether it was added, removed or changed."""
        if self.before is None:
            return ADDED
        return REMOVED if self.after is None else CHANGED


@frozen
class Place:
    """A group of things that are compared, such as the parameters."""

    title: str
    note: str
    """How many of how many."""
    changes: tuple[Change, ...]


@frozen
class Changes:
    """All that differs, and what does not."""

    places: tuple[Place, ...]
    unchanged: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many things differ."""
        return sum(len(place.changes) for place in self.places)


def changes(
    before: FlowVersion,
    after: FlowVersion,
    tasks_before: Sequence[FlowTask],
    tasks_after: Sequence[FlowTask],
) -> Changes:
    """What is different in `after`."""
    old, new = _facts(before), _facts(after)
    compared = [
        _tasks(tasks_before, tasks_after),
        _edges(tasks_before, tasks_after),
        *(_place(title, old[title], new[title]) for title in new),
    ]
    first = next(place for place in compared if place.title == "Parameters")
    compared.remove(first)
    compared.insert(0, first)
    return Changes(
        tuple(place for place in compared if place.changes),
        tuple(place.title.lower() for place in compared if not place.changes),
    )


def _facts(version: FlowVersion) -> dict[str, dict[str, str]]:
    """What a version says in each place, as texts by their names."""
    parameters = {
        one.name: "required" if one.required else _told(one.default) for one in version.parameters
    }
    clocks = version.schedule.details if version.schedule else ()
    run_config = {**(version.run_config or {})}
    run_config.pop("labels", None)
    return {
        "Parameters": parameters,
        "Schedule": {
            f"clock {number}": _clock(one.phrase, one.zone, one.parameters)
            for number, one in enumerate(clocks, 1)
        },
        "Run config": dict(_flat(run_config)),
        "Labels": dict.fromkeys(version.labels, "set"),
        "Storage": dict(_flat(version.storage_settings or {})),
        "Environment": dict(_flat(version.environment or {})),
        "Core version": {"core version": version.core_version or "unknown"},
        "Project": {"project": version.project_name},
        "Description": {"description": version.description} if version.description else {},
    }


def _told(value: Any) -> str:
    """A value in which a text that looks like something else is told from it by its quotes."""
    shown = shown_value(value)
    if isinstance(value, str):
        try:
            json.loads(shown)
        except ValueError:
            return shown
        return json.dumps(value, ensure_ascii=False)
    return shown


def _clock(phrase: str, zone: str, parameters: Mapping[str, Any]) -> str:
    given = ", ".join(f"{name}={shown_value(value)}" for name, value in parameters.items())
    return "  ".join(part for part in (phrase, zone, given) if part)


def _flat(document: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, str]]:
    """The leaves of a document by their paths; what was not set is left out."""
    for key, value in document.items():
        path = f"{under}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}.")
        elif value is not None and not (under == "" and key == "__version__"):
            yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _place(title: str, old: Mapping[str, str], new: Mapping[str, str]) -> Place:
    found = tuple(
        Change(name, old.get(name), new.get(name))
        for name in sorted({*old, *new}, key=lambda name: (name.casefold(), name))
        if old.get(name) != new.get(name)
    )
    return Place(title, f"{len(found)} of {len(new) or len(old)}", found)


def _tasks(old: Sequence[FlowTask], new: Sequence[FlowTask]) -> Place:
    place = _place("Tasks", _task_facts(old), _task_facts(new))
    counts = len(_own(old)), len(_own(new))
    return Place(place.title, f"{counts[1]}, was {counts[0]}", place.changes)


def _own(tasks: Sequence[FlowTask]) -> list[FlowTask]:
    """The tasks somebody wrote: those that hold parameters are compared as parameters."""
    return [task for task in tasks if task.class_name != "Parameter"]


def _task_facts(tasks: Sequence[FlowTask]) -> dict[str, str]:
    return {task.slug: task_phrase(task) for task in _own(tasks)}


def task_phrase(task: FlowTask) -> str:
    """What is special about a task: `retries 3, 10s, mapped`."""
    said = [task.class_name] if task.class_name not in ("FunctionTask", "Task", "") else []
    if task.max_retries:
        said.append(f"retries {task.max_retries}")
        if task.retry_seconds:
            said.append(f"every {away(task.retry_seconds)}")
    if task.is_mapped:
        said.append("mapped")
    if task.trigger_name not in ("all_successful", ""):
        said.append(task.trigger_name)
    if task.cache_key:
        said.append(f"cache {task.cache_key}")
    said += [f"#{tag}" for tag in task.tags]
    return ", ".join(said) or "plain"


def _edges(old: Sequence[FlowTask], new: Sequence[FlowTask]) -> Place:
    """What tasks that are in both wait for."""
    before, after = _edge_facts(old), _edge_facts(new)
    both = before.keys() & after.keys()
    return _place(
        "Edges",
        {slug: before[slug] for slug in both},
        {slug: after[slug] for slug in both},
    )


def _edge_facts(tasks: Sequence[FlowTask]) -> dict[str, str]:
    return {
        task.slug: "after " + (", ".join(sorted({one.slug for one in task.upstream})) or "nothing")
        for task in _own(tasks)
    }
