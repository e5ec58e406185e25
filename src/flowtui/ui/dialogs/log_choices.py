"""Whose lines of a log to show, and since when."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import timedelta
from typing import Any

from flowtui.models.text import thin_groups
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.choosing import Choosing
from flowtui.ui.ink import Piece
from flowtui.ui.log_filter import WINDOWS, Source

Window = tuple[str, str, "timedelta | None"]


class SourcePicker(Choosing[Source]):
    """Who wrote lines, with how many; the answer is the chosen one."""

    keys = (("j k", "move"), ("enter", "show only its lines"), ("esc", "leave"))
    frame = 8

    def __init__(self, sources: Sequence[Source], chosen: Source) -> None:
        super().__init__("Whose lines", "", "of this log", sources, self.row_key(chosen))

    def row_key(self, record: Source) -> Hashable:
        return record.kind, record.name

    def columns(self) -> list[Column[Any]]:
        return [
            Column("", lambda one: one.kind or "all", token="fg2", least=6),
            Column("name", lambda one: one.name or "everybody", least=16, grows=True),
            Column("errors", _errors, right=True),
            Column("lines", lambda one: thin_groups(one.lines), right=True),
        ]


def _errors(one: Source) -> Piece | None:
    return Piece(thin_groups(one.errors), "failed", bold=True) if one.errors else None


class WindowPicker(Choosing[Window]):
    """How far back to show lines; a digit each."""

    keys = (("digit", "choose"), ("enter", "choose"), ("esc", "leave"))
    captions = False

    DEFAULT_CSS = """
    WindowPicker > #dialog { width: 50; }
    """

    def __init__(self) -> None:
        super().__init__("Since", "", "before the end", WINDOWS)

    def letters(self, record: Window) -> Sequence[str]:
        return (record[0],)

    def columns(self) -> list[Column[Any]]:
        return [
            Column("", lambda one: one[0], bold=lambda one: True, least=1, token="fg0"),
            Column("", lambda one: one[1], least=20, grows=True),
        ]
