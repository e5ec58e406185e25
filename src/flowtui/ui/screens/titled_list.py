"""A screen that is a title and a list, and nothing else."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult

from flowtui.ui.ink import Piece
from flowtui.ui.screens.listing import ListingScreen
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable


class TitledList(ListingScreen):
    """Says what it lists, and what its title tells."""

    sentence: ClassVar[str] = "Asking …"
    """What stands there until there is an answer."""
    marks: ClassVar[bool] = False
    """Whether rows can be marked."""

    DEFAULT_CSS = """
    TitledList {
        #title { padding: 0 2; }
        &.-low #title { padding: 1 2 0 2; }
        #table { margin: 0 0 1 0; }
        &.-tall #table { margin: 1 0 1 0; }
    }
    """

    def row_key(self, record: Any) -> Hashable:
        """What tells a record from all others."""
        key: Hashable = record.id
        return key

    @abstractmethod
    def paint_title(self, palette: Palette, width: int) -> Sequence[Sequence[Piece]]:
        """The lines above the list."""

    def compose_body(self) -> ComposeResult:
        yield Lines(self.paint_title, id="title")
        yield self.make_filter_line()
        yield RecordTable[Any](
            self.listing.shown_columns(),
            self.row_key,
            sentence=self.sentence,
            marks=self.marks,
            id=self.list_id,
        )

    def on_mount(self) -> None:
        self.list_table.focus()

    def list_changed(self) -> None:
        self.query_one("#title", Lines).repaint()
