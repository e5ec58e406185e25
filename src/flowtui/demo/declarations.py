"""How a sample flow is said: once, as data, with the releases that made it what it is today.

From one declaration follow its registrations, its schedule, the course of its runs and what they
write into their logs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import timedelta
from typing import Any
from zlib import crc32

from flowtui.frozen import frozen

CORE_VERSION = "1.4.1"
"""The Prefect that the sample flows say they were built with."""


@frozen
class Fault:
    """An exception as it was raised somewhere in a flow's code."""

    name: str
    text: str
    file: str
    line: int
    function: str
    source: str
    context: str = ""
    """What libraries below had to say, lines of their own."""

    warning: str = ""
    """What the log warned of just before."""

    @property
    def summary(self) -> str:
        """The last line of the traceback."""
        return f"{self.name}: {self.text}" if self.text else self.name

    @property
    def traceback(self) -> str:
        """The whole, as Python prints it."""
        frames = (
            '  File "/usr/lib/python3.9/site-packages/prefect/engine/task_runner.py", line 880,'
            " in get_task_run_state\n"
            "    value = prefect.utilities.executors.run_task_with_timeout(\n"
            f'  File "{self.file}", line {self.line}, in {self.function}\n'
            f"    {self.source}\n"
        )
        below = f"{self.context}\n" if self.context else ""
        return f"Traceback (most recent call last):\n{frames}{below}{self.summary}"


@frozen
class Trouble:
    """What may become of a task run instead of success."""

    state: str
    """Failed, TimedOut or Skipped."""

    chance: float
    fault: Fault | None = None
    message: str = ""
    passes: bool = False
    """A retry gets over it."""

    children: tuple[int, ...] = ()
    """It always happens to these children of a mapped task, and to nothing else."""


@frozen
class Task:
    """One step of a flow."""

    name: str
    seconds: float = 5.0
    """How long it usually takes."""

    after: tuple[str, ...] = ()
    """The names of the tasks before it; one that a version does not have is passed over."""

    lines: tuple[str, ...] = ()
    """What it logs; `{n}` is some number, `{index}` which child it is, `{name}` a parameter; a line
    may begin with a level."""

    mapped: int = 0
    """How many children it usually has."""

    mapped_by: str = ""
    """The parameter that says how many children, where one does."""

    shared: bool = False
    """Its seconds are those of all children together: with more of them it takes no longer."""

    retries: int = 0
    retry_seconds: int = 30
    trigger: str = "all_successful"
    timeout: int | None = None
    cached_hours: int = 0
    tags: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()

    known_as: str = ""
    """Its slug, where that does not follow from the name."""

    @property
    def slug(self) -> str:
        """What Prefect calls it within the flow."""
        return self.known_as or f"{self.name}-1"


@frozen
class Parameter:
    """A value that a run may be given; required unless it has a default."""

    name: str
    default: Any = None
    required: bool = False


@frozen
class Clock:
    """One clock of a schedule: an interval or a cron expression in a zone."""

    every: timedelta | None = None
    cron: str = ""
    zone: str = "UTC"
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def document(self, minute: int) -> dict[str, Any]:
        """As Prefect serializes it; intervals count from that minute of an hour."""
        start = {"dt": f"2024-01-01T00:{minute:02}:00", "tz": self.zone}
        said = {
            "start_date": start,
            "end_date": None,
            "parameter_defaults": dict(self.parameters),
            "labels": None,
            "__version__": CORE_VERSION,
        }
        if self.every is not None:
            microseconds = int(self.every.total_seconds() * 1_000_000)
            return {"type": "IntervalClock", "interval": microseconds, **said}
        return {"type": "CronClock", "cron": self.cron, "day_or": True, **said}


@frozen
class Version:
    """A flow as one registration describes it."""

    name: str
    project: str
    tasks: tuple[Task, ...]
    parameters: tuple[Parameter, ...] = ()
    clocks: tuple[Clock, ...] = ()
    labels: tuple[str, ...] = ()
    image: str = ""
    description: str = ""
    hands_state_on: bool = False
    """A handler of the flow makes a failing task's own state that of the run."""

    def schedule(self) -> dict[str, Any] | None:
        """As Prefect serializes it; None without clocks."""
        if not self.clocks:
            return None
        # Not everything starts on the hour.
        minute = crc32(self.name.encode()) % 60
        return {
            "type": "Schedule",
            "clocks": [clock.document(minute) for clock in self.clocks],
            "filters": [],
            "or_filters": [],
            "not_filters": [],
            "adjustments": [],
            "__version__": CORE_VERSION,
        }

    def before(self, task: Task) -> list[str]:
        """The names of the tasks of this version that a task waits for."""
        names = {other.name for other in self.tasks}
        return [name for name in task.after if name in names]

    def document(self) -> dict[str, Any]:
        """The whole flow as Prefect serializes it."""
        slugs = {task.name: task.slug for task in self.tasks}
        return {
            "name": self.name,
            "type": "prefect.core.flow.Flow",
            "schedule": self.schedule(),
            "parameters": [_parameter_document(parameter) for parameter in self.parameters],
            "tasks": [_task_document(task) for task in self.tasks],
            "edges": [
                {
                    "upstream_task": {"slug": slugs[before]},
                    "downstream_task": {"slug": task.slug},
                    "key": None if number else "data",
                    "mapped": bool(task.mapped),
                    "flattened": False,
                }
                for task in self.tasks
                for number, before in enumerate(self.before(task))
            ],
            "reference_tasks": [],
            "environment": None,
            "run_config": self.run_config(),
            "storage": {"type": "Docker" if self.image else "Local", "image_tag": self.image},
            "__version__": CORE_VERSION,
        }

    def run_config(self) -> dict[str, Any]:
        """Where and how its runs are started."""
        if not self.image:
            return {"type": "UniversalRun", "labels": list(self.labels), "env": {}}
        return {
            "type": "KubernetesRun",
            "labels": list(self.labels),
            "image": self.image,
            "env": {"FLOW_NAME": self.name},
            "cpu_request": "500m",
            "memory_request": "1Gi",
        }


def _parameter_document(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "slug": parameter.name,
        "required": parameter.required,
        "default": parameter.default,
        "type": "prefect.core.parameter.Parameter",
    }


def _task_document(task: Task) -> dict[str, Any]:
    return {
        "name": task.name,
        "slug": task.slug,
        "type": "prefect.tasks.core.function.FunctionTask",
        "max_retries": task.retries,
        "retry_delay": task.retry_seconds if task.retries else None,
        "timeout": task.timeout,
        "trigger": {"fn": f"prefect.triggers.{task.trigger}", "kwargs": {}},
        "tags": list(task.tags),
        "cache_for": task.cached_hours * 3600 or None,
        "cache_key": task.name if task.cached_hours else None,
        "mapped": bool(task.mapped),
        "auto_generated": False,
        "skip_on_upstream_skip": True,
    }


@frozen
class Release:
    """What a later registration changed; what it does not name stayed as it was."""

    ago: timedelta
    tasks: tuple[Task, ...] = ()
    """Tasks that are new, or that take the place of those of the same name."""

    without: tuple[str, ...] = ()
    """The names of tasks that are gone."""

    parameters: tuple[Parameter, ...] | None = None
    clocks: tuple[Clock, ...] | None = None
    labels: tuple[str, ...] | None = None
    image: str | None = None
    description: str | None = None

    def applied(self, version: Version) -> Version:
        """The version after a version."""
        said = {
            name: value
            for name in ("parameters", "clocks", "labels", "image", "description")
            if (value := getattr(self, name)) is not None
        }
        return replace(version, tasks=self._tasks(version), **said)

    def _tasks(self, version: Version) -> tuple[Task, ...]:
        anew = {task.name: task for task in self.tasks}
        kept = [
            anew.pop(task.name, task) for task in version.tasks if task.name not in self.without
        ]
        return in_order((*kept, *anew.values()))


def in_order(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """The tasks, each behind those it waits for, otherwise as they were."""
    names = {task.name for task in tasks}
    placed: dict[str, Task] = {}
    while len(placed) < len(tasks):
        ready = {
            task.name: task
            for task in tasks
            if task.name not in placed and names.intersection(task.after) <= placed.keys()
        }
        if not ready:
            raise ValueError("some tasks wait for each other")
        placed.update(ready)
    return tuple(placed.values())


@frozen
class Flow:
    """A sample flow: its first version, and the releases after it."""

    first: Version
    ago: timedelta
    """How long before now it was first registered."""

    releases: tuple[Release, ...] = ()
    default_parameters: Mapping[str, Any] = field(default_factory=dict)
    """Defaults that somebody set for the whole group."""

    switched_off: tuple[str, ...] = ()
    """Safeguards that somebody switched off: `heartbeat`, `lazarus`; `schedule` too."""

    locked: bool = False
    """Its version lock is on."""

    @property
    def name(self) -> str:
        return self.first.name

    def versions(self) -> list[tuple[timedelta, Version]]:
        """Each version with how long ago it was registered, the oldest first."""
        version = self.first
        made = [(self.ago, version)]
        for release in self.releases:
            version = release.applied(version)
            made.append((release.ago, version))
        return made


def every(
    *, minutes: float = 0, hours: float = 0, days: float = 0, **parameters: Any
) -> tuple[Clock, ...]:
    """A schedule of one interval."""
    interval = timedelta(minutes=minutes, hours=hours, days=days)
    return (Clock(every=interval, parameters=parameters),)


def cron(expression: str, zone: str = "UTC", **parameters: Any) -> tuple[Clock, ...]:
    """A schedule of one cron expression."""
    return (Clock(cron=expression, zone=zone, parameters=parameters),)


def ago(*, days: float = 0, hours: float = 0, minutes: float = 0) -> timedelta:
    """So long before now."""
    return timedelta(days=days, hours=hours, minutes=minutes)
