"""The modes a full-screen program switches on, and their opposites, each in one string."""

from __future__ import annotations

from collections.abc import Mapping

QUESTION = b"\x1b[?2026$p"
"""Asks whether the terminal draws a whole picture at once when told to."""
ANSWER_MARK = b"$y"
"""Stands in the answer to that question, and in nothing that a user types."""

_ENTER = (
    "\x1b[?1049h"  # the alternate screen
    "\x1b[?25l"  # no cursor
    "\x1b[?7l"  # no wrapping at the right edge
    "\x1b[?1004h"  # tell when the window has the focus
    "\x1b[?2004h"  # mark what is pasted
)
_LEAVE = (
    "\x1b\\"  # ends whatever sequence was cut short
    "\x1b[?2026l"  # show what was drawn
    "\x1b[m\x1b]8;;\x1b\\"  # no colours, no link
    "\x1b[r"  # the whole screen scrolls
    "\x1b[?2004l\x1b[?1004l\x1b[?7h"
)
_LAST = "\x1b[?1049l\x1b[?25h"

_MOUSE = ("1000", "1003", "1015", "1006")
_KITTY_KEYS = 0b11001  # disambiguate, report all keys, with their text


def mode_switches(*, mouse: bool, kitty: bool, env: Mapping[str, str]) -> tuple[bytes, bytes]:
    """What to write when the program starts, and when it ends."""
    enter, leave = _ENTER, _LEAVE
    if mouse:
        enter += "".join(f"\x1b[?{mode}h" for mode in _MOUSE)
        leave += "".join(f"\x1b[?{mode}l" for mode in reversed(_MOUSE))
    if kitty:
        # Each screen has its own stack of keyboard flags: popped before the screen is left.
        enter += f"\x1b[>{_KITTY_KEYS}u"
        leave += "\x1b[<u"
    if env.get("TERM_PROGRAM") != "Apple_Terminal":  # prints the question's last letter
        enter += QUESTION.decode()
    return enter.encode(), (leave + _LAST).encode()


KEEP_TITLE = b"\x1b[22;2t"
"""Has the terminal remember the name of its window."""
NO_TITLE = b"\x1b\\\x1b]2;\x1b\\\x1b[23;2t"
"""Ends whatever was cut short and gives the window the name back that was remembered; where none
is remembered, it has none."""


def window_title(title: str) -> bytes:
    """Names the terminal's window; what would end the name too early is left out."""
    shown = "".join(filter(str.isprintable, title))
    return b"\x1b]2;" + shown.encode("utf-8", "replace") + b"\x1b\\"


def has_title(env: Mapping[str, str]) -> bool:
    """Whether a terminal takes a title; the console of Linux prints it."""
    return env.get("TERM", "").partition("-")[0] not in ("", "linux", "dumb", "cons25")
