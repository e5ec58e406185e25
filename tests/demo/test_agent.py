"""The simulated agent, at work on a real backend in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from flowtui.demo.agent import SimulatedAgent
from flowtui.demo.crew import CREW, Agent
from flowtui.demo.declarations import Flow
from flowtui.demo.flows.crm import NEWSLETTER
from flowtui.demo.flows.lab import HOSTILE, WEATHER_PULL
from flowtui.demo.flows.platform import S3_ARCHIVE
from flowtui.demo.requests import Api
from flowtui.demo.stage import Tempo
from flowtui.demo.world import sample_backend
from flowtui.server import embedded

URL = "http://demo.test:4200"

LOCAL = Agent("simulated agent local", "LocalAgent")
K8S = Agent("simulated agent k8s", "KubernetesAgent", ("k8s", "prod"))

QUICK = Tempo(
    longest=0.4, getting_ready=0.0, asking=(0.01, 0.03), looking=0.02, handing_in=0.05, heartbeat=9
)

PATIENCE = 60.0
"""Seconds after which what should happen is not going to."""

RUN = """
query ($id: uuid!) {
  flow_run_by_pk(id: $id) {
    state version parameters agent { name } heartbeat
    states(order_by: { version: asc }) { state }
    logs(order_by: { timestamp: asc }) { name level message task_run_id }
    task_runs(order_by: { map_index: asc }) { id map_index state task { slug } states { state } }
  }
}
"""


async def eventually(look: Callable[[], Awaitable[Any]]) -> Any:
    """What is seen, once there is something to be seen."""

    async def watching() -> Any:
        while True:
            if seen := await look():
                return seen
            await asyncio.sleep(0.01)

    return await asyncio.wait_for(watching(), PATIENCE)


class House:
    """A backend, and what people and agents do with it."""

    def __init__(self, backend: embedded.Backend) -> None:
        self.backend = backend
        self.project = ""
        self.api = self.line()

    def line(self) -> Api:
        """A connection of one's own."""
        return Api(URL, httpx.ASGITransport(self.backend.app))

    async def do(self, mutation: str, selection: str, **given: Any) -> Any:
        text = f"mutation ($input: {mutation}_input!) {{ {mutation}(input: $input) {selection} }}"
        return (await self.api.ask(text, input=given))[mutation]

    async def register(self, document: dict[str, Any]) -> str:
        """A flow, without its schedule; its id."""
        if not self.project:
            tenant_id = self.backend.tenant_id
            made = await self.do("create_project", "{ id }", tenant_id=tenant_id, name="lab")
            self.project = made["id"]
        made = await self.do(
            "create_flow",
            "{ id }",
            serialized_flow=document,
            project_id=self.project,
            set_schedule_active=False,
        )
        return str(made["id"])

    async def run(self, flow: Flow, **given: Any) -> str:
        """A run of a sample flow's first version."""
        flow_id = await self.register(flow.first.document())
        made = await self.do("create_flow_run", "{ id }", flow_id=flow_id, **given)
        return str(made["id"])

    async def look(self, run_id: str) -> Any:
        return (await self.api.ask(RUN, id=run_id))["flow_run_by_pk"]

    async def until(self, run_id: str, *states: str) -> Any:
        """The run, once it is in one of these states."""

        async def ended_up() -> Any:
            run = await self.look(run_id)
            return run if run["state"] in states else None

        return await eventually(ended_up)

    @asynccontextmanager
    async def at_work(self, *crew: Agent, tempo: Tempo = QUICK) -> AsyncIterator[None]:
        """Agents work meanwhile."""
        lines = [self.line() for _ in crew]
        agents = [
            asyncio.create_task(SimulatedAgent(line, traits, 1, tempo=tempo).work())
            for line, traits in zip(lines, crew, strict=True)
        ]
        try:
            yield
        finally:
            for agent in agents:
                agent.cancel()
            ends = await asyncio.gather(*agents, return_exceptions=True)
            for line in lines:
                await line.close()
            assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with embedded.backend() as backend:
        made = House(backend)
        yield made
        await made.api.close()


def messages(run: Any) -> list[str]:
    return [line["message"] for line in run["logs"]]


def of_task(run: Any, slug: str) -> list[Any]:
    return [row for row in run["task_runs"] if row["task"]["slug"] == slug]


async def test_a_run_is_picked_up_logs_and_ends(house: House) -> None:
    run_id = await house.run(WEATHER_PULL, parameters={"city": "Oslo [bold]\x1b[31m"})
    async with house.at_work(LOCAL):
        run = await house.until(run_id, "Success")
    assert [row["state"] for row in run["states"]] == [
        "Scheduled",
        "Submitted",
        "Running",
        "Success",
    ]
    assert run["agent"] == {"name": LOCAL.name}
    assert all(row["state"] == "Success" for row in run["task_runs"])
    assert any("near Oslo [bold]\x1b[31m" in text for text in messages(run))
    assert any(LOCAL.name in text for text in messages(run))
    assert "prefect.fetch" in {line["name"] for line in run["logs"]}


async def test_children_are_mapped_as_the_parameter_says(house: House) -> None:
    run_id = await house.run(S3_ARCHIVE, parameters={"parts": 7})
    async with house.at_work(K8S):
        run = await house.until(run_id, "Success")
    parent, *children = of_task(run, "pack-1")
    assert parent["state"] == "Mapped"
    assert [child["map_index"] for child in children] == list(range(7))
    assert {child["state"] for child in children} == {"Success"}


async def test_a_cancelled_run_ends_in_cancelled(house: House) -> None:
    slow = Tempo(30, 0.0, (0.01, 0.03), looking=0.02, handing_in=0.05)
    run_id = await house.run(WEATHER_PULL)
    async with house.at_work(LOCAL, tempo=slow):
        await house.until(run_id, "Running")
        answer = await house.do("cancel_flow_run", "{ state }", flow_run_id=run_id)
        assert answer == {"state": "Cancelling"}
        run = await house.until(run_id, "Cancelled")
    assert [row["state"] for row in run["states"]][-3:] == ["Running", "Cancelling", "Cancelled"]
    assert {row["state"] for row in run["task_runs"]} <= {"Success", "Cancelled"}
    assert any("cancelled" in text for text in messages(run))


async def test_a_run_set_by_hand_is_left_alone(house: House) -> None:
    slow = Tempo(30, 0.0, (0.01, 0.03), looking=0.02, handing_in=0.05)
    run_id = await house.run(WEATHER_PULL)
    async with house.at_work(LOCAL, tempo=slow):
        await house.until(run_id, "Running")
        change = {"flow_run_id": run_id, "state": {"type": "Failed", "message": "by hand"}}
        await house.do("set_flow_run_states", "{ states { id } }", states=[change])
        await asyncio.sleep(0.2)
        run = await house.look(run_id)
    assert run["state"] == "Failed"
    assert [row["state"] for row in run["states"]][-1] == "Failed"


async def test_two_agents_play_a_run_once(house: House) -> None:
    run_id = await house.run(WEATHER_PULL)
    twin = Agent("simulated agent twin", "LocalAgent")
    async with house.at_work(LOCAL, twin):
        run = await house.until(run_id, "Success")
    assert [row["state"] for row in run["states"]].count("Submitted") == 1
    assert messages(run).count("Beginning Flow run for 'weather-pull'") == 1


@pytest.mark.parametrize("labels", [["gpu"], ["k8s", "prod", "gpu"]])
async def test_runs_for_others_are_left_in_the_queue(house: House, labels: Sequence[str]) -> None:
    left = await house.run(HOSTILE, labels=list(labels))
    taken = await house.run(WEATHER_PULL)
    async with house.at_work(LOCAL, K8S):
        await house.until(taken, "Success")
    assert (await house.look(left))["state"] == "Scheduled"


async def test_a_run_that_waits_goes_on_once_approved(house: House) -> None:
    run_id = await house.run(NEWSLETTER, parameters={"issue": 7})

    async def paused() -> Any:
        (waits,) = of_task(await house.look(run_id), "approve-1")
        return waits if waits["state"] == "Paused" else None

    async with house.at_work(LOCAL):
        waits = await eventually(paused)
        await asyncio.sleep(0.1)
        assert (await house.look(run_id))["state"] == "Running"
        change = {"task_run_id": waits["id"], "state": {"type": "Resume", "message": "yes"}}
        await house.do("set_task_run_states", "{ states { id } }", states=[change])
        run = await house.until(run_id, "Success")
    (approve,) = of_task(run, "approve-1")
    assert approve["state"] == "Success"
    (draft,) = of_task(run, "draft-1")
    assert [row["state"] for row in draft["states"]].count("Running") == 1


async def test_a_task_that_waits_for_its_next_try_is_taken_up_when_it_is_due(house: House) -> None:
    run_id = await house.run(WEATHER_PULL)
    due = datetime.now(timezone.utc) + timedelta(seconds=0.3)
    retrying = {"type": "Retrying", "message": "again", "start_time": due.isoformat()}
    for state in ({"type": "Submitted"}, {"type": "Running"}):
        change = {"flow_run_id": run_id, "state": state}
        await house.do("set_flow_run_states", "{ states { id } }", states=[change])
    (fetch,) = of_task(await house.look(run_id), "fetch-1")
    change = {"task_run_id": fetch["id"], "state": retrying}
    await house.do("set_task_run_states", "{ states { id } }", states=[change])
    async with house.at_work(LOCAL):
        run = await house.until(run_id, "Success")
    (fetch,) = of_task(run, "fetch-1")
    assert [row["state"] for row in fetch["states"]] == [
        "Pending",
        "Retrying",
        "Submitted",
        "Running",
        "Success",
    ]


async def test_a_flow_that_is_no_sample_is_played_too(house: House) -> None:
    document = {
        "name": "my own",
        "tasks": [
            {"name": "same", "slug": "same-2"},
            {"name": "same", "slug": "same-1"},
            {"name": "many", "slug": "many-1", "mapped": True},
        ],
        "edges": [{"upstream_task": "same-1", "downstream_task": "same-2"}],
        "run_config": {"type": "UniversalRun", "labels": []},
    }
    flow_id = await house.register(document)
    made = await house.do("create_flow_run", "{ id }", flow_id=flow_id)
    async with house.at_work(LOCAL):
        run = await house.until(made["id"], "Success")
    assert {row["state"] for row in run["task_runs"]} == {"Success", "Mapped"}


async def test_tasks_that_wait_for_each_other_do_not_hold_the_agent_up(house: House) -> None:
    round_and_round = [("a", "b"), ("b", "a")]
    document = {
        "name": "ring",
        "tasks": [{"name": "a", "slug": "a"}, {"name": "b", "slug": "b"}],
        "edges": [{"upstream_task": up, "downstream_task": down} for up, down in round_and_round],
    }
    flow_id = await house.register(document)
    made = await house.do("create_flow_run", "{ id }", flow_id=flow_id)
    async with house.at_work(LOCAL):
        await house.until(made["id"], "Success")


async def test_an_agent_goes_on_with_what_the_history_left() -> None:
    async with sample_backend() as (backend, world):
        house = House(backend)
        text = 'query { flow_run(where: { name: { _eq: "cold-parts" } }) { id state } }'
        (before,) = (await house.api.ask(text))["flow_run"]
        assert before["state"] == "Running"
        heard = len((await house.look(before["id"]))["logs"])
        line = house.line()
        traits = next(agent for agent in CREW if agent.is_simulated and "k8s" in agent.labels)
        agent = SimulatedAgent(line, traits, world.seed, tempo=QUICK, takes_over_at=world.now)
        working = asyncio.create_task(agent.work())

        async def says_more() -> bool:
            return len((await house.look(before["id"]))["logs"]) > heard + 3

        await eventually(says_more)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        after = await house.look(before["id"])
        assert messages(after).count("Beginning Flow run for 's3-archive'") == 1
        assert [row["state"] for row in after["states"]].count("Running") == 1
        await line.close()
        await house.api.close()
