"""Writing what a flow is for: in a text area, or in the editor of one's own."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widgets import TextArea

from flowtui.models.text import amount, plain, plain_lines
from flowtui.ui.dialogs.question import Question
from flowtui.ui.widgets.fields import PushButton

if TYPE_CHECKING:
    from flowtui.ui.screens.flow_page import FlowPage

_OPAQUE = "\ufffd"
FRAME = 14
"""Rows of the screen that are not rows of what is written."""


class TextBox(TextArea):
    """Lines of text on the ground of a dialog; what cannot be printed is shown as a sign."""

    DEFAULT_CSS = """
    TextBox {
        height: 14; margin: 0 3 1 3; padding: 0 1 0 0; background: $bg2; color: $fg1;
        border: none; border-left: blank $bg2;
        scrollbar-size: 0 0;
        &:ansi { border-left: vkey $line; }
        &:focus { border: none; border-left: outer $accent; color: $fg0; }
        &:ansi .text-area--cursor {
            background: ansi_default; color: ansi_default; text-style: reverse;
        }
    }
    TextBox .text-area--cursor-line { background: $bg2; }
    """

    def __init__(self, text: str) -> None:
        super().__init__(text, theme="css", show_line_numbers=False, tab_behavior="focus")
        self.cursor_blink = False

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        if line.text.isprintable():
            return line
        return Strip(
            [
                Segment("".join(c if c.isprintable() else _OPAQUE for c in text), style)
                for text, style, _ in line
            ]
        )


class ReadmeForm(Question):
    """Markdown to write; the answer is whether to send it."""

    AUTO_FOCUS = "TextBox"
    keys: ClassVar[Sequence[tuple[str, str]]] = (  # type: ignore[assignment]
        ("tab", "next"),
        ("f3", "send"),
        ("ctrl+o", "in $EDITOR"),
        ("esc", "leave"),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "send", "send", show=False),
        Binding("ctrl+o", "edit", "edit", show=False, priority=True),
    ]

    DEFAULT_CSS = """
    ReadmeForm > #dialog { width: 100; }
    """

    def __init__(self, subject: str, text: str) -> None:
        super().__init__(
            "Read me",
            subject,
            facts=(("sends", "set_flow_group_description, in Markdown, for all versions"),),
            act="Save it",
        )
        self._before = text
        self._leaving = False
        self.text = text.rstrip()
        """What is written."""

    def compose_fields(self) -> ComposeResult:
        yield TextBox(self._before)

    def on_mount(self) -> None:
        self._fit()
        self.query_one(TextBox).focus()
        self._judge()

    def on_resize(self) -> None:
        self._fit()
        super().on_resize()

    def _fit(self) -> None:
        """As high as the screen has room for, with its buttons below it."""
        self.query_one(TextBox).styles.height = max(4, min(20, self.app.size.height - FRAME))

    @on(TextArea.Changed)
    def _judge(self) -> None:
        self._leaving = False
        self.text = self.query_one(TextBox).text.rstrip()
        self.query_one("#act", PushButton).enabled = self.is_ready

    @property
    def is_ready(self) -> bool:
        return super().is_ready and self._has_news

    @property
    def _has_news(self) -> bool:
        """Whether it says anything else than before."""
        return self.text != self._before.rstrip()

    def action_send(self) -> None:
        """Answer yes, if something is different."""
        if self.is_ready:
            self.dismiss(True)

    def action_leave(self) -> None:
        """Leave; once something is typed, press twice."""
        if self._has_news and not self._leaving:
            self._leaving = True
            self.show_said("esc again leaves; what you wrote is lost")
        else:
            self.dismiss(False)

    def show_said(self, text: str) -> None:
        """Say something in the last row."""
        from flowtui.ui.widgets.bars import KeyBar

        self.query_one(KeyBar).show_notice(text)

    def action_edit(self) -> None:
        """Write it in the editor that $VISUAL or $EDITOR names."""
        command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
        if not command:
            self.show_said("neither VISUAL nor EDITOR names an editor")
            return
        try:
            with self.app.suspend():
                written = edited(self.text, command)
        except SuspendNotSupported:
            self.show_said("this terminal cannot be lent to an editor")
        except (OSError, subprocess.CalledProcessError) as error:
            self.show_said(f"the editor did not work: {error}")
        else:
            self.query_one(TextBox).text = written


def edited(text: str, command: list[str]) -> str:
    """The text as an editor left it."""
    with tempfile.TemporaryDirectory(prefix="flowtui-") as folder:
        path = Path(folder) / "README.md"
        path.write_text(text, "utf-8")
        subprocess.run([*command, str(path)], check=True)
        return path.read_text("utf-8")


async def ask_for_readme(screen: FlowPage) -> None:
    """Ask for a text, and send it."""
    app, group = screen.flowtui, screen.group
    assert group is not None
    name, before = group.latest.name, group.description
    form = ReadmeForm(name, "\n".join(plain_lines(before)))
    if not await app.push_screen_wait(form):
        return
    await (await app.backend()).describe(group.id, form.text, was=before)
    lines = amount(len(form.text.splitlines()), "line")
    app.say(f"The read me of {plain(name)} has {lines} now.")
    screen.refresh_now()
