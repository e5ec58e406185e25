"""The palette and the command line: everything that can be done, found by a few letters.

Both are one dialog. The palette lists the actions of the screen and the commands; the command line
the commands alone, until Tab is pressed in it while it is empty. A command that wants a word more
is written into the line, and what may follow is listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding

from flowtui.frozen import frozen
from flowtui.models.filters import Completion
from flowtui.ui.columns import Column
from flowtui.ui.commands import COMMANDS, Command
from flowtui.ui.dialogs.picker import Pick, Picker, found_by

if TYPE_CHECKING:
    from flowtui.ui.screens.frame import ActionScreen

OFFERED = 200
"""Values of a command that are listed at most."""


@frozen
class Chosen:
    """What is to be done: an action of the screen, or a command with its words."""

    action: str = ""
    command: str = ""
    words: str = ""


class PaletteDialog(Picker[Chosen]):
    """What can be done here; the answer is what was chosen."""

    placeholder: ClassVar[str] = "an action, or a command and its words"
    DEFAULT_CSS = """
    PaletteDialog > #dialog { width: 100; }
    """
    BINDINGS = [Binding("tab", "complete", "complete", show=False, priority=True)]
    empty: ClassVar[str] = "There is no such action, and no such command."

    def __init__(self, screen: ActionScreen, commands_only: bool = False) -> None:
        super().__init__(
            "Commands" if commands_only else "Palette",
            screen.title_text,
            "tab  all actions" if commands_only else "",
        )
        self._asked = screen
        self._commands_only = commands_only

    def columns(self) -> list[Column[Any]]:
        return super().columns()[1:]

    def picks(self, typed: str) -> Sequence[Pick[Chosen]]:
        line = typed.removeprefix(":").lstrip()
        name, space, words = line.partition(" ")
        command = COMMANDS.get(name)
        if command is not None and space:
            return self._values(command, words)
        picks = [self._pick_command(one) for one in COMMANDS.values()]
        if not self._commands_only and not typed.startswith(":"):
            picks = [*self._actions(), *picks]
            return found_by(picks, line)
        begun = [one for one in picks if one.value.command.startswith(line.casefold())]
        return begun or found_by(picks, line)

    def _actions(self) -> list[Pick[Chosen]]:
        screen = self._asked
        pane = screen.focused_pane()
        return [
            Pick(
                Chosen(one.name),
                one.label,
                one.text,
                one.shown_key,
                False,
                one.refusal(screen) or "",
            )
            for one in (*(a for a in screen.actions if not a.in_menu), *screen.menu_actions)
            if one.pane in ("", pane) and one.name not in ("open_palette", "open_command_line")
        ]

    def _pick_command(self, command: Command) -> Pick[Chosen]:
        return Pick(Chosen(command=command.name), command.shown, command.text)

    def _values(self, command: Command, words: str) -> Sequence[Pick[Chosen]]:
        """What may follow a command: what it offers, or what is typed."""
        offers = [
            Pick(Chosen(command=command.name, words=one), one, command.text)
            for one in command.offers(self._asked.flowtui)
        ]
        found = found_by(offers, words)[:OFFERED]
        if any(one.label == words.strip() for one in found) or (found and not command.is_free):
            return found
        typed = Pick(
            Chosen(command=command.name, words=words.strip()),
            f":{command.name} {words.strip()}",
            command.text,
        )
        return [typed, *found]

    def completion(self, text: str, cursor: int) -> Completion:
        if not text and self._commands_only:
            return Completion(0, 0)
        line = text.removeprefix(":")
        start = len(text) - len(line)
        name, space, words = line.partition(" ")
        if not space:
            names = [f"{one} " for one in COMMANDS if one.startswith(name.casefold())]
            return Completion(start, len(text), tuple(names))
        command = COMMANDS.get(name)
        if command is None:
            return Completion(cursor, cursor)
        offers = [
            one
            for one in command.offers(self._asked.flowtui)
            if one.casefold().startswith(words.casefold())
        ]
        return Completion(start + len(name) + 1, len(text), tuple(offers[:OFFERED]))

    def pick(self, row: Pick[Chosen]) -> None:
        command = COMMANDS.get(row.value.command)
        if command is not None and command.needs_words and not row.value.words:
            self.input.value = f"{command.name} "
            self.input.cursor_position = len(self.input.value)
            return
        self.dismiss(row.value)

    def action_complete(self) -> None:
        """Put in what may stand here; in an empty command line, list every action too."""
        if self._commands_only and not self.input.value:
            self._commands_only = False
            self._fit()
            self.show_picks()
            self.table.action_first()
        else:
            self.input.action_complete(1)
