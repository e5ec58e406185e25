"""README's table of keys, made from the declared actions: `python -m tests.readme` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flowtui.models.filter_fields import DAYS, FLOW_TASKS, JOURNAL, LANGUAGES
from flowtui.models.filters import Language
from flowtui.ui.actions import KEY_NAMES, Action, actions_of
from flowtui.ui.screens import VIEWS
from flowtui.ui.screens.agent import AgentScreen
from flowtui.ui.screens.artifacts import ArtifactsScreen
from flowtui.ui.screens.bulk_actions import BulkActions
from flowtui.ui.screens.by_project import ByProject
from flowtui.ui.screens.flow import FlowScreen
from flowtui.ui.screens.frame import ActionScreen, screen_actions
from flowtui.ui.screens.journal import JournalScreen
from flowtui.ui.screens.listing import ListingScreen
from flowtui.ui.screens.log import LogScreen
from flowtui.ui.screens.run import RunScreen
from flowtui.ui.screens.run_actions import RunActions
from flowtui.ui.screens.run_edits import RunEdits
from flowtui.ui.screens.run_form import RunFormScreen
from flowtui.ui.screens.task_run import TaskRunScreen
from flowtui.ui.screens.why import WhyScreen

README = Path(__file__).parent.parent / "README.md"
START, END = "<!-- keys -->\n", "<!-- /keys -->"
FIELDS_START, FIELDS_END = "<!-- filters -->\n", "<!-- /filters -->"

SCREENS: tuple[type[ActionScreen], ...] = (
    *(view.screen for view in VIEWS.values()),
    FlowScreen,
    RunScreen,
    TaskRunScreen,
    ArtifactsScreen,
    LogScreen,
    WhyScreen,
    RunFormScreen,
    AgentScreen,
    JournalScreen,
)
SHARED: tuple[tuple[str, type], ...] = (
    ("any run", RunActions),
    ("any run", RunEdits),
    ("any list", ListingScreen),
    ("lists with marks", BulkActions),
    ("flows, runs, calendar", ByProject),
)
"""Where keys are that several screens share, and what declares them."""


def keys_table() -> str:
    """Markdown: the keys that all screens share first, then those of each."""
    shared = screen_actions(ActionScreen)
    rows = [_row("everywhere", one) for one in shared]
    known = {one.text for one in shared}
    for where, owner in SHARED:
        declared = actions_of(owner)
        rows += [_row(where, one) for one in declared if one.text not in known]
        known |= {one.text for one in declared}
    for screen in SCREENS:
        where = screen.title_text.lower()
        rows += [_row(where, one) for one in screen.actions if one.text not in known]
    rows += [
        "| tables, log | `j` `k` `g` `G` `ctrl+d` `ctrl+u` | Move, as arrows and page keys do. | |",
        "| log | `h` `l` `w` | See what long lines hide: sideways, or wrapped. | |",
    ]
    return "\n".join(["| where | key | | name |", "|---|---|---|---|", *rows]) + "\n"


def _row(where: str, one: Action) -> str:
    prefix = "x " if one.in_menu else ""
    keys = " ".join(_code(prefix + KEY_NAMES.get(key, key)) for key in one.keys)
    pane = f", {one.pane.removesuffix('-table')}" if one.pane else ""
    return f"| {where}{pane} | {keys} | {one.text} | `{one.name}` |"


def _code(text: str) -> str:
    return "`` ` ``" if text == "`" else f"`{text}`"


def fields_table() -> str:
    """Markdown: what each kind of list can be filtered by."""
    rows = [
        f"| {_list_of(language)} | `{one.example}` | {one.doc} |"
        for language in LANGUAGES
        for one in language.fields
    ]
    return "\n".join(["| list | for example | |", "|---|---|---|", *rows]) + "\n"


def _list_of(language: Language[Any]) -> str:
    """What people call the list: several are of flows."""
    called = {id(DAYS): "calendar", id(JOURNAL): "journal", id(FLOW_TASKS): "a flow's tasks"}
    return called.get(id(language), f"{language.noun}s")


def with_keys(text: str) -> str:
    """README with the tables of today."""
    for start, end, table in (
        (START, END, keys_table()),
        (FIELDS_START, FIELDS_END, fields_table()),
    ):
        before, _, rest = text.partition(start)
        _, _, after = rest.partition(end)
        text = f"{before}{start}{table}{end}{after}"
    return text


if __name__ == "__main__":
    README.write_text(with_keys(README.read_text("utf-8")), "utf-8")
