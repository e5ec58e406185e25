"""A run: its state, its tasks on a timeline, its state history and its log, all of it live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from flowtui.models.course import Course
from flowtui.models.ids import FlowRunId
from flowtui.models.logs import LogLine
from flowtui.models.runs import FlowRun
from flowtui.models.text import amount, clock, cut, plain, thin_groups
from flowtui.ui.actions import action
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece, between, blank
from flowtui.ui.live_log import amount_read
from flowtui.ui.live_run import LiveRun, RunView, pause_after
from flowtui.ui.paint import crumbs, heading, way_to
from flowtui.ui.pane_ages import Question
from flowtui.ui.run_head import run_head
from flowtui.ui.screens.frame import WIDE, ActionScreen
from flowtui.ui.screens.log_choices import take_log
from flowtui.ui.screens.run_actions import with_run
from flowtui.ui.screens.run_tasks import RunTasks, restartable
from flowtui.ui.screens.run_time import read, stopped
from flowtui.ui.screens.task_marks import TaskMarks
from flowtui.ui.steering import Siblings, runs_beside
from flowtui.ui.task_columns import Timeline, strip_of_children, task_columns
from flowtui.ui.task_listing import TaskListing
from flowtui.ui.task_rows import TaskRow
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.log import LogView
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.sliced_log import SlicedLog
from flowtui.ui.widgets.table import RecordTable


class RunScreen(TaskMarks, RunTasks):
    """One flow run."""

    tab = "runs"
    title_text = "Run"
    list_id = "tasks"
    list_title = "tasks"
    empty = "This flow has no tasks."
    tells_in_line = True

    DEFAULT_CSS = """
    RunScreen {
        #head { padding: 0 2; }
        #tasks { height: 8; }
        #below { margin: 1 0; height: 1fr; }
        #log-title { padding: 0 2; }
        #log { height: 1fr; }
        #task { display: none; background: $bg1; width: 60; height: 1fr; padding: 1 2; }
        &.-broad #task { display: block; }
    }
    """

    def __init__(self, run_id: FlowRunId) -> None:
        super().__init__()
        self.run_id = run_id
        self.live: LiveRun | None = None
        self.view: RunView | None = None

    def compose_body(self) -> ComposeResult:
        yield Lines(self._paint_head, ticks=self._ticks, id="head")
        yield self.make_filter_line()
        yield RecordTable[TaskRow](
            self.listing.shown_columns(),
            lambda row: row.key,
            sentence="Asking for the run …",
            marks=True,
            whole_row=strip_of_children,
            id="tasks",
        )
        with Horizontal(id="below"):
            with Vertical():
                yield Lines(self._paint_log_title, id="log-title")
                yield SlicedLog(
                    zone=self.flowtui.zone,
                    source=self._source_of,
                    id="log",
                )
            yield Lines(self.paint_task, ticks=self._ticks, ground="bg1", id="task")

    def on_mount(self) -> None:
        self.tasks.focus()

    @property
    def chosen_run(self) -> FlowRun | None:
        return self.view.detail.run if self.view is not None else None

    @cached_property
    def listing(self) -> TaskListing:
        """The tasks, and how they are wanted."""
        return self.make_listing()

    def make_listing(self) -> TaskListing:
        app = self.flowtui
        return TaskListing(app.memory, self.run_id, self._columns, self._is_low, zone=app.zone)

    @property
    def all_rows(self) -> Sequence[TaskRow]:
        return self.listing.all_rows

    def _is_low(self) -> bool:
        """Whether not all tasks can be seen, so that what is wrong and what runs comes first."""
        tasks = self.view.tasks if self.view is not None else ()
        rows = sum(1 for task in tasks if not task.is_child)
        return not self.has_class("-tall") or rows > self._most_rows

    @property
    def window_title(self) -> str:
        """The run's state and name, to be seen from another window."""
        run = self.chosen_run
        named = f"{run.shown_state(self.flowtui.now())} {run.name}" if run is not None else ""
        return cut(plain(named), 60)

    async def beside(self) -> Siblings | None:
        run = self.chosen_run
        if run is None:
            return None
        return await runs_beside(self.flowtui, run.id, run.flow_group_id, RunScreen)

    def above(self) -> Callable[[], ActionScreen] | None:
        from flowtui.ui.screens.flow import FlowScreen

        if self.view is None:
            return None
        return partial(FlowScreen, self.view.detail.flow_group_id)

    def sources(self) -> list[Question]:
        app = self.flowtui
        self.live = app.live_run(self.run_id)
        feed = app.feed(("run", self.run_id), self.live.look, pause_after)
        return [Question(feed, self._show, ("tasks", "log-title"))]

    def _show(self, snapshot: Snapshot[RunView]) -> None:
        if snapshot.value is None:
            self.tasks.say("No answer yet.")
            return
        is_first = self.view is None
        if is_first:
            self.log_view.say("No log lines yet.")
        self.view = snapshot.value
        self.flowtui.name_window(self.window_title)
        self.listing.records = self.view.tasks
        self.listing.course = self.view.course
        self.timeline.show(self.view)
        self.show_rows()
        if is_first:
            self.stand_on_failure()
        assert self.live is not None
        take_log(self, self.log_view, self.live.log)
        for name in ("#head", "#log-title"):
            self.query_one(name, Lines).repaint()

    def list_changed(self) -> None:
        self._fit_tasks()
        self.task_changed()

    def _source_of(self, line: LogLine) -> str:
        return self.live.source_of(line) if self.live is not None else ""

    @property
    def _most_rows(self) -> int:
        """Rows of the screen that tasks may take."""
        return max(4, self.size.height * 9 // 20 - 1)

    def _fit_tasks(self) -> None:
        """As many rows as there are tasks, but the log keeps its part of the screen."""
        height = min(len(self.tasks.rows) + 1, self._most_rows) if self.tasks.rows else 2
        if self.tasks.styles.height is None or self.tasks.styles.height.value != height:
            self.tasks.styles.height = height

    def on_resize(self) -> None:
        self.show_list_columns()
        if self.view is not None:
            self.show_rows()  # where not all tasks fit, they stand in another order
            self._fit_tasks()

    def _ticks(self) -> bool:
        return self.view is not None and not self.view.detail.run.is_finished

    # Painting

    def _paint_head(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.view is None:
            return [crumbs("run")]
        return run_head(
            self.view.detail,
            self.listing.all_rows,
            self.shown_now(),
            palette,
            (width, self.has_class("-tall")),
            self.flowtui.zone,
            self.view.number,
        )

    def _paint_log_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.view is None:
            return [heading("Log")]
        log = self.log_view
        pieces = [Piece("Log", "fg0", bold=True), blank(2)]
        cursor = self.timeline.lock.cursor
        if cursor is not None:
            locked = f"locked to {clock(cursor, self.flowtui.zone)}"
            pieces.append(Piece(locked, "fg2"))
        elif not log.unseen:
            pieces.append(Piece("following" if log.following else "stopped", "fg2"))
        if log.unseen:
            gap = [blank(3)] if cursor is not None else []
            pieces += [*gap, Piece(f"+{thin_groups(log.unseen)} new", "accent")]
        contents = log.contents
        for word, rank, token in (("error", 3, "failed"), ("warning", 2, "scheduled")):
            if count := contents.ranks[rank]:
                glyph = Piece(palette.glyph(word), token)
                pieces += [blank(3), glyph, Piece(f" {amount(count, word)}", "fg1")]
        lines = [Piece(amount_read(self.live.log) if self.live is not None else "", "fg2")]
        if not log.following:
            follow = next(one for one in self.actions if one.name == "follow_log")
            key = Piece(follow.shown_key, "fg0", bold=True)
            lines += [blank(3), key, Piece(f" {follow.label}", "fg2")]
        return [between(pieces, lines, width)]

    def _columns(self) -> list[Column[TaskRow]]:
        return task_columns(
            self.shown_now,
            lambda: self.flowtui.zone,
            Timeline(self.timeline.paint_bar, self.timeline.paint_axis, self._ticks_for),
            self._paint_caption,
            wide=self.size.width >= WIDE,
        )

    def _ticks_for(self, row: TaskRow) -> bool:
        return self._ticks() and not row.task.is_finished and row.start is not None

    def _paint_caption(self, palette: Palette, width: int) -> list[Piece]:
        count = sum(
            1 for row in self.listing.all_rows if not row.is_strip and not row.task.is_child
        )
        return [Piece("Tasks", "fg0", bold=True), blank(2), Piece(str(count or ""), "fg2")]

    # What keys do

    @on(RecordTable.Opened)
    def _task_opened(self) -> None:
        self.open_task()

    @action("enter", "task", pane="tasks")
    def open_task(self) -> None:
        """The page of the task run under the cursor: its log, its states, its children."""
        from flowtui.ui.screens.task_run import TaskRunScreen

        row = self.tasks.record
        if row is not None and self.view is not None:
            self.app.push_screen(TaskRunScreen(self.run_id, row.task.id))

    @on(LogView.Changed)
    def _log_changed(self) -> None:
        self.query_one("#log-title", Lines).repaint()

    @action("tab,shift+tab", "log")
    def next_pane(self) -> None:
        """From the tasks to the log, and back."""
        (self.log_view if self.tasks.has_focus else self.tasks).focus()

    @action("l", "log", with_run, bar=False)
    def open_log(self) -> None:
        """The log on the whole screen, at the line where you stopped it; while there is a time
        cursor it moves that on, as h moves it back."""
        if self.timeline.is_locked and self.tasks.has_focus:
            self.later()
        else:
            self.open_whole_log()

    @action("f", "whole log", with_run)
    def open_whole_log(self) -> None:
        """The log on the whole screen, at the line where you stopped it."""
        from flowtui.ui.screens.log import LogScreen

        log = self.log_view
        line = None if log.following else log.whole_line
        at = line.id if line is not None else None
        self.app.push_screen(LogScreen(self.run_id, at=at, near=log.place))

    @action("F", "follow", stopped)
    def follow_log(self) -> None:
        """Go to the end of the log and stay there; the time cursor goes."""
        self.release_time()

    @action("H", "states", read)
    def show_states(self) -> None:
        """The history of the run's states, with their messages."""
        from flowtui.ui.dialogs.states import StateHistory

        assert self.view is not None
        detail, zone = self.view.detail, self.flowtui.zone
        history = StateHistory(detail.run.name, detail.run.flow_name, detail.states, zone)
        self.app.push_screen(history)

    @action("r", "restart …", read, restartable, menu=True)
    async def restart_run(self) -> None:
        """Run again what went wrong; what is done stays done."""
        from flowtui.ui.dialogs.restart import ask_to_restart

        assert self.view is not None
        await ask_to_restart(self, self.view.detail.run, self.view.tasks)

    @action("D", "diff", read, bar=False)
    def show_diff(self) -> None:
        """What is another than in the flow's last run that went well, and what is slower."""
        from flowtui.ui.dialogs.run_diff import RunDiff

        assert self.view is not None
        app, view = self.flowtui, self.view
        rows, course = self.listing.all_rows, view.course or Course()
        self.app.push_screen(RunDiff(view.detail.run, rows, course, self.shown_now(), app.zone))

    @action("A", "artifacts", read, bar=False)
    def show_artifacts(self) -> None:
        """The links and texts that its task runs left."""
        from flowtui.ui.screens.artifacts import ArtifactsScreen

        assert self.view is not None
        run = self.view.detail.run
        self.app.push_screen(ArtifactsScreen(self.run_id, way_to(run)))

    @action("d", "details", read)
    def show_details(self) -> None:
        """Parameters, labels, ids and all else there is to know of the run."""
        from flowtui.ui.dialogs.details import RunDetails

        assert self.view is not None
        self.app.push_screen(RunDetails(self.view.detail, self.flowtui.zone))

    def run_deleted(self) -> None:
        self.flowtui.go_back()
        self.flowtui.say(f"{self.view.detail.run.name if self.view else 'The run'} is deleted.")
