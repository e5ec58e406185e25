"""What a run in progress is doing: which of its tasks run."""

from __future__ import annotations

from collections.abc import Iterable

from flowtui.frozen import frozen


@frozen
class RunningTask:
    """A task run in progress, or one that the run waits for."""

    name: str
    state: str = "Running"
    map_index: int = -1
    """Its number among mapped children, from 0; -1 for what is not mapped."""
    children: int = 0
    """How many children the task was mapped to; 0 while nobody knows."""

    @property
    def place(self) -> str:
        """Which of its children it is: `[2/5]`; `[1]`, counted from 0, where nobody knows of how
        many; empty for what is not mapped."""
        if self.map_index < 0:
            return ""
        if self.children > self.map_index:
            return f"[{self.map_index + 1}/{self.children}]"
        return f"[{self.map_index}]"


@frozen
class AtWork:
    """The running tasks of a run: the one to name, and how many others there are."""

    task: RunningTask
    others: int = 0


def at_work(tasks: Iterable[RunningTask]) -> AtWork | None:
    """What to say of tasks that run, the one that started last first.

    Children of one task count as one; the furthest of them tells how far it is. What waits is told
    where nothing runs.
    """
    found = list(tasks)
    running = [task for task in found if task.state == "Running"]
    furthest: dict[str, RunningTask] = {}
    for task in running or found:
        known = furthest.setdefault(task.name, task)
        if task.map_index > known.map_index:
            furthest[task.name] = task
    if not furthest:
        return None
    first, *others = furthest.values()
    return AtWork(first, len(others))
