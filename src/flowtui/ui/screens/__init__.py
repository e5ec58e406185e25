"""The screens. One a file, named in VIEWS or opened from another with an id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.models.ids import FlowGroupId, FlowRunId
from flowtui.ui.screens.agents import AgentsScreen
from flowtui.ui.screens.flow import FlowScreen
from flowtui.ui.screens.flows import FlowsScreen
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.screens.overview import OverviewScreen
from flowtui.ui.screens.run import RunScreen
from flowtui.ui.screens.runs import RunsScreen

if TYPE_CHECKING:
    from flowtui.client.backend import Place

VIEWS: dict[str, type[ActionScreen]] = {
    "overview": OverviewScreen,
    "flows": FlowsScreen,
    "runs": RunsScreen,
    "agents": AgentsScreen,
}
"""The tabs, in their order; a tab's digit is its place."""


def screen_for(place: Place) -> ActionScreen:
    """The page of a run or a flow."""
    if place.kind == "run":
        return RunScreen(FlowRunId(place.id))
    return FlowScreen(FlowGroupId(place.id))
