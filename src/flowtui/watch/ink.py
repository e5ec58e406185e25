"""Pieces as the text a terminal understands, in as many colours as it has.

The screen behind a scrollback is the user's own: no background is painted, and as long as nobody
knows whether it is dark or light, the text keeps the terminal's own colour.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from rich.color import ColorSystem
from rich.console import Console

from flowtui.models.text import plain
from flowtui.ui.tokens import PALETTES, Palette, speaks_utf8
from flowtui.watch.lines import Line

_SYSTEMS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
}
_OWN = {"bg0": "", "fg0": "bold", "fg1": "", "fg2": ""}
"""Whatever the terminal's background is, its own text colour can be read on it."""


class Ink:
    """A palette, and how many colours there are to show it in."""

    def __init__(self, palette: Palette, system: ColorSystem | None) -> None:
        self.palette = palette
        self._system = system

    def text(self, line: Line) -> str:
        """The line with its colours; no control character of a piece passes."""
        return "".join(
            self.palette.style(piece.fg, piece.bg or "bg0", piece.bold, piece.strike).render(
                piece.text if piece.text.isprintable() else plain(piece.text),
                color_system=self._system,
            )
            for piece in line
            if piece.text
        )

    def on(self, dark: bool) -> Ink:
        """The same on a background that is known to be dark or light."""
        if self._system in (None, ColorSystem.STANDARD):
            return self
        palette = _without_background(PALETTES["dark" if dark else "light"])
        return Ink(replace(palette, ascii=self.palette.ascii), self._system)


def ink_of(env: Mapping[str, str] = os.environ) -> Ink:
    """What this terminal can show, as far as the environment tells."""
    console = Console(force_terminal=True, _environ=env)
    system = None if env.get("NO_COLOR") else _SYSTEMS.get(console.color_system or "")
    base = PALETTES["mono" if system is None else "ansi16"]
    palette = replace(base, inks={**base.inks, **_OWN}, _styles={})
    if not speaks_utf8(env):
        palette = palette.in_ascii()
    # Styles without colours (bold, dim) need a system too, or nothing is rendered.
    return Ink(palette, system or ColorSystem.STANDARD)


def _without_background(palette: Palette) -> Palette:
    return replace(palette, inks={**palette.inks, "bg0": ""}, _styles={})


def is_dark(colour: str) -> bool | None:
    """Whether a colour is dark, as terminals tell it: `rgb:ffff/ffff/ffff`. None if it is none."""
    kind, _, channels = colour.partition(":")
    try:
        shares = [int(part, 16) / int("f" * len(part), 16) for part in channels.split("/")[:3]]
    except ValueError:
        return None
    if kind not in ("rgb", "rgba") or len(shares) != 3:
        return None
    red, green, blue = shares
    return 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
