"""Which of several neighbours to go to."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from flowtui.models.task_detail import Neighbour
from flowtui.ui.columns import Column
from flowtui.ui.graphics import state_pieces
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.table import RecordTable


class NeighbourPicker(Dialog[Neighbour]):
    """Task runs at the other ends of edges; the answer is the chosen one."""

    keys = (("j k", "move"), ("enter", "go there"), ("esc", "leave"))

    DEFAULT_CSS = """
    NeighbourPicker RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(self, title: str, subject: str, ends: Sequence[Neighbour]) -> None:
        super().__init__(title, subject)
        self._ends = ends

    def compose_body(self) -> ComposeResult:
        yield RecordTable[Neighbour](
            [
                Column(
                    "state",
                    paint=lambda one, palette, width: state_pieces(one.state, palette, width),
                    least=13,
                ),
                Column("task", lambda one: one.label, least=16, grows=True),
                Column("fills", lambda one: one.key or None, token="fg2"),
            ],
            lambda one: (one.task_run_id, one.label, one.key),
            ground="bg1",
            id="ends",
        )

    def on_mount(self) -> None:
        table = self.query_one("#ends", RecordTable)
        table.styles.height = min(len(self._ends) + 1, max(3, self.app.size.height - 8))
        table.show(self._ends)
        table.focus()

    @on(RecordTable.Opened)
    def _opened(self, event: RecordTable.Opened) -> None:
        self.dismiss(event.record)
