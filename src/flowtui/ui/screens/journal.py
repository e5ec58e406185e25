"""The journal: what was sent to change something, and the way back where there is one."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.app import ComposeResult

from flowtui.frozen import frozen
from flowtui.models.filters_journal import JOURNAL
from flowtui.models.journal import Entry, batch_of, not_undoable, undone_by
from flowtui.models.text import amount, plain
from flowtui.ui.actions import action
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece, between
from flowtui.ui.journal_columns import ORDER, journal_columns, newest_first, spoken
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.paint import heading
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.frame import selected
from flowtui.ui.screens.titled_list import TitledList
from flowtui.ui.sent_command import sent_lines
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 5.0


@frozen
class Journalled:
    """The journal as it was read, for one backend."""

    entries: tuple[Entry, ...]
    api_url: str
    trouble: str = ""
    """Why it lasts no longer than flowtui."""


def undoable(screen: Any) -> str | None:
    """The command under the cursor has a way back."""
    reason: str | None = screen.reason_against(screen.subject)
    return reason


def part_of_more(screen: Any) -> str | None:
    """It was sent together with others that have a way back."""
    return None if len(screen.sent_together) > 1 else "nothing that was sent with it has a way back"


class JournalScreen(TitledList):
    """What was sent, by this dashboard and by others of the same person."""

    title_text = "Journal"
    list_title = "journal"
    empty = "Nothing has been sent to change anything."
    sentence = "Reading …"

    DEFAULT_CSS = """
    JournalScreen #sent { display: none; background: $bg1; height: 12; padding: 1 2; }
    JournalScreen.-tall.-told #sent { display: block; margin-bottom: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()
        self._api_url = ""
        self._memos = 0
        self._trouble = ""

    @property
    def subject(self) -> Entry | None:
        """The command under the cursor."""
        record: Entry | None = self.list_table.record
        return record

    @property
    def menu_subject(self) -> str:
        return self.subject.target if self.subject is not None else ""

    def sources(self) -> list[Question]:
        async def read(backend: Any) -> Journalled:
            found = tuple(backend.journal_entries())
            return Journalled(found, backend.profile.api_url, backend.journal.trouble)

        return [Question(self.flowtui.feed(("journal",), read, INTERVAL), self._show)]

    def compose_body(self) -> ComposeResult:
        yield from super().compose_body()
        yield Lines(self._paint_sent, ground="bg1", id="sent")

    def _paint_sent(self, palette: Palette, width: int) -> list[list[Piece]]:
        """All of the command under the cursor, as far as there is room; `d` shows the rest."""
        one = self.subject
        if one is None or not self.has_class("-tall"):
            return []
        reason = self.reason_against(one)
        lines = sent_lines(one, reason, palette, width, self.flowtui.zone)
        return [heading(spoken(one.mutation), f"on {plain(one.profile)}"), [], *lines]

    @on(RecordTable.Highlighted)
    def _highlighted(self) -> None:
        self.query_one("#sent", Lines).repaint()

    def list_changed(self) -> None:
        super().list_changed()
        self.set_class(self.subject is not None, "-told")
        self.query_one("#sent", Lines).repaint()

    def make_listing(self) -> Listing[Entry]:
        app = self.flowtui
        return Listing(
            app.memory,
            ("journal",),
            JOURNAL,
            lambda: journal_columns(app.now, lambda: app.zone, self._way_back),
            OwnOrder(ORDER, newest_first),
            zone=app.zone,
        )

    def _show(self, snapshot: Snapshot[Journalled]) -> None:
        if snapshot.value is None:
            return
        self.entries, self._api_url = snapshot.value.entries, snapshot.value.api_url
        told = [one for one in self.entries if not one.is_memo]
        self._trouble = snapshot.value.trouble
        self._memos = len(self.entries) - len(told)
        self.listing.records = told
        self.show_rows()

    def reason_against(self, entry: Entry | None) -> str | None:
        """Why a command cannot be taken back, or None."""
        if entry is None:
            return "nothing is selected"
        return not_undoable(entry, self.entries, self._api_url)

    @property
    def sent_together(self) -> list[Entry]:
        """What was sent together with the command under the cursor, and can be taken back."""
        one = self.subject
        return batch_of(one, self.entries, self._api_url) if one is not None else []

    def _way_back(self, entry: Entry) -> Piece:
        if undone_by(entry, self.entries) is not None:
            return Piece("taken back", "fg2")
        if entry.undoes:
            return Piece("it took one back", "fg2")
        if entry.undo is None or self.reason_against(entry) is not None:
            return Piece("–", "fg3")
        return Piece(entry.undo.says, "fg1")

    def paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        count = len(self.listing.records)
        note = amount(count, "command") if count else ""
        if self._memos:
            note += f", and {amount(self._memos, 'log line')} that told of them"
        right = self.listing.sort_pieces()
        if self._trouble:
            glyph = Piece(f"{palette.state_glyph('Failed')} ", "failed", bold=True)
            right = [glyph, Piece("not in its file, kept only until flowtui ends", "fg0")]
        return [between(self.listing.heading("Journal", note, width), right, width)]

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.action_act("undo" if self.reason_against(self.subject) is None else "describe")

    @action("d", "describe", selected)
    def describe(self) -> None:
        """All that was sent, and what came of it."""
        from flowtui.ui.dialogs.undo import SentCommand

        if self.subject is not None:
            app = self.flowtui
            reason = self.reason_against(self.subject)
            self.app.push_screen(SentCommand(self.subject, reason, app.zone))

    @action("u", "take back …", selected, undoable, menu=True)
    async def undo(self) -> None:
        """Send what undoes it, if nothing has moved since."""
        from flowtui.ui.dialogs.undo import ask_to_undo

        if self.subject is not None:
            await ask_to_undo(self, self.subject)

    @action("U", "take all of it back …", selected, part_of_more, menu=True)
    async def undo_all(self) -> None:
        """Undo all that was asked for together with it; each is shown before."""
        from flowtui.ui.dialogs.undo import ask_to_undo_all

        await ask_to_undo_all(self, self.sent_together)
