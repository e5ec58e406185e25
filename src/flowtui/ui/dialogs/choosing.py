"""Dialogs that are a list: one of it is chosen, by a letter where each has one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.events import Key

from flowtui.ui.columns import Column
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.table import RecordTable
from flowtui.ui.widgets.whole import Whole

T = TypeVar("T")


class Choosing(Dialog[T], Generic[T]):
    """The records, all of them if there is room; a subclass says how each is shown."""

    captions: ClassVar[bool] = True
    empty: ClassVar[str] = ""
    frame: ClassVar[int] = 7
    """Rows of the screen that are not records."""

    DEFAULT_CSS = """
    Choosing RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(
        self, title: str, subject: str, place: str, records: Sequence[Any], at: Hashable = None
    ) -> None:
        super().__init__(title, subject, place)
        self.records = records
        self._at = at
        """The key of the record that the cursor is on at first."""

    @abstractmethod
    def columns(self) -> list[Column[Any]]:
        """How a record is shown."""

    def row_key(self, record: Any) -> Hashable:
        """What tells a record from all others."""
        return self.letters(record)[0]

    def letters(self, record: Any) -> Sequence[str]:
        """The keys that choose a record at once."""
        return ()

    def answer(self, record: Any) -> T | None:
        """What the dialog is left with when a record is chosen; None stays."""
        found: T = record
        return found

    def sentence(self, record: Any) -> str:
        """What its column "says" of a record, which is said whole where it is cut."""
        return ""

    def compose_body(self) -> ComposeResult:
        table = RecordTable[Any](
            self.columns(), self.row_key, captions=self.captions, ground="bg1", id="records"
        )
        yield table
        yield Whole(table, "says", self.sentence)

    def on_mount(self) -> None:
        table = self.query_one("#records", RecordTable)
        table.show(self.records, empty=self.empty)
        self._fit()
        if self._at is not None:
            table.go_to(self._at)
        table.focus()

    def on_resize(self) -> None:
        self._fit()
        super().on_resize()

    def _fit(self) -> None:
        """As many rows as there are records, if the screen has them."""
        frame = self.frame + self.query_one(Whole).fit(self.records, self.list_width)
        rows = min(len(self.records) + self.captions, max(3, self.app.size.height - frame))
        self.query_one("#records", RecordTable).styles.height = max(1, rows)

    @on(RecordTable.Highlighted)
    def _highlighted(self) -> None:
        self.query_one(Whole).repaint()

    def on_key(self, event: Key) -> None:
        chosen = next((one for one in self.records if event.key in self.letters(one)), None)
        if chosen is not None:
            event.stop()
            self._choose(chosen)

    @on(RecordTable.Opened)
    def _opened(self, event: RecordTable.Opened) -> None:
        self._choose(event.record)

    def _choose(self, record: Any) -> None:
        answer = self.answer(record)
        if answer is not None:
            self.dismiss(answer)
