"""Which of several neighbours to go to."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from flowtui.models.task_detail import Neighbour
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.choosing import Choosing
from flowtui.ui.graphics import state_pieces


class NeighbourPicker(Choosing[Neighbour]):
    """Task runs at the other ends of edges; the answer is the chosen one."""

    keys = (("j k", "move"), ("enter", "go there"), ("esc", "leave"))
    frame = 8

    def __init__(self, title: str, subject: str, ends: Sequence[Neighbour]) -> None:
        super().__init__(title, subject, "", ends)

    def row_key(self, record: Neighbour) -> Hashable:
        return record.task_run_id, record.label, record.key

    def columns(self) -> list[Column[Any]]:
        return [
            Column(
                "state",
                paint=lambda one, palette, width: state_pieces(one.state, palette, width),
                least=13,
            ),
            Column("task", lambda one: one.label, least=16, grows=True),
            Column("fills", lambda one: one.key or None, token="fg2"),
        ]
