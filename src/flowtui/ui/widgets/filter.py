"""The filter line: where a filter is typed, with what may come next and what makes no sense.

It stands above its table while one types in it. Where the page has no title to say so, it also
tells in one row, without the focus, what filter and which order there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from flowtui.models.filters import Completion, Problem
from flowtui.models.text import cells, cut, plain
from flowtui.ui.ink import Piece, between, blank, fit_pieces, width_of
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.fields import FieldInput
from flowtui.ui.widgets.painted import Line, Lines

_AT = 4
"""The cell that the text begins at."""
_COUNT = 24
"""Cells for how many there are, at the right."""

Complete = Callable[[str, int], Completion]


class FilterInput(FieldInput):
    """The text of a filter; the table below can still be moved in."""

    DEFAULT_CSS = """
    FilterInput, FilterInput:focus {
        width: 1fr; padding: 0; border: none; border-left: none;
        background: $bg1; color: $fg0; text-style: bold;
        &>.input--placeholder { text-style: not bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete(1)", "complete", show=False),
        Binding("shift+tab", "complete(-1)", "the one before", show=False),
        Binding("down", "move(1)", "down", show=False),
        Binding("up", "move(-1)", "up", show=False),
        Binding("pagedown", "move(10)", "down", show=False),
        Binding("pageup", "move(-10)", "up", show=False),
        Binding("escape", "leave", "clear, then close", show=False),
    ]

    class Moved(Message):
        """The cursor of the table below is to move by so many rows."""

        def __init__(self, rows: int) -> None:
            super().__init__()
            self.rows = rows

    class Left(Message):
        """Nothing is typed, and escape was pressed."""

    def __init__(self, complete: Complete, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._complete = complete
        self._chosen = -1
        self._completed = ""
        self.completion = Completion(0, 0)

    def think(self) -> None:
        """Find out what may stand here; forget which option was chosen."""
        self._chosen = -1
        self.completion = self._complete(self.value, self.cursor_position)

    @property
    def is_typed(self) -> bool:
        """Whether what it holds was typed, not put in."""
        return self.value != self._completed

    @property
    def chosen(self) -> int:
        """The option that was put in last; -1 while one types oneself."""
        return self._chosen

    def action_complete(self, step: int) -> None:
        """Put in what all options begin with, or the next option."""
        options = self.completion.options
        if not options:
            return
        found = self.completion
        begun = self.value[found.start : found.end]
        common = _common(options)
        goes_on = len(common) > len(begun) and common.casefold().startswith(begun.casefold())
        if self._chosen < 0 and len(options) > 1 and goes_on:
            self._put(common)
            self.think()
            return
        self._chosen = (self._chosen + step) % len(options) if self._chosen >= 0 else 0
        self._put(options[self._chosen])
        if len(options) == 1:
            self.think()

    def _put(self, option: str) -> None:
        found = self.completion
        self._completed, at = found.applied(self.value, option)
        self.value, self.cursor_position = self._completed, at
        self.completion = Completion(found.start, found.start + len(option), found.options)

    def action_move(self, rows: int) -> None:
        """Move in the table below."""
        self.post_message(self.Moved(rows))

    def action_leave(self) -> None:
        """Clear what was typed; if there is nothing, close the line."""
        if self.value:
            self.value = ""
        else:
            self.post_message(self.Left())


class FilterLine(Widget):
    """The line above a table."""

    DEFAULT_CSS = """
    FilterLine { display: none; height: auto; width: 1fr; }
    FilterLine.-open, FilterLine.-telling { display: block; }
    FilterLine > Horizontal { display: none; height: 1; background: $bg1; }
    FilterLine > #hint { display: none; height: 1; }
    FilterLine.-open > Horizontal, FilterLine.-open > #hint { display: block; }
    FilterLine.-telling > #told { display: block; }
    FilterLine > #told { display: none; height: 1; }
    FilterLine.-open > #told { display: none; }
    """

    class Changed(Message):
        """Another filter is typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Kept(Message):
        """What is typed is to stay."""

    def __init__(self, complete: Complete, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.input = FilterInput(complete)
        self.input.can_focus = False  # Textual gives a new page's first input the focus, unseen too
        self._count = ""
        self._told: tuple[Piece, ...] = ()
        self._problem: Problem | None = None
        self._doc = ""

    def compose(self) -> ComposeResult:
        slash = Lines(lambda palette, width: [[blank(2), Piece("/", "accent", bold=True)]])
        slash.ground, slash.styles.width = "bg1", _AT
        count = Lines(self._paint_count, ground="bg1", id="count")
        count.styles.width = _COUNT
        with Horizontal():
            yield slash
            yield self.input
            yield count
        yield Lines(self._paint_hint, id="hint")
        yield Lines(self._paint_told, id="told")

    @property
    def is_open(self) -> bool:
        """Whether one can type in it."""
        return self.has_class("-open")

    def open(self, text: str) -> None:
        """Type in it, going on from this text."""
        self.add_class("-open")
        self.input.can_focus = True
        with self.input.prevent(Input.Changed):
            self.input.value = text
        self.input.cursor_position = len(text)
        self.input.think()
        self.input.focus()

    def close(self) -> None:
        """Type no more."""
        self.remove_class("-open")
        self.input.can_focus = False

    def show(self, count: str, problem: Problem | None, doc: str) -> None:
        """Show what the filter does, what of it makes no sense, and what may be written."""
        self._count, self._problem, self._doc = count, problem, doc
        self.query_one("#count").display = bool(count)
        self._repaint("#count", "#hint")

    def tell(self, pieces: Sequence[Piece]) -> None:
        """Say this in a row of its own while nobody types; nothing takes no row."""
        self._told = tuple(pieces)
        self.set_class(bool(pieces), "-telling")
        self._repaint("#told")

    def _repaint(self, *names: str) -> None:
        for name in names:
            for lines in self.query(name).results(Lines):
                lines.repaint()

    # What is typed

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.input.is_typed:
            self.input.think()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Kept())

    # Painting

    def _paint_count(self, palette: Palette, width: int) -> Sequence[Line]:
        said = Piece(cut(self._count, width - 4, palette.ellipsis), "fg1")
        return [fit_pieces([said, blank(2)], width, right=True)]

    def _paint_told(self, palette: Palette, width: int) -> Sequence[Line]:
        return [fit_pieces([blank(2), *self._told], width - 2, ellipsis=palette.ellipsis)]

    def _paint_hint(self, palette: Palette, width: int) -> Sequence[Line]:
        if self._problem is not None and not self._problem.unfinished:
            return [self._wrong(self._problem, palette, width)]
        options = self._options(palette, width - _AT - 2)
        if not options and self._problem is not None:
            options = [Piece(plain(self._problem.message), "fg2")]
        doc = [Piece(self._doc, "fg2"), blank(2)]
        return [between([blank(_AT), *options], doc, width)]

    def _wrong(self, problem: Problem, palette: Palette, width: int) -> list[Piece]:
        """The mistake, under the character it begins with."""
        before = cells(plain(self.input.value[: problem.column]))
        caret = _AT + max(0, before - self.input.scroll_offset.x)
        edge, message = Piece(palette.glyph("edge"), "failed"), plain(problem.message)
        room = width - caret - 3
        if cells(message) <= room:
            return [blank(caret), edge, Piece(f" {message}", "failed")]
        if caret > width // 2:
            shown = cut(message, caret - 2, palette.ellipsis)
            return [blank(caret - cells(shown) - 1), Piece(f"{shown} ", "failed"), edge]
        return [blank(caret), edge, Piece(" " + cut(message, room, palette.ellipsis), "failed")]

    def _options(self, palette: Palette, room: int) -> list[Piece]:
        """What Tab puts in, as many as there is room for, the chosen one among them."""
        found, chosen = self.input.completion, self.input.chosen
        begun = self.input.value[found.start : found.end]
        if len(found.options) == 1 and found.options[0] == begun:
            return []
        pieces: list[Piece] = []
        for index, option in enumerate(found.options):
            here = index == chosen
            piece = Piece(plain(option), "accent" if here else "fg1", bold=here)
            if pieces and width_of(pieces) + width_of([piece]) + 2 > room:
                if index > chosen:
                    pieces += [blank(1), Piece(palette.ellipsis, "fg2")]
                    break
                pieces = []
            pieces += [*([blank(2)] if pieces else []), piece]
        return pieces


def _common(options: Sequence[str]) -> str:
    """What all of them begin with."""
    first, last = min(options), max(options)
    size = next((i for i, sign in enumerate(first) if sign != last[i : i + 1]), len(first))
    return first[:size]
