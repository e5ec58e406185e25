"""The way from a run to the graph of its tasks, and from there to one of them."""

from __future__ import annotations

from flowtui.models.ids import FlowRunId
from flowtui.models.text import clock, zone_name
from flowtui.ui.actions import action
from flowtui.ui.live_run import RunView
from flowtui.ui.screens.frame import ActionScreen
from flowtui.ui.screens.run_time import read


class GraphKeys(ActionScreen):
    """A page of one run."""

    run_id: FlowRunId
    view: RunView | None = None

    @action("M", "graph", read, bar=False)
    async def show_graph(self) -> None:
        """Its tasks as a graph: each under what it waits for, with the state it is in."""
        from flowtui.ui.dialogs.run_graph import RunGraph
        from flowtui.ui.run_graph import graph_rows
        from flowtui.ui.screens.task_run import TaskRunScreen
        from flowtui.ui.task_rows import task_rows

        assert self.view is not None
        app, run = self.flowtui, self.view.detail.run
        flows = (run.flow_id,) if run.flow_id is not None else ()
        tasks = await (await app.backend()).flow_tasks(flows)
        now = self.shown_now()
        said = f"as of {clock(now, app.zone)} {zone_name(now, app.zone)}"
        rows = graph_rows(tasks, task_rows(self.view.tasks))
        chosen = await self.app.push_screen_wait(RunGraph(run.name, rows, now, said))
        if chosen is not None:
            self.app.push_screen(TaskRunScreen(self.run_id, chosen))
