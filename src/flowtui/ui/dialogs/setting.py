"""The whole of a setting, where a row has no place for it."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.models.text import plain_lines, wrap
from flowtui.ui.dialogs.facts import Facts
from flowtui.ui.ink import Piece
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Line


class SettingDetails(Facts):
    """A document or a text, to read."""

    def __init__(self, name: str, whole: str, flow_name: str) -> None:
        super().__init__(name.capitalize(), flow_name)
        self._whole = whole

    def paint_facts(self, palette: Palette, width: int) -> Sequence[Line]:
        rows = (row for line in plain_lines(self._whole) for row in wrap(line, max(2, width)))
        return [[Piece(row, "fg1")] for row in rows]
