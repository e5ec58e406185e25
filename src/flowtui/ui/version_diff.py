"""What changed between two versions, as lines: added and removed on their tints, and what the runs
of each say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowtui.models import states
from flowtui.models.attention import Failure
from flowtui.models.flows import FlowVersion
from flowtui.models.ids import FlowId
from flowtui.models.text import alike, amount, cells, cut, cut_middle, duration, plain
from flowtui.models.version_changes import ADDED, REMOVED, Change, Changes, Place
from flowtui.ui.ink import Piece, between, blank, fit_pieces
from flowtui.ui.paint import Line, heading, wrapped
from flowtui.ui.success import is_bad
from flowtui.ui.tokens import Palette

SIGNS = {ADDED: "success", REMOVED: "failed"}
NOTHING_FAILED: Mapping[FlowId, Failure] = {}
ALIKE = 10
"""Characters that two values begin with alike from which on they are left out."""
TINTS = {ADDED: "add-tint", REMOVED: "del-tint"}


def diff_lines(
    before: FlowVersion,
    after: FlowVersion,
    changes: Changes,
    palette: Palette,
    width: int,
    failures: Mapping[FlowId, Failure] = NOTHING_FAILED,
) -> list[Line]:
    """Everything that is different, place by place, then what is not, and what their runs say;
    `failures` are the last of each, where it is known."""
    columns = _columns(changes, width)
    lines: list[Line] = [_title(before, after, changes, palette), []]
    for place in changes.places:
        lines += [_place_title(place, width)]
        lines += [_change(change, columns, palette, width) for change in place.changes]
        lines.append([])
    if changes.unchanged:
        lines += _unchanged(changes.unchanged, columns[0], width)
        lines.append([])
    said = _said_by_runs(before, after, failures, columns, palette, width)
    return [*lines, *said]


def place_rows(lines: Sequence[Line]) -> list[int]:
    """The rows on which a place begins, of lines that `diff_lines` made."""
    return [
        row
        for row, line in enumerate(lines)
        if row > 0 and line and line[0].bold and not line[0].bg and line[0].fg == "fg0"
    ]


def _title(before: FlowVersion, after: FlowVersion, changes: Changes, palette: Palette) -> Line:
    count, places = changes.count, len(changes.places)
    said = f"{amount(count, 'change')} in {amount(places, 'place')}" if count else "nothing changed"
    return [
        Piece(f"v{before.version}", "fg0", bold=True),
        Piece(f" {palette.glyph('then')} ", "fg2"),
        Piece(f"v{after.version}", "fg0", bold=True),
        blank(2),
        Piece(said, "fg2"),
    ]


def _columns(changes: Changes, width: int) -> tuple[int, int]:
    """Cells for the names, and for what was."""
    names = [cells(plain(one.name)) for place in changes.places for one in place.changes]
    named = min(max([12, *names]), max(12, width // 3))
    return named, max(6, (width - named - 2 - 2) // 2)


def _place_title(place: Place, width: int) -> Line:
    return between(heading(place.title), [Piece(place.note, "fg2")], width)


def _change(change: Change, columns: tuple[int, int], palette: Palette, width: int) -> Line:
    named, told = columns
    sign = change.sign
    name = cut_middle(plain(change.name), named, palette.ellipsis)
    last = width - named - told - 4
    gone = sign == REMOVED
    before, after = change.before, change.after
    if before is not None and after is not None:
        before, after = _apart(before, after, min(told, last), palette)
    pieces = [
        Piece(f"{sign} ", SIGNS.get(sign, "accent"), bold=True),
        Piece(name + " " * (named - cells(name) + 1), "fg0" if sign != REMOVED else "fg1"),
        *_value(before, told, "fg2", palette, strike=gone),
        blank(1),
        *_value(after, last, "fg0", palette),
    ]
    tint = TINTS.get(sign, "")
    fitted = fit_pieces(pieces, width, ellipsis=palette.ellipsis)
    return [piece._replace(bg=tint) for piece in fitted] if tint else fitted


def _apart(before: str, after: str, width: int, palette: Palette) -> tuple[str, str]:
    """Both without what they begin with alike, where there is no room for all of both."""
    if max(cells(plain(before)), cells(plain(after))) <= width:
        return before, after
    beginning = before[: alike(before, after)]
    start = max(beginning.rfind(" ") + 1, beginning.rfind("/"))
    if start < ALIKE:
        return before, after
    return palette.ellipsis + before[start:], palette.ellipsis + after[start:]


def _value(
    text: str | None, width: int, token: str, palette: Palette, strike: bool = False
) -> list[Piece]:
    """A value in exactly so many cells; paths and addresses lose their beginning's middle."""
    if text is None:
        return fit_pieces([Piece(palette.glyph("absent"), "fg3")], width)
    harmless = plain(text)
    shorten = cut_middle if "/" in harmless and " " not in harmless else cut
    shown = shorten(harmless, max(0, width), palette.ellipsis)
    return fit_pieces([Piece(shown, token, strike=strike)], max(0, width))


def _unchanged(names: Sequence[str], column: int, width: int) -> list[Line]:
    rows = wrapped(", ".join(names), max(20, width - column - 3))
    return [
        [Piece(("Unchanged" if not number else "").ljust(column + 3), "fg2"), Piece(row, "fg2")]
        for number, row in enumerate(rows)
    ]


def _said_by_runs(
    before: FlowVersion,
    after: FlowVersion,
    failures: Mapping[FlowId, Failure],
    columns: tuple[int, int],
    palette: Palette,
    width: int,
) -> list[Line]:
    """How the runs of both went; an error is new where the last one before was another."""
    was, now = _last_failure(before, failures), _last_failure(after, failures)
    is_new = now is not None and (was is None or was.signature != now.signature)
    named, told = columns

    def row(caption: str, old: Piece, new: Piece) -> Line:
        old = old._replace(text=cut(plain(old.text), told, palette.ellipsis))
        new = new._replace(text=cut(plain(new.text), width - named - told - 4, palette.ellipsis))
        left = [Piece(f"  {caption}".ljust(named + 3), "fg1"), *fit_pieces([old], told)]
        return fit_pieces([*left, blank(1), new], width)

    absent = Piece(palette.glyph("absent"), "fg3")
    return [
        heading("What the runs say"),
        row("Failed", _failed(before, absent), _failed(after, absent)),
        row("Usual time", _usual(before, absent, "fg1"), _usual(after, absent, "fg0")),
        row("New error" if is_new else "Last error", _error(was, absent), _error(now, absent)),
    ]


def _failed(version: FlowVersion, absent: Piece) -> Piece:
    if not version.finished:
        return absent
    said = f"{version.finished - version.succeeded} of {version.finished}"
    bad = is_bad(version)
    return Piece(said, "failed" if bad else "fg1", bold=bad)


def _usual(version: FlowVersion, absent: Piece, token: str) -> Piece:
    seconds = version.usual_seconds
    return absent if seconds is None else Piece(duration(seconds), token)


def _last_failure(version: FlowVersion, failures: Mapping[FlowId, Failure]) -> Failure | None:
    """Its last failure in its task's words; until that is known, in those of its run."""
    failed = (run for run in version.recent_runs if states.is_failed(run.state.type))
    run = next(failed, None)
    return failures.get(version.id) or (Failure(run) if run is not None else None)


def _error(failure: Failure | None, absent: Piece) -> Piece:
    if failure is None or not failure.cause:
        return absent
    return Piece(failure.cause, "fg1")
