"""Happenings as lines: pieces for a terminal, or plain text where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.models.text import cells, clock, cut, plain, plain_lines
from flowtui.ui.ink import Piece, blank
from flowtui.ui.tokens import Palette, look_of
from flowtui.watch.story import Happening, LogEntry, StateChange

Line = list[Piece]

CLOCK = 8
"""Cells of `03:14:22`."""
WORD = 9
"""Cells of a state or level in plain lines; longer words push the rest."""

_LEVEL_INK = {"WARNING": "scheduled", "ERROR": "failed", "CRITICAL": "failed"}
_LEVEL_MARK = {"WARNING": "warning", "ERROR": "error", "CRITICAL": "error"}


def name_width(columns: int) -> int:
    """Cells for the names of tasks on a terminal that is so wide."""
    return max(8, min(24, columns // 4))


def lines_of(happening: Happening, palette: Palette, columns: int) -> list[Line]:
    """A happening on a terminal: its time, its glyph and name, and what there is to say.

    The text is given in full; the terminal wraps it, so that it can be copied.
    """
    if isinstance(happening, StateChange):
        return _state_lines(happening, palette, columns)
    if isinstance(happening, LogEntry):
        return _log_lines(happening, palette, columns)
    mark = Piece(palette.state_glyph("Late" if happening.alarming else "Running"), "fg2")
    token = "late" if happening.alarming else "fg1"
    return [
        [_clock(happening), mark._replace(fg=token), Piece(" " + plain(happening.message), token)]
    ]


def _clock(happening: Happening) -> Piece:
    return Piece(clock(happening.time) + "  ", "fg2")


def _state_lines(change: StateChange, palette: Palette, columns: int) -> list[Line]:
    look = look_of(change.state)
    loud = (look.loud and look.group == "wrong") or change.state == "Retrying"
    glyph = Piece(palette.state_glyph(change.state) + " ", look.token, bold=look.alarming)
    first, *others = plain_lines(change.note)
    name = _name(look.name if change.of_run else change.subject, columns, palette)
    pieces = [_clock(change), glyph, Piece(name, look.token if loud else "fg0")]
    if first:
        pieces.append(Piece("  " + first, "fg1" if loud else "fg2"))
    return [pieces, *(_continued(text, "fg2") for text in others)]


def _log_lines(entry: LogEntry, palette: Palette, columns: int) -> list[Line]:
    token = _LEVEL_INK.get(entry.level.upper(), "fg1")
    mark = _LEVEL_MARK.get(entry.level.upper())
    glyph = Piece(palette.glyph(mark) + " ", token) if mark else blank(2)
    first, *others = plain_lines(entry.message)
    name = _name(entry.subject, columns, palette)
    line = [_clock(entry), glyph, Piece(name, "fg2"), Piece("  " + first, token)]
    return [line, *(_continued(text, token) for text in others)]


def _name(subject: str, columns: int, palette: Palette) -> str:
    width = name_width(columns)
    name = cut(plain(subject), width, palette.ellipsis)
    return name + " " * (width - cells(name))


def _continued(text: str, token: str) -> Line:
    return [blank(CLOCK + 4), Piece(text, token)]


def plain_text(happening: Happening) -> Sequence[str]:
    """A happening where there is no terminal: `HH:MM:SS  LEVEL  name  message`.

    Everything the backend has said is there, and nothing is said in sum.
    """
    if isinstance(happening, StateChange):
        if happening.of_children:
            return ()
        word, subject, message = happening.state, happening.subject, happening.message
    elif isinstance(happening, LogEntry):
        word, subject, message = happening.level.upper(), happening.subject, happening.message
    else:
        word, subject, message = "NOTE", "flowtui", happening.message
    first, *others = plain_lines(message)
    line = f"{clock(happening.time)}  {plain(word):{WORD}}  {plain(subject)}  {first}".rstrip()
    return [line, *(f"{'':{CLOCK}}  {'':{WORD}}  {text}".rstrip() for text in others)]
