"""The menu of what can be done to many: a letter each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flowtui.ui.bulk import BulkDeed
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.choosing import Choosing


class DeedMenu(Choosing[BulkDeed[Any]]):
    """The answer is the deed that was chosen."""

    keys = (("letter", "choose"), ("enter", "choose"), ("esc", "leave"))
    captions = False

    DEFAULT_CSS = """
    DeedMenu > #dialog { width: 100; }
    """

    def __init__(self, deeds: Sequence[BulkDeed[Any]], which: str) -> None:
        super().__init__("Actions", which, "each asks first", deeds)

    def letters(self, record: BulkDeed[Any]) -> Sequence[str]:
        return (record.key,)

    def columns(self) -> list[Column[Any]]:
        return [
            Column("", lambda one: one.key, bold=lambda one: True, least=1, token="fg0"),
            Column("", lambda one: one.label, token="fg0", least=16),
            Column("", self.sentence, title="says", token="fg2", least=12, most=12, grows=True),
        ]

    def sentence(self, record: BulkDeed[Any]) -> str:
        return record.text
