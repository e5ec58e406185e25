"""A version of a flow, and what changed between two, where they have no place beside the list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from flowtui.models.flows import FlowVersion
from flowtui.models.ids import FlowGroupId
from flowtui.ui.dialogs.facts import Facts
from flowtui.ui.paint import Line as PaintedLine
from flowtui.ui.tokens import Palette
from flowtui.ui.version_facts import version_lines
from flowtui.ui.widgets.painted import Line


class VersionDetails(Facts):
    """A version's facts, its parameters and its last runs."""

    def __init__(
        self, version: FlowVersion, group_id: FlowGroupId, now: datetime, zone: tzinfo | None
    ) -> None:
        super().__init__("Version", version.name, version.project_name)
        self._version = version
        self._group_id = group_id
        self._now = now
        self._zone = zone

    def paint_facts(self, palette: Palette, width: int) -> Sequence[Line]:
        return version_lines(self._version, self._group_id, self._now, palette, width, self._zone)


class VersionDiff(Facts):
    """What changed between two versions."""

    DEFAULT_CSS = """
    VersionDiff > #dialog { width: 118; }
    """

    def __init__(
        self,
        older: FlowVersion,
        newer: FlowVersion,
        paint: Callable[[Palette, int], list[PaintedLine]],
    ) -> None:
        pair = f"v{older.version} to v{newer.version}"
        super().__init__("What changed", newer.name, pair)
        self._paint = paint

    def paint_facts(self, palette: Palette, width: int) -> Sequence[Line]:
        return self._paint(palette, width)
