"""Which version of a flow to run: the newest, or another that is not archived."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import tzinfo
from typing import Any

from flowtui.models.flows import FlowGroup, FlowVersion
from flowtui.models.text import clock, day
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.choosing import Choosing
from flowtui.ui.ink import Piece


class VersionPicker(Choosing[FlowVersion]):
    """The versions of a flow, newest first; the answer is the chosen one."""

    keys = (("j k", "move"), ("enter", "run this one"), ("esc", "leave"))
    frame = 8

    def __init__(self, group: FlowGroup, chosen: FlowVersion, zone: tzinfo | None) -> None:
        super().__init__("Version", group.latest.name, "to run", group.versions, chosen.id)
        self._latest = group.latest
        self._zone = zone

    def row_key(self, record: FlowVersion) -> Hashable:
        return record.id

    def answer(self, record: FlowVersion) -> FlowVersion | None:
        return None if record.archived else record

    def columns(self) -> list[Column[Any]]:
        return [
            Column("version", lambda one: f"v{one.version}", least=8),
            Column("registered", self._registered, token="fg2"),
            Column("core", lambda one: one.core_version or None, token="fg2", drop=1),
            Column("", self._note, least=10, grows=True),
        ]

    def _registered(self, one: FlowVersion) -> str:
        zone = self._zone
        return f"{day(one.created, zone)} {clock(one.created, zone, seconds=False)}"

    def _note(self, one: FlowVersion) -> Piece:
        if one.archived:
            return Piece("archived: it cannot be run", "late")
        return Piece("the newest" if one.id == self._latest.id else "", "fg2")
