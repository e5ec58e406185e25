"""Dialogs: a question over the page, which stays visible but quiet.

The upper edge says what kind it is: accent for a harmless one, the colour of failure for one that
changes something. Enter is always harmless; what acts has to be chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Region
from textual.screen import ModalScreen, ScreenResultType
from textual.strip import Strip

from flowtui.models.text import cells, cut, plain
from flowtui.ui.ink import Piece, between, blank
from flowtui.ui.scrim import dimmed
from flowtui.ui.themes import palette_of
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.bars import KeyBar
from flowtui.ui.widgets.leavable import Leavable
from flowtui.ui.widgets.painted import Line, Painted

if TYPE_CHECKING:
    from flowtui.ui.app import FlowtuiApp

PADDING = 3
"""Blank cells between the edge of a dialog and what stands in it."""


class _Edge(Painted):
    """The line that says what kind of dialog this is."""

    ground = "bg1"

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def paint(self, palette: Palette, width: int) -> Sequence[Line]:
        return [[Piece(palette.glyph("edge") * width, self._token)]]


class DialogTitle(Painted):
    """What is asked, about what, and where that is."""

    ground = "bg1"

    def __init__(self, title: str, subject: str = "", place: str = "") -> None:
        super().__init__()
        self._title = (plain(title), plain(subject), plain(place))

    def tell(self, place: str) -> None:
        """Say another thing of where that is."""
        self._title = (*self._title[:2], plain(place))
        self.repaint()

    def paint(self, palette: Palette, width: int) -> Sequence[Line]:
        title, subject, place = self._title
        room = width - 2 * PADDING - cells(title) - 4
        place = cut(place, width // 3 if subject else room, palette.ellipsis)
        room -= cells(place)
        named = Piece(cut(subject, max(8, room), palette.ellipsis), "fg0")
        left = [blank(PADDING), Piece(title, "fg0", bold=True), blank(2), named]
        right = [Piece(place, "fg2"), blank(PADDING)] if place else []
        return [[], between(left, right, width), []]


class Dialog(Leavable[ScreenResultType], ModalScreen[ScreenResultType]):
    """A question over the page. A subclass says what stands in it, by `compose_body`."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $scrim; }
    Dialog > #dialog {
        width: 78; max-width: 100%; height: auto; max-height: 1fr;
        background: $bg1; padding: 0; overflow-x: hidden; overflow-y: auto;
        scrollbar-size: 0 0;
    }
    Dialog Lines { background: $bg1; }
    Dialog FieldInput { background: $bg2; }
    Dialog Buttons { padding: 0 3; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", show=False, id="dialog.leave"),
        Binding("ctrl+z", "app.suspend_process", "to the shell", show=False, id="dialog.suspend"),
    ]

    AUTO_FOCUS = "PushButton.-harmless"
    changes: ClassVar[bool] = False
    """Whether it is there to change something on the backend."""
    keys: ClassVar[Sequence[tuple[str, str]]] = (("tab", "choose"), ("esc", "leave"))
    """What the last row says."""

    def __init__(self, title: str, subject: str = "", place: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._heading = (title, subject, place)
        self._is_answered = False

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield _Edge("failed" if self.changes else "accent")
            yield DialogTitle(*self._heading[:2], self.place)
            yield from self.compose_body()
        bar = KeyBar(self.keys)
        bar.ground = "scrim"
        yield bar

    @property
    def place(self) -> str:
        """Where what is asked about is; what changes something names the backend."""
        place = self._heading[2]
        if not self.changes:
            return place
        return ", ".join(filter(None, (place, f"on {self.flowtui.profile.title}")))

    @property
    def list_width(self) -> int:
        """Cells of a table in it, which leaves one at each side."""
        wanted = self.query_one("#dialog").styles.width
        room = self.app.size.width
        return (min(room, int(wanted.value)) if wanted is not None else room) - 2

    @property
    def flowtui(self) -> FlowtuiApp:
        """The app, by its own type."""
        return cast("FlowtuiApp", self.app)

    def compose_body(self) -> ComposeResult:
        """What stands under the title."""
        yield from ()

    def on_resize(self) -> None:
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def action_leave(self) -> None:
        """Go back without doing anything."""
        self.dismiss(None)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave with an answer; only the first one counts.

        Two keys typed quickly both find the dialog still there, and the second answer would
        remove the page below.
        """
        if self._is_answered or self not in self.app.screen_stack:
            return AwaitComplete()
        leaving = super().dismiss(result)
        self._is_answered = True
        return leaving

    def render_line(self, y: int) -> Strip:
        """The page below, dimmed, as it is now."""
        palette = palette_of(self)
        blank_line = Strip([], 0).adjust_cell_length(self.size.width, palette.style("fg3", "scrim"))
        stack = self.app.screen_stack
        below = stack[stack.index(self) - 1] if self in stack[1:] else None
        if below is None or below.size != self.size:
            return blank_line
        if isinstance(below, Dialog):
            return below.render_line(y)
        row = Region(0, y, self.size.width, 1)
        chops = below._compositor._render_chops(row, y.__eq__)
        if y >= len(chops):
            return blank_line
        painted = Strip.join([piece for piece in chops[y].values() if piece is not None])
        return Strip(dimmed(painted, palette), painted.cell_length)
