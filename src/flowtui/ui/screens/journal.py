"""The journal: what was sent to change something, and the way back where there is one."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.app import ComposeResult

from flowtui.models.filters_journal import JOURNAL
from flowtui.models.journal import Entry, not_undoable, undone_by
from flowtui.models.text import amount
from flowtui.ui.actions import action
from flowtui.ui.feeds import Feed, Snapshot
from flowtui.ui.ink import Piece, between
from flowtui.ui.journal_columns import ORDER, journal_columns, newest_first
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.screens.frame import Handler, selected
from flowtui.ui.screens.listing import ListingScreen
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 5.0


def undoable(screen: Any) -> str | None:
    """The command under the cursor has a way back."""
    reason: str | None = screen.reason_against(screen.subject)
    return reason


class JournalScreen(ListingScreen):
    """What was sent, by this dashboard and by others of the same person."""

    title_text = "Journal"
    list_title = "journal"
    empty = "Nothing has been sent to change anything."

    DEFAULT_CSS = """
    JournalScreen {
        #title { padding: 0 2; }
        &.-low #title { padding: 1 2 0 2; }
        #table { margin: 0 0 1 0; }
        &.-tall #table { margin: 1 0 1 0; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self._memos = 0

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_title, id="title")
        yield self.make_filter_line()
        yield RecordTable[Entry](
            self.listing.shown_columns(), lambda one: one.id, sentence="Reading …", id="table"
        )

    def on_mount(self) -> None:
        self.list_table.focus()

    @property
    def subject(self) -> Entry | None:
        """The command under the cursor."""
        record: Entry | None = self.list_table.record
        return record

    @property
    def menu_subject(self) -> str:
        return self.subject.target if self.subject is not None else ""

    def sources(self) -> list[tuple[Feed[Any], Handler]]:
        async def read(backend: Any) -> list[Entry]:
            entries: list[Entry] = backend.journal_entries()
            return entries

        return [(self.flowtui.feed(("journal",), read, INTERVAL), self._show)]

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

    def _show(self, snapshot: Snapshot[list[Entry]]) -> None:
        if snapshot.value is None:
            return
        self.entries = snapshot.value
        told = [one for one in self.entries if not one.is_memo]
        self._memos = len(self.entries) - len(told)
        self.listing.records = told
        self.show_rows()

    def list_changed(self) -> None:
        self.query_one("#title", Lines).repaint()

    def reason_against(self, entry: Entry | None) -> str | None:
        """Why a command cannot be taken back, or None."""
        if entry is None:
            return "nothing is selected"
        return not_undoable(entry, self.entries, self.flowtui.profile.api_url)

    def _way_back(self, entry: Entry) -> Piece:
        if undone_by(entry, self.entries) is not None:
            return Piece("taken back", "fg2")
        if entry.undoes:
            return Piece("it took one back", "fg2")
        if entry.undo is None or self.reason_against(entry) is not None:
            return Piece("–", "fg3")
        return Piece(entry.undo.says, "fg1")

    def _paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        count = len(self.listing.records)
        note = amount(count, "command") if count else ""
        if self._memos:
            note += f", and {amount(self._memos, 'log line')} that told of them"
        return [between(self.listing.heading("Journal", note), self.listing.sort_pieces(), width)]

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
