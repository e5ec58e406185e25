"""A run being played: its script performed through the API, as its process would report it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from flowtui.demo import requests
from flowtui.demo.requests import Api
from flowtui.demo.script import Line, Script, StateChange, Step
from flowtui.errors import Refused
from flowtui.frozen import frozen


@frozen
class Tempo:
    """How fast things go; seconds."""

    longest: float = 50.0
    """A new run is played in at most this time, however long such runs usually take."""

    getting_ready: float = 2.0
    """From Submitted to Running."""

    asking: tuple[float, float] = (0.5, 2.0)
    """Between two questions for work: when there was some, and when there was none."""

    looking: float = 2.0
    """Between two looks whether the run is to be cancelled."""

    handing_in: float = 1.5
    """Between two batches of log lines."""

    heartbeat: float = 30.0


class Over(Exception):
    """The run is nobody's to go on with: cancelled, or set to some state by hand."""


class Duty:
    """Something to be done again and again while a run is played."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._next = time.monotonic() + every

    @property
    def is_due(self) -> bool:
        """Whether it is time; asking starts the next round."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._every
        return True


class Stage:
    """One run, and the way its process speaks to the API."""

    def __init__(self, api: Api, run: Mapping[str, Any], tempo: Tempo) -> None:
        self._api = api
        self._id: str = run["id"]
        self._tasks: dict[str, str] = {task["slug"]: task["id"] for task in run["flow"]["tasks"]}
        self._task_runs: dict[tuple[str, int], str] = {}
        self._lines: list[dict[str, Any]] = []
        self._runs = False
        """The run has been set Running, and is looked after from then on."""

        self._tick = min(tempo.looking, tempo.handing_in)
        self._looking = Duty(tempo.looking)
        self._handing_in = Duty(tempo.handing_in)
        self._heartbeat = Duty(tempo.heartbeat)

    def say(self, level: str, logger: str, message: str, task_run_id: str | None = None) -> None:
        """Write a line into the log; it is handed in with the next batch."""
        self._lines.append(
            {
                "flow_run_id": self._id,
                "task_run_id": task_run_id,
                "timestamp": now().isoformat(),
                "name": logger,
                "level": level,
                "message": message,
            }
        )

    async def hand_in(self) -> None:
        """Send the lines written since the last time."""
        if self._lines:
            batch, self._lines = self._lines, []
            await self._api.ask(requests.LOGS, input={"logs": batch})

    async def set_flow_run(self, state: Mapping[str, Any], version: int | None = None) -> None:
        """Put the run into a state."""
        change = {"flow_run_id": self._id, "version": version, "state": state}
        await self._api.ask(requests.SET_FLOW_RUN, input={"states": [change]})

    async def set_task_run(
        self, task_run_id: str, state: Mapping[str, Any], version: int | None = None
    ) -> None:
        """Put a task run into a state."""
        change = {"task_run_id": task_run_id, "version": version, "state": state}
        await self._api.ask(requests.SET_TASK_RUN, input={"states": [change]})

    async def present(self) -> tuple[str, int]:
        """The state and the version that the run is in; Over when it is gone."""
        run = (await self._api.ask(requests.STATE, id=self._id))["flow_run_by_pk"]
        if run is None:
            raise Over
        return run["state"], run["version"]

    async def play(self, script: Script, began: datetime, since: datetime | None = None) -> None:
        """Perform a script that began at a time; what was to happen until `since` has happened."""
        self._runs = since is not None
        try:
            for step in script.steps:
                when = began + timedelta(seconds=step.after)
                if since is None or when > since:
                    await self._wait_until(when)
                    await self._perform(step)
        except Over:
            pass
        await self.hand_in()

    async def _wait_until(self, when: datetime) -> None:
        while True:
            if self._runs:
                await self._look_after()
            seconds = (when - now()).total_seconds()
            if seconds <= 0:
                return
            await asyncio.sleep(min(seconds, self._tick))

    async def _look_after(self) -> None:
        if self._handing_in.is_due:
            await self.hand_in()
        if self._heartbeat.is_due:
            await self._api.ask(requests.HEARTBEAT, input={"flow_run_id": self._id})
        if self._looking.is_due:
            await self._stop_if_told()

    async def _stop_if_told(self) -> None:
        state, _ = await self.present()
        if state == "Cancelling":
            self.say(
                "INFO", "prefect.CancelFlowRun", "Flow run has been cancelled, cancelling tasks"
            )
            await self.hand_in()  # who sees the run ended sees its last line too
            await self.set_flow_run({"type": "Cancelled", "message": "Flow run is cancelled"})
        if state != "Running":
            raise Over

    async def _perform(self, step: Step) -> None:
        if isinstance(step.what, Line):
            task_run_id = await self._task_run(step) if step.slug else None
            self.say(step.what.level, step.what.logger, step.what.message, task_run_id)
        elif step.slug:
            await self._change_task_run(step, step.what)
        else:
            await self._change_flow_run(step.what)

    async def _change_flow_run(self, change: StateChange) -> None:
        if change.type != "Running":
            await self.hand_in()
            await self._stop_if_told()
            await self.set_flow_run(change.document(now()))
            return
        state, version = await self.present()
        if state not in ("Submitted", "Running"):
            raise Over
        await self.set_flow_run(change.document(now()), version)
        self._runs = True

    async def _change_task_run(self, step: Step, change: StateChange) -> None:
        task_run_id = await self._task_run(step)
        try:
            await self.set_task_run(task_run_id, change.document(now()))
        except Refused:
            # A task may not start in a run that does not run any more.
            await self._stop_if_told()
            raise

    async def _task_run(self, step: Step) -> str:
        key = (step.slug, step.index)
        if key not in self._task_runs:
            answer = await self._api.ask(
                requests.TASK_RUN,
                input={
                    "flow_run_id": self._id,
                    "task_id": self._tasks[step.slug],
                    "map_index": step.index,
                },
            )
            self._task_runs[key] = str(answer["get_or_create_task_run_info"]["id"])
        return self._task_runs[key]


def now() -> datetime:
    """The time it is, with which states and lines are dated."""
    return datetime.now(timezone.utc)
