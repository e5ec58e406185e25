"""The screens. One a file, named in VIEWS or opened from another with an id.

A tab is one row of VIEWS; its key, its place in the top bar, its command and its line in help
follow from that. The modules are imported when their screen is wanted.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from flowtui.frozen import frozen
from flowtui.models.ids import FlowGroupId, FlowRunId, LogId, TaskRunId

if TYPE_CHECKING:
    from flowtui.client.backend import Place
    from flowtui.ui.screens.frame import ActionScreen


@frozen
class View:
    """A tab: a screen that can be gone to from everywhere."""

    name: str
    """Its command, and what its screen and the pages under it call it in `tab`."""
    digit: str
    """The key that goes there."""
    sentence: str
    where: str
    """Module and class, below this package."""
    title: str = ""
    """In the top bar; empty is the name."""

    @property
    def shown(self) -> str:
        """What the top bar calls it."""
        return self.title or self.name.capitalize()

    @property
    def screen(self) -> type[ActionScreen]:
        """The class of its screen."""
        return _class_at(self.where)


VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View(
            "overview",
            "1",
            "What needs you, what runs, and what comes next.",
            "overview:OverviewScreen",
        ),
        View("flows", "2", "The list of flows.", "flows:FlowsScreen"),
        View("runs", "3", "The list of runs.", "runs:RunsScreen"),
        View("agents", "4", "The agents, and who waits for them.", "agents:AgentsScreen"),
        View("projects", "5", "The projects, and moving flows.", "projects:ProjectsScreen"),
        View("calendar", "6", "A day: what ran, and what is planned.", "calendar:CalendarScreen"),
        View("limits", "7", "How much may run at once.", "limits:LimitsScreen"),
        View("api", "8", "Ask the API a question of your own.", "api:ApiScreen", "API"),
    )
}
"""The tabs, from left to right."""


PAGES = (
    "flow:FlowScreen",
    "run:RunScreen",
    "task_run:TaskRunScreen",
    "artifacts:ArtifactsScreen",
    "log:LogScreen",
    "why:WhyScreen",
    "run_form:RunFormScreen",
    "journal:JournalScreen",
    "agent:AgentScreen",
)
"""The screens that are opened from another, with an id; module and class."""


def every_screen() -> list[type[ActionScreen]]:
    """The tabs and the pages, for what has to hold of them all."""
    return [_class_at(where) for where in (*(view.where for view in VIEWS.values()), *PAGES)]


def _class_at(where: str) -> type[ActionScreen]:
    module, _, name = where.partition(":")
    found: type[ActionScreen] = getattr(import_module(f"{__name__}.{module}"), name)
    return found


def screen_for(place: Place) -> ActionScreen:
    """The page of a run, a task run, a line of a log or a flow."""
    from flowtui.ui.screens.flow import FlowScreen
    from flowtui.ui.screens.log import LogScreen
    from flowtui.ui.screens.run import RunScreen
    from flowtui.ui.screens.task_run import TaskRunScreen

    if place.kind == "run":
        return RunScreen(FlowRunId(place.id))
    if place.kind == "task_run":
        return TaskRunScreen(FlowRunId(place.within), TaskRunId(place.id))
    if place.kind == "log":
        return LogScreen(FlowRunId(place.within), at=LogId(place.id))
    return FlowScreen(FlowGroupId(place.id))
