"""Doing something to many: every target is shown before, while and after it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from flowtui.errors import FlowtuiError
from flowtui.models.text import amount, plain
from flowtui.ui.bulk import DONE, LEFT, MOVED, REFUSED, UNKNOWN, WAITING, Bulk, Item
from flowtui.ui.bulk_columns import bulk_columns, sign, state_or_word
from flowtui.ui.dialogs.phrase import Phrase, production_phrase, production_warning
from flowtui.ui.ink import Piece, between, blank, fit_pieces, width_of
from flowtui.ui.paint import wrapped, zoned_clock
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.bars import KeyBar
from flowtui.ui.widgets.dialog import PADDING, Dialog, DialogTitle
from flowtui.ui.widgets.fields import Buttons, Field, PushButton
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

CAPTION = 9
"""Cells for the captions at the left."""
ROWS_AROUND = 17
"""Rows of the screen that are not targets."""
PREVIEW_KEYS = (("space", "leave one out"), ("tab", "choose"), ("esc", "leave"))
RUNNING_KEYS = (("esc", "stop"),)
REPORT_KEYS = (("E", "export …"), ("tab", "choose"), ("esc", "leave"))


class BulkDialog(Dialog[bool]):
    """Shows the targets, asks, sends, and stays as a report; the answer is whether any was sent."""

    changes: ClassVar[bool] = True
    keys = PREVIEW_KEYS
    AUTO_FOCUS = "FieldInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("E", "export", "export", show=False, id="bulk.export"),
    ]

    DEFAULT_CSS = """
    BulkDialog > #dialog { width: 104; }
    BulkDialog #summary { padding: 0 3; margin-bottom: 1; }
    BulkDialog #sends { padding: 0 3; margin: 1 0; }
    BulkDialog #targets { background: $bg1; margin: 0 1; height: auto; }
    BulkDialog Phrase { margin-bottom: 1; }
    BulkDialog Buttons { margin-bottom: 1; }
    BulkDialog #production { margin-bottom: 1; }
    """

    def __init__(self, bulk: Bulk[Any]) -> None:
        super().__init__(bulk.deed.doing(len(bulk.items)))
        self.bulk = bulk
        bulk.changed = self._changed
        self._trouble = ""

    def compose_body(self) -> ComposeResult:
        profile = self.flowtui.profile
        if profile.production:
            yield Lines(self._paint_production, ground="late-tint", id="production")
        yield Lines(self._paint_summary, ground="bg1", id="summary")
        yield RecordTable[Item[Any]](
            bulk_columns(self.bulk, self._now),
            lambda item: self.bulk.deed.kind.key(item.record),
            ground="bg1",
            id="targets",
        )
        yield Lines(self._paint_sends, ground="bg1", id="sends")
        yield Phrase(self._phrase)
        with Buttons():
            yield PushButton("Leave everything as it is", id="leave")
            yield PushButton(self._act, acting=True, enabled=False, id="act")

    def on_mount(self) -> None:
        self._fit()
        self.table.show(self.bulk.items)
        self.run_worker(self._look(), group="bulk")

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        around = ROWS_AROUND + (2 if self.flowtui.profile.production else 0)
        room = max(3, self.app.size.height - around)
        self.table.styles.height = min(len(self.bulk.items) + 1, room)

    @property
    def table(self) -> RecordTable[Item[Any]]:
        """The targets."""
        return self.query_one("#targets", RecordTable)

    def _now(self) -> datetime:
        return self.flowtui.now()

    # Words

    @property
    def _phrase(self) -> str:
        named = production_phrase(self.flowtui.profile)
        return f"{named} {self.bulk.to_send}".strip()

    @property
    def _act(self) -> str:
        count, deed = self.bulk.to_send, self.bulk.deed
        if self.bulk.has_begun:
            return f"Go on with {amount(count, deed.kind.noun)}"
        return deed.doing(count)

    # Painting

    def _paint_production(self, palette: Palette, width: int) -> list[list[Piece]]:
        glyph = Piece(palette.state_glyph("Late"), "late", bold=True)
        said = production_warning(self.flowtui.profile)[0]
        return [fit_pieces([blank(PADDING), glyph, Piece(f" {said}", "fg0", bold=True)], width)]

    def _paint_summary(self, palette: Palette, width: int) -> list[list[Piece]]:
        bulk = self.bulk
        left = self._progress(palette) if bulk.has_begun else self._plan(palette)
        hidden = sum(1 for item in bulk.items if item.is_hidden)
        verb = "is" if hidden == 1 else "are"
        said = f"{hidden} {verb} hidden by your filter" if hidden else ""
        return [between(left, [Piece(said, "late")] if said else [], width)]

    def _plan(self, palette: Palette) -> list[Piece]:
        counts: dict[str, int] = {}
        for item in self.bulk.with_status(WAITING):
            counts[item.becomes.word] = counts.get(item.becomes.word, 0) + 1
        pieces: list[Piece] = []
        for word, count in counts.items():
            named = state_or_word(word, palette, 24)
            glyph = [named[0]] if len(named) > 1 and width_of(named[:1]) <= 2 else []
            glyph += [blank(2 - width_of(glyph))] if glyph else []
            gap = [blank(3)] if pieces else []
            pieces += [
                *gap,
                *glyph,
                Piece(str(count), "fg0", bold=True),
                Piece(f" to {word}" if glyph else f" {word}", "fg1"),
            ]
        left = len(self.bulk.with_status(LEFT))
        if left:
            gap = [blank(3)] if pieces else []
            alone = [sign(LEFT, palette), Piece(f" {left}", "fg0", bold=True)]
            pieces += [*gap, *alone, Piece(" left alone", "fg2")]
        return pieces

    def _progress(self, palette: Palette) -> list[Piece]:
        pieces: list[Piece] = []
        for status in (DONE, MOVED, REFUSED, UNKNOWN, LEFT):
            count = len(self.bulk.with_status(status))
            if count:
                gap = [blank(3)] if pieces else []
                number = Piece(f" {count}", "fg0", bold=True)
                pieces += [*gap, sign(status, palette), number, Piece(f" {status}", "fg2")]
        waiting = len(self.bulk.with_status(WAITING))
        if waiting:
            word = "to go" if self.bulk.is_running else "not sent"
            pieces += [blank(3), Piece(str(waiting), "fg0", bold=True), Piece(f" {word}", "fg2")]
        return pieces

    def _paint_sends(self, palette: Palette, width: int) -> list[list[Piece]]:
        deed, bulk = self.bulk.deed, self.bulk
        if self._trouble or bulk.trouble:
            glyph = Piece(f"{palette.state_glyph('Failed')} ", "failed", bold=True)
            rows = wrapped(plain(self._trouble or bulk.trouble), width - 2)
            more = "" if self._trouble else "Nothing more was sent; what it was last is looked at."
            lines = [[glyph, Piece(rows[0], "fg0", bold=True)]]
            lines += [[blank(2), Piece(row, "fg0")] for row in rows[1:]]
            return [*lines, [blank(2), Piece(more, "fg2")]] if more else lines
        rate = self.flowtui.profile.bulk_rate
        times = "once" if bulk.to_send == 1 else f"{bulk.to_send} times, {rate:g} a second"
        sends = (
            f"{deed.sends}  {times}, each only if it has not moved; stops where an answer is lost"
        )
        facts = [("sends", sends), ("undo", deed.undo)]
        if bulk.has_begun and not bulk.is_running:
            facts = [("journal", "z  has each of them"), ("undo", deed.undo)]
        lines = []
        for caption, text in facts:
            for number, row in enumerate(wrapped(text, width - CAPTION)):
                name = caption if number == 0 else ""
                lines.append([Piece(name.ljust(CAPTION), "fg2"), *_with_key(row)])
        return lines

    def _changed(self) -> None:
        """Show how far it is."""
        if not self.is_attached:
            return
        self.table.show(self.bulk.items)
        for name in ("#summary", "#sends"):
            self.query_one(name, Lines).repaint()
        self._show_buttons()

    def _show_buttons(self) -> None:
        bulk, phrase = self.bulk, self.query_one(Phrase)
        act, leave = (self.query_one(name, PushButton) for name in ("#act", "#leave"))
        phrase.display = not bulk.has_begun and bulk.to_send > 0
        phrase.ask_for(self._phrase)
        act.display = bulk.to_send > 0 and not bulk.is_running
        act.relabel(self._act)
        act.enabled = bulk.has_begun or phrase.holds
        if bulk.is_running:
            leave.relabel("Stop")
        else:
            leave.relabel("Leave" if bulk.has_begun else "Leave everything as it is")
        keys: Sequence[tuple[str, str]] = PREVIEW_KEYS
        if bulk.has_begun:
            keys = RUNNING_KEYS if bulk.is_running else REPORT_KEYS
        self.query_one(KeyBar).show_keys(keys)

    # Doing

    async def _look(self) -> None:
        """See what the targets are now."""
        try:
            await self.bulk.look(await self.flowtui.backend())
        except FlowtuiError as error:
            self._trouble = f"They could not be looked at again. {error}"
            self._changed()
        else:
            when = zoned_clock(self._now(), self.flowtui.zone)
            for title in self.query(DialogTitle):
                title.tell(f"{self.place}, read again {when}")

    @on(Field.Changed)
    def _typed(self) -> None:
        self._show_buttons()

    @on(Input.Submitted)
    def _entered(self) -> None:
        """Go from the words to the button that they unlock; enter there is another."""
        if self.query_one(Phrase).holds:
            self.query_one("#act").focus()

    def on_key(self) -> None:
        self.query_one(KeyBar).clear_notice()

    def key_space(self) -> None:
        """Leave the target under the cursor out, or take it in again."""
        item = self.table.record
        if self.table.has_focus and item is not None and not self.bulk.has_begun:
            self.bulk.leave_out(item)
            self.table.action_move(1)

    @on(PushButton.Pressed, "#act")
    def _acted(self) -> None:
        if not self.bulk.is_running and not self._trouble:
            self.query_one("#leave").focus()
            self.run_worker(self._send(), group="bulk", exclusive=True)

    async def _send(self) -> None:
        await self.bulk.run(await self.flowtui.backend(), self.flowtui.profile.bulk_rate)
        self._changed()
        self.query_one("#leave").focus()

    @on(PushButton.Pressed, "#leave")
    def _left(self) -> None:
        self.action_leave()

    def action_leave(self) -> None:
        """Stop what is being sent; or else go."""
        if self.bulk.is_running:
            self.bulk.stop()
        else:
            self.dismiss(self.bulk.has_begun)

    def action_export(self) -> None:
        """Write the report to a file."""
        if self.bulk.has_begun and not self.bulk.is_running:
            self.run_worker(self._export(), group="export", exclusive=True)

    async def _export(self) -> None:
        from flowtui.ui.dialogs.ask import Ask
        from flowtui.ui.export import data_of, export_path, exported, write_rows
        from flowtui.ui.files import free_name, here

        columns = exported(self.table.columns)
        name = free_name("flowtui-report", ".csv", here())
        about = amount(len(self.bulk.items), self.bulk.deed.kind.noun)
        path = await self.app.push_screen_wait(
            Ask("Export", about, "file", export_path, value=name)
        )
        if path is None:
            return
        try:
            write_rows(path, columns, data_of(columns, self.bulk.items))
        except FlowtuiError as error:
            self.query_one(KeyBar).show_notice(str(error), wrong=True)
        else:
            self.query_one(KeyBar).show_notice(f"The report is in {path}")


def _with_key(row: str) -> list[Piece]:
    """A row in which the journal's key stands out."""
    before, named, after = row.partition("journal z")
    if not named:
        return [Piece(row, "fg1")]
    return [Piece(before + "journal ", "fg1"), Piece("z", "fg0", bold=True), Piece(after, "fg1")]
