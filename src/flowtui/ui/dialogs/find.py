"""Finding anything: flows, runs, projects, tasks, by a part of their name or of their id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.timer import Timer
from textual.widgets import Input

from flowtui.errors import FlowtuiError
from flowtui.models.search import KINDS, Found
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.picker import Pick, Picker
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece
from flowtui.ui.tokens import Palette

if TYPE_CHECKING:
    from flowtui.ui.app import FlowtuiApp

RESTING = 0.3
"""Seconds without a key after which the backend is asked."""


class FindDialog(Picker[Found]):
    """The answer is what was found and chosen."""

    placeholder: ClassVar[str] = "a part of a name, or the beginning of an id"
    empty: ClassVar[str] = "Type a part of a name."
    most_rows: ClassVar[int] = 25
    keys = (("enter", "open"), ("up down", "move"), ("esc", "clear, leave"))

    DEFAULT_CSS = """
    FindDialog > #dialog { width: 100; }
    """

    def __init__(self, app: FlowtuiApp, text: str = "") -> None:
        super().__init__("Find", "flows, runs, projects, tasks")
        self._flowtui = app
        self._text = text
        self._found: list[Found] = []
        self._resting: Timer | None = None
        self._said = self.empty
        self._answered = ""
        """What was typed when what is shown was asked for."""
        self._is_hurried = False
        """Enter was pressed before there was an answer: its first row is what was meant."""

    def picks(self, typed: str) -> Sequence[Pick[Found]]:
        return [Pick(one, one.name, one.where, one.kind) for one in self._found]

    def columns(self) -> list[Column[Any]]:
        return [
            Column("", self._kind, token="fg2", least=8),
            Column("", paint=_paint_state, least=13, drop=2),
            Column("", lambda row: row.label, token="fg0", least=16, most=40, grows=True),
            Column("", lambda row: row.note, token="fg2", least=10, drop=3),
            Column("", lambda row: row.value.id[:8], token="fg2", least=8, drop=1),
        ]

    def _kind(self, row: Pick[Found]) -> str:
        """Said once for all of a kind."""
        first = next(one for one in self._found if one.kind == row.value.kind)
        return row.value.kind if row.value is first else ""

    def _fit(self) -> None:
        room = self.app.size.height - 10
        self.table.styles.height = max(1, min(self.most_rows, len(KINDS) * 3, room))

    def on_mount(self) -> None:
        super().on_mount()
        if self._text:
            self.input.value = self._text
            self.input.cursor_position = len(self._text)

    def show_picks(self) -> None:
        self.table.show(list(self.picks("")), empty=self._said)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._is_hurried = False
        self._rest()
        if not self._found:
            self.table.say("Looking …" if self.input.value.strip() else self.empty)
        self._resting = self.set_timer(RESTING, self._ask)

    def _rest(self) -> None:
        if self._resting is not None:
            self._resting.stop()

    @on(Input.Submitted)
    def _hurried(self) -> None:
        """What is shown is not what was asked for last, so it waits for that."""
        if self.input.value != self._answered:
            self._is_hurried = True
            self._rest()
            self._ask()

    def pick(self, row: Pick[Found]) -> None:
        if not self._is_hurried:
            super().pick(row)

    def _ask(self) -> None:
        self.run_worker(self._search(self.input.value), group="search", exclusive=True)

    async def _search(self, text: str) -> None:
        try:
            self._found = await (await self._flowtui.backend()).search(text)
        except FlowtuiError as error:
            self._found, self._said = [], str(error)
        else:
            self._said = "Nothing has this in its name or its id." if text.strip() else self.empty
        self._answered = text
        self.show_picks()
        self.table.action_first()
        if self._is_hurried:
            self._is_hurried = False
            self._picked()


def _paint_state(row: Pick[Found], palette: Palette, width: int) -> list[Piece]:
    state = row.value.state
    return state_pieces(state, palette) if state else []
