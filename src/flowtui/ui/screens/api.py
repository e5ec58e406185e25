"""The API by hand: a query of one's own, its variables, and the answer as JSON that folds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TextIO

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from flowtui.errors import FlowtuiError, UsageProblem
from flowtui.models.json_lines import JsonLine, folded_at_first, json_lines, shown_lines
from flowtui.models.text import amount, plain, thin_groups
from flowtui.ui.actions import action
from flowtui.ui.columns import Column
from flowtui.ui.dialogs.readme import TextBox
from flowtui.ui.files import free_name, here, path_for, write_new
from flowtui.ui.ink import Piece, between, blank, width_of
from flowtui.ui.json_pieces import json_pieces
from flowtui.ui.paint import heading, wrapped
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.bars import TopBar
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

if TYPE_CHECKING:
    from flowtui.client.free_documents import FreeQuestion
    from flowtui.client.free_questions import FreeAnswer

FIRST = """{
  flow_run(limit: 10, order_by: [{ scheduled_start_time: desc }]) {
    name
    state
    flow {
      name
    }
  }
}
"""
"""What stands in the editor until somebody writes something else."""
REMEMBERED = 50
LONGEST_KEPT = 20_000
"""Characters of a query that is remembered."""


def answered(screen: Any) -> str | None:
    """There is an answer."""
    return None if screen.lines else "there is no answer yet; f3 sends the query"


def in_answer(screen: Any) -> str | None:
    """The answer has the focus."""
    return None if screen.focused_pane() == "answer" else "go to the answer first"


class QueryBox(TextBox):
    """An editor that leaves f6 to the page: shift and the arrows select a line too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "screen.act('save_query')", "save query", show=False),
    ]


class ApiScreen(ActionScreen):
    """A query editor, and what comes back."""

    tab = "api"
    title_text = "API"

    DEFAULT_CSS = """
    ApiScreen {
        #title { padding: 0 2; }
        &.-low #title { padding: 1 2 0 2; }
        #body { height: 1fr; padding: 0 0 1 0; }
        &.-tall #body { padding: 1 0 1 0; }
        #asked { width: 1fr; height: 1fr; }
        #answered { width: 1fr; height: 1fr; }
        #trouble { padding: 0 2; margin-bottom: 1; }
        #query-title, #variables-title, #answer-title { padding: 0 2; }
        #variables-title { margin-top: 1; }
        #query, #variables { margin: 0 2; background: $bg1; }
        #query:focus, #variables:focus { background: $bg2; }
        TextBox .text-area--cursor-line { background: transparent; }
        #query { height: 1fr; }
        #variables { height: 6; }
        &.-narrow #body { layout: vertical; }
        &.-narrow #asked { height: 10; margin-bottom: 1; }
        &.-narrow #variables { height: 2; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[JsonLine] = []
        """The last answer, every line of it."""
        self._folded: set[int] = set()
        self._data: Any = None
        self._trouble: tuple[str, ...] = ()
        self._said = "f3 sends the query"

    def compose_body(self) -> ComposeResult:
        queries = self.flowtui.memory.queries
        query, variables = queries[0] if queries else (FIRST, "")
        yield Lines(self._paint_title, id="title")
        with Horizontal(id="body"):
            with Vertical(id="asked"):
                yield Lines(lambda *_: [heading("Query", "f2 looks names up")], id="query-title")
                yield self._box(query, "query")
                yield Lines(lambda *_: [heading("Variables", "as JSON")], id="variables-title")
                yield self._box(variables, "variables")
            with Vertical(id="answered"):
                yield Lines(self._paint_answer_title, id="answer-title")
                yield Lines(self._paint_trouble, id="trouble")
                yield RecordTable[JsonLine](
                    [Column("", paint=self._paint_line, least=10, grows=True)],
                    lambda line: line.number,
                    captions=False,
                    sentence="What comes back stands here.",
                    id="answer",
                )

    def _box(self, text: str, name: str) -> TextBox:
        box = QueryBox(text)
        box.id = name
        return box

    def on_mount(self) -> None:
        self.query_one("#trouble").display = False
        self.query_one("#query").focus()

    @property
    def table(self) -> RecordTable[JsonLine]:
        """The answer."""
        return self.query_one("#answer", RecordTable)

    @property
    def subject(self) -> JsonLine | None:
        """The line of the answer under the cursor."""
        return self.table.record

    # Painting

    def _paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        profile = self.flowtui.profile
        read_only = "   read-only: mutations are refused" if profile.read_only else ""
        left = heading("API", f"{plain(profile.api_url)}{read_only}")
        right = [Piece(amount(len(self.flowtui.memory.queries), "query", "queries"), "fg2")]
        return [between(left, [*right, Piece(" remembered", "fg2")], width)]

    def _paint_answer_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        left = heading("Answer")
        told = [self._said, self._said.rpartition("   ")[2]]
        rights = [[Piece(one, "fg2")] for one in told]
        fits = (one for one in rights if width_of(left) + 2 + width_of(one) <= width)
        return [between(left, next(fits, []), width)]

    def _paint_trouble(self, palette: Palette, width: int) -> list[list[Piece]]:
        glyph = Piece(f"{palette.state_glyph('Failed')} ", "failed", bold=True)
        lines: list[list[Piece]] = []
        for error in self._trouble[:8]:
            for number, row in enumerate(wrapped(plain(error), max(10, width - 2))[:6]):
                lines.append([glyph if not number else blank(2), Piece(row, "fg0")])
        return lines

    def _paint_line(self, line: JsonLine, palette: Palette, width: int) -> list[Piece]:
        return json_pieces(line, self._folded, palette, width)

    def _show_trouble(self, *errors: str) -> None:
        self._trouble = errors
        trouble = self.query_one("#trouble", Lines)
        trouble.display = bool(errors)
        trouble.repaint()
        for name in ("#answer-title", "#title"):
            self.query_one(name, Lines).repaint()

    # Sending

    @action("f3,ctrl+enter", "send")
    async def send(self) -> None:
        """Send the query; a mutation asks first, a listing without a limit gets one of 100."""
        backend = await self.flowtui.backend()
        text = self.query_one("#query", TextBox).text
        try:
            variables = self._variables()
            question = await self._understood(text)
        except UsageProblem as problem:
            self._said = "nothing was sent"
            self._show_trouble(str(problem))
            return
        if question.mutations and not await self._is_meant(question):
            return
        self._remember(text)
        self._said = "asking …"
        self._show_trouble()
        try:
            answer = await backend.ask_freely(question, variables)
        except FlowtuiError as error:
            self._said = "no answer"
            self._show_trouble(str(error))
            self.query_one(TopBar).show_connection(self.flowtui.latency, error)
            return
        self.query_one(TopBar).show_connection(self.flowtui.latency)
        await self._show(question, answer)

    def _variables(self) -> Mapping[str, Any]:
        text = self.query_one("#variables", TextBox).text.strip()
        if not text:
            return {}
        try:
            found = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as error:
            raise UsageProblem(f"The variables are no JSON: {error}.") from None
        if not isinstance(found, dict):
            raise UsageProblem('The variables are an object, as in {"limit": 10}.')
        return found

    async def _understood(self, text: str) -> FreeQuestion:
        from flowtui.client.free_documents import read_question

        try:
            schema = await (await self.flowtui.backend()).schema()
        except FlowtuiError:
            schema = None  # a backend may keep its schema to itself, and answer all the same
        return read_question(text, schema)

    async def _is_meant(self, question: FreeQuestion) -> bool:
        from flowtui.ui.dialogs.question import Question

        app = self.flowtui
        if app.profile.read_only:
            self._said = "nothing was sent"
            self._show_trouble("This profile is read-only, so the mutation was not sent.")
            return False
        asked = Question(
            "Send mutation",
            ", ".join(question.mutations),
            facts=(
                ("changes", "whatever it says: nobody has checked it"),
                ("sends", ", ".join(question.mutations)),
            ),
            act="Send it",
            leave="Send nothing",
        )
        is_meant: bool | None = await app.push_screen_wait(asked)
        return bool(is_meant)

    async def _show(self, question: FreeQuestion, answer: FreeAnswer) -> None:
        app = self.flowtui
        self.lines = await asyncio.to_thread(json_lines, answer.data)
        self._data, self._folded = answer.data, folded_at_first(self.lines)
        said = f"{thin_groups(len(self.lines))} lines in {round((app.latency or 0) * 1000)} ms"
        if question.limited:
            said = f"with limit: 100 for {', '.join(question.limited)}   {said}"
        self._said = said
        self._show_trouble(*answer.errors)
        self._arrange()
        if answer.data is not None:
            self.table.focus()

    def _arrange(self) -> None:
        self.table.show(shown_lines(self.lines, self._folded), empty="The answer has no data.")
        self.show_keys()

    def _remember(self, text: str) -> None:
        variables = self.query_one("#variables", TextBox).text
        if len(text) + len(variables) > LONGEST_KEPT:
            return
        queries = self.flowtui.memory.queries
        asked = (text, variables)
        queries[:] = [asked, *(one for one in queries if one != asked)][:REMEMBERED]

    # The answer

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.fold()

    @action("enter", "fold, open", answered, pane="answer")
    def fold(self) -> None:
        """Fold what opens on this line, or open it."""
        line = self.subject
        if line is None or not line.opens:
            return
        self._folded ^= {line.number}
        self._arrange()

    @action("F", "fold all", answered, pane="answer", bar=False)
    def fold_all(self) -> None:
        """Fold everything below the first level, or open everything."""
        inner = {line.number for line in self.lines if line.opens and line.depth > 1}
        self._folded = set() if self._folded >= inner else inner
        self._arrange()

    @action("E", "save …", answered, pane="answer", bar=False)
    async def save_answer(self) -> None:
        """Write the whole answer to a file."""
        text = json.dumps(self._data, ensure_ascii=False, indent=2) + "\n"
        await self._save("Save the answer", free_name("flowtui-answer", ".json", here()), text)

    async def _save(self, title: str, name: str, text: str) -> None:
        from flowtui.ui.dialogs.ask import Ask

        path = await self.app.push_screen_wait(Ask(title, "", "file", path_for, value=name))
        if path is None:
            return

        def write(file: TextIO) -> None:
            file.write(text)

        size = await asyncio.to_thread(write_new, path, write)
        self.flowtui.say(f"{thin_groups(size)} B are in {plain(str(path))}")

    # The query

    @action("f2", "schema …")
    async def look_up(self) -> None:
        """Types and fields by a few letters; the one that is chosen is put into the query."""
        from flowtui.ui.dialogs.schema import SchemaLookup

        schema = await (await self.flowtui.backend()).schema()
        chosen = await self.app.push_screen_wait(SchemaLookup(schema, "enter takes the name"))
        if chosen is not None:
            box = self.query_one("#query", TextBox)
            box.insert(chosen.called)
            box.focus()

    @action("f4", "history …")
    async def open_history(self) -> None:
        """What was asked before; the newest first."""
        from flowtui.ui.dialogs.queries import QueryHistory

        chosen = await self.app.push_screen_wait(QueryHistory(self.flowtui.memory.queries))
        if chosen is not None:
            self._put(*chosen)

    def _put(self, query: str, variables: str = "") -> None:
        self.query_one("#query", TextBox).text = query
        self.query_one("#variables", TextBox).text = variables
        self.query_one("#query").focus()

    @action("f8", "load …", bar=False)
    async def load_query(self) -> None:
        """Read a query from a file into the editor."""
        from flowtui.ui.dialogs.ask import Ask

        text = await self.app.push_screen_wait(Ask("Load a query", "", "file", _file_text))
        if text is not None:
            self._put(text)

    @action("f6", "save query …", bar=False)
    async def save_query(self) -> None:
        """Write the query to a file."""
        text = self.query_one("#query", TextBox).text.rstrip() + "\n"
        await self._save("Save the query", free_name("query", ".graphql", here()), text)

    # Going from the query to the answer

    @action("tab", "next pane")
    def next_pane(self) -> None:
        """From the query to its variables, to the answer, and back."""
        self.focus_next()

    @action("shift+tab", "pane before", bar=False)
    def pane_before(self) -> None:
        """Back to the pane before."""
        self.focus_previous()

    @action("escape,q", "back", bar=False)
    def go_back(self) -> None:
        """Out of the text, so that letters are keys again; from there q leaves."""
        if self.is_typing:
            self.table.focus()
        else:
            super().go_back()


def _file_text(typed: str) -> str:
    """What is in a file. Raises UsageProblem."""
    try:
        path = Path(typed.strip()).expanduser()
        if path.stat().st_size > LONGEST_KEPT * 10:
            raise UsageProblem("that is too long for a query")
        return path.read_text("utf-8")
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageProblem(f"that cannot be read: {error}") from None
