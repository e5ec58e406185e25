"""The history of the states of a run or a task run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from textual.app import ComposeResult

from flowtui.models.states import StateRecord
from flowtui.models.text import clock, day, duration
from flowtui.ui.columns import Column
from flowtui.ui.graphics import state_pieces
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.table import RecordTable


class StateHistory(Dialog[None]):
    """Every state it was in: when, for how long, and what was said."""

    keys = (("j k", "move"), ("esc", "leave"))

    DEFAULT_CSS = """
    StateHistory > #dialog { width: 100; }
    StateHistory RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(
        self, subject: str, place: str, history: Sequence[StateRecord], zone: tzinfo | None
    ) -> None:
        super().__init__("States", subject, place)
        self._history = history
        self._zone = zone

    def compose_body(self) -> ComposeResult:
        yield RecordTable[StateRecord](
            [
                Column("day", lambda one: day(one.timestamp, self._zone), token="fg2", drop=2),
                Column("time", lambda one: clock(one.timestamp, self._zone), token="fg2"),
                Column(
                    "state",
                    paint=lambda one, palette, width: state_pieces(one.type, palette, width),
                    least=13,
                ),
                Column("ver", lambda one: str(one.version), right=True, token="fg2", drop=1),
                Column("lasted", self._lasted, right=True, least=7),
                Column("message", lambda one: one.message, least=12, most=12, grows=True),
            ],
            lambda one: (one.version, one.timestamp),
            ground="bg1",
            id="states",
        )

    def on_mount(self) -> None:
        table = self.query_one("#states", RecordTable)
        table.styles.height = min(len(self._history) + 1, max(3, self.app.size.height - 7))
        table.show(self._history)
        table.focus()

    def _lasted(self, one: StateRecord) -> str | None:
        index = self._history.index(one)
        if index + 1 == len(self._history):
            return None
        return duration(self._history[index + 1].timestamp - one.timestamp)
