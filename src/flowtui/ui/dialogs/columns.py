"""The columns of a list: which of them one wants to see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from flowtui.ui.columns import Column
from flowtui.ui.ink import Piece
from flowtui.ui.listing import Listing
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.table import RecordTable


class ColumnPicker(Dialog[None]):
    """Turns columns on and off, and the table behind it follows at once."""

    keys = (("space", "show or hide"), ("a", "all"), ("d", "as at first"), ("esc", "done"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn", "show or hide", show=False, priority=True),
        Binding("a", "all", "show all", show=False),
        Binding("d", "as_at_first", "as at first", show=False),
        Binding("w", "leave", "done", show=False),
    ]

    DEFAULT_CSS = """
    ColumnPicker > #dialog { width: 56; }
    ColumnPicker RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(
        self,
        listing: Listing[Any],
        title: str,
        follow: Callable[[], None],
        has_room: Callable[[Column[Any]], bool],
    ) -> None:
        super().__init__("Columns", title)
        self._listing = listing
        self._follow = follow
        self._has_room = has_room

    def compose_body(self) -> ComposeResult:
        table = RecordTable[Column[Any]](
            [
                Column("", paint=self._paint_mark, least=1),
                Column("", lambda one: one.called, token=self._token, least=14),
                Column("", self._note, token="fg2", least=12, grows=True),
            ],
            lambda one: one.called,
            captions=False,
            ground="bg1",
            id="columns",
        )
        table.styles.height = min(len(self._listing.columns), max(3, self.app.size.height - 7))
        yield table

    @property
    def table(self) -> RecordTable[Column[Any]]:
        """The columns, one a row."""
        return self.query_one("#columns", RecordTable)

    def on_mount(self) -> None:
        self.table.show(list(self._listing.columns))
        self.table.focus()

    def _paint_mark(self, one: Column[Any], palette: Palette, width: int) -> list[Piece]:
        shown = self._listing.is_shown(one)
        return [Piece(palette.glyph("chosen") if shown else " ", "accent", bold=True)]

    def _token(self, one: Column[Any]) -> str:
        return "fg0" if self._listing.is_shown(one) else "fg2"

    def _note(self, one: Column[Any]) -> str:
        if not self._listing.is_shown(one):
            return "hidden"
        return "shown" if self._has_room(one) else "no room at this width"

    def _changed(self) -> None:
        self._follow()
        self.table.repaint()

    @on(RecordTable.Opened)
    def action_turn(self) -> None:
        """Show the column under the cursor, or hide it; the last one stays."""
        one, choices = self.table.record, self._listing.choices
        if one is None or (self._listing.is_shown(one) and len(self._listing.shown_columns()) == 1):
            return
        choices.columns[one.called] = not self._listing.is_shown(one)
        self._changed()

    def action_all(self) -> None:
        """Show every column."""
        self._listing.choices.columns.update({one.called: True for one in self._listing.columns})
        self._changed()

    def action_as_at_first(self) -> None:
        """Show the columns that are there by themselves."""
        self._listing.choices.columns.clear()
        self._changed()
