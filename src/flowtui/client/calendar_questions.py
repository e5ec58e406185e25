"""What a backend can be asked of a day: its runs, and what schedules will make of it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flowtui.client import reading
from flowtui.client.connection import Connection
from flowtui.client.rows import all_rows, runs_of
from flowtui.models import states
from flowtui.models.ids import FlowGroupId
from flowtui.models.runs import FlowRun, usual_seconds
from flowtui.models.times import iso

if TYPE_CHECKING:  # what knows schedules is imported where somebody asks of a day
    from flowtui.models.calendar import Calendar, Day, ScheduledFlow

MOST_FLOWS = 5_000
"""Flows with a schedule that are read."""
MOST_RUNS = 5_000
"""Runs of a day that are read; nobody tells more of them apart."""
MOST_GOING_ON = 200
BEFORE = timedelta(hours=12)
"""How long before a day a run was due at most that reached into it and is over; what still runs
is found however old it is."""


class CalendarQuestions:
    """Questions about days."""

    connection: Connection

    async def calendar(self, day: Day, now: datetime) -> Calendar:
        """What ran, runs and will run on a day."""
        from flowtui.models.calendar import Calendar, events_of

        runs = {run.id: run for run in await self._runs_due(day)}
        is_cut = len(runs) >= MOST_RUNS
        if day.start <= now:
            runs.update((run.id, run) for run in await self._going_on())
        if day.end <= now:
            return Calendar(day, tuple(runs.values()), is_cut=is_cut)
        schedules = await self.scheduled_flows()
        events = await asyncio.to_thread(events_of, schedules, day, now)
        return Calendar(day, tuple(runs.values()), tuple(schedules), events, is_cut)

    async def scheduled_flows(self) -> list[ScheduledFlow]:
        """Every flow whose schedule is on, by name."""
        rows = await all_rows(self.connection, "schedules", "flow", MOST_FLOWS)
        with reading.understood("schedules"):
            return [_scheduled_flow(row) for row in rows]

    async def _runs_due(self, day: Day) -> list[FlowRun]:
        due = {"start": iso(day.start - BEFORE), "end": iso(day.end)}
        rows = await all_rows(self.connection, "day", "flow_run", MOST_RUNS, **due)
        with reading.understood("the runs of a day"):
            return [reading.flow_run(row) for row in rows]

    async def _going_on(self) -> list[FlowRun]:
        running = sorted(states.RUNNING)
        return await runs_of(
            self.connection, "going_on", "what runs now", states=running, limit=MOST_GOING_ON
        )


def _scheduled_flow(row: reading.Json) -> ScheduledFlow:
    from flowtui.models.calendar import ScheduledFlow

    planned = row["planned"]
    return ScheduledFlow(
        group_id=FlowGroupId(reading.identity(row["flow_group_id"])),
        name=reading.text(row["name"]),
        project_name=reading.text((row["project"] or {}).get("name")),
        document=reading.document(row["flow_group"]["schedule"] or row["schedule"]) or {},
        planned_until=reading.moment(planned[0]["scheduled_start_time"]) if planned else None,
        usual_seconds=usual_seconds(reading.flow_run(run) for run in row["usual"]),
    )
