"""All there is to know of a task of a flow, and its last runs to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from flowtui.models.flow_tasks import PlacedTask
from flowtui.models.tasks import TaskRun
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.facts import FRAME, Facts
from flowtui.ui.flow_task_facts import flow_task_lines
from flowtui.ui.themes import palette_of
from flowtui.ui.tokens import Palette
from flowtui.ui.usual_columns import duration_column, state_column, text_column, when_column
from flowtui.ui.widgets.painted import Line
from flowtui.ui.widgets.table import RecordTable

LastRun = tuple[TaskRun, str]
"""A task run, and the name of the flow run it was in."""


class FlowTaskDetails(Facts):
    """A task's facts and its neighbours, and under them its last runs."""

    keys = (("enter", "open the run"), ("j k", "move"), ("tab", "runs, facts"), ("esc", "leave"))

    DEFAULT_CSS = """
    FlowTaskDetails RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(
        self,
        task: PlacedTask,
        flow_name: str,
        runs: Sequence[LastRun],
        now: datetime,
        zone: tzinfo | None,
    ) -> None:
        super().__init__("Task", task.task.name, flow_name)
        self.opened: TaskRun | None = None
        """The run that was asked for."""
        self._placed = task
        self._runs = runs
        self._now = now
        self._zone = zone

    def compose_body(self) -> ComposeResult:
        yield from super().compose_body()
        yield RecordTable[LastRun](
            self._columns(),
            lambda one: one[0].id,
            sentence="It never ran.",
            ground="bg1",
            id="last-runs",
        )

    def on_mount(self) -> None:
        self._table.show(self._runs)

    @property
    def first(self) -> Widget:
        return self._table if self._runs else self._facts

    @property
    def _table(self) -> RecordTable[LastRun]:
        return self.query_one("#last-runs", RecordTable)

    def _limit(self) -> None:
        """Some runs are always to be seen, and all of them where there is room."""
        room = self.app.size.height - FRAME - 1
        facts = len(self.paint_facts(palette_of(self), 94))
        runs = max(min(4, room // 2), room - facts)
        self._table.styles.height = runs = min(max(1, len(self._runs)) + 1, runs)
        self._facts.styles.max_height = max(1, room - runs)

    def paint_facts(self, palette: Palette, width: int) -> Sequence[Line]:
        return flow_task_lines(self._placed, palette, width)[2:]

    def _columns(self) -> list[Column[LastRun]]:
        return [
            state_column(lambda one: one[0].state.type, least=13),
            text_column("last runs", lambda one: one[1], least=14),
            when_column(
                "start", lambda one: one[0].start_time, lambda: self._now, lambda: self._zone
            ),
            when_column(
                "end",
                lambda one: one[0].end_time if one[0].is_finished else None,
                lambda: self._now,
                lambda: self._zone,
                drop=1,
            ),
            duration_column("time", lambda one: one[0].seconds(self._now)),
            text_column(
                "message",
                lambda one: one[0].state.message,
                token="fg2",
                least=10,
                most=10,
                grows=True,
                drop=2,
            ),
        ]

    @on(RecordTable.Opened)
    def _run_opened(self, event: RecordTable.Opened) -> None:
        self.opened = event.record[0]
        self.action_leave()
