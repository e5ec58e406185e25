"""A run against the last success of its flow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models.course import Course
from flowtui.models.runs import FlowRun
from flowtui.ui.dialogs.facts import Facts
from flowtui.ui.run_diff import diff_lines, diff_title
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Line


class RunDiff(Facts):
    """What is another than when it went well, and which tasks are slower."""

    def __init__(
        self,
        run: FlowRun,
        rows: Sequence[TaskRow],
        course: Course,
        now: datetime,
        zone: tzinfo | None,
    ) -> None:
        super().__init__("Difference", run.name, run.flow_name)
        self._run = run
        self._rows = rows
        self._course = course
        self._now = now
        self._zone = zone

    def paint_facts(self, palette: Palette, width: int) -> Sequence[Line]:
        title = diff_title(self._course, self._now, self._zone, width)
        run, rows, course = self._run, self._rows, self._course
        return [title, [], *diff_lines(run, rows, course, self._now, palette, width)]
