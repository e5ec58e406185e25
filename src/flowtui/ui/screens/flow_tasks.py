"""The tasks of a flow: as work goes through them, indented by how deep each lies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from flowtui.models.filter_fields import FLOW_TASKS
from flowtui.models.flow_tasks import FlowTask, PlacedTask, placed
from flowtui.models.flows import FlowGroup, FlowVersion
from flowtui.models.text import amount, away
from flowtui.ui.actions import action
from flowtui.ui.columns import LONGEST, Column
from flowtui.ui.feeds import Snapshot
from flowtui.ui.flow_task_facts import DEEPEST, flow_task_lines, indented_name
from flowtui.ui.ink import Piece, blank
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.paint import heading
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.flow_page import FlowPage, FlowPane
from flowtui.ui.tokens import Palette
from flowtui.ui.usual_columns import number_column, text_column, words_column
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 60.0
"""Seconds; the tasks of a version stay as they were registered."""


class TasksPane(FlowPane):
    """The tasks of the version that was chosen among the versions, else of the newest."""

    name_of_pane = "tasks"
    title = "Tasks"
    table_id = "tasks-table"
    list_title = "tasks"
    empty = "This version has no tasks."

    DEFAULT_CSS = """
    TasksPane #tasks-title { padding: 0 2 1 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._for: FlowVersion | None = None

    def compose(self) -> ComposeResult:
        with Horizontal():
            with Vertical():
                yield Lines(self._paint_title, id="tasks-title")
                yield self.make_filter_line()
                yield self.make_table(lambda one: one.task.id, "Asking for tasks …")
            yield Lines(self._paint_task, ground="bg1", id="task", classes="beside")

    @property
    def chosen(self) -> PlacedTask | None:
        """The task under the cursor."""
        found: PlacedTask | None = self.table.record
        return found

    def make_listing(self) -> Listing[PlacedTask]:
        return Listing(
            self.flowtui.memory,
            ("tasks of a flow", self.page.group_id),
            FLOW_TASKS,
            _columns,
            OwnOrder("as work goes through them", lambda tasks, now: tasks),
        )

    def sources(self) -> list[Question]:
        self._for = version = self.page.version
        if version is None:
            return []
        feed = self.flowtui.feed(
            ("flow tasks", version.id),
            lambda backend: backend.flow_tasks((version.id,)),
            INTERVAL,
        )
        return [Question(feed, partial(self._show_tasks, version), ("tasks-title",))]

    def show_group(self, group: FlowGroup) -> None:
        wanted = self.page.version
        if wanted is not None and (self._for is None or wanted.id != self._for.id):
            self.page.listen_again()
        self.repaint()

    def _show_tasks(self, version: FlowVersion, snapshot: Snapshot[list[FlowTask]]) -> None:
        self.list_records(None if snapshot.value is None else placed(snapshot.value))

    # Painting

    def _paint_title(self, palette: Palette, width: int) -> Sequence[Sequence[Piece]]:
        version, group = self._for, self.page.group
        if version is None or group is None or self.listing is None:
            return [[]]
        count = len(self.listing.records)
        retried = sum(1 for one in self.listing.records if one.task.max_retries)
        mapped = sum(1 for one in self.listing.records if one.task.is_mapped)
        parts = [amount(count, "task"), f"{mapped} mapped", f"{retried} with retries"]
        latest = version.id == group.latest.id
        says = ", ".join(parts)
        return [
            [
                *heading(
                    f"v{version.version}", "latest" if latest else "chosen among the versions"
                ),
                blank(3),
                Piece(says, "fg2"),
            ]
        ]

    def _paint_task(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.chosen is None:
            return [[Piece("No task is selected.", "fg2")]]
        return flow_task_lines(self.chosen, palette, width)

    def task_changed(self) -> None:
        """Another task is under the cursor."""
        self.query_one("#task", Lines).repaint()

    def describe(self) -> None:
        self.page.action_act("open_task")


def _columns() -> list[Column[PlacedTask]]:
    return [
        Column(
            "task",
            paint=lambda one, palette, width: indented_name(one, palette),
            wants=lambda one: 2 * min(one.depth, DEEPEST) + len(one.task.name),
            least=14,
            most=44,
            raw=lambda one: one.task.name,
        ),
        Column(
            "class",
            lambda one: one.task.class_name,
            token="fg2",
            most=18,
            drop=2,
            raw=lambda one: one.task.type,
        ),
        Column(
            "trigger",
            lambda one: one.task.trigger_name or None,
            token=lambda one: "fg2" if one.task.trigger_name == "all_successful" else "fg0",
            most=16,
            drop=3,
            raw=lambda one: one.task.trigger,
        ),
        number_column("retries", lambda one: one.task.max_retries),
        Column(
            "delay",
            lambda one: away(one.task.retry_seconds) if one.task.retry_seconds else None,
            right=True,
            drop=5,
            least=5,
            raw=lambda one: one.task.retry_seconds,
            way=LONGEST,
        ),
        Column(
            "mapped",
            lambda one: "mapped" if one.task.is_mapped else " ",
            token="fg1",
            drop=6,
            raw=lambda one: one.task.is_mapped,
        ),
        number_column("up", lambda one: len(one.task.upstream), drop=4, title="upstream tasks"),
        number_column("down", lambda one: len(one.downstream), drop=4, title="downstream tasks"),
        words_column("tags", lambda one: one.task.tags, most=16, drop=1),
        text_column("slug", lambda one: one.task.slug, token="fg2", most=20, drop=1, extra=True),
    ]


class TaskActions(FlowPage):
    """What keys do with tasks."""

    @on(RecordTable.Highlighted, "#tasks-table")
    def _another_task(self) -> None:
        self.query_one(TasksPane).task_changed()

    @on(RecordTable.Opened, "#tasks-table")
    def _task_opened(self) -> None:
        self.action_act("open_task")

    @action("enter", "task", pane="tasks-table")
    async def open_task(self) -> None:
        """The task under the cursor: its neighbours, and its last runs to open."""
        from flowtui.ui.dialogs.flow_task import FlowTaskDetails
        from flowtui.ui.screens.task_run import TaskRunScreen

        app, one, version = self.flowtui, self.query_one(TasksPane).chosen, self.version
        if one is None or version is None:
            return
        runs = await (await app.backend()).task_history(self.group_id, one.task.slug)
        now = self.shown_now()
        details = FlowTaskDetails(one, version.name, runs, now, app.zone)
        await self.app.push_screen_wait(details)
        if details.opened is not None:
            self.app.push_screen(TaskRunScreen(details.opened.flow_run_id, details.opened.id))
