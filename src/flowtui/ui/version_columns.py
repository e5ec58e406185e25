"""The columns of the list of versions."""

from __future__ import annotations

from collections.abc import Callable

from flowtui.models.flows import FlowVersion
from flowtui.models.text import moment
from flowtui.ui.columns import LARGEST, NEWEST, Column
from flowtui.ui.ink import Piece, blank
from flowtui.ui.success import is_bad, ok_of, share_of
from flowtui.ui.usual_columns import (
    Now,
    Zone,
    duration_column,
    id_column,
    last_runs_column,
    text_column,
)


def version_columns(
    now: Now,
    zone: Zone,
    compared: Callable[[FlowVersion], str],
    knows_creators: bool = False,
) -> list[Column[FlowVersion]]:
    """All there are; `compared` is the letter of a version that is being compared. Who registered
    one is shown where a backend keeps it."""
    return [
        Column(
            "  ver",
            paint=lambda version, palette, width: _number(version, compared(version)),
            wants=lambda version: 3 + len(str(version.version)),
            least=5,
            title="version",
            raw=lambda version: version.version,
            way=LARGEST,
        ),
        Column(
            "registered",
            lambda version: moment(version.created, now(), zone()),
            token="fg2",
            least=12,
            raw=lambda version: version.created,
            way=NEWEST,
        ),
        last_runs_column(
            lambda version: version.recent_runs,
            lambda version: version.finished - version.succeeded,
            now,
        ),
        Column(
            "ok of runs",
            lambda version: ok_of(version, " / "),
            token=lambda version: "failed" if is_bad(version) else "fg1",
            bold=lambda version: is_bad(version) and not version.archived,
            right=True,
            least=10,
            raw=lambda version: share_of(version) if version.finished else None,
            way=LARGEST,
        ),
        *_more_columns(knows_creators),
    ]


def _more_columns(knows_creators: bool) -> list[Column[FlowVersion]]:
    return [
        duration_column("usual", lambda version: version.usual_seconds, drop=6),
        text_column(
            "core", lambda version: version.core_version, token="fg2", drop=1, title="core version"
        ),
        text_column(
            "by",
            lambda version: version.created_by,
            token="fg2",
            most=16,
            drop=2,
            title="registered by",
            extra=not knows_creators,
        ),
        Column(
            "is",
            lambda version: "archived" if version.archived else "active",
            token="fg2",
            least=8,
            drop=3,
            title="archived",
            raw=lambda version: version.archived,
        ),
        id_column(lambda version: version.id, drop=4, title="flow id"),
    ]


def _number(version: FlowVersion, letter: str) -> list[Piece]:
    """Its number, behind its letter where it is compared."""
    token = "fg1" if version.archived else "fg0"
    number = Piece(f"v{version.version}", token, bold=not version.archived)
    return [Piece(letter, "accent", bold=True), blank(1), number]
