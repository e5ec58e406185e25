"""A small Prefect installation that is always the same.

It is made through the API of our own backend, in this process, with a clock that the test moves:
the far end of the network and the time are the only things that are not real.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx

from flowtui.client.backend import Backend
from flowtui.config import Profile
from flowtui.server import embedded
from tests.rest import under_way

NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)
"""When the world is looked at."""

URL = "http://world.test:4200"


@dataclass
class WorldClock:
    """The world's time; it stands still until it is moved."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **span: float) -> None:
        """Let time pass: `forward(minutes=3)`."""
        self.time += timedelta(**span)


class SwitchableTransport(httpx.AsyncBaseTransport):
    """The way to the world's backend, which a test can cut."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx.ASGITransport(app)
        self.is_down = False
        self.lose_answers = False
        """Requests arrive, and their answers get lost on the way back."""
        self.lose_on = b""
        """Answers to requests that have this in them get lost."""
        self.answer: httpx.Response | None = None
        """Given to every request instead of the backend's own answer."""
        self.requests: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with under_way():
            return await self._answer(request)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        self.requests.append(body)
        if self.is_down:
            raise httpx.ConnectError("Connection refused", request=request)
        if self.answer is not None:
            return self.answer
        answer = await self._inner.handle_async_request(request)
        if self.lose_answers or (self.lose_on and self.lose_on in body):
            raise httpx.ReadError("Connection reset by peer", request=request)
        return answer


@dataclass
class World:
    """The installation, and the hands of its clients and agents."""

    installed: embedded.Backend
    clock: WorldClock
    transport: SwitchableTransport
    flows: dict[str, str] = field(default_factory=dict)
    """Flow name → id of its newest version."""
    runs: dict[str, str] = field(default_factory=dict)
    """Run name → id."""
    projects: dict[str, str] = field(default_factory=dict)

    def backend(self, **settings: Any) -> Backend:
        """The client of the dashboard, over this world."""
        return Backend(Profile(api_url=URL, **{"name": "world", **settings}), self.transport)

    async def ask(self, text: str, **variables: Any) -> dict[str, Any]:
        """One GraphQL operation; its `data`. Errors are the test's own mistake."""
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.installed.app), base_url=URL
        ) as client:
            answer = await client.post("/", json={"query": text, "variables": variables})
        body = answer.json()
        assert "errors" not in body, body["errors"]
        return dict(body["data"])

    async def do(self, mutation: str, selection: str = "id", **given: Any) -> Any:
        """One mutation with its input; its payload."""
        text = (
            f"mutation($input: {mutation}_input!) {{ {mutation}(input: $input) {{ {selection} }} }}"
        )
        return (await self.ask(text, input=given))[mutation]

    # Clients

    async def project(self, name: str) -> str:
        """A project, made when it is first named."""
        if name not in self.projects:
            made = await self.do("create_project", name=name, tenant_id=self.installed.tenant_id)
            self.projects[name] = made["id"]
        return self.projects[name]

    async def flow(
        self,
        name: str,
        project: str = "commerce",
        tasks: Sequence[str | Mapping[str, Any]] = ("extract", "load"),
        parameters: Mapping[str, Any] | None = None,
        required: Sequence[str] = (),
        schedule: Mapping[str, Any] | None = None,
        labels: Sequence[str] = (),
        edges: Sequence[tuple[str, str]] = (),
    ) -> str:
        """Register a version of a flow; the id of the version."""
        declared = [
            {"name": key, "slug": key, "required": False, "default": value}
            for key, value in (parameters or {}).items()
        ] + [{"name": key, "slug": key, "required": True, "default": None} for key in required]
        document = {
            "name": name,
            "type": "prefect.core.flow.Flow",
            "schedule": schedule,
            "parameters": declared,
            "tasks": [_task(task) for task in tasks],
            "edges": [_edge(before, after) for before, after in edges],
            "run_config": {"type": "UniversalRun", "labels": list(labels)},
            "storage": {"type": "Local"},
            "__version__": "1.4.1",
        }
        made = await self.do(
            "create_flow",
            serialized_flow=document,
            project_id=await self.project(project),
            set_schedule_active=False,
        )
        self.flows[name] = made["id"]
        return str(made["id"])

    async def group_of(self, flow: str) -> str:
        """The flow group's id."""
        found = await self.ask(
            "query($id: uuid!) { flow_by_pk(id: $id) { flow_group_id } }", id=self.flows[flow]
        )
        return str(found["flow_by_pk"]["flow_group_id"])

    async def run(self, flow: str, name: str, **given: Any) -> str:
        """Create a run of a flow."""
        made = await self.do(
            "create_flow_run", flow_id=self.flows[flow], flow_run_name=name, **given
        )
        self.runs[name] = made["id"]
        return str(made["id"])

    # Agents and flow processes

    async def set(self, run: str, state: str, message: str = "", **more: Any) -> None:
        """Set a run's state, as its process would."""
        entry = {
            "flow_run_id": self.runs[run],
            "state": {"type": state, "message": message or f"{state} it is.", **more},
        }
        await self.do("set_flow_run_states", "states { status }", states=[entry])

    async def start(self, run: str) -> None:
        """Submit a run and let it run."""
        await self.set(run, "Submitted", "Submitted for execution")
        self.clock.forward(seconds=2)
        await self.set(run, "Running", "Running flow.")

    async def task(
        self, run: str, slug: str, state: str, message: str = "", index: int = -1, **more: Any
    ) -> str:
        """Set a task run's state; mapped children are made when they are first named."""
        found = await self.ask(
            "query($run: uuid!, $slug: String!) { task_run(where: {flow_run_id: {_eq: $run}, "
            "task: {slug: {_eq: $slug}}}, limit: 1) { task_id } }",
            run=self.runs[run],
            slug=slug,
        )
        info = await self.do(
            "get_or_create_task_run_info",
            "id version",
            flow_run_id=self.runs[run],
            task_id=found["task_run"][0]["task_id"],
            map_index=index,
        )
        entry = {
            "task_run_id": info["id"],
            "state": {"type": state, "message": message or f"{state} it is.", **more},
        }
        await self.do("set_task_run_states", "states { status }", states=[entry])
        return str(info["id"])

    async def log(
        self, run: str, message: str, level: str = "INFO", name: str = "prefect.CloudTaskRunner"
    ) -> None:
        """One line of a run's log."""
        line = {
            "flow_run_id": self.runs[run],
            "timestamp": self.clock().isoformat(),
            "level": level,
            "name": name,
            "message": message,
        }
        await self.do("write_run_logs", "success", logs=[line])

    async def switch_schedule(self, flow: str) -> None:
        """Turn a flow's schedule on, which plans its next runs."""
        await self.do("set_schedule_active", "success", flow_id=self.flows[flow])

    # Looking

    async def state_of(self, run: str) -> str:
        """The state a run is in."""
        found = await self.ask(
            "query($id: uuid!) { flow_run_by_pk(id: $id) { state } }", id=self.runs[run]
        )
        return str(found["flow_run_by_pk"]["state"])

    async def run_named(self, name: str) -> dict[str, Any] | None:
        """A run as the backend knows it."""
        found = await self.ask(
            "query($name: String!) { flow_run(where: {name: {_eq: $name}}) { id state parameters "
            "labels scheduled_start_time idempotency_key flow { name version } } }",
            name=name,
        )
        return dict(found["flow_run"][0]) if found["flow_run"] else None


def _edge(before: str, after: str) -> dict[str, Any]:
    """One task waits for another, and takes its result."""
    return {
        "upstream_task": {"slug": before},
        "downstream_task": {"slug": after},
        "key": before,
        "mapped": False,
    }


def _task(task: str | Mapping[str, Any]) -> dict[str, Any]:
    given: Mapping[str, Any] = {"slug": task} if isinstance(task, str) else task
    slug = given["slug"]
    return {
        "name": slug,
        "type": "prefect.tasks.core.function.FunctionTask",
        "max_retries": 0,
        "retry_delay": None,
        "mapped": False,
        "trigger": {"fn": "prefect.triggers.all_successful"},
        **given,
        "slug": slug,
    }


def throw_the_same() -> None:
    """Let chance go the way it always goes: ids are the same every time."""
    random.seed(20_261_120)


@asynccontextmanager
async def empty_world(clock: WorldClock | None = None) -> AsyncIterator[World]:
    """An installation with nothing in it; its ids are the same every time."""
    clock = clock or WorldClock()
    throw_the_same()
    async with embedded.backend(clock=clock) as installed:
        yield World(installed, clock, SwitchableTransport(installed.app))


def interval(minutes: int) -> dict[str, Any]:
    """A schedule of one interval clock, as flows are registered with."""
    clock = {"type": "IntervalClock", "interval": minutes * 60_000_000, "start_date": None}
    return {"type": "Schedule", "clocks": [{**clock, "end_date": None}]}


async def standard_world(world: World) -> None:
    """What screens are drawn from: a night at a shop's data platform."""
    at = world.clock
    now = at.time
    at.time = now - timedelta(days=6)
    await _older_versions(world)
    at.time = now - timedelta(days=2)
    await world.flow(
        "orders-etl",
        tasks=[
            "list_partitions",
            "extract_orders",
            {"slug": "fetch_fx_rates", "max_retries": 3},
            {"slug": "load_warehouse", "mapped": True},
            "publish_marts",
        ],
        parameters={
            "batch_size": 500,
            "dry_run": False,
            "feed_url": "https://feeds.example/v3",
            "partitions": [137, 204],
        },
        required=["since"],
    )
    await world.flow(
        "churn-features",
        "ml",
        ["fetch_events", "features"],
        {"regions": ["eu", "us"]},
        schedule=interval(20),
    )
    await world.flow(
        "ledger-reconcile", "finance", ["reconcile"], labels=["mainframe"], schedule=interval(60)
    )
    await world.flow("billing-audit", "finance", ["audit"])
    await world.flow("feature-store", "ml", ["approve", "publish"])
    await world.flow("weather-pull", "ml", ["pull"])
    await world.flow("never-ran", "platform", ["nothing"])
    for night in range(9):
        at.time = now - timedelta(hours=18 - 2 * night)
        for flow in ("billing-audit", "churn-features", "weather-pull"):
            ends = "Failed" if flow == "churn-features" and night in (4, 8) else "Success"
            await _finished_run(world, flow, f"{flow}-{night + 1}", ends, 40 + 35 * (night % 3))
    await _night(world, now)
    at.time = now - timedelta(seconds=30)
    for flow in ("churn-features", "ledger-reconcile"):
        await world.switch_schedule(flow)
    at.time = now


async def _older_versions(world: World) -> None:
    for version in range(4):
        world.clock.forward(hours=12)
        await world.flow(
            "orders-etl",
            tasks=["list_partitions", "extract_orders", "load_warehouse"],
            parameters={"batch_size": 100 + 100 * version},
            required=["since"],
        )
        for number in range(3):
            world.clock.forward(hours=1)
            ends = "Failed" if version == 3 and number else "Success"
            name = f"v{version + 1}-run-{number + 1}"
            await _finished_run(world, "orders-etl", name, ends, 900, {"since": "2026-11-01"})


async def _finished_run(
    world: World,
    flow: str,
    name: str,
    ends: str,
    seconds: int,
    parameters: Mapping[str, Any] | None = None,
) -> None:
    await world.run(flow, name, parameters=dict(parameters or {}))
    world.clock.forward(seconds=3)
    await world.start(name)
    world.clock.forward(seconds=seconds)
    said = "All reference tasks succeeded."
    await world.set(name, ends, said if ends == "Success" else "Some reference tasks failed.")


TRACEBACK = """\
Task 'load_warehouse[137]': Exception encountered during task execution!
Traceback (most recent call last):
  File "/srv/flows/orders/load.py", line 88, in load_warehouse
    rows = frame['currency_code'].map(RATES)
KeyError: 'currency_code'"""


async def _night(world: World, now: datetime) -> None:
    """The runs of tonight: one going wrong, one waiting, one late, one cancelled."""
    at = world.clock
    at.time = now - timedelta(minutes=30)
    await world.run("weather-pull", "grey-heron")
    await world.set("grey-heron", "Cancelled", "Cancelled by hand.")
    at.time = now - timedelta(minutes=18)
    await world.run("ledger-reconcile", "red-wasp")
    at.time = now - timedelta(minutes=13)
    await world.run("orders-etl", "rosy-otter", parameters={"since": "2026-11-19"})
    at.forward(seconds=18)
    await world.start("rosy-otter")
    for slug, seconds in (("list_partitions", 21), ("extract_orders", 160)):
        await world.task("rosy-otter", slug, "Running")
        await world.log("rosy-otter", f"Task '{slug}': Starting task run...")
        at.forward(seconds=seconds)
        await world.task("rosy-otter", slug, "Success", "Task run succeeded.")
    await world.task("rosy-otter", "fetch_fx_rates", "Running")
    at.forward(seconds=18)
    await world.log("rosy-otter", "HTTPError 429, trying again", "WARNING")
    await world.task("rosy-otter", "fetch_fx_rates", "Retrying", "Retrying Task", run_count=2)
    at.forward(seconds=20)
    await world.task("rosy-otter", "fetch_fx_rates", "Running")
    at.forward(seconds=20)
    await world.task("rosy-otter", "fetch_fx_rates", "Success", "Task run succeeded.")
    await world.task("rosy-otter", "load_warehouse", "Mapped", "Mapped tasks submitted")
    for index in range(12):
        await world.task("rosy-otter", "load_warehouse", "Running", index=index)
        at.forward(seconds=20)
        await world.log("rosy-otter", f"copied {18_000 + index} rows into staging.orders_{index}")
        if index == 7:
            await world.log("rosy-otter", TRACEBACK, "ERROR")
            await world.task(
                "rosy-otter", "load_warehouse", "Failed", "KeyError: 'currency_code'", index=index
            )
        elif index < 10:
            await world.task("rosy-otter", "load_warehouse", "Success", index=index)
    at.time = now - timedelta(minutes=4)
    await world.run("feature-store", "slow-lynx")
    await world.start("slow-lynx")
    await world.task("slow-lynx", "approve", "Paused", "Waiting for approval.")
