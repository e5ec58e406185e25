"""What a flow is for, in its own words: Markdown, shown as it reads."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widget import Widget

from flowtui.models.flows import FlowGroup
from flowtui.ui.actions import action
from flowtui.ui.ink import Piece
from flowtui.ui.markdown_lines import markdown_lines
from flowtui.ui.paint import Line
from flowtui.ui.screens.flow_page import FlowPage, FlowPane, known
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines

WIDEST = 96
"""Cells of a line of prose: longer ones are hard to read."""


class Page(VerticalScroll, can_focus=True):
    """Something to read that may be longer than the screen."""

    DEFAULT_CSS = """
    Page { scrollbar-size: 0 0; padding: 0 2; }
    Page:focus { background-tint: transparent; }
    """
    BINDINGS = [
        Binding("down,j", "scroll(1)", "down", show=False),
        Binding("up,k", "scroll(-1)", "up", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "page down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "page up", show=False),
        Binding("home,g", "scroll(-100000)", "top", show=False),
        Binding("end,G", "scroll(100000)", "bottom", show=False),
    ]

    def action_scroll(self, rows: int) -> None:
        """Show what is further down, or up."""
        self.scroll_relative(y=rows, animate=False)

    def action_page(self, pages: int) -> None:
        """Show the next page, or the one before."""
        self.action_scroll(pages * max(1, self.size.height - 1))


class ReadmePane(FlowPane):
    """The description of the group, or of the newest version where the group has none."""

    name_of_pane = "readme"
    title = "Read me"

    def compose(self) -> ComposeResult:
        with Page(id="readme-page"):
            yield Lines(self._paint_text, id="readme-text")

    @property
    def target(self) -> Widget:
        return self.query_one("#readme-page")

    def show_group(self, group: FlowGroup) -> None:
        self.repaint()

    def _paint_text(self, palette: Palette, width: int) -> list[Line]:
        group = self.page.group
        if group is None:
            return [[Piece("Asking for the flow …", "fg2")]]
        text = group.description or group.latest.description
        if not text.strip():
            return [
                [Piece("Nobody has written what this flow is for.", "fg2")],
                [],
                [Piece("x e", "fg0", bold=True), Piece("  writes it", "fg2")],
            ]
        return markdown_lines(text, palette, min(width, WIDEST))

    def describe(self) -> None:
        self.page.action_act("edit_readme")


class ReadmeActions(FlowPage):
    """What keys do with the description."""

    @action("e", "edit read me …", known, menu=True)
    async def edit_readme(self) -> None:
        """Write what the flow is for, here or in $EDITOR."""
        from flowtui.ui.dialogs.readme import ask_for_readme

        await ask_for_readme(self)
