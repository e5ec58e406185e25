"""The overview: what needs a human, what runs, and what comes next, in one look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from flowtui.models import states
from flowtui.models.agents import Agent
from flowtui.models.attention import Matter, Overview, matters
from flowtui.models.flows import FlowSummary
from flowtui.models.runs import FlowRun
from flowtui.ui.actions import action
from flowtui.ui.beginning import beginning_lines
from flowtui.ui.cause_facts import cause_facts
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Snapshot
from flowtui.ui.first_answers import FirstAnswers
from flowtui.ui.ink import Piece
from flowtui.ui.overview_columns import (
    CAUSE,
    attention_columns,
    how_many,
    planned_columns,
    usual_of,
)
from flowtui.ui.overview_headline import Seen, short_headline, tall_headline
from flowtui.ui.overview_lines import (
    ACTIVITIES,
    PROJECT,
    WINDOWS,
    agent_lines,
    happened_lines,
    late_of,
    next_title,
    paused_line,
)
from flowtui.ui.overview_wide import CROWDED, every_flow, project_lines, table_heights
from flowtui.ui.paint import heading
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.overview_layout import (
    HIGH,
    LAYOUT,
    LISTS,
    lines_each,
    lines_of,
)
from flowtui.ui.screens.overview_more import OverviewMore
from flowtui.ui.screens.overview_panes import something_listed, something_to_open
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.bars import TopBar
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.run_band import RunBand
from flowtui.ui.widgets.table import RecordTable
from flowtui.ui.widgets.tall_table import TallTable

LAST, LOOKED_THROUGH = 200, 500
"""Runs that are over: as many as are shown, and as are looked through for those of a project."""
PLANNED = 300
AHEAD = 10
"""Planned runs behind the last ones; as long as none are known, their place is kept."""


class OverviewScreen(OverviewMore):
    """The first look."""

    tab = "overview"
    title_text = "Overview"

    DEFAULT_CSS = LAYOUT

    def __init__(self) -> None:
        super().__init__()
        self.overview: Overview | None = None
        self.flows: Mapping[str, FlowSummary] = {}
        self._first = FirstAnswers(self)
        self._beside = 0
        """Rows of the two tables, as they will be laid out: what stands beside them has as many."""
        self._knows_planned = False
        self._knows_runs = False
        self._knows_agents = False
        self._has_no_flows = False
        self.agents: Sequence[Agent] = ()
        self._activity = 0

    def compose_body(self) -> ComposeResult:
        app = self.flowtui
        yield Lines(self._paint_headline, id="headline")
        yield Lines(self._paint_paused, ground="late-tint", id="paused")
        yield Lines(self._paint_beginning, id="beginning")
        with Horizontal(id="urgent"):
            with Vertical():
                yield TallTable[Matter](
                    self._cause_columns(),
                    lambda one: one.key,
                    self._paint_cause,
                    CAUSE,
                    sentence="Asking …",
                    id="attention",
                )
                yield RecordTable[FlowRun](
                    self.running_columns(),
                    lambda run: run.id,
                    sentence="Asking …",
                    id="running",
                )
            yield Lines(self._paint_happened, id="happened-beside")
        yield RunBand(self.shown_now, lambda: app.zone, id="band")
        yield Lines(self._paint_every_flow, id="every-flow")
        with Horizontal(id="lists"):
            with Vertical():
                yield Lines(self._paint_next, id="soon")
                yield RecordTable[FlowRun](
                    planned_columns(self.shown_now, lambda: app.zone),
                    lambda run: run.id,
                    sentence="Asking …",
                    captions=False,
                    id="next",
                )
            yield Lines(self._paint_agents, id="agents")
            yield Lines(self._paint_happened, id="happened")
            yield Lines(self._paint_projects, id="projects")

    def on_mount(self) -> None:
        self.attention.focus()

    @property
    def late_runs(self) -> list[FlowRun]:
        return late_of(self.planned, self.flowtui.now())

    @property
    def unfinished_runs(self) -> list[FlowRun]:
        going = (*states.RUNNING, "Submitted")
        return [run for run in self.runs if run.state.type in going]

    # Feeds

    def sources(self) -> list[Question]:
        app, window, project = self.flowtui, self.window, self.project
        wanted, last = project or None, LOOKED_THROUGH if project else LAST
        own = [
            Question(
                app.feed(
                    ("latest runs", last),
                    lambda backend: backend.latest_runs(app.now(), last),
                    2.0,
                ),
                self._show_runs,
                ("running", "band", "happened"),
            ),
            Question(
                app.feed(
                    ("overview", window.name, project),
                    lambda backend: backend.overview(app.now() - window.span, project=wanted),
                    5.0,
                ),
                self._show_overview,
                ("attention",),
            ),
            Question(app.feed(("flows",), lambda backend: backend.flows(), 5.0), self._show_flows),
            Question(
                app.feed(("agents",), lambda backend: backend.agents(), 5.0),
                self._show_agents,
                ("agents",),
            ),
            Question(
                app.feed(("upcoming",), lambda backend: backend.upcoming(PLANNED), 5.0),
                self._show_planned,
                ("soon",),
            ),
            Question(
                app.feed(("queue",), lambda backend: backend.is_queue_paused(), 15.0),
                self._show_queue,
            ),
        ]
        return [*self._first_together(own), *self.more_questions()]

    def _first_together(self, questions: Sequence[Question]) -> list[Question]:
        """The same questions; their first answers are shown together."""
        if self._first.is_over:
            return list(questions)
        self._first = FirstAnswers(self)
        return [one._replace(take=self._first.awaited(one.take)) for one in questions]

    def _of_project(self, runs: Sequence[FlowRun]) -> Sequence[FlowRun]:
        wanted = self.project
        return [run for run in runs if run.project_name == wanted] if wanted else runs

    def _show_runs(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        if snapshot.value is not None:
            self.runs, self._knows_runs = self._of_project(snapshot.value), True
        now = self.flowtui.now()
        going = [run for run in self.runs if states.is_running(run.state.type)]
        going.sort(key=lambda run: run.seconds(now) or 0.0, reverse=True)
        self.running.show(going, empty="Nothing runs." if self._knows_runs else "")
        self._show_beginning()
        self._show_band()
        self._repaint("#headline")
        self._fit()

    def _show_overview(self, snapshot: Snapshot[Overview]) -> None:
        self.overview = snapshot.value or self.overview
        if snapshot.value is not None and not (self._window or self.project):
            self.flowtui.tell_failed(snapshot.value.failed)
            self.query_one(TopBar).show_tabs(self.flowtui.tabs)
        self._show_attention()

    def _show_flows(self, snapshot: Snapshot[list[FlowSummary]]) -> None:
        if snapshot.value is not None:
            self._has_no_flows = not snapshot.value
        self._show_beginning()
        self.flows = {flow.group_id: flow for flow in snapshot.value or ()} or self.flows
        self.attention.repaint()
        self.running.repaint()
        self._repaint("#every-flow")
        self.ask_more()
        self._show_band()

    def _show_beginning(self) -> None:
        """Say how to begin where there is nothing at all; else what there is."""
        knows = self._knows_runs and self._knows_planned
        is_new = self._has_no_flows and knows and not (self.runs or self.planned)
        if is_new != self.has_class("-new"):
            self.set_class(is_new, "-new")
            self._repaint("#beginning")
            if not is_new:
                self.attention.focus()

    def _show_agents(self, snapshot: Snapshot[list[Agent]]) -> None:
        if snapshot.value is not None:
            self.agents, self._knows_agents = snapshot.value, True
        self._show_attention()
        self._repaint("#agents")

    def _show_planned(self, snapshot: Snapshot[list[FlowRun]]) -> None:
        if snapshot.value is not None:
            self.planned, self._knows_planned = self._of_project(snapshot.value), True
        self.next.show(self.planned, empty="Nothing is planned." if self._knows_planned else "")
        self._show_beginning()
        self._repaint("#soon")
        self._show_attention()
        self._show_band()

    def _show_queue(self, snapshot: Snapshot[bool]) -> None:
        if snapshot.value is not None:
            self.is_queue_paused = snapshot.value
            self.set_class(snapshot.value, "-paused")
            self._fit()

    def _show_attention(self) -> None:
        if self.overview is None or not self._knows_planned:
            return
        found = matters(self.overview, self.planned, self.agents, self.flowtui.now())
        self.attention.show(found, empty="Nothing needs you.")
        self._repaint("#headline")
        self._fit()

    def _show_band(self) -> None:
        now = self.shown_now()
        past = [run for run in self.runs if not states.is_scheduled(run.state.type)]
        ahead = [usual_of(self.flows, run) or 60.0 for run in self.planned if run.due > now]
        expected = len(ahead) if self._knows_planned else AHEAD
        self.band.show(past, ahead[:AHEAD], min(expected, AHEAD))

    def _fit(self) -> None:
        """Each table as high as it needs to be and may be; the lists get the rest."""
        rows = self.size.height
        tables: tuple[Widget, ...] = (self.attention, self.running)
        each = lines_each(rows, len(self.attention.rows))
        if each != self.attention.each:
            self.attention.give_each(each)
            self.attention.show_columns(self._cause_columns(tall=each > 1))
        wanted = lines_of(len(self.attention.rows), each), len(self.running.rows)
        heights, self.band.display = table_heights(rows - 2 * self.is_queue_paused, wanted)
        self._beside = sum(heights)
        is_low = rows - sum(heights) < CROWDED
        if is_low != self.band.is_low:
            self.band.is_low = is_low
            self.band.repaint()
        for table, height in zip(tables, heights, strict=True):
            if table.styles.height is None or table.styles.height.value != height:
                table.styles.height = height
        self.set_class(self.is_roomy, "-roomy")
        self.call_after_refresh(self._repaint, *LISTS)
        self.call_after_refresh(self.ask_more)

    def on_resize(self) -> None:
        super().on_resize()
        self.running.show_columns(self.running_columns())
        self._fit()

    @property
    def _listed(self) -> int:
        """Rows there is room for in the lists at the bottom."""
        return max(1, self.query_one("#lists").size.height - 1)

    # Painting

    def _cause_columns(self, tall: bool = False) -> list[Column[Matter]]:
        told = partial(how_many, word="cause")
        return attention_columns(
            lambda: self.flows, self.shown_now, lambda: told(self.attention), tall=tall
        )

    def _paint_cause(self, matter: Matter, palette: Palette, width: int) -> list[Piece]:
        flow = self.flows.get(matter.flow_group_id)
        return cause_facts(matter, flow, self.shown_now(), self.flowtui.zone)

    def _paint_headline(self, palette: Palette, width: int) -> list[list[Piece]]:
        is_high = self.is_spacious and self.size.height >= HIGH
        if self.overview is None:
            return [heading("Overview"), *([[], []] if is_high else [])]
        seen = Seen(
            self.overview,
            self.attention.rows,
            self.runs,
            self.planned if self._knows_planned else None,
            self.flows,
            self.flowtui.now(),
            self.window,
            self.flowtui.zone,
            project=self.project,
            days=self.days if self.is_roomy else (),
            more=len(self.planned) >= PLANNED,
        )
        if is_high:
            return tall_headline(seen, palette, width)
        return short_headline(seen, palette, width, is_tall=self.has_class("-tall"))

    def _paint_beginning(self, palette: Palette, width: int) -> list[list[Piece]]:
        if not self.has_class("-new"):
            return []
        return beginning_lines(self.flowtui.profile, palette, width)

    def _paint_paused(self, palette: Palette, width: int) -> list[list[Piece]]:
        return [paused_line(palette, width)]

    def _paint_next(self, palette: Palette, width: int) -> list[list[Piece]]:
        if not self._knows_planned:
            return [heading("Next")]
        return [next_title(self.planned, self.shown_now())]

    def _paint_agents(self, palette: Palette, width: int) -> list[list[Piece]]:
        if not self._knows_agents:
            return [heading("Agents"), [Piece("Asking …", "fg2")]]
        return agent_lines(self.agents, self.shown_now(), palette, width, self._listed)

    def _paint_happened(self, palette: Palette, width: int) -> list[list[Piece]]:
        if not self._knows_runs:
            return [heading("Just happened"), [Piece("Asking …", "fg2")]]
        zone, rows = self.flowtui.zone, self._listed
        if self.has_class("-roomy"):
            rows = self._beside
        return happened_lines(self.runs, self._activity, zone, palette, width, rows)

    def _of_flows(self) -> list[FlowSummary]:
        wanted = self.project
        known = self.flows.values()
        return [flow for flow in known if not wanted or flow.latest.project_name == wanted]

    def _paint_every_flow(self, palette: Palette, width: int) -> list[list[Piece]]:
        if not self.flows:
            return []
        rows = max(3, self.size.height // 8)
        return every_flow(self._of_flows(), self.past, self.shown_now(), palette, width, rows)

    def _paint_projects(self, palette: Palette, width: int) -> list[list[Piece]]:
        if self.outcomes is None:
            return [heading("Projects"), [Piece("Asking …", "fg2")]]
        wanted = self.project
        shown = [one for one in self.outcomes if not wanted or one.name == wanted]
        now, rows = self.shown_now(), self._listed
        return project_lines(shown, self.runs, self.window.name, now, palette, width, rows)

    # What keys do

    @on(RecordTable.Opened)
    @on(RunBand.Opened)
    def _opened(self) -> None:
        self.open_run()

    @on(RecordTable.Highlighted)
    @on(RunBand.Moved)
    def _highlighted(self) -> None:
        self.show_keys()
        self.ask_more()

    @action("enter", "open", something_to_open)
    def open_run(self) -> None:
        """The run under the cursor; of a cause, its newest run."""
        from flowtui.ui.screens.run import RunScreen

        if self.focused is self.attention and self.attention.record is not None:
            self.app.push_screen(RunScreen(self.attention.record.run_id))
        elif self.chosen_run is not None:
            self.app.push_screen(RunScreen(self.chosen_run.id))

    @action("tab", "next pane", something_listed)
    def next_pane(self) -> None:
        """From what needs you to what runs, to the last runs, to what comes next, and back."""
        self.to_pane(1)

    @action("shift+tab", "pane before", something_listed, bar=False)
    def pane_before(self) -> None:
        """Back to the pane before."""
        self.to_pane(-1)

    @action("w", "window")
    def next_window(self) -> None:
        """Look back a day, a week, a month, an hour."""
        self._window = (self._window + 1) % len(WINDOWS)
        self._look_elsewhere()

    @action("f", "happened", bar=False)
    def next_activity(self) -> None:
        """Of what has just happened, show failures only, or what went well, runs, or ended."""
        self._activity = (self._activity + 1) % len(ACTIVITIES)
        self._repaint("#happened", "#happened-beside")
        self.show_notice(f"Just happened: {ACTIVITIES[self._activity][0] or 'everything'}.")

    @action("p", "project …", bar=False)
    async def choose_project(self) -> None:
        """Look at one project, or at all of them."""
        from flowtui.ui.screens.by_project import pick_project

        choice = await pick_project(self, self.project)
        if choice is None:
            return
        filters = self.flowtui.memory.filters
        if choice.project is None:
            filters.pop(PROJECT, None)
        else:
            filters[PROJECT] = choice.project.name
        self._look_elsewhere()

    def _look_elsewhere(self) -> None:
        """Ask what is wanted now, and forget what was."""
        self.overview = self.outcomes = None
        self.on_screen_suspend()
        self.on_screen_resume()
        self._repaint("#headline")
