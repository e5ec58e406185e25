"""The history of the states of a run or a task run."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import tzinfo
from typing import Any

from flowtui.models.states import StateRecord
from flowtui.models.text import clock, day, duration
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.choosing import Choosing
from flowtui.ui.graphics import state_pieces


class StateHistory(Choosing[None]):
    """Every state it was in: when, for how long, and what was said."""

    keys = (("j k", "move"), ("esc", "leave"))

    DEFAULT_CSS = """
    StateHistory > #dialog { width: 100; }
    """

    def __init__(
        self, subject: str, place: str, history: Sequence[StateRecord], zone: tzinfo | None
    ) -> None:
        super().__init__("States", subject, place, history)
        self._zone = zone

    def row_key(self, record: StateRecord) -> Hashable:
        return record.version, record.timestamp

    def answer(self, record: StateRecord) -> None:
        """Nothing: it is only read."""

    def columns(self) -> list[Column[Any]]:
        return [
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
        ]

    def _lasted(self, one: StateRecord) -> str | None:
        index = self.records.index(one)
        if index + 1 == len(self.records):
            return None
        return duration(self.records[index + 1].timestamp - one.timestamp)
