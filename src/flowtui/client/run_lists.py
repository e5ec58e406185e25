"""What a backend can be asked of very many runs: those that hold a condition, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from flowtui.client import reading
from flowtui.client.conditions import where
from flowtui.client.connection import Connection
from flowtui.client.rows import NEWEST_FIRST, OLDEST_FIRST, runs_of
from flowtui.models import run_conditions
from flowtui.models.conditions import ANYTHING, Condition, every
from flowtui.models.run_lists import RunKey, RunLists, key_of
from flowtui.models.runs import FlowRun

RUNS = 200
"""Runs a page."""

AT_WORK = 500
"""Runs at most of those that are on; more than that nobody looks through."""


class RunListQuestions:
    """Questions about lists of runs, however long they are."""

    connection: Connection

    async def run_lists(
        self,
        wanted: Condition,
        now: datetime,
        below: RunKey | None = None,
        limit: int = RUNS,
        to_come: int = RUNS,
    ) -> RunLists:
        """The runs that hold a condition, as a list shows them; of those that have been, the ones
        below a place."""
        place = ANYTHING if below is None else run_conditions.later_in_list(below)
        answer = await self.connection.execute(
            "run_lists",
            at_work=where(every((wanted, run_conditions.at_work(now)))),
            been=where(every((wanted, run_conditions.been(), place))),
            to_come=where(every((wanted, run_conditions.to_come(now)))),
            at_work_limit=AT_WORK,
            been_limit=limit,
            to_come_limit=to_come,
        )
        with reading.understood("lists of runs"):
            parts = {
                name: tuple(reading.flow_run(row) for row in answer[name])
                for name in ("at_work", "been", "to_come")
            }
        return RunLists(
            **parts,
            been_is_last=len(parts["been"]) < limit,
            to_come_is_last=len(parts["to_come"]) < to_come,
        )

    async def latest_runs(self, now: datetime, limit: int = RUNS) -> list[FlowRun]:
        """All that is at work or late, and the newest of what is over; the newest stand first.

        Nothing that waits for its time is there: it would leave no place for the others.
        """
        lists = await self.run_lists(ANYTHING, now, limit=limit, to_come=0)
        return sorted((*lists.at_work, *lists.been), key=key_of, reverse=True)

    async def runs_below(
        self, wanted: Condition, place: RunKey | None, limit: int = RUNS
    ) -> list[FlowRun]:
        """The next runs that hold a condition, below a place, the newest first."""
        below = ANYTHING if place is None else run_conditions.later_in_list(place)
        return await self._page(every((wanted, below)), NEWEST_FIRST, limit)

    async def runs_above(
        self, wanted: Condition, place: RunKey, limit: int = RUNS
    ) -> list[FlowRun]:
        """The runs that stand right above a place, the newest first."""
        above = every((wanted, run_conditions.earlier_in_list(place)))
        return (await self._page(above, OLDEST_FIRST, limit))[::-1]

    async def _page(
        self, wanted: Condition, order: list[dict[str, str]], limit: int
    ) -> list[FlowRun]:
        asked = {"where": where(wanted), "order": order, "limit": limit}
        return await runs_of(self.connection, "run_page", "a page of runs", **asked)

    async def each_page(self, wanted: Condition, limit: int = RUNS) -> AsyncIterator[list[FlowRun]]:
        """Every run that holds a condition, the newest first, a page at a time."""
        place: RunKey | None = None
        while True:
            page = await self.runs_below(wanted, place, limit)
            yield page
            if len(page) < limit:
                return
            place = key_of(page[-1])

    async def count_runs(self, wanted: Condition = ANYTHING) -> int:
        """How many runs hold a condition."""
        answer = await self.connection.execute("count_runs", where=where(wanted))
        with reading.understood("how many runs there are"):
            return reading.count(answer["flow_run_aggregate"])
