"""Which project: a few letters of its name find it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from flowtui.models.filters import Completion
from flowtui.models.projects import Project
from flowtui.models.text import amount, plain
from flowtui.ui.columns import Column
from flowtui.ui.ink import Piece
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.dialog import Dialog
from flowtui.ui.widgets.filter import FilterInput
from flowtui.ui.widgets.table import RecordTable

MOST_SHOWN = 12
"""Rows of the list; more of them scroll."""


@dataclass(frozen=True)
class ProjectChoice:
    """What was chosen: a project, all of them, or one that is to be made."""

    project: Project | None = None
    new_name: str = ""
    """What a new one is to be called."""

    @property
    def is_all(self) -> bool:
        """Whether no project in particular is meant."""
        return self.project is None and not self.new_name


@dataclass(frozen=True)
class _Row:
    choice: ProjectChoice
    label: str
    note: str = ""


class ProjectPicker(Dialog[ProjectChoice]):
    """The answer is a `ProjectChoice`, or None if somebody only looked.

    `here` is the name of the project one is in; `can_be_all` offers all projects, `can_be_new` one
    that is called what was typed.
    """

    AUTO_FOCUS = "FilterInput"
    keys: ClassVar[Sequence[tuple[str, str]]] = (
        ("enter", "choose"),
        ("down", "move"),
        ("esc", "clear, leave"),
    )

    DEFAULT_CSS = """
    ProjectPicker > #dialog { width: 64; }
    ProjectPicker FilterInput, ProjectPicker FilterInput:focus {
        background: $bg2; margin: 0 3 1 3; padding: 0 1;
    }
    ProjectPicker RecordTable { background: $bg1; margin: 0 1 1 1; }
    """

    def __init__(
        self,
        title: str,
        subject: str,
        projects: Sequence[Project],
        *,
        here: str = "",
        can_be_all: bool = False,
        can_be_new: bool = False,
    ) -> None:
        super().__init__(title, subject)
        self._projects = projects
        self._here = here
        self._can_be_all = can_be_all
        self._can_be_new = can_be_new

    def compose_body(self) -> ComposeResult:
        yield FilterInput(lambda text, cursor: Completion(cursor, cursor), placeholder="name")
        table = RecordTable[_Row](
            [
                Column("", paint=self._paint_mark, least=1),
                Column("", lambda row: row.label, token=self._token, least=16, grows=True),
                Column("", lambda row: row.note, token="fg2", right=True, least=12),
            ],
            lambda row: row.choice,
            captions=False,
            ground="bg1",
            id="projects",
        )
        table.styles.height = max(1, min(MOST_SHOWN, len(self._rows("")), self.app.size.height - 9))
        yield table

    def on_mount(self) -> None:
        self._show("")
        here = (row.choice for row in self.table.rows if row.label == self._here)
        self.table.go_to(next(here, None))

    @property
    def table(self) -> RecordTable[_Row]:
        """What can be chosen."""
        return self.query_one("#projects", RecordTable)

    def _rows(self, typed: str) -> list[_Row]:
        rows = [
            _Row(ProjectChoice(one), one.name, amount(one.flows, "flow"))
            for one in found_by(self._projects, typed)
        ]
        if self._can_be_all and not typed:
            rows.insert(0, _Row(ProjectChoice(), "All projects"))
        name = typed.strip()
        if self._can_be_new and name and all(one.name != name for one in self._projects):
            rows.append(_Row(ProjectChoice(None, name), name, "a new project"))
        return rows

    def _show(self, typed: str) -> None:
        empty = "No project has this in its name." if typed else "There is no project yet."
        self.table.show(self._rows(typed), empty=empty)
        if typed:
            self.table.action_first()

    def _paint_mark(self, row: _Row, palette: Palette, width: int) -> list[Piece]:
        here = row.choice.project is not None and row.label == self._here
        return [Piece(palette.glyph("chosen") if here else " ", "accent", bold=True)]

    def _token(self, row: _Row) -> str:
        return "fg1" if row.choice.project else "fg0"

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(FilterInput.Moved)
    def _moved(self, event: FilterInput.Moved) -> None:
        self.table.action_move(event.rows)

    @on(FilterInput.Left)
    def action_leave(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted)
    @on(RecordTable.Opened)
    def _chosen(self) -> None:
        if self.table.record is not None:
            self.dismiss(self.table.record.choice)


def found_by(projects: Sequence[Project], typed: str) -> list[Project]:
    """Those with all the words in name or description, then those with the letters in order."""
    words = typed.casefold().split()
    named = [one for one in projects if all(word in one.name.casefold() for word in words)]
    told = [
        one
        for one in projects
        if one not in named
        and all(word in f"{one.name} {one.description}".casefold() for word in words)
    ]
    letters = "".join(words)
    spelled = [
        one
        for one in projects
        if one not in named and one not in told and _in_order(letters, plain(one.name).casefold())
    ]
    return [*named, *told, *spelled]


def _in_order(letters: str, text: str) -> bool:
    """Whether the letters occur one after the other, with others between them."""
    rest = iter(text)
    return all(letter in rest for letter in letters)
