"""Help: every key of a screen and what it does; enter does it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, ClassVar

from textual.binding import Binding
from textual.widgets import Input

from flowtui.frozen import frozen
from flowtui.ui.actions import KEY_NAMES
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.picker import Pick, Picker, found_by
from flowtui.ui.widgets.whole import Whole

NAMES = {"log": "log", "tasks": "task table"}
"""What a pane is called, by its id; any other is a table."""


@frozen
class HelpEntry:
    """A key, and what it does."""

    key: str
    label: str
    text: str
    action: str = ""
    """The action it runs; empty for keys of a widget."""


def help_entries(screen: Any) -> list[HelpEntry]:
    """What the declared actions of a screen, and the widget in focus, answer to."""
    named = [(one, one.shown_keys(screen.is_typing)) for one in screen.actions]
    declared = [
        HelpEntry(_keys(*keys), one.label, one.text, one.name) for one, keys in named if keys
    ]
    taken = {key for one in screen.actions for key in one.keys}
    return [*declared, *_widget_entries(screen.focused, taken), *_filter_entries(screen)]


def _filter_entries(screen: Any) -> Iterator[HelpEntry]:
    """What the list of a screen can be filtered by."""
    for one in getattr(screen, "filter_fields", ()):
        yield HelpEntry(f"{one.name}:", "filter", f"{one.doc}  {one.example}", "open_filter")


def _widget_entries(widget: Any, taken: set[str]) -> Iterator[HelpEntry]:
    """The keys of a table or a log, less those that the screen gives another meaning."""
    kind = "form" if isinstance(widget, Input) else "table"
    where = f"in the {NAMES.get(getattr(widget, 'id', ''), kind)}"
    for binding in getattr(type(widget), "BINDINGS", ()):
        if not isinstance(binding, Binding) or not binding.description:
            continue
        keys = [key for key in binding.key.split(",") if key not in taken]
        if keys and (binding.id != "table.mark" or widget.can_mark):
            yield HelpEntry(
                _keys(*map(_name, keys)),
                binding.description,
                f"{binding.description.capitalize()}, {where}.",
            )


def _keys(first: str, *others: str) -> str:
    return " ".join([first, *(key for key in others if key != "shift+tab")])


def _name(key: str) -> str:
    return KEY_NAMES.get(key, key)


class HelpScreen(Picker[str]):
    """The keys of a screen; the answer is the name of the action to run.

    Letters move in the table until `/` is pressed; then they look for words.
    """

    AUTO_FOCUS = "RecordTable"
    keys = (("enter", "do it"), ("j k", "move"), ("/", "search"), ("esc", "leave"))
    placeholder: ClassVar[str] = "a word of what you want to do"
    empty: ClassVar[str] = "No key does that."
    captions: ClassVar[bool] = True
    BINDINGS = [Binding("slash", "search", "search", show=False)]

    DEFAULT_CSS = """
    HelpScreen > #dialog { width: 112; }
    HelpScreen FilterInput, HelpScreen FilterInput:focus { display: none; }
    HelpScreen.-searching FilterInput, HelpScreen.-searching FilterInput:focus { display: block; }
    """

    def __init__(self, screen: Any) -> None:
        super().__init__("Keys", getattr(screen, "title_text", ""), "flowtui")
        self._entries = [
            Pick(one.action, one.label, one.text, one.key) for one in help_entries(screen)
        ]

    def picks(self, typed: str) -> Sequence[Pick[str]]:
        return found_by(self._entries, typed)

    def columns(self) -> list[Column[Any]]:
        return [
            Column("key", lambda one: one.key, token="fg0", bold=lambda one: True, least=8),
            Column("name", lambda one: one.label, token="fg1", least=12, drop=1),
            Column("does", self.sentence, title="says", token="fg2", least=50, most=50, grows=True),
        ]

    def row_key(self, row: Pick[str]) -> Hashable:
        return (row.key, row.label)

    def _fit(self) -> None:
        frame = 9 if self.has_class("-searching") else 7
        frame += self.query_one(Whole).fit(self._entries, self.list_width)
        rows = min(len(self._entries) + 1, self.app.size.height - frame)
        self.table.styles.height = max(1, rows)

    def action_search(self) -> None:
        """Look for a word."""
        self.add_class("-searching")
        self._fit()
        self.input.focus()
