"""What happens in a run, told once: snapshots and log lines in, happenings out, in order of time.

A backend is asked again and again and always answers with everything; whoever watches wants each
thing once. States arrive as they happen, log lines up to some seconds later, because Prefect's
client gathers them; `Interleaver` waits for that, so that the story is in order when it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.ids import TaskId, TaskRunId
from flowtui.models.logs import LogLine
from flowtui.models.runs import FlowRun, FlowRunDetail
from flowtui.models.states import StateRecord
from flowtui.models.tasks import TaskRun, in_a_word, unwrapped
from flowtui.models.text import clock, duration

LOGS_ARE_LATE_BY = timedelta(seconds=6)
"""So long a state waits for the log lines before it: Prefect's client sends them every 5 s."""

_BEGINNING, _MIDDLE, _END = 0, 1, 2  # what shares a moment: a state begins, it speaks, it ends


@frozen
class StateChange:
    """The run, or one of its task runs, came into a state."""

    time: datetime
    subject: str
    state: str
    message: str = ""
    note: str = ""
    """What a person wants to know of it, in a few words."""
    of_run: bool = False
    """It is the run itself, not one of its task runs."""
    notable: bool = True
    """Worth a line where space is dear; a mapped child that succeeds is not."""
    of_children: bool = False
    """Said of all children of a mapped task together; the backend knows no such state."""
    order: tuple[int, int] = (_BEGINNING, 0)


@frozen
class LogEntry:
    """A line of the run's log, and who wrote it."""

    time: datetime
    subject: str
    level: str
    message: str
    order: tuple[int, int] = (_MIDDLE, 0)


@frozen
class Remark:
    """Something that is not from the run: the backend went away, or nobody takes the run."""

    time: datetime
    message: str
    alarming: bool = True
    order: tuple[int, int] = (_END, 0)


Happening = StateChange | LogEntry | Remark


@frozen
class Snapshot:
    """All that is known of a run at one moment."""

    detail: FlowRunDetail
    tasks: tuple[TaskRun, ...] = ()
    silent_since: datetime | None = None
    """Since when the backend has not answered."""

    @property
    def run(self) -> FlowRun:
        return self.detail.run


class Story:
    """Remembers what was told of one run, so that nothing is told twice."""

    def __init__(self) -> None:
        self.tasks: dict[TaskRunId, TaskRun] = {}
        self._told: set[tuple[str, int, datetime, str]] = set()
        self._lines = 0
        self._finished_maps: dict[TaskId, int] = {}
        self._maybe_finished: dict[TaskId, int] = {}

    def run_changes(self, detail: FlowRunDetail) -> list[StateChange]:
        """The states of the run itself that were not told yet."""
        run = detail.run
        return [
            StateChange(
                record.timestamp,
                run.name,
                record.type,
                record.message,
                _note_on_run(record, detail),
                of_run=True,
                order=_order(record),
            )
            for record in self._new(run.id, detail.states)
        ]

    def task_changes(self, task_runs: Iterable[TaskRun]) -> list[StateChange]:
        """The states of task runs that were not told yet; that they exist is no news."""
        changes: list[StateChange] = []
        for task_run in task_runs:
            self.tasks[task_run.id] = task_run
            for record in self._new(task_run.id, task_run.states):
                if record.type != "Pending":
                    changes.append(_task_change(task_run, record))
        return changes

    def finished_maps(self) -> list[StateChange]:
        """Mapped tasks whose children have all ended, and did so the last time we looked.

        Prefect makes children as it comes to them, so all of those known may have ended while
        there are more to come: hence the second look.
        """
        seen: dict[TaskId, int] = {}
        changes: list[StateChange] = []
        for task_id, children in _children(self.tasks.values()).items():
            count = len(children)
            if not all(child.is_finished for child in children):
                continue
            seen[task_id] = count
            if self._maybe_finished.get(task_id) == count != self._finished_maps.get(task_id):
                self._finished_maps[task_id] = count
                changes.append(_map_finished(children))
        self._maybe_finished = seen
        return changes

    def entries(self, lines: Iterable[LogLine]) -> list[LogEntry]:
        """Log lines with the names of those who wrote them."""
        entries: list[LogEntry] = []
        for line in lines:
            task_run = None if line.task_run_id is None else self.tasks.get(line.task_run_id)
            subject = task_run.label if task_run else line.logger.removeprefix("prefect.")
            self._lines += 1
            order = (_MIDDLE, self._lines)
            entries.append(LogEntry(line.timestamp, subject, line.level, line.message, order))
        return entries

    def _new(self, owner: str, records: Sequence[StateRecord]) -> list[StateRecord]:
        found: list[StateRecord] = []
        for record in records:
            mark = (owner, record.version, record.timestamp, record.type)
            if mark not in self._told:
                self._told.add(mark)
                found.append(record)
        return found


class Interleaver:
    """Holds states back until the log lines before them have had time to arrive.

    A log line is told at once, and with it every state that is older.
    """

    def __init__(self, patience: timedelta = LOGS_ARE_LATE_BY) -> None:
        self._patience = patience
        self._held: list[tuple[datetime, Happening]] = []

    def add(self, happenings: Iterable[Happening], now: datetime) -> None:
        """Take in what was learned at this moment."""
        for happening in happenings:
            due = now
            if isinstance(happening, StateChange) and not _comes_before_the_log(happening):
                due += self._patience - max(timedelta(0), now - happening.time)
            self._held.append((due, happening))
        self._held.sort(key=lambda held: (held[1].time, held[1].order))

    def ready(self, now: datetime) -> list[Happening]:
        """What can be told by now, in order of time."""
        last = max((i for i, (due, _) in enumerate(self._held) if due <= now), default=-1)
        told, self._held = self._held[: last + 1], self._held[last + 1 :]
        return [happening for _, happening in told]

    def rest(self) -> list[Happening]:
        """Everything that was held back; nothing more is to come."""
        told, self._held = self._held, []
        return [happening for _, happening in told]

    def seconds_until_due(self, now: datetime) -> float | None:
        """When to ask again, if nothing is added before; None if nothing is held."""
        due = min((due for due, _ in self._held), default=None)
        return None if due is None else max(0.0, (due - now).total_seconds())


def _comes_before_the_log(change: StateChange) -> bool:
    """Nothing that could log was there yet when a run came into this state."""
    waiting = states.is_scheduled(change.state) or change.state in ("Pending", "Submitted")
    return change.of_run and waiting


def _order(record: StateRecord) -> tuple[int, int]:
    return (_END if states.is_finished(record.type) else _BEGINNING, record.version)


def _children(task_runs: Iterable[TaskRun]) -> dict[TaskId, list[TaskRun]]:
    """Mapped children by their task."""
    found: dict[TaskId, list[TaskRun]] = {}
    for task_run in task_runs:
        if task_run.is_child:
            found.setdefault(task_run.task_id, []).append(task_run)
    return found


def _map_finished(children: Sequence[TaskRun]) -> StateChange:
    ended = max(child.state.timestamp or child.end_time or _NEVER for child in children)
    started = min((child.start_time for child in children if child.start_time), default=ended)
    good = sum(states.is_success(child.state.type) for child in children)
    spent = duration(ended - started)
    bad = next((c.state.type for c in children if states.is_failed(c.state.type)), "Cancelled")
    return StateChange(
        ended,
        children[0].task_name,
        "Success" if good == len(children) else bad,
        note=f"{good} of {len(children)}, {spent}",
        of_children=True,
        order=(_END, 1 << 30),
    )


_NEVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _task_change(task_run: TaskRun, record: StateRecord) -> StateChange:
    state = record.type
    ordinary = states.is_success(state) or state in ("Running", "Submitted", "Queued", "Scheduled")
    ordinary = ordinary or _is_retried(task_run, record)
    ended_alone = states.is_success(state) and state != "Mapped" and not task_run.is_child
    return StateChange(
        record.timestamp,
        task_run.label,
        state,
        record.message,
        _note_on_task(task_run, record),
        notable=ended_alone or not ordinary,
        order=_order(record),
    )


def _note_on_task(task_run: TaskRun, record: StateRecord) -> str:
    if states.is_success(record.type):
        return "" if record.type == "Mapped" else _time_spent(task_run.states, record)
    if record.type == "Retrying":
        retries = [r for r in task_run.states if r.type == "Retrying"]
        number = sum(1 for r in retries if (r.timestamp, r.version) <= _place(record))
        note = f"retry {number} of {max(number, task_run.max_retries)}"
        said = "" if record.message.startswith("Retrying Task") else record.message
        wrong = [r for r in task_run.states if states.is_failed(r.type)]
        before = [r.message for r in wrong if _place(r) <= _place(record)]
        said = in_a_word(unwrapped(said or "".join(before[-1:])))
        return f"{note}, {said}" if said else note
    return unwrapped(record.message)


def _is_retried(task_run: TaskRun, record: StateRecord) -> bool:
    """Whether it failed and is tried again: that is told with why, so the failure needs no line."""
    if not states.is_failed(record.type):
        return False
    later = [r for r in task_run.states if _place(r) > _place(record)]
    return bool(later) and min(later, key=_place).type == "Retrying"


def _note_on_run(record: StateRecord, detail: FlowRunDetail) -> str:
    if record.type == "Submitted" and detail.agent_name:
        return f"taken by agent {detail.agent_name}"
    if record.type == "Scheduled" and record.start_time is not None:
        if record.start_time - record.timestamp > timedelta(seconds=30):
            return f"for {clock(record.start_time)}"
        return "as soon as an agent takes it"
    return record.message


def _time_spent(history: Sequence[StateRecord], record: StateRecord) -> str:
    """How long the last run before this state took."""
    started = [
        r.timestamp for r in history if r.type == "Running" and r.timestamp <= _place(record)[0]
    ]
    return duration(record.timestamp - max(started)) if started else ""


def _place(record: StateRecord) -> tuple[datetime, int]:
    return record.timestamp, record.version
