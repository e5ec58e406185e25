"""Artifacts: the links and texts that the task runs of a run left, to be read one by one.

What stands in them was written by anybody. Markdown is painted as text with nothing in it to
click, and only an address of the web becomes a link of the terminal.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.strip import Strip

from flowtui.models.ids import FlowRunId, TaskRunId
from flowtui.models.links import run_in, safe_link
from flowtui.models.task_detail import Artifact
from flowtui.models.text import amount, clock, cut, plain, plain_lines
from flowtui.ui.actions import action
from flowtui.ui.clipboard import copy
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece, between, blank
from flowtui.ui.markdown_lines import markdown_lines
from flowtui.ui.paint import crumbs, heading, wrapped
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Line, Lines
from flowtui.ui.widgets.reading import Reading
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 10.0


def with_artifact(screen: Any) -> str | None:
    """There is one under the cursor."""
    return None if screen.artifact is not None else "there is no artifact"


def leads_to_a_run(screen: Any) -> str | None:
    """It is a link to a run of this backend, as a run that starts another leaves it."""
    artifact = screen.artifact
    if artifact is not None and artifact.kind == "link" and run_in(artifact.text):
        return None
    return "it is no link to a run"


class LinkLines(Lines):
    """Lines of which those from `first_row` on are a link, if there is an address for it."""

    address: Callable[[], str | None] = staticmethod(lambda: None)
    first_row = 2

    def render_line(self, y: int) -> Strip:
        line, address = super().render_line(y), self.address()
        if address is None or y < self.first_row:
            return line
        linked = Style(link=address)
        return Strip(
            [
                Segment(text, (style or Style()) + linked if text.strip() else style)
                for text, style, _ in line
            ]
        )


class ArtifactsScreen(ActionScreen):
    """The artifacts of a run, or of one of its task runs."""

    tab = "runs"
    title_text = "Artifacts"

    DEFAULT_CSS = """
    ArtifactsScreen {
        #title { padding: 0 2; }
        #artifacts { height: 8; }
        &.-tall #artifacts { margin-top: 1; }
        #reading {
            height: 1fr; margin: 1 0; padding: 0 2; background: $bg0;
        }
        #reading Lines { height: auto; }
    }
    """

    def __init__(
        self, run_id: FlowRunId, path: Sequence[str], task_run_id: TaskRunId | None = None
    ) -> None:
        super().__init__()
        self.run_id = run_id
        self.task_run_id = task_run_id
        self._path = tuple(path)
        self._count = 0

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_title, id="title")
        zone = self.flowtui.zone
        yield RecordTable[Artifact](
            [
                Column("left", lambda one: clock(one.created, zone), token="fg2"),
                Column("kind", lambda one: one.kind, token="fg2", least=8),
                Column("task", lambda one: one.source, least=14, most=40),
                Column("begins", self._begins, token="fg2", least=20, most=20, grows=True),
            ],
            lambda one: one.id,
            sentence="Asking for artifacts …",
            id="artifacts",
        )
        with Reading(id="reading"):
            shown = LinkLines(self._paint_artifact)
            shown.address = self._address
            yield shown

    def on_mount(self) -> None:
        self.table.focus()

    @property
    def table(self) -> RecordTable[Artifact]:
        """All of them."""
        return self.query_one("#artifacts", RecordTable)

    @property
    def artifact(self) -> Artifact | None:
        """The one that is read."""
        return self.table.record

    def _begins(self, one: Artifact) -> str:
        rows = plain_lines(one.text)
        return next((row.strip("# ") for row in rows if row.strip("# ")), "")

    def above(self) -> Callable[[], ActionScreen]:
        from flowtui.ui.screens.run import RunScreen
        from flowtui.ui.screens.task_run import TaskRunScreen

        if self.task_run_id is not None:
            return partial(TaskRunScreen, self.run_id, self.task_run_id)
        return partial(RunScreen, self.run_id)

    def sources(self) -> list[Question]:
        app, run_id, task_run_id = self.flowtui, self.run_id, self.task_run_id
        question = ("artifacts", run_id, task_run_id)
        feed = app.feed(question, lambda backend: backend.artifacts(run_id, task_run_id), INTERVAL)
        return [Question(feed, self._show, ("title",))]

    def _show(self, snapshot: Snapshot[list[Artifact]]) -> None:
        if snapshot.value is None:
            self.table.say("No answer yet.")
            return
        self._count = len(snapshot.value)
        self.table.styles.height = max(2, min(self._count + 1, self.size.height // 3))
        self.table.show(snapshot.value, empty="No task run of it left anything to read.")
        self._repaint()

    @on(RecordTable.Highlighted)
    def _repaint(self) -> None:
        self.query_one("#title", Lines).repaint()
        self.query_one(LinkLines).refresh()
        self.query_one(LinkLines).repaint()
        self.query_one("#reading", Reading).scroll_to(y=0, animate=False)
        self.show_keys()

    # Painting

    def _paint_title(self, palette: Palette, width: int) -> list[Line]:
        count = Piece(amount(self._count, "artifact") if self._count else "", "fg2")
        path = crumbs(*self._path, "artifacts", room=width - len(count.text) - 2)
        return [between(path, [count], width)]

    def _address(self) -> str | None:
        artifact = self.artifact
        return (
            safe_link(artifact.text) if artifact is not None and artifact.kind == "link" else None
        )

    def _paint_artifact(self, palette: Palette, width: int) -> list[Line]:
        artifact = self.artifact
        if artifact is None:
            return []
        note = f"{artifact.kind} of {plain(artifact.source)}"
        lines: list[Line] = [heading(cut(note, width, palette.ellipsis)), []]
        if artifact.kind == "markdown":
            return [*lines, *markdown_lines(artifact.text, palette, width)]
        if artifact.kind != "link":
            return [*lines, *([Piece(row, "fg1")] for row in plain_lines(artifact.text))]
        lines += [[Piece(row, "fg0")] for row in wrapped(plain(artifact.text), width)]
        if self._address() is None:
            said = "shown as text: it is no plain address of the web"
            lines += [[], [Piece(f"{palette.state_glyph('Late')} ", "late"), Piece(said, "fg2")]]
        elif run_in(artifact.text):
            lines += [[], [Piece("enter", "fg0", bold=True), blank(1), Piece("opens the run")]]
        return lines

    # What keys do

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        if leads_to_a_run(self) is None:
            self.open_run()
        else:
            self.next_pane()

    @action("enter", "run", leads_to_a_run, pane="artifacts")
    def open_run(self) -> None:
        """The run that a link leads to."""
        from flowtui.ui.screens.run import RunScreen

        assert self.artifact is not None
        run_id = run_in(self.artifact.text)
        if run_id is not None:
            self.app.push_screen(RunScreen(run_id))

    @action("tab,shift+tab", "read", with_artifact)
    def next_pane(self) -> None:
        """From the list to what is read, and back."""
        reading = self.query_one("#reading", Reading)
        (self.table if reading.has_focus else reading).focus()

    @action("c,y", "copy", with_artifact)
    async def copy_artifact(self) -> None:
        """Copy the address, or the whole text."""
        assert self.artifact is not None
        driver = self.app._driver
        write = driver.write if driver is not None else lambda data: None
        text = "\n".join(plain_lines(self.artifact.text))
        self.show_notice(await copy(text, os.environ, write))
