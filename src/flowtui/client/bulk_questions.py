"""Questions about many things at once: what the targets of a bulk action are now."""

from __future__ import annotations

from collections.abc import Sequence

from flowtui.client.connection import Connection
from flowtui.client.rows import runs_of
from flowtui.models.ids import FlowRunId
from flowtui.models.runs import FlowRun

IDS = 200
"""Ids a request."""


class BulkQuestions:
    """What is looked at again before many commands are sent."""

    connection: Connection

    async def runs_again(self, ids: Sequence[FlowRunId]) -> dict[str, FlowRun]:
        """Those of the runs that are there, as they are now."""
        found: dict[str, FlowRun] = {}
        for first in range(0, len(ids), IDS):
            some = list(ids[first : first + IDS])
            runs = await runs_of(
                self.connection,
                "run_page",
                "the runs that were chosen",
                where={"id": {"_in": some}},
                order=[{"id": "asc"}],
                limit=len(some),
            )
            found.update((run.id, run) for run in runs)
        return found
