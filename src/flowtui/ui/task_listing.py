"""A run's tasks as a list: a filter looks at every task run, and mapped children stay together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from flowtui.models.course import Course
from flowtui.models.filter_fields import TASKS
from flowtui.models.tasks import TaskRun
from flowtui.ui.columns import Column
from flowtui.ui.listing import Listing, Memory, OwnOrder
from flowtui.ui.task_rows import Left, TaskRow, task_blocks

_AS_STARTED: OwnOrder[TaskRun] = OwnOrder("as they started", lambda tasks, now: tasks)
_WRONG_FIRST: OwnOrder[TaskRun] = OwnOrder("what is wrong first", lambda tasks, now: tasks)


class TaskListing(Listing[TaskRun]):
    """The task runs of one run."""

    def __init__(
        self,
        memory: Memory,
        run_id: str,
        columns: Callable[[], Sequence[Column[Any]]],
        wrong_first: Callable[[], bool],
        **settings: Any,
    ) -> None:
        super().__init__(memory, ("tasks", run_id), TASKS, columns, _AS_STARTED, **settings)
        self._wrong_first = wrong_first
        self.all_rows: Sequence[TaskRow] = ()
        """The rows as they are without a filter, in the list's own order."""
        self._found: list[TaskRun] = []
        self.course: Course | None = None
        """How such a run usually goes: in that order stands what has not begun."""

    def arranged(self, now: datetime) -> Sequence[TaskRow]:
        chosen, wrong_first = self.read(now), self._wrong_first()
        self._order = _WRONG_FIRST if wrong_first else _AS_STARTED
        blocks = task_blocks(self.records, wrong_first, course=self.course)
        self.all_rows = list(chain.from_iterable(blocks))
        self._found = list(self.records)
        if chosen.is_active:
            self._found = [task for task in self.records if chosen.matches(task)]
            ids = {task.id for task in self._found}
            blocks = task_blocks(self.records, wrong_first, Left(ids, chosen.matches), self.course)
        self.shown = len(self._found)
        if self.sort_column is not None:
            blocks = [self._sorted_inside(block) for block in blocks]
        return list(chain.from_iterable(self.in_order(blocks, lambda block: block[0])))

    def _sorted_inside(self, block: list[TaskRow]) -> list[TaskRow]:
        """A mapped task and its strip, then its children in the order that was chosen."""
        heads = sum(1 for row in block if row.children)
        return [*block[:heads], *self.in_order(block[heads:])]

    def exported_rows(self, rows: Sequence[Any]) -> Sequence[TaskRow]:
        """A row for each task run that was found, mapped children that are folded among them."""
        return self.in_order([TaskRow(task.id, task) for task in self._found])
