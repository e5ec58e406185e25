"""A question with two answers: leave it as it is, or do what is written on the other button."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from flowtui.errors import Conflict, Refused
from flowtui.models.text import plain
from flowtui.ui.dialogs.phrase import Phrase, production_phrase, production_warning
from flowtui.ui.ink import Piece, blank, fit_pieces
from flowtui.ui.paint import wrapped
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.dialog import PADDING, Dialog
from flowtui.ui.widgets.fields import Buttons, Field, PushButton
from flowtui.ui.widgets.painted import Lines

CAPTION = 9
"""Cells for the captions at the left."""


@contextmanager
def refused_if_moved() -> Iterator[None]:
    """What is sent under this is guarded by what the question showed; say so where it moved."""
    try:
        yield
    except Conflict:
        raise Refused("it changed while you were looking, and nothing was sent.") from None


class Question(Dialog[bool]):
    """Names its target and shows what will be sent; the answer is whether to send it."""

    changes: ClassVar[bool] = True
    keys = (("tab", "choose"), ("enter", "press"), ("esc", "leave"))
    caption: ClassVar[int] = CAPTION
    """Cells for what the facts are called."""

    DEFAULT_CSS = """
    Question #text { padding: 0 3 1 3; }
    Question #warning { margin-bottom: 1; }
    Question Phrase { margin-bottom: 1; }
    Question Buttons { margin-bottom: 1; }
    """

    def __init__(
        self,
        title: str,
        subject: str,
        of: str = "",
        *,
        facts: Sequence[tuple[str, str]],
        act: str,
        leave: str = "Leave it as it is",
        warning: Sequence[str] = (),
        destructive: bool = True,
    ) -> None:
        super().__init__(title, subject, of)
        self._destructive = destructive
        self._facts = facts
        self._act = act
        self._leave = leave
        self._warning = tuple(warning)
        self._phrase = ""

    def compose_body(self) -> ComposeResult:
        profile = self.flowtui.profile
        if self._destructive:
            self._warning = (*production_warning(profile), *self._warning)
            self._phrase = production_phrase(profile)
        if self._warning:
            yield Lines(self._paint_warning, ground="late-tint", id="warning")
        yield from self.compose_fields()
        yield Lines(self._paint_facts, ground="bg1", id="text")
        if self._phrase:
            yield Phrase(self._phrase)
        with Buttons():
            yield PushButton(self._leave, id="leave")
            yield from self.compose_buttons()
            yield PushButton(self._act, acting=True, enabled=not self._phrase, id="act")

    def on_mount(self) -> None:
        if self._phrase:
            self.query("FieldInput").first().focus()

    @property
    def is_ready(self) -> bool:
        """Whether everything is typed that has to be."""
        return not self._phrase or self.query_one(Phrase).holds

    def compose_buttons(self) -> ComposeResult:
        """Other harmless answers."""
        yield from ()

    def compose_fields(self) -> ComposeResult:
        """What there is to fill in before one answers."""
        yield from ()

    @on(Field.Changed, "#phrase")
    def _phrase_typed(self) -> None:
        self.query_one("#act", PushButton).enabled = self.is_ready

    @on(Input.Submitted, "#phrase FieldInput")
    def _phrase_given(self) -> None:
        """Go from the words to the button that they unlock; enter there is another."""
        if self.is_ready:
            self.query_one("#act").focus()

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
            for number, row in enumerate(wrapped(plain(text), width - self.caption)):
                name = caption if number == 0 else ""
                lines.append([Piece(name.ljust(self.caption), "fg2"), Piece(row, "fg1")])
        return lines

    @on(PushButton.Pressed, "#leave")
    def _left(self) -> None:
        self.dismiss(False)

    @on(PushButton.Pressed, "#act")
    def _acted(self) -> None:
        if self.is_ready:
            self.dismiss(True)

    def action_leave(self) -> None:
        self.dismiss(False)
