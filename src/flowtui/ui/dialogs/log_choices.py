"""Whose lines of a log to show, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from textual import on
from textual.app import ComposeResult
from textual.events import Key

from flowtui.models.text import thin_groups
from flowtui.ui.columns import Column
from flowtui.ui.ink import Piece
from flowtui.ui.log_filter import WINDOWS, Source
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.table import RecordTable

Window = tuple[str, str, "timedelta | None"]


class SourcePicker(Dialog[Source]):
    """Who wrote lines, with how many; the answer is the chosen one."""

    keys = (("j k", "move"), ("enter", "show only its lines"), ("esc", "leave"))

    DEFAULT_CSS = """
    SourcePicker RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(self, sources: Sequence[Source], chosen: Source) -> None:
        super().__init__("Whose lines", "", "of this log")
        self._sources = sources
        self._chosen = chosen

    def compose_body(self) -> ComposeResult:
        yield RecordTable[Source](
            [
                Column("", lambda one: one.kind or "all", token="fg2", least=6),
                Column("name", lambda one: one.name or "everybody", least=16, grows=True),
                Column("errors", self._errors, right=True),
                Column("lines", lambda one: thin_groups(one.lines), right=True),
            ],
            lambda one: (one.kind, one.name),
            ground="bg1",
            id="sources",
        )

    def _errors(self, one: Source) -> Piece | None:
        return Piece(thin_groups(one.errors), "failed", bold=True) if one.errors else None

    def on_mount(self) -> None:
        table = self.query_one("#sources", RecordTable)
        table.styles.height = min(len(self._sources) + 1, max(3, self.app.size.height - 8))
        table.show(self._sources)
        table.go_to((self._chosen.kind, self._chosen.name))
        table.focus()

    @on(RecordTable.Opened)
    def _opened(self, event: RecordTable.Opened) -> None:
        self.dismiss(event.record)


class WindowPicker(Dialog[Window]):
    """How far back to show lines; a digit each."""

    keys = (("digit", "choose"), ("enter", "choose"), ("esc", "leave"))

    DEFAULT_CSS = """
    WindowPicker > #dialog { width: 50; }
    WindowPicker RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(self) -> None:
        super().__init__("Since", "", "before the newest line")

    def compose_body(self) -> ComposeResult:
        table = RecordTable[Window](
            [
                Column("", lambda one: one[0], bold=lambda one: True, least=1, token="fg0"),
                Column("", lambda one: one[1], least=20, grows=True),
            ],
            lambda one: one[0],
            captions=False,
            ground="bg1",
            id="windows",
        )
        table.styles.height = len(WINDOWS)
        yield table

    def on_mount(self) -> None:
        table = self.query_one("#windows", RecordTable)
        table.show(WINDOWS)
        table.focus()

    def on_key(self, event: Key) -> None:
        chosen = next((one for one in WINDOWS if one[0] == event.key), None)
        if chosen is not None:
            event.stop()
            self.dismiss(chosen)

    @on(RecordTable.Opened)
    def _opened(self, event: RecordTable.Opened) -> None:
        self.dismiss(event.record)
