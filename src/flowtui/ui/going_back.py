"""How to go back to an older version of a flow: what to press, and what that does."""

from __future__ import annotations

from flowtui.models.flows import FlowGroup, FlowVersion
from flowtui.ui.ink import Piece, fit_pieces
from flowtui.ui.paint import Line, heading
from flowtui.ui.success import turning_point

KEYS = 5
"""Cells of the keys."""


def way_back(group: FlowGroup) -> FlowVersion | None:
    """The version to go back to: the last good one, else the one before the newest."""
    latest = group.latest
    turned = turning_point(group.versions)
    if turned is not None and turned[1] is not None:
        return turned[1]
    return next((one for one in group.versions if one.version < latest.version), None)


def going_back_lines(group: FlowGroup, here: FlowVersion | None, width: int) -> list[Line]:
    """The keys, from the version one stands on; nothing where there is no older one."""
    latest, older = group.latest, way_back(group)
    if older is None:
        return []
    if here is not None and here.version < latest.version:
        return [heading("Go back", f"to v{here.version}"), _key("t", _run(here, latest), width)]
    lines = [heading("Go back"), _key("t", f"on v{older.version}: {_run(older, latest)}", width)]
    if latest.is_schedule_active and (group.schedule or latest.schedule):
        lines.append(_key("x p", "switch the schedule off …", width))
    if any(one.version < latest.version and not one.archived for one in group.versions):
        lines.append(_key("x a", f"archive v{latest.version} …", width))
    return lines


def _run(older: FlowVersion, latest: FlowVersion) -> str:
    if not older.archived:
        return f"run v{older.version} once …"
    return f"run v{latest.version} once, with the defaults of v{older.version} …"


def _key(keys: str, said: str, width: int) -> Line:
    return fit_pieces([Piece(keys.ljust(KEYS), "fg0", bold=True), Piece(said, "fg2")], width)
