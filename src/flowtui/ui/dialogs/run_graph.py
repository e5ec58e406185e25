"""The tasks of a run as a graph: what waits for what, and how far it got. Enter opens one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual import on
from textual.app import ComposeResult

from flowtui.models.ids import TaskRunId
from flowtui.ui.run_graph import GraphRow, graph_columns
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.table import RecordTable

FRAME = 8
"""Rows of the screen that are not tasks: edge, title, captions, blank rows and keys."""


class RunGraph(Dialog[TaskRunId]):
    """The answer is the task run that was chosen; the states are those of the moment it opened."""

    keys = (("j k", "move"), ("enter", "open"), ("esc", "leave"))

    DEFAULT_CSS = """
    RunGraph > #dialog { width: 100; }
    RunGraph RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(self, run_name: str, rows: Sequence[GraphRow], now: datetime, said: str) -> None:
        super().__init__("Graph", run_name, said)
        self._rows = rows
        self._now = now

    def compose_body(self) -> ComposeResult:
        yield RecordTable[GraphRow](
            graph_columns(self._now), lambda one: one.placed.id, ground="bg1", id="graph"
        )

    def on_mount(self) -> None:
        self._fit()
        self.table.show(self._rows, empty="This flow has no tasks.")
        self.table.focus()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        room = max(3, self.app.size.height - FRAME)
        self.table.styles.height = min(len(self._rows) + 1, room)

    @property
    def table(self) -> RecordTable[GraphRow]:
        """The tasks."""
        return self.query_one("#graph", RecordTable)

    @on(RecordTable.Opened)
    def _opened(self, event: RecordTable.Opened) -> None:
        if event.record.row is not None:
            self.dismiss(event.record.row.task.id)
