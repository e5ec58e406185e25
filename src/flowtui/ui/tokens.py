"""Every colour, glyph and state of the dashboard, said once.

Nothing else names a colour. A widget says *what* a piece of a line is (`fg2`, `failed`, `track`),
and the palette of the theme in use says how that looks. There are four: `dark` and `light` in full
colour, `ansi16` for terminals that choose their own sixteen, `mono` for those with none.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field, replace
from functools import lru_cache

from rich.style import Style

from flowtui.frozen import frozen
from flowtui.models.text import plain

# Glyphs -------------------------------------------------------------------------------------------

GLYPHS: Mapping[str, tuple[str, str]] = {
    "bar": ("━", "="),
    "bar-half": ("╸", "-"),
    "focus": ("▌", ">"),
    "edge": ("▔", "^"),
    "underline": ("▔", "-"),
    "now": ("┊", "|"),
    "cursor": ("│", "|"),
    "folded": ("┄", "-"),
    "beside": ("▌", "|"),
    "open": ("▸", ">"),
    "here": ("▲", "^"),
    "then": ("→", ">"),
    "ellipsis": ("…", ".."),
    "absent": ("–", "-"),
    "dot": ("●", "*"),
    "point": ("·", "."),
    "chosen": ("•", "*"),
    "hairline": ("▏", " "),
    "warning": ("▎", "!"),
    "error": ("▍", "E"),
    "full": ("█", "#"),
    "expected": ("·", "."),
    "mark": ("•", "*"),
}
"""What is not a state: its glyph, and what stands for it where the locale has no UTF-8."""

_TOLD_BY_COLOUR = {"focus", "hairline", "warning", "error"}
"""Where there are no colours these need their letter."""

COLUMNS = (" ▁▂▃▄▅▆▇█", " .:-=+*#@")
"""Heights of a cell in eighths."""
EIGHTHS = " ▏▎▍▌▋▊▉█"
"""Widths of a cell in eighths; these have no ASCII form, bars are then drawn in whole cells."""


# States -------------------------------------------------------------------------------------------


@frozen
class StateLook:
    """How a state is shown: always glyph and word, and a colour where there are colours."""

    name: str
    glyph: str
    ascii: str
    dark: str
    light: str
    ansi: str
    loud: bool = False
    """It wants a human: its word has its colour too."""
    alarming: bool = False
    """The glyph is bold, and in lists the subject."""
    group: str = "waiting"
    """success, wrong, running or waiting."""

    @property
    def token(self) -> str:
        """The name of its colour."""
        return self.name.lower()

    @property
    def word_token(self) -> str:
        """The colour of its word."""
        return self.token if self.loud else "fg2"


def _state(row: str) -> StateLook:
    name, glyph, ascii_glyph, dark, light, ansi, group, *manner = row.split()
    return StateLook(
        *(name, glyph, ascii_glyph, dark, light, ansi),
        loud=bool(manner),
        alarming="alarming" in manner,
        group=group,
    )


STATES: Mapping[str, StateLook] = {
    look.name: look
    for look in map(
        _state,
        """\
Scheduled        ○ o #ffbe1e #856000 bright_yellow waiting
Late             ▲ ! #ff8f3f #a34f04 bright_yellow wrong   alarming
Pending          ◌ . #b9dcff #2268a7 bright_blue   waiting
Queued           ≡ q #e8dfa0 #746602 yellow        waiting
Submitted        ↑ ^ #e6d75a #756600 bright_yellow waiting
Running          ● > #3fb4ff #006ca4 bright_cyan   running loud
Listening        ◎ ( #93d8ff #056c98 bright_cyan   running
Retrying         ↻ ~ #fc8d1e #9c5304 yellow        running loud
Paused           ‖ = #99a8e8 #56629d yellow        running loud
Resume           » r #f5ac4c #905b00 yellow        waiting
Cancelling       □ _ #d4d4d4 #63666c white         running loud
Cancelled        ■ - #b4b7bd #62656c white         success
Success          ✓ + #3fc463 #047730 bright_green  success
Cached           ≈ c #86c97a #337327 green         success
Mapped           ⋮ # #7ea2d8 #466799 bright_blue   success
Skipped          → / #8ea0ad #576977 white         success
Looped           ∞ @ #9393ff #5d58be bright_blue   success
Finished         ◆ * #7b9fe6 #4565a8 bright_blue   success
Failed           ✗ x #ff6157 #c52626 bright_red    wrong   alarming
TimedOut         ◔ T #ff7a4d #b73c02 bright_red    wrong   alarming
TriggerFailed    ╳ X #f27867 #b33f32 bright_red    wrong   loud
ValidationFailed ≠ V #ff7f9a #b23959 bright_red    wrong   loud""".splitlines(),
    )
}
"""All of Prefect's states, and Late, which is a Scheduled run that should have started."""

_SHOWN_AS = {"ClientFailed": "Failed"}


@lru_cache(maxsize=256)
def look_of(state: str) -> StateLook:
    """How a state is shown; one nobody has heard of is shown quietly under its own name."""
    known = STATES.get(_SHOWN_AS.get(state, state))
    if known:
        return known
    finished = STATES["Finished"]
    name = plain(state) or "no state"
    return replace(finished, name=name, glyph="?", ascii="?", group="waiting")


GROUPS = ("success", "wrong", "running", "waiting")
"""Kinds of states, in the order of a ribbon."""


# Palettes -----------------------------------------------------------------------------------------


@frozen
class Palette:
    """What each token looks like in one theme."""

    name: str
    inks: Mapping[str, str]
    """A colour, or `bold`, `dim`, `reverse`, by token; empty is what the terminal does anyway."""
    dark: bool = True
    depth: str = "full"
    """`full`, `ansi` or `mono`: with less than full, bars have whole cells only."""
    ascii: bool = False
    """The locale has no UTF-8: every glyph is its ASCII form."""
    _styles: dict[tuple[str, str, bool, bool], Style] = field(
        default_factory=dict, repr=False, compare=False
    )

    def glyph(self, name: str) -> str:
        """One of `GLYPHS`, in the form this terminal can show."""
        return GLYPHS[name][self.ascii or (self.depth == "mono" and name in _TOLD_BY_COLOUR)]

    def state_glyph(self, state: str) -> str:
        """The glyph of a state, in the form this terminal can show."""
        look = look_of(state)
        return look.ascii if self.ascii else look.glyph

    @property
    def heights(self) -> str:
        """Blank, then eight columns from low to full."""
        return COLUMNS[self.ascii]

    @property
    def ellipsis(self) -> str:
        """What stands for text that was cut."""
        return self.glyph("ellipsis")

    def in_ascii(self) -> Palette:
        """The same colours with ASCII glyphs."""
        return replace(self, ascii=True, _styles={})

    def style(self, fg: str, bg: str = "bg0", bold: bool = False, strike: bool = False) -> Style:
        """Tokens as a style. On a reversed background colours are dropped: they are unreadable."""
        key = (fg, bg, bold, strike)
        style = self._styles.get(key)
        if style is None:
            self._styles[key] = style = self._make(*key)
        return style

    def _make(self, fg: str, bg: str, bold: bool, strike: bool) -> Style:
        ink, ground = self._ink(fg), self.inks.get(bg, "")
        if ground == "reverse":
            style = Style(reverse=True, bold=True if bold else None)
        else:
            style = Style.parse(ink or "none")
            if ground and self.depth != "mono":
                style += Style(bgcolor=ground)
            if bold:
                style += Style(bold=True, dim=False if "dim" in ink else None)
        return style + Style(strike=True) if strike else style

    def _ink(self, token: str) -> str:
        if token in self.inks:
            return self.inks[token]
        return self.inks["finished"]


_FULL = """\
bg0          #0e1014 #fcfcfa
bg1          #15181e #f4f4f1
bg2          #222733 #e6e7ec
fg0          #f2f4f7 #111318
fg1          #c8cdd7 #343944
fg2          #929aa9 #565d6b
fg3          #5d6573 #9a9fab
accent       #c4a1f5 #6d3fb3
line         #2b303b #d9dade
track        #242933 #e4e4e2
ok-quiet     #2e6e43 #53a269
ok-quiet-2   #20542f #75b787
sched-quiet  #4d3f17 #d8bf6a
late-tint    #2b1e10 #fdebd8
add-tint     #132a1b #dff3e3
del-tint     #33181a #fde4e1
mark         #4a3f16 #ffe9a3
scrim        #0b0d10 #e3e3e0
cursor       #222733 #e6e7ec
cursor-idle  #15181e #f4f4f1
button       #f2f4f7 #111318"""
"""Token, dark, light. `cursor` is the row one stands on, `cursor-idle` where the focus is away."""

_FEW = """\
bg0          default      -
bg1          default      -
bg2          default      -
fg0          bright_white bold
fg1          white        -
fg2          white        -
fg3          bright_black dim
accent       bright_magenta bold
line         bright_black dim
track        bright_black dim
ok-quiet     green        dim
ok-quiet-2   green        dim
sched-quiet  bright_black dim
late-tint    default      -
add-tint     default      -
del-tint     default      -
mark         reverse      reverse
scrim        default      -
cursor       reverse      reverse
cursor-idle  default      -
button       reverse      reverse"""
"""Token, sixteen colours, none."""

TOKENS = tuple(line.split()[0] for line in _FULL.splitlines())
"""Every colour that is not a state's."""


def _inks(table: str, column: int) -> dict[str, str]:
    rows = (line.split() for line in table.splitlines())
    return {row[0]: "" if row[column] == "-" else row[column] for row in rows}


def _mono(look: StateLook) -> str:
    return "bold" if look.group == "wrong" else ""


PALETTES: Mapping[str, Palette] = {
    "dark": Palette("dark", _inks(_FULL, 1) | {s.token: s.dark for s in STATES.values()}),
    "light": Palette(
        "light", _inks(_FULL, 2) | {s.token: s.light for s in STATES.values()}, dark=False
    ),
    "ansi16": Palette(
        "ansi16", _inks(_FEW, 1) | {s.token: s.ansi for s in STATES.values()}, depth="ansi"
    ),
    "mono": Palette(
        "mono", _inks(_FEW, 2) | {s.token: _mono(s) for s in STATES.values()}, depth="mono"
    ),
}
"""The four looks, by name."""


def speaks_utf8(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the locale says UTF-8. Python itself sets `LC_CTYPE=C.UTF-8` where it said C."""
    kind = environ.get("LC_CTYPE", "")
    if kind == "C.UTF-8" and environ.get("LANG"):
        kind = ""
    said = environ.get("LC_ALL") or kind or environ.get("LANG", "")
    return not said or "utf" in said.lower()
