"""The course of a run: what happens in it and when, written before it happens.

A script is a pure function of a flow's declaration, the run's parameters and a source of chance.
The history performs scripts with its clock set back; the simulated agent performs them live.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from flowtui.demo.declarations import Task, Trouble, Version
from flowtui.frozen import frozen

UNMAPPED = -1
"""The map index of a task run that is not one of many."""

MOST_CHILDREN = 1000
"""However many a parameter asks for."""

WORKERS = 4
"""Children of a mapped task that run side by side."""

BAD = frozenset({"Failed", "TimedOut", "TriggerFailed", "Cancelled"})

WAITING = "Waiting"
"""No state of Prefect's: the task run is paused, or comes after one that is."""


@frozen
class StateChange:
    """A state that a run enters."""

    type: str
    message: str
    due_in: float | None = None
    """Seconds until something is to go on."""

    extra: Mapping[str, Any] = field(default_factory=dict)

    def document(self, now: datetime) -> dict[str, Any]:
        """The state as a client sends it."""
        said: dict[str, Any] = {"type": self.type, "message": self.message, **self.extra}
        if self.due_in is not None:
            said["start_time"] = (now + timedelta(seconds=self.due_in)).isoformat()
        return said


@frozen
class Line:
    """A line of the run's log; it may hold line breaks."""

    level: str
    logger: str
    message: str


@frozen
class Step:
    """One thing that happens in a run."""

    after: float
    """Seconds since the run started."""

    what: StateChange | Line
    slug: str = ""
    """The task it happens to; empty for the run as a whole."""

    index: int = UNMAPPED


@frozen
class Script:
    """Everything that happens in a run, in order."""

    steps: tuple[Step, ...]
    seconds: float
    ends: bool
    """False when the run waits for somebody at the end."""

    @property
    def running_after(self) -> float:
        """When the run as a whole is set Running."""
        return next(
            step.after
            for step in self.steps
            if not step.slug and isinstance(step.what, StateChange)
        )

    def within(self, seconds: float) -> Script:
        """The same course, played in at most so many seconds."""
        if self.seconds <= seconds:
            return self
        pace = seconds / self.seconds
        return Script(tuple(_faster(step, pace) for step in self.steps), seconds, self.ends)


def _faster(step: Step, pace: float) -> Step:
    what = step.what
    if isinstance(what, StateChange) and what.due_in is not None:
        what = replace(what, due_in=what.due_in * pace)
    return replace(step, after=step.after * pace, what=what)


@frozen
class Cast:
    """Which run a script is for, and what is known of it before."""

    version: Version
    parameters: Mapping[str, Any]
    done: Mapping[str, str] = field(default_factory=dict)
    """Slugs of tasks that an earlier attempt has finished, with their states."""

    approved: frozenset[str] = frozenset()
    """Slugs of tasks that somebody said yes to."""

    again: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Slugs of mapped tasks that were finished before, with those of their children that were not,
    or that somebody has reset."""

    troubles: Mapping[str, Trouble] | None = None
    """What goes wrong, by the name of the task; None leaves it to chance."""


def write_script(cast: Cast, dice: Random) -> Script:
    """The course of one run."""
    return _Author(cast, dice).script()


class _Author:
    """Writes one script, task by task."""

    def __init__(self, cast: Cast, dice: Random) -> None:
        self.cast = cast
        self.dice = dice
        self.steps: list[Step] = []
        self.ended: dict[str, tuple[float, str]] = {}
        """When each task ended, and in which state."""

    def script(self) -> Script:
        version = self.cast.version
        self._say(0.0, f"Beginning Flow run for '{version.name}'", _FLOW_RUNNER)
        self._set(0.1, StateChange("Running", "Running flow."))
        given = json.dumps(dict(self.cast.parameters), ensure_ascii=False)
        self._say(0.2, f"Parameters: {given}", _FLOW_RUNNER)
        for task in version.tasks:
            self.ended[task.name] = self._task(task)
        seconds = max((end for end, _ in self.ended.values()), default=0.0) + 0.6
        ends = all(state != WAITING for _, state in self.ended.values())
        if ends:
            self._finish(seconds)
        self.steps.sort(key=lambda step: step.after)
        return Script(tuple(self.steps), seconds, ends)

    def _finish(self, at: float) -> None:
        version = self.cast.version
        waited_for = {name for task in version.tasks for name in version.before(task)}
        last = [self.ended[task.name][1] for task in version.tasks if task.name not in waited_for]
        bad = [state for state in last if state in BAD]
        if not bad:
            self._say(at, "Flow run SUCCESS: all reference tasks succeeded", _FLOW_RUNNER)
            self._set(at, StateChange("Success", "All reference tasks succeeded."))
            return
        self._say(at, "Flow run FAILED: some reference tasks failed.", _FLOW_RUNNER)
        first_bad = next(state for _, state in self.ended.values() if state in BAD)
        handed_on = first_bad if version.hands_state_on else "Failed"
        self._set(at, StateChange(handed_on, "Some reference tasks failed."))

    def _task(self, task: Task) -> tuple[float, str]:
        if task.slug in self.cast.done and task.slug in self.cast.again:
            return self._children_again(task)
        if task.slug in self.cast.done:
            return 0.0, self.cast.done[task.slug]
        before = [self.ended[name] for name in self.cast.version.before(task)]
        begin = max((end for end, _ in before), default=0.2) + self.dice.uniform(0.1, 0.5)
        states = {state for _, state in before}
        if WAITING in states:
            return begin, WAITING
        early = self._stopped_early(task, begin, states)
        if early is not None:
            return early
        if task.mapped:
            return self._mapped(task, begin)
        return self._attempts(task, UNMAPPED, begin, self._trouble(task))

    def _stopped_early(
        self, task: Task, begin: float, states: set[str]
    ) -> tuple[float, str] | None:
        """What becomes of a task that does not even start."""
        if task.trigger == "manual_only" and task.slug not in self.cast.approved:
            self._set(begin, StateChange("Paused", 'Trigger function is "manual_only"'), task)
            return begin, WAITING
        if task.trigger == "all_successful" and states & BAD:
            message = 'Trigger was "all_successful" but some of the upstream tasks failed.'
            self._set(begin, StateChange("TriggerFailed", message), task)
            return begin, "TriggerFailed"
        if task.trigger == "all_successful" and "Skipped" in states:
            message = (
                "Upstream task was skipped; if this was not the intended behavior, consider "
                "changing `skip_on_upstream_skip=False` for this task."
            )
            self._set(begin, StateChange("Skipped", message), task)
            return begin, "Skipped"
        if task.cached_hours and self.dice.random() < 0.7:
            self._set(begin, StateChange("Cached", "Task run used a cached result."), task)
            return begin, "Cached"
        return None

    def _trouble(self, task: Task) -> Trouble | None:
        if self.cast.troubles is not None:
            return self.cast.troubles.get(task.name)
        for trouble in task.troubles:
            if not trouble.children and self.dice.random() < trouble.chance:
                return trouble
        return None

    def _troubled(self, task: Task, children: int) -> dict[int, Trouble]:
        """The children of a mapped task that something becomes of, besides success."""
        if self.cast.troubles is None:
            always = {child: one for one in task.troubles for child in one.children}
            if any(child < children for child in always):
                return always
        trouble, child = self._trouble(task), self.dice.randrange(children)
        return {} if trouble is None else {child: trouble}

    def _children(self, task: Task) -> int:
        asked = self.cast.parameters.get(task.mapped_by)
        if isinstance(asked, int) and not isinstance(asked, bool):
            return max(1, min(asked, MOST_CHILDREN))
        return max(2, task.mapped + self.dice.choice((-1, 0, 0, 1)))

    def _mapped(self, task: Task, begin: float) -> tuple[float, str]:
        children = self._children(task)
        message = "Mapped tasks submitted for execution."
        self._set(begin, StateChange("Mapped", message, extra={"n_map_states": children}), task)
        troubled = self._troubled(task, children)
        each = _each_of(task, children)
        free = [begin + 0.2 * worker for worker in range(WORKERS)]
        states = []
        for index in range(children):
            start = min(free)
            end, state = self._attempts(each, index, start, troubled.get(index))
            free[free.index(start)] = end + 0.1
            states.append(state)
        bad = [state for state in states if state in BAD]
        return max(free), bad[0] if bad else "Mapped"

    def _children_again(self, task: Task) -> tuple[float, str]:
        """Only the children that are left; what went wrong by chance goes well this time."""
        left = sorted(self.cast.again[task.slug])
        each = _each_of(task, self._children(task))
        ends = [self._attempts(each, index, 0.5, None)[0] for index in left]
        return max(ends) + 0.1, self.cast.done[task.slug]

    def _attempts(
        self, task: Task, index: int, begin: float, trouble: Trouble | None
    ) -> tuple[float, str]:
        """Run, and run again as often as the task says; the end and the state at the end."""
        attempts = task.retries + 1 if trouble and trouble.state == "Failed" else 1
        for attempt in range(1, attempts + 1):
            overcome = trouble is not None and trouble.passes and attempt > 1
            end, state = self._attempt(task, index, begin, None if overcome else trouble)
            if state not in BAD or attempt == attempts:
                break
            self._set(
                end + 0.1,
                StateChange(
                    "Retrying",
                    f"Retrying Task (after attempt {attempt} of {task.retries + 1})",
                    due_in=task.retry_seconds,
                    extra={"run_count": attempt + 1},
                ),
                task,
                index,
            )
            begin = end + 0.1 + task.retry_seconds
        return end, state

    def _attempt(
        self, task: Task, index: int, begin: float, trouble: Trouble | None
    ) -> tuple[float, str]:
        title = task.name if index < 0 else f"{task.name}[{index}]"
        lasts = max(0.3, task.seconds * self.dice.uniform(0.75, 1.3))
        if trouble is not None:
            lasts *= self.dice.uniform(0.2, 0.9)
        end = begin + lasts
        self._runner(begin, f"Task '{title}': Starting task run...", task, index)
        self._set(begin, StateChange("Running", "Starting task run."), task, index)
        self._work(task, index, begin, lasts)
        if trouble is not None and trouble.fault is not None and trouble.fault.warning:
            said = Line("WARNING", f"prefect.{task.name}", trouble.fault.warning)
            self.steps.append(Step(end - 0.2, said, task.slug, index))
        if trouble is None:
            change = StateChange("Success", "Task run succeeded.")
        elif trouble.fault is not None:
            message = (
                f"Task '{title}': Exception encountered during task execution!\n"
                f"{trouble.fault.traceback}"
            )
            self._runner(end, message, task, index, "ERROR")
            text = f"Unexpected error: {trouble.fault.name}({trouble.fault.text!r})"
            change = StateChange(trouble.state, text)
        else:
            change = StateChange(trouble.state, trouble.message or "Execution timed out.")
        final = f"Task '{title}': Finished task run for task with final state: '{change.type}'"
        self._set(end, change, task, index)
        self._runner(end, final, task, index)
        return end, change.type

    def _work(self, task: Task, index: int, begin: float, lasts: float) -> None:
        """What the task's own code says."""
        for number, template in enumerate(task.lines):
            at = begin + lasts * (number + self.dice.uniform(0.2, 0.9)) / (len(task.lines) + 0.2)
            level, _, rest = template.partition(" ")
            if level not in ("DEBUG", "WARNING"):
                level, rest = "INFO", template
            line = Line(level, f"prefect.{task.name}", self._filled(rest, index))
            self.steps.append(Step(at, line, task.slug, index))

    def _filled(self, template: str, index: int) -> str:
        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name == "n":
                return str(int(10 ** self.dice.uniform(0.6, 4.3)))
            if name == "index":
                return str(max(0, index))
            return str(self.cast.parameters.get(name, found[0]))

        return re.sub(r"\{(\w+)\}", value, template)

    def _runner(self, at: float, message: str, task: Task, index: int, level: str = "INFO") -> None:
        line = Line(level, "prefect.CloudTaskRunner", message)
        self.steps.append(Step(at, line, task.slug, index))

    def _say(self, at: float, message: str, logger: str) -> None:
        self.steps.append(Step(at, Line("INFO", logger, message)))

    def _set(
        self, at: float, what: StateChange, task: Task | None = None, index: int = UNMAPPED
    ) -> None:
        self.steps.append(Step(at, what, task.slug if task else "", index))


def _each_of(task: Task, children: int) -> Task:
    """One child of a mapped task, which may have only its share of the work to do."""
    if not task.shared:
        return task
    return replace(task, seconds=task.seconds * min(WORKERS, children) / children)


_FLOW_RUNNER = "prefect.CloudFlowRunner"


def dice_for(seed: int, run_id: str) -> Random:
    """The chance of one run: the same in the history and for an agent that goes on with it."""
    return Random(f"{seed}:{run_id}")
