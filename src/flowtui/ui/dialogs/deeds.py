"""The menu of what can be done to many: a letter each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.events import Key

from flowtui.ui.bulk import BulkDeed
from flowtui.ui.columns import Column
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.table import RecordTable


class DeedMenu(Dialog[BulkDeed[Any]]):
    """The answer is the deed that was chosen."""

    keys = (("letter", "choose"), ("enter", "choose"), ("esc", "leave"))

    DEFAULT_CSS = """
    DeedMenu > #dialog { width: 100; }
    DeedMenu RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(self, deeds: Sequence[BulkDeed[Any]], which: str) -> None:
        super().__init__("Actions", which, "each asks first")
        self._deeds = deeds

    def compose_body(self) -> ComposeResult:
        table = RecordTable[BulkDeed[Any]](
            [
                Column("", lambda one: one.key, bold=lambda one: True, least=1, token="fg0"),
                Column("", lambda one: one.label, token="fg0", least=16),
                Column("", lambda one: one.text, token="fg2", least=12, most=12, grows=True),
            ],
            lambda one: one.key,
            captions=False,
            ground="bg1",
            id="deeds",
        )
        table.styles.height = len(self._deeds)
        yield table

    def on_mount(self) -> None:
        table = self.query_one("#deeds", RecordTable)
        table.show(self._deeds)
        table.focus()

    def on_key(self, event: Key) -> None:
        chosen = next((one for one in self._deeds if event.key == one.key), None)
        if chosen is not None:
            event.stop()
            self.dismiss(chosen)

    @on(RecordTable.Opened)
    def _opened(self, event: RecordTable.Opened) -> None:
        self.dismiss(event.record)
