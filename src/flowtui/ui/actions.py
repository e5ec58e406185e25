"""Actions: what a key does, declared on the method that does it.

Bindings, key bar, action menu, help, and README's table of keys are derived from the declarations.
A condition is a function of the screen that gives the reason it is not met, or None; so a key that
is refused can say why.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from textual.binding import Binding

from flowtui.frozen import frozen

Condition = Callable[[Any], "str | None"]
Method = TypeVar("Method", bound=Callable[..., "Awaitable[None] | None"])

MENU_KEY = "x"
"""Opens the menu of what changes something; its actions have a letter of their own inside."""

KEY_NAMES = {
    "escape": "esc",
    "question_mark": "?",
    "slash": "/",
    "ampersand": "&",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "grave_accent": "`",
    "colon": ":",
    "minus": "-",
    "at": "@",
    "plus": "+",
    "underscore": "_",
    "exclamation_mark": "!",
    "full_stop": ".",
    "equals_sign": "=",
    "less_than_sign": "<",
    "greater_than_sign": ">",
}
"""What Textual calls keys, and what is printed on them."""


@frozen
class Action:
    """One thing a user can do on a screen."""

    name: str
    """The method's name, and the binding's id."""

    keys: tuple[str, ...]
    label: str
    text: str
    """One sentence: the method's docstring."""

    conditions: tuple[Condition, ...] = ()
    in_menu: bool = False
    """Reached through the menu; changes something on the backend."""

    on_bar: bool = True
    pane: str = ""
    """Only where this pane has the focus; empty is everywhere on the screen."""
    view: str = ""
    """The tab it goes to; such an action has no method."""

    @property
    def shown_key(self) -> str:
        """The key as a person reads it: `x s` for one in the menu."""
        return self.shown_keys()[0]

    def shown_keys(self, typing: bool = False) -> tuple[str, ...]:
        """Its keys as a person reads them; while somebody types, those that write nothing."""
        first = f"{MENU_KEY} " if self.in_menu else ""
        names = (first + KEY_NAMES.get(key, key) for key in self.keys)
        return tuple(name for name in names if not (typing and len(name.split()[0]) == 1))

    def refusal(self, screen: Any) -> str | None:
        """Why it cannot be done now, or None."""
        for condition in self.conditions:
            reason = condition(screen)
            if reason:
                return reason
        return None


def action(
    keys: str,
    label: str,
    *conditions: Condition,
    menu: bool = False,
    bar: bool = True,
    pane: str = "",
) -> Callable[[Method], Method]:
    """Declare the method below as an action; `keys` are Textual's names, separated by commas."""

    def declare(method: Method) -> Method:
        text = inspect.getdoc(method) or ""
        declared = Action(
            method.__name__,
            tuple(keys.split(",")),
            label,
            " ".join(text.split("\n\n")[0].split()),
            conditions,
            menu,
            bar,
            pane,
        )
        method.__dict__["_action"] = declared
        return method

    return declare


def actions_of(owner: type) -> tuple[Action, ...]:
    """Every action of a class, those of its own before those it inherits."""
    found: dict[str, Action] = {}
    for kind in owner.__mro__:
        for name, member in vars(kind).items():
            declared = getattr(member, "_action", None)
            if isinstance(declared, Action) and name not in found:
                found[name] = declared
    return tuple(found.values())


def bindings_of(actions: Iterable[Action]) -> list[Binding]:
    """Textual's bindings for the actions that have a key of their own."""
    return [
        Binding(",".join(one.keys), f"act('{one.name}')", one.label, id=one.name, show=False)
        for one in actions
        if not one.in_menu
    ]
