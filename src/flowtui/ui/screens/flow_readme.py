"""What a flow is for, in its own words: Markdown, shown as it reads."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widget import Widget

from flowtui.models.flows import FlowGroup
from flowtui.ui.actions import action
from flowtui.ui.ink import Piece
from flowtui.ui.markdown_lines import markdown_lines
from flowtui.ui.paint import Line
from flowtui.ui.screens.flow_page import FlowPage, FlowPane, known
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.reading import Reading

WIDEST = 96
"""Cells of a line of prose: longer ones are hard to read."""


class ReadmePane(FlowPane):
    """The description of the group, or of the newest version where the group has none."""

    name_of_pane = "readme"
    title = "Read me"

    DEFAULT_CSS = """
    ReadmePane Reading { padding: 0 2; }
    """

    def compose(self) -> ComposeResult:
        with Reading(id="readme-page"):
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
