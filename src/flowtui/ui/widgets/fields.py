"""What one fills in: fields, a choice, and the buttons under them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from flowtui.frozen import frozen
from flowtui.models.text import cells, cut, fit, plain
from flowtui.ui.graphics import state_pieces
from flowtui.ui.ink import Piece, blank, fit_pieces, width_of
from flowtui.ui.themes import palette_of
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Line, Lines, Painted

_OPAQUE = "\ufffd"


class FieldInput(Input):
    """One line of text on its own ground; the bar at its left says that it has the focus."""

    DEFAULT_CSS = """
    FieldInput {
        height: 1; padding: 0 1; background: $bg1; color: $fg1;
        border: none; border-left: blank $bg1;
        &:focus {
            border: none; border-left: outer $accent;
            background: $bg2; background-tint: transparent; color: $fg0;
        }
        &.-changed { color: $fg0; }
        &.-wrong, &.-wrong:focus { border-left: outer $failed; }
        &>.input--placeholder, &>.input--suggestion { color: $fg2; }
        &:ansi>.input--cursor {
            background: ansi_default; color: ansi_default; text-style: reverse;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "next field", show=False),
        Binding("up", "app.focus_previous", "previous field", show=False),
    ]

    def __init__(self, value: str = "", placeholder: str = "", **kwargs: Any) -> None:
        super().__init__(
            value,
            placeholder=placeholder,
            select_on_focus=False,
            **kwargs,
        )
        self.cursor_blink = False

    def render_line(self, y: int) -> Strip:
        palette, line = palette_of(self), super().render_line(y)
        room = self.scrollable_content_region.width
        if not self.has_focus and not self.scroll_offset.x and cells(self.value) > room:
            end = Segment(palette.ellipsis, self.rich_style)
            line = Strip([*line.crop(0, room - end.cell_length), end])
        if palette.depth != "full":  # no ground of its own says where the field is
            line = line.apply_style(Style(underline=True))
        if line.text.isprintable():
            return line
        return Strip(
            [
                Segment("".join(c if c.isprintable() else _OPAQUE for c in text), style)
                for text, style, _ in line
            ]
        )


class Field(Widget):
    """A labelled value to fill in, with what it must be, and what is wrong with it."""

    DEFAULT_CSS = """
    Field { height: auto; width: 1fr; }
    Field > Horizontal { height: 1; }
    Field Lines { height: 1; width: 1fr; background: transparent; }
    Field > .wrong { display: none; }
    Field.-wrong > .wrong { display: block; }
    """

    class Changed(Message):
        """What is in the field has changed."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> Field:
            """The field."""
            return self.field

    def __init__(
        self,
        name: str,
        value: str = "",
        *,
        required: bool = False,
        note: str = "",
        placeholder: str = "",
        label_width: int = 15,
        width: int = 44,
        margin: int = 2,
        ground: str = "bg0",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.label = plain(name)
        self.required = required
        self._note: list[Piece] = [Piece(plain(note), "fg2")] if note else []
        self._initial = value
        self._margin = margin
        self._at = margin + label_width
        self._width = width
        self._ground = ground
        self._wrong: tuple[str, int | None] = ("", None)
        self._placeholder = placeholder
        self.input = FieldInput(value, cut(placeholder, width - 3))

    def compose(self) -> ComposeResult:
        label = Lines(self._paint_label, ground=self._ground, classes="label")
        label.styles.width = self._at
        self.input.styles.width = self._width
        self.input.styles.min_width = 8
        with Horizontal():
            yield label
            yield self.input
            yield Lines(self._paint_note, ground=self._ground, classes="note")
        yield Lines(self._paint_wrong, ground=self._ground, classes="wrong")

    def lay_out(self, label_width: int, width: int) -> None:
        """Give the label and the field other widths."""
        self._at, self._width = self._margin + label_width, width
        self.input.styles.width = width
        self.input.placeholder = cut(self._placeholder, width - 3)
        for label in self.query(".label"):
            label.styles.width = self._at
        for lines in self.query(Lines):
            lines.repaint()

    @property
    def value(self) -> str:
        """What is in the field."""
        return self.input.value

    @value.setter
    def value(self, value: str) -> None:
        self.input.value = value

    @property
    def changed(self) -> bool:
        """Whether it holds something else than at the start."""
        return self.input.value != self._initial

    def reset(self) -> None:
        """Put back what was there at the start."""
        self.input.value = self._initial

    def show_note(self, note: str | Sequence[Piece]) -> None:
        """Say this at its right: its type, what it was, what follows from it."""
        self._note = [Piece(plain(note), "fg2")] if isinstance(note, str) else list(note)
        self._repaint("note")

    def show_wrong(self, message: str, column: int | None = None) -> None:
        """Say what is wrong under it, and at which character; nothing when the message is empty."""
        self._wrong = (plain(message), column)
        self.set_class(bool(message), "-wrong")
        self.input.set_class(bool(message), "-wrong")
        self._repaint("wrong")

    def _repaint(self, *names: str) -> None:
        for name in names:
            for lines in self.query(f".{name}").results(Lines):
                lines.repaint()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.input.set_class(self.changed, "-changed")
        self._repaint("wrong")
        self.post_message(self.Changed(self))

    def on_descendant_focus(self) -> None:
        self._repaint("label")

    def on_descendant_blur(self) -> None:
        self._repaint("label")

    def _paint_label(self, palette: Palette, width: int) -> Sequence[Line]:
        mark = [Piece(" *", "accent", bold=True)] if self.required else []
        focused = self.input.has_focus
        room = width - self._margin - width_of(mark) - 1
        name = cut(self.label, room, palette.ellipsis)
        return [
            [blank(self._margin), Piece(name, "fg0" if focused else "fg1", bold=focused), *mark]
        ]

    def _paint_note(self, palette: Palette, width: int) -> Sequence[Line]:
        return [fit_pieces([blank(1), *self._note], width, ellipsis=palette.ellipsis)]

    def _paint_wrong(self, palette: Palette, width: int) -> Sequence[Line]:
        message, column = self._wrong
        at = self._at + 2
        if column is None:
            return [[blank(at), Piece(cut(message, width - at - 1), "failed")]]
        shown = cells(plain(self.input.value[:column])) - self.input.scroll_offset.x
        caret = at + max(0, min(shown, self._width - 3))
        pieces = [Piece(palette.glyph("edge"), "failed"), Piece(f" {message}", "failed")]
        if caret + width_of(pieces) > width:
            pieces.reverse()
            caret = max(0, caret - cells(message) - 1)
            pieces[0] = Piece(f"{message} ", "failed")
        return [[blank(caret), *pieces]]


@frozen
class Option:
    """One of the things to choose from."""

    value: Hashable
    label: str
    note: str = ""
    state: str = ""
    """A state is shown with its glyph and colour instead of the label."""


class Choice(Painted, can_focus=True):
    """One of a few, all of them in sight."""

    ground = "bg1"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "next", show=False),
        Binding("up,k", "move(-1)", "previous", show=False),
        Binding("enter", "app.focus_next", "next field", show=False),
    ]

    class Changed(Message):
        """Another one is chosen."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

        @property
        def control(self) -> Choice:
            """Where it was chosen."""
            return self.choice

    def __init__(
        self,
        options: Sequence[Option],
        chosen: Hashable = None,
        *,
        ground: str = "bg1",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.options = tuple(options)
        self.ground = ground
        values = [option.value for option in self.options]
        self._at = values.index(chosen) if chosen in values else 0

    @property
    def value(self) -> Any:
        """What is chosen."""
        return self.options[self._at].value

    def choose(self, value: Hashable) -> None:
        """Choose this one."""
        self._go(next(i for i, option in enumerate(self.options) if option.value == value))

    def _go(self, index: int) -> None:
        index = max(0, min(index, len(self.options) - 1))
        if index != self._at:
            self._at = index
            self.repaint()
            self.post_message(self.Changed(self))

    def action_move(self, steps: int) -> None:
        """Choose the next one, or the one before."""
        self._go(self._at + steps)

    def on_click(self, event: Click) -> None:
        self._go(event.y)

    def paint(self, palette: Palette, width: int) -> Sequence[Line]:
        named = max((cells(plain(option.label)) for option in self.options), default=0)
        return [
            self._row(option, index == self._at, named + 2, palette, width)
            for index, option in enumerate(self.options)
        ]

    def _row(
        self, option: Option, chosen: bool, named: int, palette: Palette, width: int
    ) -> list[Piece]:
        if option.state:
            label = fit_pieces(state_pieces(option.state, palette), named)
        else:
            label = [Piece(fit(plain(option.label), named), "fg0" if chosen else "fg1")]
        pieces = [blank(1), *label, blank(2), Piece(plain(option.note), "fg1" if chosen else "fg2")]
        if not chosen:
            return fit_pieces([blank(3), *pieces], width, ellipsis=palette.ellipsis)
        bar = Piece(palette.glyph("focus"), "accent" if self.has_focus else "fg3")
        dot = Piece(palette.glyph("chosen"), "accent", bold=True)
        row = fit_pieces([bar, blank(1), dot, *pieces], width, ellipsis=palette.ellipsis)
        ground = "cursor" if self.has_focus else "bg2"
        return [piece._replace(bg=ground) for piece in row]


class PushButton(Painted, can_focus=True):
    """Something to do. An acting one changes something, so it never is the one that enter presses
    by itself."""

    DEFAULT_CSS = """
    PushButton { width: auto; height: 1; margin-right: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "press", "press", show=False),
        Binding("right,l", "app.focus_next", "next", show=False),
        Binding("left,h", "app.focus_previous", "previous", show=False),
    ]

    class Pressed(Message):
        """The button was pressed."""

        def __init__(self, button: PushButton) -> None:
            super().__init__()
            self.button = button

        @property
        def control(self) -> PushButton:
            """The button."""
            return self.button

    def __init__(self, label: str, *, acting: bool = False, enabled: bool = True, **kwargs: Any):
        super().__init__(**kwargs)
        self._label = plain(label)
        self.acting = acting
        self._enabled = enabled
        self.can_focus = enabled
        self.set_class(not acting, "-harmless")

    @property
    def enabled(self) -> bool:
        """Whether it can be pressed now."""
        return self._enabled

    @enabled.setter
    def enabled(self, enabled: bool) -> None:
        self._enabled = self.can_focus = enabled
        if not enabled and self.has_focus:
            self.screen.focus_previous()
        self.repaint()

    @property
    def label(self) -> str:
        """What is written on it."""
        return self._label

    def relabel(self, label: str) -> None:
        """Write something else on it."""
        self._label = plain(label)
        self.refresh(layout=True)
        self._shape = ()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return cells(self._label) + 4

    def paint(self, palette: Palette, width: int) -> Sequence[Line]:
        edges = ("  ", "  ") if palette.depth == "full" else ("[ ", " ]")
        text = fit(self._label.join(edges), width)
        idle = "bg2" if self.screen.is_modal else "bg1"
        if not self._enabled:
            return [[Piece(text, "fg3", idle)]]
        if self.has_focus:
            ground = "failed" if self.acting and palette.depth == "full" else "button"
            return [[Piece(text, "bg0", ground, bold=True)]]
        return [[Piece(text, "failed" if self.acting else "fg1", idle)]]

    def action_press(self) -> None:
        """Do it."""
        if self._enabled:
            self.post_message(self.Pressed(self))

    def on_click(self) -> None:
        self.action_press()


class Buttons(Horizontal):
    """Buttons side by side, the harmless one first."""

    DEFAULT_CSS = """
    Buttons { height: 1; width: 1fr; padding: 0 2; }
    """
