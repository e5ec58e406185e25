"""Dialogs that are only read: facts, longer than the screen if need be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widget import Widget

from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.painted import Line, Lines

FRAME = 7
"""Rows of the screen that are not facts: edge, title, blank rows and keys."""


class Facts(Dialog[None]):
    """Lines to read; a subclass says which, by `paint_facts`."""

    keys: ClassVar[Sequence[tuple[str, str]]] = (
        ("j k", "scroll"),
        ("g G", "ends"),
        ("esc", "leave"),
    )
    BINDINGS = [
        Binding("down,j", "scroll(1)", "down", show=False),
        Binding("up,k", "scroll(-1)", "up", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "page up", show=False),
        Binding("home,g", "scroll(-10000)", "first", show=False),
        Binding("end,G", "scroll(10000)", "last", show=False),
        Binding("enter,q", "leave", "leave", show=False),
    ]

    DEFAULT_CSS = """
    Facts > #dialog { width: 100; }
    Facts #facts { height: auto; max-height: 100%; margin-bottom: 1; scrollbar-size: 0 0; }
    Facts Lines { padding: 0 3; }
    """

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(id="facts"):
            yield Lines(self.paint_facts, ground="bg1")

    def on_mount(self) -> None:
        self._limit()
        self.first.focus()

    def on_resize(self) -> None:
        self._limit()

    def _limit(self) -> None:
        self._facts.styles.max_height = max(3, self.app.size.height - FRAME)

    @property
    def first(self) -> Widget:
        """What keys are meant for at first."""
        return self._facts

    @property
    def _facts(self) -> VerticalScroll:
        return self.query_one("#facts", VerticalScroll)

    def paint_facts(self, palette: Palette, width: int) -> Sequence[Line]:
        """What there is to read."""
        return ()

    def action_scroll(self, rows: int) -> None:
        """Show what is further down, or up."""
        self._facts.scroll_relative(y=rows, animate=False)

    def action_page(self, pages: int) -> None:
        """Show the next page, or the one before."""
        self.action_scroll(pages * max(1, self._facts.size.height - 1))
