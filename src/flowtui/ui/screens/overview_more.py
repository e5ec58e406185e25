"""What the overview asks only while there is room to show it: it follows the size of the page and
the rows that are to be seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from flowtui.models.at_work import AtWork
from flowtui.models.ids import FlowGroupId, FlowRunId
from flowtui.models.limits import LABEL, Limit
from flowtui.models.outcomes import DayOutcome, PastRun, ProjectOutcome
from flowtui.models.runs import FlowRun
from flowtui.ui.columns import Column
from flowtui.ui.feeds import Snapshot
from flowtui.ui.overview_columns import how_many, running_columns
from flowtui.ui.overview_lines import PROJECT, WINDOWS, Window
from flowtui.ui.overview_wide import FEWEST, LAST
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.frame import BROAD
from flowtui.ui.screens.overview_layout import ROOMY, SPACIOUS
from flowtui.ui.screens.overview_panes import OverviewPanes
from flowtui.ui.widgets.painted import Lines

if TYPE_CHECKING:
    from flowtui.client.backend import Backend

TASKS_EVERY, LIMITS_EVERY, NO_LIMITS_EVERY = 5.0, 15.0, 300.0
"""Seconds between two questions: how full limits are matters only where there are any."""
DAYS_EVERY, PROJECTS_EVERY, PAST_EVERY = 900.0, 60.0, 300.0
"""What costs more, or hardly changes, is asked seldom."""
FLOWS = 60
"""Flows at most whose older runs are asked for."""
FEW = 6
"""Runs whose tasks are asked for on the lowest screen."""


class OverviewMore(OverviewPanes):
    """A page that asks more questions where it has room for their answers."""

    def __init__(self) -> None:
        super().__init__()
        self._more: list[Question] = []
        self._at_work: Mapping[FlowRunId, AtWork] = {}
        self._limits: Sequence[Limit] = ()
        self.days: Sequence[DayOutcome] = ()
        self.outcomes: Sequence[ProjectOutcome] | None = None
        self.past: Mapping[FlowGroupId, Sequence[PastRun]] = {}
        self._window = 0

    @property
    def window(self) -> Window:
        """How far back one looks."""
        return WINDOWS[self._window]

    @property
    def project(self) -> str:
        """The project one looks at; empty for all."""
        return self.flowtui.memory.filters.get(PROJECT, "")

    # Questions

    def more_questions(self) -> list[Question]:
        """What there is room for now, to be asked with all the others."""
        self._more = self._wanted()
        return self._more

    def ask_more(self) -> None:
        """Ask what there is room for now, and no more what there is none for."""
        if not self._listening:
            return
        before, now = self._more, self._wanted()
        asked, wanted = {one.feed for one in before}, {one.feed for one in now}
        if asked == wanted:
            return
        going = [one for one in before if one.feed not in wanted]
        coming = [one for one in now if one.feed not in asked]
        self._more = [one for one in before if one.feed in wanted] + coming
        self.ask_instead(going, coming)

    def _wanted(self) -> list[Question]:
        app = self.flowtui
        questions: list[Question] = []
        if not self.is_spacious:
            return questions
        if self.is_roomy:
            questions += self._wanted_beside()
        seen = self._runs_seen()
        if seen:
            ids = tuple(sorted(run.id for run in seen))
            feed = app.feed(
                ("running tasks", ids), lambda backend: backend.running_tasks(seen), TASKS_EVERY
            )
            questions.append(Question(feed, self._show_tasks))
        if any(run.labels for run in seen):
            feed_of_limits = app.feed(("flow limits",), _limits, _limits_interval)
            questions.append(Question(feed_of_limits, self._show_limits))
        return questions

    def _wanted_beside(self) -> list[Question]:
        """What there is only room for on a broad and high screen."""
        app, window, project = self.flowtui, self.window, self.project
        wanted, zone = project or None, app.zone
        grown = [flow for flow in self.flows.values() if len(flow.recent_runs) >= FEWEST]
        grown.sort(key=lambda flow: (flow.name.casefold(), flow.group_id))
        ids = tuple(flow.group_id for flow in grown[:FLOWS])
        questions = [
            Question(
                app.feed(
                    ("days", zone.name, project),
                    lambda backend: backend.success_by_day(app.now().astimezone(zone), wanted),
                    _seldom(DAYS_EVERY),
                ),
                self._show_days,
            ),
            Question(
                app.feed(
                    ("project outcomes", window.name),
                    lambda backend: backend.outcomes_by_project(app.now() - window.span),
                    PROJECTS_EVERY,
                ),
                self._show_projects,
            ),
        ]
        if ids:
            feed = app.feed(
                ("past runs", ids),
                lambda backend: backend.past_runs(ids, app.now(), LAST),
                _seldom(PAST_EVERY),
            )
            questions.append(Question(feed, self._show_past))
        return questions

    @property
    def is_roomy(self) -> bool:
        """Whether there is room for all flows and all projects as well."""
        return self.size.width >= BROAD and self.size.height >= ROOMY

    @property
    def is_spacious(self) -> bool:
        """Whether there is room to say what is being done in each run."""
        return self.size.width >= SPACIOUS

    def _runs_seen(self) -> list[FlowRun]:
        """The runs in progress that have a row on the page, or would have one if there were more
        room: what is asked does not hang on how far the layout has come."""
        first = int(self.running.scroll_offset.y)
        return list(self.running.rows[first : first + max(FEW, self.size.height // 4)])

    def _repaint(self, *names: str) -> None:
        """Paint these again; one that is asked for later may have gone with its screen."""
        for name in names:
            for lines in self.query(name).results(Lines):
                lines.repaint()

    # Answers

    def _show_tasks(self, snapshot: Snapshot[dict[FlowRunId, AtWork]]) -> None:
        if snapshot.value is not None:
            self._at_work = snapshot.value
            self.running.repaint()

    def _show_limits(self, snapshot: Snapshot[list[Limit]]) -> None:
        self._limits = snapshot.value or ()
        self.running.repaint()

    def _show_days(self, snapshot: Snapshot[list[DayOutcome]]) -> None:
        self.days = snapshot.value or self.days
        self._repaint("#headline")

    def _show_projects(self, snapshot: Snapshot[list[ProjectOutcome]]) -> None:
        self.outcomes = self.outcomes if snapshot.value is None else snapshot.value
        self._repaint("#projects")

    def _show_past(self, snapshot: Snapshot[dict[FlowGroupId, list[PastRun]]]) -> None:
        self.past = snapshot.value or self.past
        self._repaint("#every-flow")

    @property
    def nearest_limit(self) -> Limit | None:
        """Of the limits that hold for what runs, the one that is nearest to being full."""
        labels = {label for run in self.running.rows for label in run.labels}
        held = [one for one in self._limits if one.kind == LABEL and one.name in labels]
        return max(held, key=lambda one: (one.share, one.used), default=None)

    def running_columns(self) -> list[Column[FlowRun]]:
        """The columns of what runs, as there is room for them."""
        app = self.flowtui

        def note() -> str:
            return how_many(self.running)

        def tasks(run: FlowRun) -> AtWork | None:
            return self._at_work.get(run.id)

        shown: Callable[[FlowRun], AtWork | None] | None = tasks if self.is_spacious else None
        return running_columns(
            lambda: self.flows,
            self.shown_now,
            lambda: app.zone,
            note,
            shown,
            lambda: self.nearest_limit,
        )


def _seldom(seconds: float) -> Callable[[object], float]:
    """So often, once there is an answer; until then somebody waits for it."""
    return lambda known: PROJECTS_EVERY if known is None else seconds


async def _limits(backend: Backend) -> list[Limit]:
    """Every limit; none where the backend knows no limits."""
    return await backend.limits() or []


def _limits_interval(limits: list[Limit] | None) -> float:
    return LIMITS_EVERY if limits else NO_LIMITS_EVERY
