"""The rows of a run's task table: a task each, its mapped children folded under it.

A mapped task is one row with a count, a row with a strip of all its children, and the children
that want to be seen; the rest of them are only in the strip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf

from flowtui.frozen import frozen
from flowtui.models import states
from flowtui.models.course import Course, UsualTask
from flowtui.models.ids import TaskId, TaskRunId
from flowtui.models.runs import FlowRunDetail
from flowtui.models.tasks import TaskRun
from flowtui.ui.graphics import worst
from flowtui.ui.timeline import Axis, Bar, Moment

CHILDREN_SHOWN = 6
"""Children of one task that get rows of their own."""

_SEEN = states.FAILURES | {"Retrying", "Paused"}


@frozen
class TaskRow:
    """One row: a task run, or the strip of a mapped task's children."""

    key: str
    task: TaskRun
    children: tuple[TaskRun, ...] = ()
    is_strip: bool = False

    @property
    def state(self) -> str:
        """The task run's own state; a mapped task with unfinished children is still running."""
        if not self.children or self.is_strip:
            return self.task.state.type
        if any(not child.is_finished for child in self.children):
            return "Running"
        bad = [child.state.type for child in self.children if states.is_failed(child.state.type)]
        return worst(bad) if bad else "Success"

    @property
    def done(self) -> tuple[int, int] | None:
        """Of a mapped task: how many children are over, of how many there are or will be."""
        if not self.children:
            return None
        over = sum(1 for child in self.children if child.is_finished)
        return over, len(self.children) + self.to_come

    @property
    def to_come(self) -> int:
        """Children that have no task run yet: most backends make one when it starts."""
        return max(0, self.task.expected_children - len(self.children)) if self.children else 0

    @property
    def each(self) -> list[str]:
        """The state of each child in the order of their index, also of those that are to come."""
        return [child.state.type for child in self.children] + ["Pending"] * self.to_come

    @property
    def start(self) -> datetime | None:
        if not self.children:
            return self.task.start_time
        starts = [child.start_time for child in self.children if child.start_time]
        return min(starts, default=self.task.start_time)

    @property
    def end(self) -> datetime | None:
        """When it was over; None while it goes on."""
        if not self.children:
            finished = self.task.is_finished
            return (self.task.end_time or self.task.state.timestamp) if finished else None
        if any(not child.is_finished for child in self.children):
            return None
        ends = [child.end_time or child.state.timestamp for child in self.children]
        return max((end for end in ends if end), default=None)

    def seconds(self, now: datetime) -> float | None:
        """How long it took or takes; of one that waits to be retried, until it last ended."""
        if not self.children:
            task = self.task
            if task.state.type == "Retrying" and task.start_time and task.state.timestamp:
                return max(0.0, (task.state.timestamp - task.start_time).total_seconds())
            return task.seconds(now)
        if self.start is None:
            return None
        return max(0.0, ((self.end or now) - self.start).total_seconds())


@frozen
class Left:
    """What a filter leaves: the task runs it was tried on, and itself for mapped tasks, whose rows
    show another state than their own."""

    ids: Set[TaskRunId]
    matches: Callable[[TaskRun], bool]


def task_rows(tasks: Iterable[TaskRun], wrong_first: bool = False) -> list[TaskRow]:
    """The rows in the order the tasks started, or with what is wrong or runs on top."""
    return [row for block in task_blocks(tasks, wrong_first) for row in block]


def task_blocks(
    tasks: Iterable[TaskRun],
    wrong_first: bool = False,
    left: Left | None = None,
    course: Course | None = None,
) -> list[list[TaskRow]]:
    """The rows of each task, in that order, less those that a filter does not leave.

    What has not begun stands in the order in which it began in the course.
    """
    parents: list[TaskRun] = []
    children: dict[TaskId, list[TaskRun]] = {}
    for task in tasks:
        if task.is_child:
            children.setdefault(task.task_id, []).append(task)
        else:
            parents.append(task)
    known = {task.task_id for task in parents}
    parents += [group[0] for task_id, group in children.items() if task_id not in known]
    found = (_block(task, children.get(task.task_id, ()), left) for task in parents)
    blocks = [block for block in found if block]
    usual = course.tasks if course is not None else {}
    blocks.sort(key=lambda block: _by_start(block, usual))
    if wrong_first:
        blocks.sort(key=_by_interest)
    return blocks


def _block(task: TaskRun, children: Sequence[TaskRun], left: Left | None = None) -> list[TaskRow]:
    """A task and those of its children that want to be seen; with a filter, those it leaves,
    unless it leaves them all."""
    if not children:
        return [TaskRow(task.id, task)] if left is None or task.id in left.ids else []
    ordered = tuple(sorted(children, key=lambda child: child.map_index))
    row = TaskRow(task.id, task, ordered)
    shown = [child for child in ordered if left is None or child.id in left.ids]
    if left is not None and not shown and not left.matches(_as_shown(row)):
        return []
    if len(shown) == len(ordered):
        shown = [child for child in ordered if child.state.type in _SEEN][:CHILDREN_SHOWN]
    strip = TaskRow(f"{task.id}/children", task, ordered, is_strip=True)
    went_well = row.end is not None and states.is_success(row.state) and not row.to_come
    return [row, *([] if went_well else [strip]), *(TaskRow(child.id, child) for child in shown)]


def _as_shown(row: TaskRow) -> TaskRun:
    """A mapped task in the state that its row shows."""
    return replace(row.task, state=replace(row.task.state, type=row.state))


def _by_start(
    block: list[TaskRow], usual: Mapping[str, UsualTask]
) -> tuple[bool, float, float, str]:
    """When it began; of what ran through at once, such as what was cached, when that was."""
    row = block[0]
    began = row.start or row.end
    known = usual.get(row.task.task_slug)
    after = known.after.total_seconds() if known is not None and began is None else inf
    return began is None, began.timestamp() if began else 0.0, after, row.task.task_name


def _by_interest(block: list[TaskRow]) -> tuple[int, float]:
    """What is wrong, what runs, what is done, the last first, and what waits."""
    row = block[0]
    start = row.start.timestamp() if row.start else 0.0
    if states.is_failed(row.state):
        was_taken_along = row.state == "TriggerFailed"
        return 0, inf if was_taken_along else start
    if states.is_running(row.state) or row.state in ("Retrying", "Paused"):
        goes_wrong = any(child.state.type in _SEEN for child in row.children)
        return (1 if goes_wrong else 2), start
    if row.start is None and not row.task.is_finished:
        return 4, 0.0
    return 3, -start


def bars_of(row: TaskRow, now: datetime) -> tuple[list[Bar], list[Moment]]:
    """What the timeline draws for a row: a bar for each attempt, or a moment."""
    if row.children:
        start = row.start
        return ([Bar(start, row.end or now, row.state)] if start else []), []
    task = row.task
    bars = _attempts(task, now)
    if not bars and task.is_finished:
        at = task.end_time or task.state.timestamp
        return [], [Moment(at, task.state.type)] if at else []
    return bars, []


def _attempts(task: TaskRun, now: datetime) -> list[Bar]:
    """A bar from each Running to what followed; all but the last were retried."""
    bars: list[Bar] = []
    began: datetime | None = None
    for record in task.states:
        if record.type == "Running":
            began = began or record.timestamp
        elif began is not None:
            bars = [replace(bar, state="Retrying") for bar in bars]
            bars.append(Bar(began, record.timestamp, record.type))
            began = None
    if bars and task.state.type == "Retrying":
        bars[-1] = replace(bars[-1], state="Retrying")
    if began is not None and not task.is_finished:
        bars = [replace(bar, state="Retrying") for bar in bars]
        bars.append(Bar(began, now, task.state.type))
    return bars


def axis_of(
    detail: FlowRunDetail, rows: Sequence[TaskRow], now: datetime, width: int
) -> Axis | None:
    """The stretch of time a run took, or takes so far and is expected to."""
    run = detail.run
    starts = [row.start for row in rows if row.start]
    start = min([*starts, *([run.start_time] if run.start_time else [])], default=None)
    if start is None:
        return None
    if run.is_finished:
        ends = [row.end for row in rows if row.end]
        end = max([*ends, run.end_time or run.state.timestamp or start])
        return Axis(start, max(end, start + timedelta(seconds=1)), width)
    usual = timedelta(seconds=(detail.usual_seconds or 0.0) * 1.05)
    elapsed = max(now - start, timedelta(seconds=1))
    end = start + max(usual, elapsed * 1.15)
    return Axis(start, end, width, now=now)
