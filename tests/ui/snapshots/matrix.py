"""The table of pictures: screen, world, way, sizes and themes.

A walk is the app opened once. It stops at one screen after the other, and at each its sizes and
themes are drawn, which costs little; the way there is walked at the largest size, so that all a
screen can ask for has been answered when it is drawn smaller.
"""

from __future__ import annotations

from dataclasses import dataclass

from flowtui.ui.screens import PAGES, VIEWS
from tests.ui.snapshots import ways
from tests.ui.snapshots.ways import Way, back, pane

Size = tuple[int, int]
SMALL, USUAL, LARGE = (80, 24), (120, 40), (200, 60)


@dataclass(frozen=True)
class Drawn:
    """One picture: its size and its theme."""

    size: Size
    theme: str = "dark"

    def __str__(self) -> str:
        width, height = self.size
        return f"{width}x{height} {self.theme}"


THEMES = tuple(Drawn(USUAL, theme) for theme in ("light", "ansi16", "mono"))
ALL = (Drawn(LARGE), Drawn(USUAL), *THEMES, Drawn(SMALL))
"""What every tab and every page is drawn as."""
TWO = (Drawn(USUAL), Drawn(SMALL))
ENDS = (Drawn(LARGE), Drawn(SMALL))
DIALOG = (Drawn(USUAL),)
"""What a dialog is drawn as: the page under it has its own pictures."""


@dataclass(frozen=True)
class Stop:
    """A screen, and how it is reached from the stop before."""

    name: str
    way: tuple[Way, ...]
    drawn: tuple[Drawn, ...] = ALL
    screen: str = ""
    """The view or the page that it pictures; empty for a dialog or another moment of one."""


@dataclass(frozen=True)
class Walk:
    """Stops of one app over one world."""

    world: str
    stops: tuple[Stop, ...]
    changes: bool = False
    """Something is changed on the way, so the world is its own."""


def _tab(name: str, way: Way) -> Stop:
    return Stop(name, (way,), screen=name)


WALKS: dict[str, Walk] = {
    "tabs": Walk(
        "night",
        (
            _tab("flows", ways.flows),
            Stop("keys", (ways.keys,), DIALOG),
            Stop("keys-searched", (ways.keys_searched,), TWO),
            Stop("palette", (back, ways.palette), DIALOG),
            Stop("commands", (back, ways.commands), TWO),
            Stop("zone", (back, ways.zone), DIALOG),
            Stop("overview", (back, ways.overview), screen="overview"),
            _tab("runs", ways.runs),
            _tab("agents", ways.agents),
            Stop("agent", (ways.agent_page,), screen="agent:AgentScreen"),
            _tab("projects", ways.projects),
            Stop("new-project", (ways.new_project,), DIALOG),
        ),
    ),
    "places": Walk(
        "night",
        (
            _tab("calendar", ways.calendar),
            _tab("limits", ways.limits),
            _tab("api", ways.api),
        ),
    ),
    "flow": Walk(
        "night",
        (
            Stop("flow", (ways.flow,), screen="flow:FlowScreen"),
            Stop("safeguard", (ways.safeguard,), DIALOG),
            Stop("versions", (back, ways.versions)),
            Stop("run-form", (ways.form,), screen="run_form:RunFormScreen"),
        ),
    ),
    "run": Walk(
        "night",
        (
            Stop("run", (ways.run,), screen="run:RunScreen"),
            Stop("menu", (ways.menu,), DIALOG),
            Stop("states", (back, ways.states), DIALOG),
            Stop("details", (back, ways.details), DIALOG),
            Stop("cancel", (back, ways.cancel), DIALOG),
            Stop("set-state", (back, ways.set_state), DIALOG),
            Stop("locked", (back, ways.locked), TWO),
            Stop("task-run", (ways.task_run,), screen="task_run:TaskRunScreen"),
            Stop("log", (back, ways.log), screen="log:LogScreen"),
        ),
    ),
    "runs": Walk(
        "night",
        (
            Stop("why", (ways.why,), screen="why:WhyScreen"),
            Stop("artifacts", (ways.artifacts,), screen="artifacts:ArtifactsScreen"),
            Stop("children", (ways.children, ways.child_map), TWO),
            Stop("whose", (ways.children, ways.whose), TWO),
        ),
    ),
    "panes": Walk(
        "shop",
        (
            Stop("changes", (pane("Versions", "- lookup"),), TWO),
            Stop("tasks", (pane("Tasks", "└ clean"),), TWO),
            Stop("errors", (pane("Errors", "KeyError: 'sku'"),), TWO),
            Stop("readme", (pane("Read me", "Stock sync", "owner"),), TWO),
            Stop("settings", (pane("Settings", "version group id", then="run config"),), TWO),
            Stop("defaults", (ways.defaults,), DIALOG),
            Stop("schedules", (back, pane("Schedules", "region=asia", "Next times")), TWO),
            Stop("clock", (ways.clock,), DIALOG),
        ),
    ),
    "deeds": Walk(
        "standard",
        (
            Stop("deeds", (ways.many,), DIALOG),
            Stop("bulk", (ways.bulk,), DIALOG),
            Stop("bulk-result", (ways.bulk_result,), DIALOG),
            Stop("journal", (ways.journal,), screen="journal:JournalScreen"),
        ),
        changes=True,
    ),
    "conflict": Walk("standard", (Stop("conflict", (ways.conflict,), DIALOG),), changes=True),
    "hostile": Walk("hostile", (Stop("hostile", (ways.hostile,), TWO),)),
    "huge": Walk(
        "huge",
        (
            Stop("huge-overview", (ways.huge_overview,), ENDS),
            Stop("huge-flows", (ways.huge_flows,), ENDS),
            Stop("huge-find", (ways.huge_find,), ENDS),
            Stop("huge-agents", (back, ways.huge_agents), ENDS),
            Stop("huge-projects", (ways.huge_projects,), ENDS),
            Stop("huge-calendar", (ways.huge_calendar,), ENDS),
            Stop("huge-runs", (ways.huge_runs,), ENDS),
            Stop("huge-bulk", (ways.huge_bulk,), ENDS),
            Stop("huge-flow", (back, ways.huge_flow), ENDS),
            Stop("huge-versions", (ways.huge_versions,), ENDS),
            Stop("huge-run-form", (ways.huge_form,), ENDS),
            Stop("huge-run", (ways.huge_run,), ENDS),
            Stop("huge-details", (ways.details,), ENDS),
            Stop("huge-children", (back, ways.huge_children), ENDS),
            Stop("huge-log", (back, ways.huge_log), ENDS),
        ),
    ),
}

EVERYWHERE = (*VIEWS, *PAGES)
"""What is pictured while it waits, when it is refused, and when it is stale."""
