"""Taking a command back: what will be sent is shown before it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from flowtui.errors import Refused
from flowtui.models.journal import MEMOS, Entry, batch_of, not_undoable
from flowtui.models.text import clock, cut, day, plain, zone_name
from flowtui.ui.dialogs.facts import Facts
from flowtui.ui.dialogs.question import Question
from flowtui.ui.journal_columns import spoken
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.sent_command import as_json, sent_lines
from flowtui.ui.tokens import Palette
from flowtui.ui.undo_deed import TAKE_BACK, Sent
from flowtui.ui.widgets.painted import Line

ROW = 50
"""Cells of a text that surely fit into a row of the question; `d` shows all of it."""


class SentCommand(Facts):
    """One command of the journal, with all that was sent."""

    def __init__(self, entry: Entry, reason: str | None, zone: tzinfo | None) -> None:
        super().__init__("Sent", spoken(entry.mutation), f"on {entry.profile}")
        self._entry = entry
        self._reason = reason
        self._zone = zone

    def paint_facts(self, palette: Palette, width: int) -> Sequence[Line]:
        return sent_lines(self._entry, self._reason, palette, width, self._zone)


def _on_one_line(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}: {as_json(value)}" for key, value in given.items())


async def ask_to_undo(screen: ActionScreen, entry: Entry) -> None:
    """Look whether it is still as the command left it, ask, and take the command back."""
    app = screen.flowtui
    backend, undo = await app.backend(), entry.undo
    if undo is None:
        raise Refused("there is no way back.")
    moved = await backend.moved_since(undo)
    if moved:
        raise Refused(f"{moved}; nothing was sent.")
    at = f"{clock(entry.at, app.zone)} {zone_name(entry.at, app.zone)}"
    question = Question(
        "Take back",
        f"{spoken(entry.mutation)}: {entry.target}",
        facts=(
            ("sent", f"{day(entry.at, app.zone)} {at}, {entry.outcome}"),
            ("undo", cut(plain(undo.says), 2 * ROW)),
            ("guard", _guard(entry)),
            ("sends", cut(plain(f"{undo.mutation}  {_on_one_line(undo.input)}"), 3 * ROW)),
        ),
        act="Take it back",
    )
    if not await app.push_screen_wait(question):
        return
    await backend.take_back(entry)
    app.say(f"Taken back: {undo.says}.")
    screen.refresh_now()


def _guard(entry: Entry) -> str:
    still = entry.undo.still if entry.undo else None
    if still is None:
        return "none: it is sent whatever happened since"
    name = still.field.rpartition(".")[2].replace("_", " ")
    return f"only if its {name} has not been changed since; it has not until now"


async def undo_last(screen: ActionScreen) -> None:
    """Ask to take back the newest command of this backend that has a way back."""
    backend = await screen.flowtui.backend()
    entries = backend.journal_entries()
    here = [one for one in entries if one.mutation not in MEMOS and not one.undoes]
    api_url = backend.profile.api_url
    newest = next((one for one in here if not_undoable(one, entries, api_url) is None), None)
    if newest is None:
        raise Refused("nothing in the journal has a way back here.")
    batch = batch_of(newest, entries, api_url)
    if len(batch) > 1:
        await ask_to_undo_all(screen, batch)
    else:
        await ask_to_undo(screen, newest)


async def ask_to_undo_all(screen: ActionScreen, entries: Sequence[Entry]) -> None:
    """Show what would be taken back of commands that were sent as one, ask, and do it."""
    from flowtui.ui.screens.bulk_actions import do_to_many

    await do_to_many(screen, TAKE_BACK, [Sent(one) for one in entries])
