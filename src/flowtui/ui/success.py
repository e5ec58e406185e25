"""How the versions of a flow fared: a column each, and the one where it went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.models.flows import FlowVersion
from flowtui.models.text import thin_groups
from flowtui.ui.ink import Piece, between, blank
from flowtui.ui.paint import Line, heading
from flowtui.ui.tokens import Palette

BAD_SHARE = 0.05
"""Of a version's runs that failed, from which on it stands out."""
COLUMN, HEIGHT = 4, 4
FLOORS = (0.75, 0.5, 0.0)
"""Where the scale may begin: small differences near the top are what matters."""


def share_of(version: FlowVersion) -> float:
    """How many of its runs that are over went well, from 0 to 1."""
    return version.succeeded / version.finished if version.finished else 0.0


def is_bad(version: FlowVersion) -> bool:
    """Whether too many of its runs failed."""
    return version.finished > 0 and share_of(version) < 1 - BAD_SHARE


def ok_of(version: FlowVersion, joint: str = "") -> str | None:
    """How many of its runs that are over went well; None while none is."""
    if not version.finished:
        return None
    well, all_of_them = thin_groups(version.succeeded), thin_groups(version.finished)
    return f"{well}{joint or ' of '}{all_of_them}{'' if joint else ' ok'}"


def turning_point(versions: Sequence[FlowVersion]) -> tuple[FlowVersion, FlowVersion | None] | None:
    """The first bad version of those that are bad until now, and the good one before it.

    `versions` come newest first; those that have not run yet say nothing.
    """
    ran = [version for version in versions if version.finished]
    bad = next((i for i, version in enumerate(ran) if not is_bad(version)), len(ran))
    if bad == 0:
        return None
    return ran[bad - 1], ran[bad] if bad < len(ran) else None


def success_lines(versions: Sequence[FlowVersion], palette: Palette, width: int) -> list[Line]:
    """Where it went wrong in words, then the share of good runs, a column a version."""
    ran = [version for version in versions if version.finished][: (width + 1) // (COLUMN + 1)]
    if len(ran) < 2:
        return []
    lines: list[Line] = []
    turned = turning_point(versions)
    if turned:
        lines.append(_named("First bad version", turned[0], "failed"))
        if turned[1]:
            lines.append(_named("Last good version", turned[1], "fg0"))
        lines.append([])
    ran.reverse()
    lowest = min(map(share_of, ran))
    floor = next(floor for floor in FLOORS if lowest > floor or not floor)
    note = Piece(f"{round(floor * 100)} to 100 %", "fg2")
    lines.append(between(heading("Success by version"), [note], width))
    for row in range(HEIGHT - 1, -1, -1):
        line: Line = []
        for index, version in enumerate(ran):
            eighths = max(1, round((share_of(version) - floor) / (1 - floor) * HEIGHT * 8))
            level = max(0, min(8, eighths - row * 8))
            token = "failed" if is_bad(version) else f"ok-quiet{'-2' * (index % 2)}"
            line += [Piece(palette.heights[level] * COLUMN, token), blank(1)]
        lines.append(line)
    names = [
        Piece(f"v{version.version}".ljust(COLUMN + 1), "failed" if is_bad(version) else "fg2")
        for version in ran
    ]
    return [*lines, names]


def _named(caption: str, version: FlowVersion, token: str) -> Line:
    bad = version.finished - version.succeeded
    return [
        Piece(f"{caption}  ", "fg2"),
        Piece(f"v{version.version}".ljust(5), token, bold=True),
        Piece(
            f"{thin_groups(bad) if bad else 'none'} of {thin_groups(version.finished)} failed",
            "fg1",
        ),
    ]
