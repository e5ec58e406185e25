"""All there is to know of a version of a flow, where it has no place beside the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from flowtui.models.flows import FlowVersion
from flowtui.models.ids import FlowGroupId
from flowtui.ui.dialogs.facts import Facts
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
