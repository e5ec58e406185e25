"""A question with two answers: leave it as it is, or do what is written on the other button."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from flowtui.models.text import plain
from flowtui.ui.ink import Piece, blank, fit_pieces
from flowtui.ui.paint import wrapped
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.dialog import PADDING, Dialog
from flowtui.ui.widgets.fields import Buttons, PushButton
from flowtui.ui.widgets.painted import Lines

CAPTION = 9
"""Cells for the captions at the left."""


class Question(Dialog[bool]):
    """Names its target and shows what will be sent; the answer is whether to send it."""

    changes: ClassVar[bool] = True
    keys = (("tab", "choose"), ("enter", "press"), ("esc", "leave"))

    DEFAULT_CSS = """
    Question #text { padding: 0 3 1 3; }
    Question #warning { margin-bottom: 1; }
    Question Buttons { margin-bottom: 1; }
    """

    def __init__(
        self,
        title: str,
        subject: str,
        place: str,
        *,
        facts: Sequence[tuple[str, str]],
        act: str,
        leave: str = "Leave it as it is",
        warning: Sequence[str] = (),
    ) -> None:
        super().__init__(title, subject, place)
        self._facts = facts
        self._act = act
        self._leave = leave
        self._warning = warning

    def compose_body(self) -> ComposeResult:
        if self._warning:
            yield Lines(self._paint_warning, ground="late-tint", id="warning")
        yield from self.compose_fields()
        yield Lines(self._paint_facts, ground="bg1", id="text")
        with Buttons():
            yield PushButton(self._leave, id="leave")
            yield from self.compose_buttons()
            yield PushButton(self._act, acting=True, id="act")

    def compose_buttons(self) -> ComposeResult:
        """Other harmless answers."""
        yield from ()

    def compose_fields(self) -> ComposeResult:
        """What there is to fill in before one answers."""
        yield from ()

    def _paint_warning(self, palette: Palette, width: int) -> list[list[Piece]]:
        glyph = Piece(palette.state_glyph("Late"), "late", bold=True)
        room = width - 2 * PADDING - 2
        lines: list[list[Piece]] = [[]]
        for index, sentence in enumerate(self._warning):
            for number, row in enumerate(wrapped(sentence, room)):
                mark = [glyph, blank(1)] if index == number == 0 else [blank(2)]
                text = Piece(row, "fg0" if index == 0 else "fg1", bold=index == 0)
                lines.append(fit_pieces([blank(PADDING), *mark, text], width))
        return [[blank(width)], *lines[1:], [blank(width)]]

    def _paint_facts(self, palette: Palette, width: int) -> list[list[Piece]]:
        lines: list[list[Piece]] = []
        for caption, text in self._facts:
            for number, row in enumerate(wrapped(plain(text), width - CAPTION)):
                name = caption if number == 0 else ""
                lines.append([Piece(name.ljust(CAPTION), "fg2"), Piece(row, "fg1")])
        return lines

    @on(PushButton.Pressed, "#leave")
    def _left(self) -> None:
        self.dismiss(False)

    @on(PushButton.Pressed, "#act")
    def _acted(self) -> None:
        self.dismiss(True)

    def action_leave(self) -> None:
        self.dismiss(False)
