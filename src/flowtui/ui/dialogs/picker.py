"""Picking one of many by a few letters: what one types on top, what is left of it below."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import field
from typing import Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from flowtui.frozen import frozen
from flowtui.models.filters import Completion
from flowtui.ui.columns import Column
from flowtui.ui.ink import Piece
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.filter import FilterInput
from flowtui.ui.widgets.table import RecordTable
from flowtui.ui.widgets.whole import Whole

T = TypeVar("T")

FRAME = 9
"""Rows of the screen that are not rows of the list."""


@frozen
class Pick(Generic[T]):
    """One of what can be picked."""

    value: T = field(hash=False)
    label: str
    note: str = ""
    key: str = ""
    """The key that does the same, or the state it is in."""
    is_current: bool = False
    refused: str = ""
    """Why it cannot be picked now."""


class Picker(Dialog[T], Generic[T]):
    """The answer is the value of the row that was picked; a subclass says which rows there are."""

    AUTO_FOCUS = "FilterInput"
    keys: ClassVar[Sequence[tuple[str, str]]] = (
        ("enter", "choose"),
        ("up down", "move"),
        ("tab", "complete"),
        ("esc", "clear, leave"),
    )
    placeholder: ClassVar[str] = "a few letters"
    most_rows: ClassVar[int] = 14
    """Rows of the list at most; more of them scroll."""
    captions: ClassVar[bool] = False
    """Whether the columns are named."""
    empty: ClassVar[str] = "Nothing is called that."

    DEFAULT_CSS = """
    Picker > #dialog { width: 76; }
    Picker FilterInput, Picker FilterInput:focus {
        background: $bg2; margin: 0 3 1 3; padding: 0 1;
    }
    Picker RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def picks(self, typed: str) -> Sequence[Pick[T]]:
        """What is left of all there is when this is typed."""
        return ()

    def completion(self, text: str, cursor: int) -> Completion:
        """What Tab puts in."""
        return Completion(cursor, cursor)

    def compose_body(self) -> ComposeResult:
        yield FilterInput(self.completion, placeholder=self.placeholder)
        table = RecordTable[Pick[T]](
            self.columns(),
            self.row_key,
            captions=self.captions,
            ground="bg1",
            id="picks",
            classes="-led",  # the keys that are typed above it move in it
        )
        yield table
        yield Whole(table, "says", self.sentence)

    def sentence(self, row: Any) -> str:
        """What its column "says" of a row, which is said whole where it is cut."""
        return _said(row)

    def row_key(self, row: Pick[T]) -> Hashable:
        """What tells one row from the others."""
        return row.label, row.note

    def columns(self) -> list[Column[Any]]:
        """How a row is shown."""
        return [
            Column("", paint=_paint_mark, least=1),
            Column("", lambda row: row.label, token=_token, least=16, most=34),
            Column("", self.sentence, title="says", token="fg2", least=12, most=12, grows=True),
            Column("", lambda row: row.key, token="fg1", right=True, least=3, drop=1),
        ]

    def on_mount(self) -> None:
        self.show_picks()
        self._fit()
        current = next((row for row in self.table.rows if row.is_current), None)
        if current is not None:
            self.table.go_to(self.row_key(current))

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """A list of one height, so that the dialog stays where it is while one types."""
        picks = self.picks("")
        frame = FRAME + self.query_one(Whole).fit(picks, self.list_width)
        rows = min(self.most_rows, max(1, len(picks)), self.app.size.height - frame)
        self.table.styles.height = max(1, rows)

    @property
    def table(self) -> RecordTable[Pick[T]]:
        """What can be picked."""
        return self.query_one("#picks", RecordTable)

    @property
    def input(self) -> FilterInput:
        """Where one types."""
        return self.query_one(FilterInput)

    def show_picks(self) -> None:
        """Show what is left by what is typed now."""
        self.table.show(list(self.picks(self.input.value)), empty=self.empty)

    def pick(self, row: Pick[T]) -> None:
        """Take this one."""
        self.dismiss(row.value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        if self.input.is_typed:
            self.input.think()
        self.show_picks()
        self.table.action_first()

    @on(RecordTable.Highlighted)
    def _highlighted(self) -> None:
        self.query_one(Whole).repaint()

    @on(FilterInput.Moved)
    def _moved(self, event: FilterInput.Moved) -> None:
        self.table.action_move(event.rows)

    @on(FilterInput.Left)
    def action_leave(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted)
    @on(RecordTable.Opened)
    def _picked(self) -> None:
        if self.table.record is not None:
            self.pick(self.table.record)


class OneOf(Picker[str]):
    """Picks one of a few names; the answer is the name."""

    def __init__(self, title: str, subject: str, picks: Sequence[Pick[str]]) -> None:
        super().__init__(title, subject)
        self._picks = picks

    def picks(self, typed: str) -> Sequence[Pick[str]]:
        return found_by(self._picks, typed)


def found_by(picks: Sequence[Pick[T]], typed: str) -> list[Pick[T]]:
    """Those whose label has all the words, the earliest first; then those whose note has them."""
    words = typed.casefold().split()
    if not words:
        return list(picks)
    labels = [(one, one.label.casefold()) for one in picks]
    named = [(one, label) for one, label in labels if all(word in label for word in words)]
    named.sort(key=lambda pair: (pair[1] != typed.casefold(), pair[1].find(words[0])))
    first = [one for one, _ in named]
    taken = {id(one) for one in first}
    told = [
        one
        for one, label in labels
        if id(one) not in taken and all(word in f"{label} {one.note.casefold()}" for word in words)
    ]
    return [*first, *told]


def _said(row: Pick[Any]) -> str:
    return row.refused or row.note


def _token(row: Pick[Any]) -> str:
    return "fg3" if row.refused else "fg0"


def _paint_mark(row: Pick[Any], palette: Palette, width: int) -> list[Piece]:
    return [Piece(palette.glyph("chosen") if row.is_current else " ", "accent", bold=True)]
