"""Which key does what: the declared keys, a preset, and what somebody wrote in config.toml.

    [keys]
    preset = "arrows"
    open_log = "L"
    find_anything = ["ctrl+k", "f8"]

What is on the left is the name of an action. A key that terminals, tmux or ssh keep for themselves
is refused, and so is one that would do two things on one screen; each of these is a sentence that
names the file, the key and what was probably meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from difflib import get_close_matches
from typing import Any

from textual.keys import _character_to_key

from flowtui.frozen import frozen
from flowtui.ui.actions import KEY_NAMES, Action

PRESETS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "default": {},
    "k9s": {
        "choose_action": ("e", "x"),
        "open_journal": ("J",),
        "reverse_order": ("I", "S"),
    },
    "arrows": {
        "show_help": ("f1", "question_mark"),
        "choose_action": ("insert", "x"),
        "open_filter": ("f4", "slash"),
        "refresh_now": ("f5", "r"),
        "open_log": ("f6", "l"),
        "run_flow": ("f7", "t"),
        "open_palette": ("ctrl+p",),
        "go_to_previous": ("ctrl+pageup", "left_square_bracket"),
        "go_to_next": ("ctrl+pagedown", "right_square_bracket"),
    },
}
"""By name: the actions that have other keys than the declared ones."""

_KEPT_BY = {
    "tilde": "ssh ends a session with it",
    "ctrl+a": "screen and tmux take it",
    "ctrl+b": "tmux takes it",
    "ctrl+c": "it is for copying and leaving",
    "ctrl+z": "it suspends flowtui",
    "ctrl+right_square_bracket": "telnet takes it",
    **dict.fromkeys(("ctrl+g", "ctrl+o"), "zellij takes it"),
    **dict.fromkeys(("ctrl+t", "ctrl+n"), "zellij and terminal windows take it"),
    "ctrl+h": "terminals send it for backspace",
    "ctrl+i": "terminals send it for tab",
    **dict.fromkeys(("ctrl+j", "ctrl+m"), "terminals send it for enter"),
    "ctrl+left_square_bracket": "terminals send it for escape",
    **dict.fromkeys(("ctrl+w", "ctrl+tab", "f10", "f11", "f12"), "terminal windows take it"),
}
_UNSURE = {
    **dict.fromkeys(("ctrl+s", "ctrl+q"), "serial consoles take it"),
    **dict.fromkeys(("ctrl+space", "ctrl+enter", "shift+enter"), "many terminals do not send it"),
}
"""Good enough beside another key that always comes."""

_NAMED = {name: key for key, name in KEY_NAMES.items()} | {"return": "enter", "del": "delete"}
_WORDS = (
    "enter tab space backspace delete insert escape home end pageup pagedown up down left right"
)
_LONG = frozenset((*_WORDS.split(), *(f"f{number}" for number in range(1, 13))))


def forbidden(key: str, is_alias: bool = False) -> str | None:
    """Why no action may have this key; None where it may. An alias stands behind another key."""
    if key in _KEPT_BY:
        return _KEPT_BY[key]
    if is_alias:
        return None
    if key.startswith(("ctrl+shift+", "alt+")):
        return "many terminals do not send it"
    return _UNSURE.get(key)


def key_named(text: str) -> str | None:
    """Textual's name of a key as somebody writes it; None when there is no such key."""
    written = text.strip()
    if len(written) == 1:
        return _character_to_key(written) if not written.isspace() else None
    *modifiers, key = written.lower().split("+") if not written.endswith("+") else [written]
    named = _NAMED.get(key, key)
    known = named in _LONG or named in KEY_NAMES or (len(named) == 1 and bool(modifiers))
    if not known or any(one not in ("ctrl", "shift", "alt") for one in modifiers):
        return None
    if modifiers and len(key) == 1 and not key.isalnum():
        named = _character_to_key(key)
    return "+".join([*modifiers, named])


@frozen
class Keymap:
    """The keys of some actions, by the actions' names; all others have those they declare."""

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    """What of somebody's wishes cannot be done."""

    def applied(self, actions: Iterable[Action]) -> tuple[Action, ...]:
        """The actions with the keys they have now."""
        return tuple(
            replace(one, keys=self.keys[one.name]) if one.name in self.keys else one
            for one in actions
        )

    @property
    def bindings(self) -> dict[str, str]:
        """As Textual takes it: binding id to keys."""
        return {name: ",".join(keys) for name, keys in self.keys.items()}


Screens = Mapping[str, Sequence[Action]]
"""What each screen is called, and its actions."""


def read_keymap(wishes: Mapping[str, Any], where: str, screens: Screens) -> Keymap:
    """The keymap that a table of config.toml asks for, as far as it can be had."""
    problems: list[str] = []
    preset = wishes.get("preset", "default")
    if preset not in PRESETS:
        near = get_close_matches(str(preset), PRESETS, 1)
        problems.append(f"there is no preset {preset!r}{_meant(near)} ({where})")
        preset = "default"
    names = {one.name for actions in screens.values() for one in actions}
    keys = {name: found for name, found in PRESETS[preset].items() if name in names}
    for name, wish in wishes.items():
        if name == "preset":
            continue
        if name not in names:
            near = get_close_matches(name, names, 1, 0.5)
            problems.append(f"there is no action {name!r}{_meant(near)} ({where})")
            continue
        found = _keys_of(name, wish, where, problems)
        tried = Keymap({**keys, name: found})
        clash = next(iter(_clashes_of(name, tried, screens)), None) if found else None
        if clash:
            problems.append(f"{clash} ({where})")
        elif found:
            keys[name] = found
    return Keymap(keys, tuple(problems))


def _keys_of(name: str, wish: Any, where: str, problems: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    for text in wish if isinstance(wish, list) else [wish]:
        key = key_named(text) if isinstance(text, str) else None
        if key is None:
            near = get_close_matches(str(text), [*_LONG, *_NAMED], 1)
            problems.append(f"{name}: there is no key {text!r}{_meant(near)} ({where})")
            continue
        reason = forbidden(key, bool(found))
        if reason:
            problems.append(f"{name}: {text} cannot be used, {reason} ({where})")
        else:
            found.append(key)
    return tuple(found)


def _meant(near: Sequence[str]) -> str:
    return f"; perhaps {near[0]!r}?" if near else ""


def _clashes_of(name: str, keymap: Keymap, screens: Screens) -> Iterable[str]:
    for title, actions in screens.items():
        for key, one, other in clashes(keymap.applied(actions)):
            if name in (one.name, other.name):
                shown = KEY_NAMES.get(key, key)
                yield f"{shown} is {one.name} and {other.name} on {title}"


def clashes(actions: Sequence[Action]) -> list[tuple[str, Action, Action]]:
    """The keys that would do two things on a screen with these actions, and which.

    In a pane a key may do something else than on the rest of the screen.
    """
    taken: dict[tuple[bool, str, str], Action] = {}
    found = []
    for one in actions:
        for key in one.keys:
            other = taken.setdefault((one.in_menu, one.pane, key), one)
            if other is not one:
                found.append((key, other, one))
    return found
