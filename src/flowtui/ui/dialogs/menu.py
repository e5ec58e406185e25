"""The menu behind `x`: what can be changed here, a letter each."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from flowtui.ui.actions import Action
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.choosing import Choosing


class ActionMenu(Choosing[str]):
    """Actions of a screen that change something; the answer is the chosen one's name."""

    keys = (("letter", "choose"), ("enter", "choose"), ("esc", "leave"))
    captions = False
    empty = "Nothing can be changed here."

    DEFAULT_CSS = """
    ActionMenu > #dialog { width: 100; }
    """

    def __init__(self, screen: Any) -> None:
        actions = list(screen.menu_actions)
        read_only = screen.flowtui.profile.read_only
        note = "read-only: none can be done" if read_only else "each one asks first"
        super().__init__("Actions", screen.menu_subject, note, actions)
        self._asked = screen

    def row_key(self, record: Action) -> Hashable:
        return record.name

    def letters(self, record: Action) -> Sequence[str]:
        return record.keys

    def answer(self, record: Action) -> str:
        return record.name

    def columns(self) -> list[Column[Any]]:
        return [
            Column("", lambda one: one.keys[0], bold=lambda one: True, least=1, token=self._token),
            Column("", lambda one: one.label, token=self._token, least=14),
            Column("", self.sentence, title="says", token="fg2", least=12, most=12, grows=True),
        ]

    def _token(self, one: Action) -> str:
        return "fg3" if one.refusal(self._asked) else "fg0"

    def sentence(self, record: Action) -> str:
        return record.refusal(self._asked) or record.text
