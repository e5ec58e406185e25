"""Projects: what each holds, how its flows are, and moving flows between them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from textual import on
from textual.app import ComposeResult

from flowtui.models.filter_terms import exactly
from flowtui.models.filters_projects import PROJECTS
from flowtui.models.flows import FlowSummary
from flowtui.models.ids import ProjectId
from flowtui.models.projects import Project, ProjectSummary, in_projects
from flowtui.models.text import amount
from flowtui.ui.actions import action
from flowtui.ui.feeds import Snapshot
from flowtui.ui.ink import Piece, between
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.paint import wrongness
from flowtui.ui.pane_ages import Question
from flowtui.ui.project_columns import project_columns
from flowtui.ui.project_lines import failure_lines, flow_lines, next_lines
from flowtui.ui.screens import flows as flows_screen
from flowtui.ui.screens.frame import selected
from flowtui.ui.screens.told_below import ToldBelow
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

INTERVAL = 10.0


def holds_flows(screen: Any) -> str | None:
    """There is something in it that can be moved."""
    project = screen.subject.project
    if project.flows or project.archived:
        return None
    return "there are no flows in this project"


class ProjectsScreen(ToldBelow):
    """The list of projects."""

    tab = "projects"
    title_text = "Projects"
    list_title = "projects"
    empty = "No projects yet.  x n  makes one"
    sentence = "Asking for projects …"

    DEFAULT_CSS = """
    ProjectsScreen {
        #below Lines { max-width: 64; margin-right: 3; }
        #below #its-next { margin-right: 0; }
        &.-narrow #below #its-failures { margin-right: 0; }
        &.-narrow #below #its-next { display: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.projects: Sequence[Project] = ()
        self._flows: Sequence[FlowSummary] = ()
        self._wanted: ProjectId | None = None
        """A project to go to as soon as it is listed."""

    def compose_below(self) -> ComposeResult:
        yield Lines(self._paint_flows, id="its-flows")
        yield Lines(self._paint_failures, id="its-failures")
        yield Lines(self._paint_next, id="its-next")

    def row_key(self, record: ProjectSummary) -> Hashable:
        return record.project.id

    @property
    def subject(self) -> ProjectSummary | None:
        """The project under the cursor."""
        return self.list_table.record

    @property
    def menu_subject(self) -> str:
        return self.subject.project.name if self.subject is not None else ""

    def make_listing(self) -> Listing[ProjectSummary]:
        app = self.flowtui
        return Listing(
            app.memory,
            ("projects",),
            PROJECTS,
            lambda: project_columns(self.shown_now, lambda: app.zone),
            OwnOrder("what is wrong, then name", _wrong_first),
            zone=app.zone,
        )

    # Feeds

    def sources(self) -> list[Question]:
        app = self.flowtui
        limit = flows_screen.LIMIT
        return [
            Question(
                app.feed(("projects",), lambda backend: backend.projects(), INTERVAL),
                self._show,
                ("title",),
            ),
            Question(
                app.feed(("flows",), lambda backend: backend.flows(limit), flows_screen.INTERVAL),
                self._show_flows,
            ),
        ]

    def _show(self, snapshot: Snapshot[list[Project]]) -> None:
        if snapshot.value is None:
            self.show_records(snapshot)
            return
        self.projects = snapshot.value
        self._arrange()

    def _show_flows(self, snapshot: Snapshot[list[FlowSummary]]) -> None:
        was_at_top = not self._flows and self.list_table.cursor == 0
        self._flows = snapshot.value or ()
        if self.projects:
            self._arrange()
            if was_at_top and self._wanted is None:
                # Only now is it known what is wrong and stands first.
                self.list_table.action_first()

    def _arrange(self) -> None:
        self.listing.records = in_projects(self.projects, self._flows)
        self.show_rows()
        if self._wanted is not None and self.list_table.go_to(self._wanted):
            self._wanted = None

    # Painting

    def _paint_flows(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.subject is None:
            return []
        return flow_lines(self.subject, self.shown_now(), palette, width, self.room_below)

    def _paint_failures(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.subject is None:
            return []
        at = self.shown_now(), self.flowtui.zone
        return failure_lines(self.subject, *at, palette, width, self.room_below)

    def _paint_next(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.subject is None:
            return []
        at = self.shown_now(), self.flowtui.zone
        return next_lines(self.subject, *at, palette, width, self.room_below)

    def paint_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        flows = sum(one.flows for one in self.projects)
        note = f"{len(self.projects)} with {amount(flows, 'flow')}" if self.projects else ""
        listing = self.listing
        return [between(listing.heading("Projects", note, width), listing.sort_pieces(), width)]

    def show_project(self, project_id: ProjectId) -> None:
        """Look again, and go to a project that is new there."""
        self._wanted = project_id
        self.refresh_now()

    # What keys do

    @on(RecordTable.Opened)
    def _opened(self) -> None:
        self.open_project()

    @action("enter", "its flows", selected)
    def open_project(self) -> None:
        """The flows of the project under the cursor."""
        if self.subject is None:
            return
        names = [one.name for one in self.projects]
        filters = self.flowtui.memory.filters
        filters[("flows",)] = exactly("project", self.subject.project.name, names)
        self.flowtui.go_to("flows")

    @action("n", "new …", menu=True)
    async def create_project(self) -> None:
        """Make a project: its name, and what it is for."""
        from flowtui.ui.dialogs.projects import ask_for_new_project

        made = await ask_for_new_project(self, self.projects)
        if made is not None:
            self.show_project(made)

    @action("e", "edit …", selected, menu=True)
    async def edit_project(self) -> None:
        """Rename the project, or describe it."""
        from flowtui.ui.dialogs.projects import ask_to_edit_project

        if self.subject is not None:
            await ask_to_edit_project(self, self.subject.project)

    @action("m", "move flows …", selected, holds_flows, menu=True)
    async def move_flows(self) -> None:
        """Move all that is in the project to another one."""
        from flowtui.ui.dialogs.projects import ask_to_move_flows

        if self.subject is not None:
            await ask_to_move_flows(self, self.subject.project)

    @action("d", "delete …", selected, menu=True)
    async def delete_project(self) -> None:
        """Delete the project, once its flows are moved or given up."""
        from flowtui.ui.dialogs.projects import ask_to_delete_project

        if self.subject is not None:
            await ask_to_delete_project(self, self.subject.project)


def _wrong_first(rows: Sequence[ProjectSummary], now: datetime) -> list[ProjectSummary]:
    return sorted(
        rows, key=lambda row: (wrongness(row.shown_state(now)), row.project.name.casefold())
    )
