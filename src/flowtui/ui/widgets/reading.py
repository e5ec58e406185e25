"""Something to read that may be longer than the screen."""

from __future__ import annotations

from textual.binding import Binding
from textual.containers import VerticalScroll


class Reading(VerticalScroll, can_focus=True):
    """Scrolls by the keys that tables move by."""

    DEFAULT_CSS = """
    Reading { scrollbar-size: 0 0; }
    Reading:focus { background-tint: transparent; }
    """
    BINDINGS = [
        Binding("down,j", "rows(1)", "down", show=False, id="reading.down"),
        Binding("up,k", "rows(-1)", "up", show=False, id="reading.up"),
        Binding("pagedown,ctrl+d,space", "pages(1)", "page down", show=False, id="reading.page"),
        Binding("pageup,ctrl+u", "pages(-1)", "page up", show=False, id="reading.page_up"),
        Binding("home,g", "rows(-100000)", "first", show=False, id="reading.first"),
        Binding("end,G", "rows(100000)", "last", show=False, id="reading.last"),
    ]

    def action_rows(self, rows: int) -> None:
        """Show what is further down, or up."""
        self.scroll_relative(y=rows, animate=False)

    def action_pages(self, pages: int) -> None:
        """Show the next page, or the one before."""
        self.action_rows(pages * max(1, self.size.height - 1))
