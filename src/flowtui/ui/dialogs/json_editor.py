"""A JSON object to write in a text area, checked as one types."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from flowtui.models.inputs import InputProblem, Kind, parse_value
from flowtui.models.text import plain
from flowtui.ui.dialogs.readme import TextBox
from flowtui.ui.ink import Piece, fit_pieces
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.fields import Buttons, PushButton
from flowtui.ui.widgets.painted import Line, Lines


class JsonEditor(Dialog[Mapping[str, Any]]):
    """The answer is the object; `names` are the keys that it may have, empty for any."""

    AUTO_FOCUS = "TextBox"
    keys = (("tab", "next"), ("f3", "take it"), ("esc", "leave"))
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "take", "take it", show=False)]

    DEFAULT_CSS = """
    JsonEditor > #dialog { width: 100; }
    JsonEditor #wrong { padding: 0 3 1 3; height: 2; }
    JsonEditor TextBox { height: 12; margin: 0 3; }
    JsonEditor Buttons { margin-bottom: 1; }
    """

    def __init__(self, title: str, subject: str, text: str, names: Sequence[str] = ()) -> None:
        super().__init__(title, subject, "as JSON")
        try:
            self._text = json.dumps(json.loads(text or "{}"), ensure_ascii=False, indent=2)
        except json.JSONDecodeError:
            self._text = text
        self._names = names

    def compose_body(self) -> ComposeResult:
        yield TextBox(self._text)
        yield Lines(self._paint_wrong, ground="bg1", id="wrong")
        with Buttons():
            yield PushButton("Leave it as it is", id="leave")
            yield PushButton("Take it", acting=False, id="take")

    def _read(self) -> Mapping[str, Any]:
        """The object. Raises InputProblem."""
        text = self.query_one(TextBox).text
        value = parse_value(text, Kind("dict")) if text.strip() else {}
        if not isinstance(value, dict):
            raise InputProblem("a JSON object is expected, in braces")
        unknown = [name for name in value if self._names and name not in self._names]
        if unknown:
            raise InputProblem(f"there is no parameter {unknown[0]!r}")
        return value

    def _problem(self) -> str:
        try:
            self._read()
        except InputProblem as problem:
            text = self.query_one(TextBox).text
            row = text.count("\n", 0, problem.column) + 1
            where = f"row {row}: " if "\n" in text and problem.column else ""
            return f"{where}{problem.message}"
        return ""

    def _paint_wrong(self, palette: Palette, width: int) -> Sequence[Line]:
        problem = self._problem()
        if not problem:
            return [[Piece("a JSON object", "fg2")]]
        glyph = Piece(f"{palette.state_glyph('Failed')} ", "failed", bold=True)
        said = [glyph, Piece(plain(problem), "fg0")]
        return [fit_pieces(said, width, ellipsis=palette.ellipsis)]

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self.query_one("#wrong", Lines).repaint()
        self.query_one("#take", PushButton).enabled = not self._problem()

    @on(PushButton.Pressed, "#leave")
    def _left(self) -> None:
        self.dismiss(None)

    @on(PushButton.Pressed, "#take")
    def action_take(self) -> None:
        """Answer with the object, if it is one."""
        if not self._problem():
            self.dismiss(self._read())
