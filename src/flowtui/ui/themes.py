"""The four looks as Textual themes, and the app that knows which of them is on.

Stock widgets take their colours from CSS variables, ours from a palette; both come from the tokens.
The variables are named after the tokens: `$bg1`, `$fg2`, `$failed`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from textual.app import App, ReturnType
from textual.theme import Theme
from textual.widget import Widget

from flowtui.ui.tokens import PALETTES, Palette, speaks_utf8

PREFIX = "flowtui-"


def css_colour(palette: Palette, token: str) -> str:
    """A token as CSS can say it; bold, dim and reverse are not colours."""
    ink = palette.inks[token]
    if ink.startswith("#"):
        return ink
    if palette.depth == "ansi" and ink not in {"", "default", "reverse"}:
        return f"ansi_{ink}"
    return "ansi_default"


def _variables(palette: Palette) -> dict[str, str]:
    colours = {token: css_colour(palette, token) for token in palette.inks}
    few = palette.depth != "full"
    return {
        **colours,
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "border": colours["accent"],
        "border-blurred": colours["line"],
        "text": colours["fg1"],
        "text-muted": colours["fg2"],
        "text-disabled": colours["fg2"],
        "foreground-muted": colours["fg2"],
        "foreground-disabled": colours["fg3"],
        "block-cursor-foreground": colours["fg0"],
        "block-cursor-background": colours["bg2"],
        "block-cursor-text-style": "reverse" if few else "none",
        "block-cursor-blurred-foreground": colours["fg1"],
        "block-cursor-blurred-background": colours["bg1"],
        "input-cursor-background": colours["fg1"],
        "input-cursor-foreground": colours["bg0"],
        "input-cursor-text-style": "reverse" if few else "none",
        "input-selection-background": colours["mark"],
        "input-selection-foreground": colours["fg0"],
        "screen-selection-background": colours["mark"],
        "screen-selection-foreground": colours["fg0"],
        "scrollbar": colours["line"],
        "scrollbar-hover": colours["fg3"],
        "scrollbar-active": colours["fg2"],
        "scrollbar-background": colours["bg0"],
        "scrollbar-background-hover": colours["bg0"],
        "scrollbar-background-active": colours["bg0"],
        "scrollbar-corner-color": colours["bg0"],
        "footer-key-foreground": colours["fg0"],
        "footer-background": colours["bg0"],
    }


def _theme(palette: Palette) -> Theme:
    variables = _variables(palette)
    return Theme(
        name=PREFIX + palette.name,
        primary=variables["accent"],
        secondary=variables["fg2"],
        accent=variables["accent"],
        warning=variables["late"],
        error=variables["failed"],
        success=variables["success"],
        foreground=variables["fg1"],
        background=variables["bg0"],
        surface=variables["bg1"],
        panel=variables["bg1"],
        boost=variables["bg2"],
        dark=palette.dark,
        ansi=palette.depth != "full",
        variables=variables,
    )


THEMES: Mapping[str, Theme] = {
    PREFIX + palette.name: _theme(palette) for palette in PALETTES.values()
}
"""By name: `flowtui-dark`, `flowtui-light`, `flowtui-ansi16`, `flowtui-mono`."""


def theme_for(environ: Mapping[str, str] = os.environ) -> str:
    """The theme a terminal can show, as far as it says; a light one does not say so."""
    if "NO_COLOR" in environ:
        return PREFIX + "mono"
    many_colours = environ.get("TERM", "").rpartition("-")[2] in {"256color", "kitty"}
    true_colours = environ.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}
    return PREFIX + ("dark" if many_colours or true_colours else "ansi16")


def register_themes(app: App[Any]) -> None:
    """Make the four looks known to an app."""
    for theme in THEMES.values():
        app.register_theme(theme)


class ThemedApp(App[ReturnType]):
    """An app in flowtui's looks: its themes are registered, its variables always resolve."""

    def __init__(
        self, *args: Any, theme: str | None = None, ascii_only: bool | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ascii_only = not speaks_utf8() if ascii_only is None else ascii_only
        register_themes(self)
        self.theme = theme or theme_for()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """So that our CSS can be read under any theme, and before one is chosen."""
        return dict(THEMES[PREFIX + "dark"].variables)


def palette_of(widget: Widget | App[Any]) -> Palette:
    """The palette of the theme a widget is shown in; an app may say that it is `ascii_only`."""
    app = widget if isinstance(widget, App) else widget.app
    name = app.theme.removeprefix(PREFIX)
    palette = PALETTES.get(name) or PALETTES["dark" if app.current_theme.dark else "light"]
    return _in_ascii(palette) if getattr(app, "ascii_only", False) else palette


_SPELLED: dict[str, Palette] = {}


def _in_ascii(palette: Palette) -> Palette:
    return _SPELLED.setdefault(palette.name, palette.in_ascii())
