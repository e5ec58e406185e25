"""The menu behind `x`: what can be changed here, a letter each."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.events import Key

from flowtui.ui.actions import Action
from flowtui.ui.columns import Column
from flowtui.ui.ink import Piece
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.table import RecordTable


class ActionMenu(Dialog[str]):
    """Actions of a screen that change something; the answer is the chosen one's name."""

    keys = (("letter", "choose"), ("enter", "choose"), ("esc", "leave"))

    DEFAULT_CSS = """
    ActionMenu > #dialog { width: 78; }
    ActionMenu RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(self, screen: Any) -> None:
        super().__init__("Actions", screen.menu_subject, "each one asks first")
        self._asked = screen
        self._actions = list(screen.menu_actions)

    def compose_body(self) -> ComposeResult:
        table = RecordTable[Action](
            [
                Column(
                    "", lambda one: one.keys[0], bold=lambda one: True, least=1, token=self._token
                ),
                Column("", lambda one: one.label, token=self._token, least=14),
                Column("", self._text, token="fg2", least=12, most=12, grows=True),
            ],
            lambda one: one.name,
            captions=False,
            ground="bg1",
            id="menu",
        )
        table.styles.height = max(1, len(self._actions))
        yield table

    def on_mount(self) -> None:
        table = self.query_one("#menu", RecordTable)
        table.show(self._actions, empty="Nothing can be changed here.")
        table.focus()

    def _token(self, one: Action) -> str:
        return "fg3" if one.refusal(self._asked) else "fg0"

    def _text(self, one: Action) -> Piece | str:
        reason = one.refusal(self._asked)
        return Piece(reason, "late") if reason else one.text

    def on_key(self, event: Key) -> None:
        chosen = next((one for one in self._actions if event.key in one.keys), None)
        if chosen is not None:
            event.stop()
            self.dismiss(chosen.name)

    @on(RecordTable.Opened)
    def _opened(self, event: RecordTable.Opened) -> None:
        self.dismiss(event.record.name)
