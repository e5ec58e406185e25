"""All there is to know of a task run, with its whole message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.ui.dialogs.facts import Facts
from flowtui.ui.task_facts import task_lines
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Line


class TaskDetails(Facts):
    """A task run's facts and the history of its states."""

    def __init__(self, row: TaskRow, run_name: str, now: datetime, zone: tzinfo | None) -> None:
        super().__init__("Task", row.task.label, run_name)
        self._row = row
        self._now = now
        self._zone = zone

    def paint_facts(self, palette: Palette, width: int) -> Sequence[Line]:
        return task_lines(self._row, palette, width, self._now, self._zone)
