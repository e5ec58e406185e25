"""A task run: what it is in and why, its log, its neighbours, and, of a mapped task, its children.

The run it belongs to is followed as on the run's own page, so going there and back asks nothing
twice; only what lies at the ends of its edges is asked for besides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from flowtui.models import states
from flowtui.models.filters_tasks import TASKS
from flowtui.models.ids import FlowRunId, TaskRunId
from flowtui.models.logs import LogLine
from flowtui.models.runs import FlowRun
from flowtui.models.task_detail import TaskRunDetail
from flowtui.models.tasks import TaskRun
from flowtui.models.text import amount, thin_groups
from flowtui.ui.actions import action
from flowtui.ui.child_columns import child_columns
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece, between, blank
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.live_run import LiveRun, RunView, pause_after
from flowtui.ui.log_filter import LogFilter, Source
from flowtui.ui.paint import crumbs, heading, way_to
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.screens.listing import ListingScreen
from flowtui.ui.screens.log_choices import take_log
from flowtui.ui.screens.task_actions import with_task
from flowtui.ui.screens.task_walk import TaskWalk
from flowtui.ui.task_page import (
    MAP_ROWS,
    children_title,
    map_lines,
    neighbour_lines,
    panel_lines,
    task_head,
)
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.log import LogView
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.sliced_log import SlicedLog
from flowtui.ui.widgets.table import RecordTable

BY_INDEX: OwnOrder[TaskRun] = OwnOrder("index", lambda tasks, now: tasks)


def with_children(screen: Any) -> str | None:
    """It is a mapped task."""
    return None if screen.children_shown else "this task run has no children"


class TaskRunScreen(ListingScreen, TaskWalk):
    """One task run of one run."""

    tab = "runs"
    title_text = "Task run"
    list_id = "children"
    list_title = "children"
    empty = "No children yet."
    tells_in_line = True

    DEFAULT_CSS = """
    TaskRunScreen {
        #head, #ends, #map, #log-title { padding: 0 2; }
        #ends { margin-bottom: 1; }
        #map { display: none; }
        #children { display: none; height: 1fr; margin-bottom: 1; }
        &.-mapped #map, &.-mapped #children { display: block; }
        #log { height: 1fr; }
        &.-tall #log { margin-bottom: 1; }
        #facts { display: none; background: $bg1; width: 44; height: 1fr; padding: 1 2; }
        &.-wide #facts { display: block; margin-bottom: 1; }
        &.-broad #facts { width: 60; }
        &.-wide #ends { display: none; }
    }
    """

    def __init__(
        self, run_id: FlowRunId, task_run_id: TaskRunId, at: TaskRunId | None = None
    ) -> None:
        super().__init__()
        self.run_id = run_id
        self.task_run_id = task_run_id
        self.live: LiveRun | None = None
        self.view: RunView | None = None
        self.detail: TaskRunDetail | None = None
        self.row: TaskRow | None = None
        self._at = at
        """The child to stand on, once the children are known."""
        self._sources: set[TaskRunId] = set()
        """The task runs whose lines the log shows."""
        self._is_focused = False

    def compose_body(self) -> ComposeResult:
        with Horizontal():
            with Vertical():
                yield Lines(self._paint_head, ticks=self._ticks, id="head")
                yield Lines(self._paint_ends, id="ends")
                yield Lines(self._paint_map, id="map")
                yield self.make_filter_line()
                yield RecordTable[TaskRun](
                    self.listing.shown_columns(), lambda task: task.id, id="children"
                )
                yield Lines(self._paint_log_title, id="log-title")
                yield SlicedLog(
                    zone=self.flowtui.zone,
                    source=self._source_of,
                    sentence="Asking for the task run …",
                    id="log",
                )
            yield Lines(self._paint_facts, ticks=self._ticks, ground="bg1", id="facts")

    # What it shows

    @property
    def chosen_task(self) -> TaskRun | None:
        """The child under the cursor where the list has the focus, else the task run itself."""
        if self.is_in_list and self.children_table.record is not None:
            return self.children_table.record
        return self.row.task if self.row is not None else None

    @property
    def chosen_run(self) -> FlowRun | None:
        """The run that it belongs to."""
        return self.view.detail.run if self.view is not None else None

    @property
    def children_shown(self) -> Sequence[TaskRun]:
        """The mapped children, in the order of their index."""
        return self.row.children if self.row is not None else ()

    @property
    def children_table(self) -> RecordTable[TaskRun]:
        """The children as rows."""
        return self.query_one("#children", RecordTable)

    @property
    def log_view(self) -> SlicedLog:
        """The lines that the task run wrote."""
        return self.query_one("#log", SlicedLog)

    @cached_property
    def listing(self) -> Listing[TaskRun]:
        """The children, and how they are wanted."""
        return self.make_listing()

    def make_listing(self) -> Listing[TaskRun]:
        app = self.flowtui
        place = ("children", self.task_run_id)
        return Listing(app.memory, place, TASKS, self._columns, BY_INDEX, zone=app.zone)

    def _columns(self) -> list[Column[TaskRun]]:
        return child_columns(self.shown_now, lambda: self.flowtui.zone, self._ticks)

    def above(self) -> Callable[[], ActionScreen]:
        from flowtui.ui.screens.run import RunScreen

        return partial(RunScreen, self.run_id)

    def sources(self) -> list[Question]:
        app, run_id, task_run_id = self.flowtui, self.run_id, self.task_run_id
        self.live = app.live_run(run_id)

        async def detail(backend: Any) -> TaskRunDetail:
            index = self.row.task.map_index if self.row is not None else -1
            found: TaskRunDetail = await backend.task_run(run_id, task_run_id, index)
            if found.task.map_index != index:
                found = await backend.task_run(run_id, task_run_id, found.task.map_index)
            return found

        def pause(found: TaskRunDetail | None) -> float:
            return 20.0 if found is not None and found.task.is_finished else 3.0

        return [
            Question(
                app.feed(("run", run_id), self.live.look, pause_after),
                self._show,
                ("children", "log-title"),
            ),
            Question(
                app.feed(("task run", task_run_id), detail, pause),
                self._show_detail,
                ("head", "facts"),
            ),
        ]

    def _show(self, snapshot: Snapshot[RunView]) -> None:
        if snapshot.value is None:
            self.log_view.say("No answer yet.")
            return
        self.view = snapshot.value
        task = next((one for one in self.view.tasks if one.id == self.task_run_id), None)
        if task is None:
            if self.view.is_complete:
                self.log_view.say("This run has no such task run.")
            return
        children = () if task.is_child else self.children_of(task)
        self.row = TaskRow(task.id, task, children)
        self.set_class(bool(children), "-mapped")
        self.listing.records = children
        self.show_rows()
        if self._at is not None and self.children_table.go_to(self._at):
            self._at = None
        self.follow_neighbours()
        self._extend_log()
        self._focus_once()
        self._repaint()

    def _show_detail(self, snapshot: Snapshot[TaskRunDetail]) -> None:
        self.detail = snapshot.value
        self.follow_neighbours()
        self._repaint()

    def on_mount(self) -> None:
        self.log_view.focus()

    def _focus_once(self) -> None:
        if not self._is_focused:
            self._is_focused = True
            (self.children_table if self.children_shown else self.log_view).focus()
            wrong = [one for one in self.children_shown if states.is_failed(one.state.type)]
            if wrong and self._at is None:
                self.children_table.go_to(wrong[0].id)

    def _extend_log(self) -> None:
        """Add what this task run, or its children, wrote since."""
        assert self.live is not None
        assert self.row is not None
        known, book = self._sources, self.live.lines
        self._sources = {self.task_run_id, *(child.id for child in self.row.children)}
        grown = self._sources - known
        # A child's first lines may be read before the child itself.
        read = self.log_view.lines_read
        if not known or any(book.writers.get(one, read) < read for one in grown):
            self.log_view.show_only(self._is_own)
        take_log(self, self.log_view, self.live.log)
        self.log_view.say("It has written no line.")

    def _is_own(self, line: LogLine) -> bool:
        return line.task_run_id in self._sources

    def _source_of(self, line: LogLine) -> str:
        return self.live.source_of(line) if self.live is not None else ""

    def _ticks(self, _: object = None) -> bool:
        return self.row is not None and not self.row.task.is_finished

    # Painting

    def _repaint(self) -> None:
        for name in ("#head", "#ends", "#map", "#facts", "#log-title"):
            self.query_one(name, Lines).repaint()
        self.show_keys()

    def _paint_head(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.row is None or self.chosen_run is None:
            return [crumbs("run", "task run")]
        now, zone, tall = self.shown_now(), self.flowtui.zone, self.has_class("-tall")
        run = self.chosen_run
        return task_head(run, self.row, self.detail, now, palette, (width, tall), zone)

    def _paint_ends(self, palette: Palette, width: int) -> list[list[Piece]]:
        return neighbour_lines(self.detail, palette, width)

    def _paint_map(self, palette: Palette, width: int) -> list[list[Piece]]:
        if not self.children_shown:
            return []
        each = [child.state.type for child in self.children_shown]
        expected = self.detail.expected_children if self.detail is not None else None
        rows = MAP_ROWS if self.has_class("-tall") else 2
        title = children_title(each, expected, palette, width)
        gap: list[list[Piece]] = [[]] if self.has_class("-tall") else []
        return [title, *map_lines(each, palette, width, rows), *gap]

    def _paint_facts(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.row is None or not self.has_class("-wide"):
            return []
        now, zone = self.shown_now(), self.flowtui.zone
        return panel_lines(self.row, self.detail, now, palette, width, zone, self._family())

    def _family(self) -> int:
        """How many children there are or will be of which this is one."""
        if self.row is None or self.view is None or not self.row.task.is_child:
            return 0
        task_id = self.row.task.task_id
        same = [task for task in self.view.tasks if task.task_id == task_id]
        expected = max(task.expected_children for task in same)
        return max(expected, sum(task.is_child for task in same))

    def _paint_log_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.row is None:
            return [heading("Log")]
        log = self.log_view
        pieces = [Piece("Log", "fg0", bold=True), blank(2)]
        if log.unseen:
            pieces.append(Piece(f"+{thin_groups(log.unseen)} new", "accent"))
        else:
            pieces.append(Piece("following" if log.following else "stopped", "fg2"))
        lines = amount(len(log.lines), "line")
        if self.live is not None and self.live.log.lines_before is not None:
            lines += " so far"
        return [between(pieces, [Piece(lines, "fg2")], width)]

    @on(LogView.Changed)
    def _log_changed(self) -> None:
        self.query_one("#log-title", Lines).repaint()

    # What keys do

    @action("tab,shift+tab", "log", with_children)
    def next_pane(self) -> None:
        """From the children to the log, and back."""
        to_list = self.log_view.has_focus and self.children_shown
        (self.children_table if to_list else self.log_view).focus()

    @on(RecordTable.Opened)
    def _child_opened(self) -> None:
        self.open_child()

    @action("enter", "child", with_children, pane="children")
    def open_child(self) -> None:
        """The page of the child under the cursor."""
        child = self.children_table.record
        if child is not None:
            self.app.push_screen(TaskRunScreen(self.run_id, child.id))

    @action("e", "next failure", with_children, pane="children")
    def next_failure(self) -> None:
        """Go to the next child that went wrong; after the last one, the first."""
        table = self.children_table
        wrong = [i for i, child in enumerate(table.rows) if states.is_failed(child.state.type)]
        if not wrong:
            self.show_notice("no child went wrong")
            return
        table.go_to(table.rows[next((i for i in wrong if i > table.cursor), wrong[0])].id)

    @action("F", "follow", bar=False)
    def follow_log(self) -> None:
        """Go to the end of the log and stay there."""
        self.log_view.action_follow()

    @action("f,l", "whole log", with_task)
    def open_log(self) -> None:
        """Its log on the whole screen, at the line where you stopped it; u there shows the rest."""
        from flowtui.ui.screens.log import LogScreen

        assert self.row is not None
        line = None if self.log_view.following else self.log_view.whole_line
        own = frozenset({self.task_run_id, *(child.id for child in self.row.children)})
        kind = "child" if self.row.task.is_child else "task"
        only = LogFilter(Source(kind, self.row.task.label, task_runs=own))
        at = line.id if line is not None else None
        self.app.push_screen(LogScreen(self.run_id, at, only, self.log_view.place))

    @action("H", "states", with_task)
    def show_states(self) -> None:
        """The history of its states, with their messages."""
        from flowtui.ui.dialogs.states import StateHistory

        task, run = self.chosen_task, self.chosen_run
        assert task is not None
        assert run is not None
        self.app.push_screen(StateHistory(task.label, run.name, task.states, self.flowtui.zone))

    @action("A", "artifacts", with_task, bar=False)
    def show_artifacts(self) -> None:
        """The links and texts that it left."""
        from flowtui.ui.screens.artifacts import ArtifactsScreen

        task, run = self.chosen_task, self.chosen_run
        assert task is not None
        assert run is not None
        self.app.push_screen(ArtifactsScreen(self.run_id, (*way_to(run), task.label), task.id))

    @action("d", "details", with_task)
    def show_details(self) -> None:
        """All there is to know of it, with its whole message."""
        from flowtui.ui.dialogs.task import TaskDetails

        task, run, app = self.chosen_task, self.chosen_run, self.flowtui
        assert task is not None
        assert run is not None
        whole = self.row is not None and task.id == self.row.task.id
        row = self.row if whole and self.row is not None else TaskRow(task.id, task)
        self.app.push_screen(TaskDetails(row, run.name, self.shown_now(), app.zone))
