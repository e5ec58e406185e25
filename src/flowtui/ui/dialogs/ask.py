"""One thing to type: checked when it is given, and given with enter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from flowtui.errors import UsageProblem
from flowtui.ui.widgets.dialog import PADDING, Dialog
from flowtui.ui.widgets.fields import Field

T = TypeVar("T")


class Ask(Dialog[T], Generic[T]):
    """Asks for a value; `understand` makes it of what was typed, or raises UsageProblem."""

    AUTO_FOCUS = "FieldInput"
    keys = (("enter", "go"), ("esc", "leave"))

    DEFAULT_CSS = """
    Ask Field { margin-bottom: 1; }
    """

    def __init__(
        self,
        title: str,
        subject: str,
        label: str,
        understand: Callable[[str], T],
        *,
        value: str = "",
        placeholder: str = "",
    ) -> None:
        super().__init__(title, subject)
        self._understand = understand
        self._field = Field(
            label,
            value,
            placeholder=placeholder,
            label_width=8,
            width=60,
            margin=PADDING,
            ground="bg1",
        )

    def compose_body(self) -> ComposeResult:
        yield self._field

    @on(Field.Changed)
    def _changed(self) -> None:
        self._field.show_wrong("")

    @on(Input.Submitted)
    def _given(self) -> None:
        try:
            answer = self._understand(self._field.value)
        except UsageProblem as problem:
            self._field.show_wrong(problem.message)
        else:
            self.dismiss(answer)
