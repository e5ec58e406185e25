"""What there is to know of a version of a flow: how it was registered, and how its runs went."""

from __future__ import annotations

from datetime import datetime, tzinfo

from flowtui.models.flows import FlowVersion
from flowtui.models.ids import FlowGroupId
from flowtui.ui.ink import Piece, between
from flowtui.ui.paint import Line, heading, labelled, parameter_lines, zoned_moment
from flowtui.ui.preview import run_lines
from flowtui.ui.success import ok_of
from flowtui.ui.tokens import Palette


def version_lines(
    version: FlowVersion,
    group_id: FlowGroupId,
    now: datetime,
    palette: Palette,
    width: int,
    zone: tzinfo | None,
) -> list[Line]:
    """A version in `width` cells."""
    by = f" by {version.created_by}" if version.created_by else ""
    rows = (
        ("registered", f"{zoned_moment(version.created, now, zone)}{by}"),
        ("core", version.core_version or "unknown"),
        ("schedule", str(version.schedule) if version.schedule else "none"),
        ("storage", version.storage or "none"),
        ("run config", str((version.run_config or {}).get("type") or "none")),
        ("flow id", version.id),
        ("group id", group_id),
    )
    state = "archived: its runs stay, new ones are refused" if version.archived else "active"
    lines: list[Line] = [
        between(
            heading(f"v{version.version}", state),
            [Piece(ok_of(version) or "no run is over", "fg2")],
            width,
        ),
        [],
        *(labelled(name, [Piece(text, "fg1")], width) for name, text in rows),
        [],
        heading("Parameters"),
        *parameter_lines(version.parameters, palette, width),
        [],
    ]
    if not version.recent_runs:
        return [*lines, heading("Runs", "none yet")]
    return [*lines, *run_lines(version.recent_runs, now, palette, width, zone, "of this version")]
