"""The panes of the overview: what needs you, what runs, the last runs, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual.widget import Widget

from flowtui.models.attention import Matter, Overview
from flowtui.models.flows import FlowSummary
from flowtui.models.runs import FlowRun
from flowtui.ui.screens.overview_deeds import OverviewDeeds
from flowtui.ui.screens.run_actions import with_run
from flowtui.ui.widgets.run_band import RunBand
from flowtui.ui.widgets.table import RecordTable
from flowtui.ui.widgets.tall_table import TallTable


def something_to_open(screen: Any) -> str | None:
    """The cursor is on a run, or on a cause."""
    on_cause = screen.focused is screen.attention and screen.attention.record is not None
    return None if on_cause else with_run(screen)


def something_listed(screen: Any) -> str | None:
    """There are panes to go to."""
    return "there is nothing here yet" if screen.has_class("-new") else None


class OverviewPanes(OverviewDeeds):
    """A page with those panes, of which one listens to keys."""

    flows: Mapping[str, FlowSummary]
    runs: Sequence[FlowRun] = ()
    planned: Sequence[FlowRun] = ()
    overview: Overview | None = None

    @property
    def attention(self) -> TallTable[Matter]:
        return self.query_one("#attention", TallTable)

    @property
    def running(self) -> RecordTable[FlowRun]:
        return self.query_one("#running", RecordTable)

    @property
    def next(self) -> RecordTable[FlowRun]:
        return self.query_one("#next", RecordTable)

    @property
    def band(self) -> RunBand:
        return self.query_one("#band", RunBand)

    @property
    def chosen_run(self) -> FlowRun | None:
        chosen: FlowRun | None
        if self.focused is self.running:
            chosen = self.running.record
        elif self.focused is self.next:
            chosen = self.next.record
        elif self.focused is self.band:
            chosen = self.band.run
        else:
            matter = self.attention.record
            failures = self.overview.failures if self.overview is not None else ()
            known = [*self.runs, *self.planned, *(one.run for one in failures)]
            chosen = next((run for run in known if matter and run.id == matter.run_id), None)
        return chosen

    def to_pane(self, steps: int) -> None:
        """Let the pane so many further on listen to keys."""
        panes: list[Widget] = [self.attention, self.running, self.band, self.next]
        shown = [pane for pane in panes if pane.display and pane.size.height > 0]
        here = next((i for i, pane in enumerate(shown) if pane is self.focused), 0)
        if shown:
            shown[(here + steps) % len(shown)].focus()
        self.band.repaint()
