"""All there is to know of a task of a flow, and how it went in the last runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models.flow_tasks import PlacedTask
from flowtui.models.tasks import TaskRun
from flowtui.ui.dialogs.facts import Facts
from flowtui.ui.flow_task_facts import flow_task_lines, history_of_task
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Line


class FlowTaskDetails(Facts):
    """A task's facts, its neighbours, and its last runs with the names of their flow runs."""

    def __init__(
        self,
        task: PlacedTask,
        flow_name: str,
        runs: Sequence[tuple[TaskRun, str]],
        now: datetime,
        zone: tzinfo | None,
    ) -> None:
        super().__init__("Task", task.task.name, flow_name)
        self._placed = task
        self._runs = runs
        self._now = now
        self._zone = zone

    def paint_facts(self, palette: Palette, width: int) -> Sequence[Line]:
        facts = flow_task_lines(self._placed, palette, width)[2:]
        runs = history_of_task(self._runs, palette, width, self._now, self._zone)
        return [*facts, [], *runs]
