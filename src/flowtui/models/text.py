"""Words and numbers as people read them, and foreign text made harmless.

Names, messages and log lines come from flows, so anybody may have written them. What passes
through `plain` can be sent to any terminal: it holds no control character, no escape sequence
and nothing that turns the reading direction, and its width in cells is known. The dashboard and
`--watch` speak the same way because both take their durations, ages and clocks from here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

ELLIPSIS = "…"

_TAB_STOP = 4
_MARKS_PER_LETTER = 4
"""More combining marks than any living spelling needs would run into the rows above."""

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor movement
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # titles, links
    r"|\x1b[ -/]*[0-~]"  # everything short, and the opening of what never ends
)
_LINE_ENDS = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_NEWLINE_MARK = "↵"
_UNKNOWN = "\ufffd"


_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF), (0x1F3FB, 0x1F3FF))
"""They change the look or width of what stands before them, each terminal in its own way."""
_FILLERS = ((0x115F, 0x1160), (0x3164, 0x3164), (0xFFA0, 0xFFA0), (0x2800, 0x2800))
"""Letters that look like nothing, and so could hide or pad a name."""
_MOVING = (
    *((0x2630, 0x2637), (0x268A, 0x268F), (0x4DC0, 0x4DFF)),
    *((0x1D300, 0x1D376), (0x1F1E6, 0x1F1FF)),
)
"""One cell or two: the versions of Unicode, and so the terminals, do not agree."""


def _among(code: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _harmless(code: int) -> str:
    """What one character becomes: itself, a picture of it, a blank, or nothing."""
    character = chr(code)
    category = unicodedata.category(character)
    if _among(code, _SELECTORS):
        return ""
    if _among(code, _FILLERS):
        return " "
    if _among(code, _MOVING):
        return _UNKNOWN
    if category == "Cc":
        return chr(0x2400 + code) if code < 32 else "␡" if code == 127 else _UNKNOWN
    if category == "Zs":
        return " "
    if category == "Cf":
        return ""
    if category in {"Cs", "Cn", "Zl", "Zp"}:
        return _UNKNOWN
    return character


class _Harmless(dict[int, str]):
    """A table for `str.translate` that fills itself with the characters that occur."""

    def __missing__(self, code: int) -> str:
        self[code] = answer = _harmless(code)
        return answer


def _is_inner_jamo(character: str) -> bool:
    """The vowels and endings of Korean syllables, which join the letter before them."""
    return "\u1160" <= character <= "\u11ff" or "\ud7b0" <= character <= "\ud7ff"


class _Widths(dict[str, int]):
    """Cells a character takes, of those that occur."""

    def __missing__(self, character: str) -> int:
        if unicodedata.category(character) in {"Mn", "Me", "Mc"} or _is_inner_jamo(character):
            answer = 0
        else:
            answer = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        self[character] = answer
        return answer


_HARMLESS = _Harmless()
_WIDTHS = _Widths()


def plain(text: str) -> str:
    """The text on one line, safe to show anywhere: escape sequences gone, line ends visible."""
    if text.isascii() and text.isprintable():
        return text
    without_escapes = _ESCAPES.sub("", text).rstrip("\r\n")
    one_line = _LINE_ENDS.sub(_NEWLINE_MARK, without_escapes).replace("\t", " ")
    return _tamed(one_line.translate(_HARMLESS))


def plain_lines(text: str) -> list[str]:
    """A message as its lines, each safe to show; tabs become blanks, blank ends are left out."""
    if text.isascii() and text.isprintable():
        return [text]
    lines = _LINE_ENDS.split(_ESCAPES.sub("", text))
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    return [_tamed(line.expandtabs(_TAB_STOP).translate(_HARMLESS)) for line in lines]


def count_lines(text: str) -> int:
    """How many lines `plain_lines` gives, without making them where that is easy to see."""
    if text.isprintable():
        return 1
    return len(plain_lines(text))


def _tamed(text: str) -> str:
    """The text with at most a few combining marks on each letter, and none without a letter."""
    if text.isascii():
        return text
    widths = [_WIDTHS[character] for character in text]
    if 0 not in widths:
        return text
    kept: list[str] = []
    marks = _MARKS_PER_LETTER
    for character, width in zip(text, widths, strict=True):
        marks = marks + 1 if not width else 0
        if marks <= _MARKS_PER_LETTER:
            kept.append(character)
    return "".join(kept)


def cells(text: str) -> int:
    """How many cells of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum([_WIDTHS[character] for character in text])


def alike(one: str, other: str) -> int:
    """How many characters two texts begin with that are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def cut(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """The text in at most `width` cells; what is lost is lost at its end."""
    if cells(text) <= width:
        return text
    if width < len(ellipsis):
        return ""
    return _head(text, width - len(ellipsis)) + ellipsis


def cut_middle(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """The text in at most `width` cells, without its middle: ids and paths differ at their ends."""
    if cells(text) <= width:
        return text
    if width < len(ellipsis):
        return ""
    room = width - len(ellipsis)
    return _head(text, (room + 1) // 2) + ellipsis + _tail(text, room // 2)


def fit(text: str, width: int, right: bool = False, ellipsis: str = ELLIPSIS) -> str:
    """The text in exactly `width` cells, cut or filled with blanks."""
    shown = cut(text, width, ellipsis)
    blanks = " " * (width - cells(shown))
    return blanks + shown if right else shown + blanks


def skip(text: str, columns: int) -> str:
    """The text from a column on; half of a wide character becomes a blank."""
    if text.isascii():
        return text[columns:]
    taken = 0
    for index, character in enumerate(text):
        width = _WIDTHS[character]
        if taken >= columns and width:
            return " " * (taken - columns) + text[index:]
        taken += width
    return ""


def wrap(text: str, width: int) -> list[str]:
    """The text in pieces of at most `width` cells, cut where they are full: nothing moves."""
    if width < 2 or cells(text) <= width:
        return [text]
    pieces: list[str] = []
    while text:
        piece = _head(text, width)
        pieces.append(piece)
        text = text[len(piece) :]
    return pieces


def _head(text: str, room: int) -> str:
    if text.isascii():
        return text[:room]
    for index, character in enumerate(text):
        room -= _WIDTHS[character]
        if room < 0:
            return text[:index]
    return text


def _tail(text: str, room: int) -> str:
    if text.isascii():
        return text[len(text) - room :]
    start = len(text)
    for index in range(len(text) - 1, -1, -1):
        width = _WIDTHS[text[index]]
        room -= width
        if room < 0:
            break
        if width:  # a mark stays with its letter
            start = index
    return text[start:]


# Numbers ------------------------------------------------------------------------------------------


def thin_groups(number: int) -> str:
    """A count with its digits in groups of three: `14 208`."""
    return f"{number:,}".replace(",", " ")


def amount(number: int, noun: str, plural: str = "") -> str:
    """A count and its noun: `1 run`, `14 208 runs`."""
    return f"{thin_groups(number)} {noun if number == 1 else plural or noun + 's'}"


def listed(names: Sequence[str], most: int) -> str:
    """The first of these names, and how many more there are: `a, b and 3 more`."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


# Times --------------------------------------------------------------------------------------------

_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _seconds(span: timedelta | float) -> float:
    return span.total_seconds() if isinstance(span, timedelta) else span


def duration(span: timedelta | float) -> str:
    """How long something took, in two units at most: `18m 51s`, `1h 09m`, `8s`, `<1s`."""
    seconds = int(max(_seconds(span), 0))
    if seconds < 1:
        return "<1s"
    for (size, unit), (small, small_unit) in pairwise(_UNITS):
        if seconds >= size:
            return f"{seconds // size}{unit} {seconds % size // small:02}{small_unit}"
    return f"{seconds}s"


def about(span: timedelta | float) -> str:
    """How long something usually takes, which from ten minutes on is true to the minute: `19m`."""
    seconds = _seconds(span)
    if seconds <= 600:
        return duration(seconds)
    return duration(round(seconds / 60) * 60).removesuffix(" 00s")


def away(span: timedelta | float) -> str:
    """How far off something is, as exactly as anybody needs it: `38s`, `6m`, `22h 46m`, `5d`."""
    seconds = int(max(_seconds(span), 0))
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3600:
        return f"{seconds // 60}m"
    if seconds < 86400:
        return f"{seconds // 3600}h {seconds % 3600 // 60:02}m"
    return f"{seconds // 86400}d"


def countdown(span: timedelta | float) -> str:
    """When something is due: `in 38s`, `now`, `18m late`."""
    seconds = _seconds(span)
    if seconds >= 1:
        return f"in {away(seconds)}"
    return "now" if seconds > -1 else f"{away(-seconds)} late"


def age(span: timedelta | float) -> str:
    """How old something is, one unit: `0.8 s`, `41 s`, `11 m`, `3 h`, `5 d`."""
    seconds = max(_seconds(span), 0.0)
    if seconds < 1:
        return f"{int(seconds * 10) / 10:.1f} s"
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return "0.0 s"


def shows_seconds(told: str) -> bool:
    """Whether an age, a duration or a countdown will be told otherwise in a second."""
    return re.search(r"\d ?s\b|\bnow\b", told) is not None


def clock(
    when: datetime, zone: tzinfo | None = None, *, seconds: bool = True, milliseconds: bool = False
) -> str:
    """The time of day, 24 hours, in that zone or the one of this machine: `03:14:22`."""
    local = when.astimezone(zone)
    shown = f"{local.hour:02}:{local.minute:02}"
    if seconds or milliseconds:
        shown += f":{local.second:02}"
    return f"{shown}.{local.microsecond // 1000:03}" if milliseconds else shown


def zone_name(when: datetime, zone: tzinfo | None = None) -> str:
    """What the zone calls itself at that time: `UTC`, `CEST`."""
    return plain(when.astimezone(zone).tzname() or "")


def day(when: datetime, zone: tzinfo | None = None) -> str:
    """A date without its year: `09 Nov`."""
    local = when.astimezone(zone)
    return f"{local.day:02} {_MONTHS[local.month - 1]}"


def moment(when: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """A time with as much of its date as it needs: `03:02`, `19 Nov 23:40`, `19 Nov 2024`."""
    local, today = when.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return clock(when, zone, seconds=False)
    if abs((today - local).days) < 300:
        return f"{day(when, zone)} {clock(when, zone, seconds=False)}"
    return f"{day(when, zone)} {local.year}"
