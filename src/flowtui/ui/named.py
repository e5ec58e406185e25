"""The page of what a notice names: the key `o` opens it, wherever one is by then."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from flowtui.frozen import frozen
from flowtui.models.ids import FlowGroupId, FlowRunId


@frozen
class PageOfRun:
    """The page of a run."""

    run_id: FlowRunId

    def open(self) -> Screen[Any]:
        """Make it."""
        from flowtui.ui.screens.run import RunScreen

        return RunScreen(self.run_id)

    def is_on(self, screen: Screen[Any]) -> bool:
        """Whether this is what one looks at."""
        from flowtui.ui.screens.run import RunScreen

        return isinstance(screen, RunScreen) and screen.run_id == self.run_id


@frozen
class PageOfFlow:
    """The page of a flow."""

    group_id: FlowGroupId

    def open(self) -> Screen[Any]:
        """Make it."""
        from flowtui.ui.screens.flow import FlowScreen

        return FlowScreen(self.group_id)

    def is_on(self, screen: Screen[Any]) -> bool:
        """Whether this is what one looks at."""
        from flowtui.ui.screens.flow import FlowScreen

        return isinstance(screen, FlowScreen) and screen.group_id == self.group_id
