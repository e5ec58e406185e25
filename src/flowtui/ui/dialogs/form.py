"""A question with something to fill in: what is wrong is said under each field as one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from flowtui.frozen import frozen
from flowtui.ui.dialogs.question import Question
from flowtui.ui.widgets.dialog import PADDING
from flowtui.ui.widgets.fields import Field, PushButton

if TYPE_CHECKING:
    from flowtui.ui.app import FlowtuiApp

LABEL = 13
"""Cells for what the fields are called."""


def anything(text: str) -> str:
    """Nothing is wrong with any text."""
    return ""


@frozen
class Entry:
    """One value to fill in."""

    name: str
    value: str = ""
    check: Callable[[str], str] = anything
    """What is wrong with a text; empty where nothing is."""
    note: str = ""
    placeholder: str = ""
    required: bool = False


class Form(Question):
    """Asks for values and then whether to send them; they are in `values` if the answer is yes.

    The acting button waits until every value is right and one of them is another than before.
    """

    AUTO_FOCUS = "FieldInput"
    keys = (("tab", "next"), ("f3", "send"), ("esc", "leave"))
    caption = LABEL + 2
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "send", "send", show=False),
    ]

    DEFAULT_CSS = """
    Form Field { margin-bottom: 1; }
    """

    def __init__(
        self,
        title: str,
        subject: str,
        entries: Sequence[Entry],
        *,
        of: str = "",
        facts: Sequence[tuple[str, str]],
        act: str,
        leave: str = "Leave it as it is",
        warning: Sequence[str] = (),
        is_new: bool = False,
    ) -> None:
        super().__init__(title, subject, of, facts=facts, act=act, leave=leave, warning=warning)
        self._entries = entries
        self._is_new = is_new
        self._fields = [
            Field(
                one.name,
                one.value,
                required=one.required,
                note=one.note,
                placeholder=one.placeholder,
                label_width=LABEL,
                margin=PADDING,
                ground="bg1",
            )
            for one in entries
        ]

    @property
    def values(self) -> tuple[str, ...]:
        """What stands in the fields, from top to bottom."""
        return tuple(field.value.strip() for field in self._fields)

    async def only_value(self, app: FlowtuiApp) -> str | None:
        """Ask for one value; None where the answer is no."""
        return self.values[0] if await app.push_screen_wait(self) else None

    def compose_fields(self) -> ComposeResult:
        yield from self._fields

    def on_mount(self) -> None:
        self._judge()

    def _problems(self) -> list[str]:
        return [one.check(value) for one, value in zip(self._entries, self.values, strict=True)]

    @property
    def is_ready(self) -> bool:
        return super().is_ready and self._has_news and not any(self._problems())

    @property
    def _has_news(self) -> bool:
        """Whether anything is another than before, or nothing was there before."""
        return self._is_new or any(field.changed for field in self._fields)

    def _judge(self, fields: Sequence[Field] = ()) -> None:
        """Say what is wrong with these, and wake the acting button if all is well."""
        for field, problem in zip(self._fields, self._problems(), strict=True):
            if field in fields or not problem:
                field.show_wrong(problem)
        self.query_one("#act", PushButton).enabled = self.is_ready

    @on(Field.Changed)
    def _changed(self, event: Field.Changed) -> None:
        self._judge([event.field])

    @on(Input.Submitted)
    def _next(self) -> None:
        """Go on to the next field; what is wrong with any of them is said now."""
        self._judge(self._fields)
        self.focus_next()

    def action_send(self) -> None:
        """Answer yes, if everything is right."""
        self._judge(self._fields)
        if self.is_ready:
            self.dismiss(True)
