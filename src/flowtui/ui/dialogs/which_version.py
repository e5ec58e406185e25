"""Which version of a flow to run: the newest, or another that is not archived."""

from __future__ import annotations

from datetime import tzinfo

from textual import on
from textual.app import ComposeResult

from flowtui.models.flows import FlowGroup, FlowVersion
from flowtui.models.text import clock, day
from flowtui.ui.columns import Column
from flowtui.ui.ink import Piece
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.table import RecordTable


class VersionPicker(Dialog[FlowVersion]):
    """The versions of a flow, newest first; the answer is the chosen one."""

    keys = (("j k", "move"), ("enter", "run this one"), ("esc", "leave"))

    DEFAULT_CSS = """
    VersionPicker RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(self, group: FlowGroup, chosen: FlowVersion, zone: tzinfo | None) -> None:
        super().__init__("Version", group.latest.name, "to run")
        self._group = group
        self._chosen = chosen
        self._zone = zone

    def compose_body(self) -> ComposeResult:
        zone = self._zone
        yield RecordTable[FlowVersion](
            [
                Column("version", lambda one: f"v{one.version}", least=8),
                Column("registered", lambda one: f"{day(one.created, zone)} "
                       f"{clock(one.created, zone, seconds=False)}", token="fg2"),
                Column("core", lambda one: one.core_version or None, token="fg2", drop=1),
                Column("", self._note, least=10, grows=True),
            ],
            lambda one: one.id,
            ground="bg1",
            id="which",
        )  # fmt: skip

    def _note(self, one: FlowVersion) -> Piece:
        if one.archived:
            return Piece("archived: it cannot be run", "late")
        return Piece("the newest" if one.id == self._group.latest.id else "", "fg2")

    def on_mount(self) -> None:
        table = self.query_one("#which", RecordTable)
        versions = self._group.versions
        table.styles.height = min(len(versions) + 1, max(3, self.app.size.height - 8))
        table.show(versions)
        table.go_to(self._chosen.id)
        table.focus()

    @on(RecordTable.Opened)
    def _opened(self, event: RecordTable.Opened) -> None:
        if not event.record.archived:
            self.dismiss(event.record)
