"""The simulated agent: takes runs from the queue through the API, as a real agent does, and plays
them.

Nothing is executed. What happens in a run is written beforehand by `script`, from the flow's
declaration, the run's parameters and chance that follows from the seed and the run's id; the agent
then reports it step by step: states, task runs, mapped children, logs, heartbeats. It calls itself
simulated wherever it shows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any

from flowtui.demo import requests
from flowtui.demo.crew import Agent
from flowtui.demo.repertoire import version_of
from flowtui.demo.requests import Api
from flowtui.demo.script import Cast, Script, dice_for, write_script
from flowtui.demo.stage import Stage, Tempo, now
from flowtui.errors import BackendError, Refused, Unreachable
from flowtui.models.states import FINISHED, SCHEDULED
from flowtui.models.times import parse_time

log = logging.getLogger("flowtui.demo")

AT_ONCE = 12
"""Runs that one agent plays side by side."""

JUST_SUBMITTED = timedelta(seconds=30)
"""A run that has been Submitted for longer is stuck, and stays so."""


class SimulatedAgent:
    """One agent of the crew, alive."""

    def __init__(
        self,
        api: Api,
        traits: Agent,
        seed: int,
        *,
        tempo: Tempo | None = None,
        takes_over_at: datetime | None = None,
    ) -> None:
        self._api = api
        self._traits = traits
        self._seed = seed
        self._tempo = tempo or Tempo()
        self._takes_over_at = takes_over_at
        """The history ends then: what its runs have still to do is this agent's."""
        self._playing: dict[str, asyncio.Task[None]] = {}

    async def work(self) -> None:
        """Take runs and play them, until cancelled."""
        try:
            tenant_id, agent_id = await self._introduce()
            if self._takes_over_at is not None:
                await self._take_over(agent_id, self._takes_over_at)
            while True:
                found = await self._look_for_work(tenant_id)
                await asyncio.sleep(self._tempo.asking[0 if found else 1])
        finally:
            for playing in self._playing.values():
                playing.cancel()
            await asyncio.gather(*self._playing.values(), return_exceptions=True)

    async def _introduce(self) -> tuple[str, str]:
        tenants = (await self._api.ask(requests.TENANT))["tenant"]
        tenant_id = str(tenants[0]["id"])
        answer = await self._api.ask(
            requests.REGISTER,
            input={
                "tenant_id": tenant_id,
                "type": self._traits.type,
                "name": self._traits.name,
                "labels": list(self._traits.labels),
            },
        )
        agent_id = str(answer["register_agent"]["id"])
        self._api.introduce(agent_id)
        return tenant_id, agent_id

    async def _take_over(self, agent_id: str, at: datetime) -> None:
        """Go on with the runs that the history left in the middle."""
        lately = (at - JUST_SUBMITTED).isoformat()
        answer = await self._api.ask(requests.UNDER_WAY, agent=agent_id, since=lately)
        for run in answer["flow_run"]:
            if run["state"] == "Submitted":
                self._play(run["id"], self._perform(Stage(self._api, run, self._tempo), run))
            elif all(task_run["state"] != "Paused" for task_run in run["task_runs"]):
                self._play(run["id"], self._go_on_with(run, at))

    async def _look_for_work(self, tenant_id: str) -> bool:
        room = AT_ONCE - len(self._playing)
        try:
            answer = await self._api.ask(
                requests.QUEUE,
                input={
                    "tenant_id": tenant_id,
                    "before": now().isoformat(),
                    "labels": list(self._traits.labels),
                },
            )
            ids = [
                run_id
                for run_id in answer["get_runs_in_queue"]["flow_run_ids"]
                if run_id not in self._playing
            ][: max(0, room)]
            if not ids:
                return False
            for run in (await self._api.ask(requests.RUNS, ids=ids))["flow_run"]:
                self._play(run["id"], self._take(run))
        except Unreachable as problem:
            log.debug("%s asks again: %s", self._traits.name, problem)
            return False
        return True

    def _play(self, run_id: str, play: Coroutine[Any, Any, None]) -> None:
        playing = asyncio.create_task(self._quietly(run_id, play), name=f"plays {run_id}")
        self._playing[run_id] = playing
        playing.add_done_callback(lambda _: self._playing.pop(run_id, None))

    async def _quietly(self, run_id: str, play: Coroutine[Any, Any, None]) -> None:
        try:
            await play
        except Unreachable as problem:
            log.debug("%s lost run %s: %s", self._traits.name, run_id, problem)
        except BackendError as problem:
            log.warning("%s gives run %s up: %s", self._traits.name, run_id, problem)

    async def _take(self, run: Mapping[str, Any]) -> None:
        """Claim a run, get ready, and play it."""
        stage = Stage(self._api, run, self._tempo)
        try:
            await self._claim(stage, run)
        except Refused:
            return  # another agent was faster
        stage.say("INFO", "agent", f"Submitted for execution by {self._traits.name}")
        await stage.hand_in()
        await self._perform(stage, run)

    async def _perform(self, stage: Stage, run: Mapping[str, Any]) -> None:
        """Play a run that is this agent's, in not too long a time."""
        await asyncio.sleep(self._tempo.getting_ready)
        whole = self._script(run)
        script = whole.within(self._tempo.longest)
        if script is not whole:
            usually = timedelta(seconds=round(whole.seconds))
            text = f"{self._traits.name}: a run of {usually} played in {script.seconds:.0f} s"
            stage.say("DEBUG", "agent", text)
        await stage.play(script, now())

    async def _claim(self, stage: Stage, run: Mapping[str, Any]) -> None:
        state = {"type": "Submitted", "message": "Submitted for execution"}
        if run["state"] != "Running":
            await stage.set_flow_run(state, version=run["version"])
            return
        # The run waited in the middle: its tasks are taken up, the run itself still runs.
        for task_run in run["task_runs"]:
            if task_run["state"] in SCHEDULED:
                await stage.set_task_run(task_run["id"], state)

    async def _go_on_with(self, run: Mapping[str, Any], since: datetime) -> None:
        cast = Cast(version_of(run["flow"]), run["parameters"] or {})
        script = write_script(cast, dice_for(self._seed, run["id"]))
        began = parse_time(run["start_time"]) - timedelta(seconds=script.running_after)
        await Stage(self._api, run, self._tempo).play(script, began, since=since)

    def _script(self, run: Mapping[str, Any]) -> Script:
        """The course of a run, or of what is left of one that was begun before."""
        states: dict[str, str] = {}
        again: dict[str, set[int]] = {}
        for row in run["task_runs"]:
            slug = row["task"]["slug"]
            if row["map_index"] < 0:
                states[slug] = row["state"]
            else:
                again.setdefault(slug, set()).add(row["map_index"])
        done = {slug: state for slug, state in states.items() if state in FINISHED}
        begun = {slug for slug, state in states.items() if state != "Pending"}
        cast = Cast(
            version_of(run["flow"]),
            run["parameters"] or {},
            done,
            frozenset(begun - done.keys()),
            {slug: frozenset(indexes) for slug, indexes in again.items()},
        )
        return write_script(cast, dice_for(self._seed, run["id"]))
