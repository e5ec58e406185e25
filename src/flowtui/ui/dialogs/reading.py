"""Reading all that a filter lets through: how far it is, and a way out. Nothing is sent here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult

from flowtui.errors import FlowtuiError
from flowtui.models.text import amount, plain, thin_groups
from flowtui.ui.beyond import Beyond, Reading
from flowtui.ui.ink import Piece
from flowtui.ui.paint import wrapped
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.fields import Buttons, PushButton
from flowtui.ui.widgets.painted import Lines

if TYPE_CHECKING:
    from flowtui.client.backend import Backend


class ReadingDialog(Dialog[list[Any]]):
    """The answer is everything that was read; none when somebody left before the end."""

    DEFAULT_CSS = """
    ReadingDialog #told { padding: 0 3; margin-bottom: 1; }
    ReadingDialog Buttons { margin-bottom: 1; }
    """

    def __init__(self, beyond: Beyond[Any], noun: str, backend: Backend) -> None:
        super().__init__("Reading", beyond.called, "nothing is sent")
        self.reading = Reading(beyond)
        self._noun = noun
        self._backend = backend
        self._trouble = ""

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_told, ground="bg1", id="told")
        with Buttons():
            yield PushButton("Leave everything as it is", id="leave")
            yield PushButton("Show the newest", id="show")

    def on_mount(self) -> None:
        self.query_one("#show").display = False
        self.run_worker(self._read(), group="reading")

    async def _read(self) -> None:
        try:
            await self.reading.read(self._backend, self._repaint)
        except FlowtuiError as error:
            self._trouble = str(error)
        else:
            if not self.reading.is_cut:
                self.dismiss(self.reading.found)
                return
            show = self.query_one("#show", PushButton)
            show.relabel(f"Show the newest {amount(len(self.reading.found), self._noun)}")
            show.display = True
        self._repaint()

    def _repaint(self) -> None:
        if self.is_attached:
            self.query_one("#told", Lines).repaint()

    def _paint_told(self, palette: Palette, width: int) -> list[list[Piece]]:
        reading = self.reading
        if self._trouble:
            said = f"It could not be read to the end, so nothing is shown: {self._trouble}"
            return [[Piece(row, "failed")] for row in wrapped(plain(said), width)]
        found = amount(len(reading.found), self._noun)
        if reading.is_cut:
            said = f"There are more than {found}. Do it to the newest, then once more to the rest."
            return [[Piece(row, "fg0")] for row in wrapped(said, width)]
        looked = f", {thin_groups(reading.looked_at)} looked through"
        through = looked if reading.looked_at > len(reading.found) else ""
        return [[Piece(found, "fg0", bold=True), Piece(f"{through} …", "fg2")]]

    @on(PushButton.Pressed, "#show")
    def _shown(self) -> None:
        self.dismiss(self.reading.found)

    @on(PushButton.Pressed, "#leave")
    def _left(self) -> None:
        self.action_leave()
