"""A client that speaks as Prefect's does, a clock that stands still, and flows to register."""

from __future__ import annotations

import base64
import gzip
import itertools
import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx

from flowtui.server.embedded import Backend

NOON = datetime(2021, 5, 7, 12, tzinfo=timezone.utc)


class SetClock:
    """Stands still until it is told otherwise."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


class Refusal(Exception):
    """The API said no."""

    def __init__(self, status: int, answer: Mapping[str, Any]) -> None:
        super().__init__(answer["errors"][0]["message"])
        self.status = status
        self.answer = answer
        self.error = answer["errors"][0]
        self.message = self.error["message"]
        self.code = self.error["extensions"]["code"]


class Client:
    """Posts documents the way `prefect.Client` does: variables are JSON within JSON."""

    def __init__(self, ours: Backend, clock: SetClock) -> None:
        self.backend = ours
        self.storage = ours.storage
        self.tenant_id = ours.tenant_id
        self.clock = clock
        self.headers = {"X-PREFECT-CORE-VERSION": "1.4.1"}
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(ours.app), base_url="http://127.0.0.1:4200"
        )

    async def post(self, document: str, **variables: Any) -> httpx.Response:
        body = {"query": document, "variables": json.dumps(variables or None)}
        return await self.http.post("/", json=body, headers=self.headers)

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer; raises Refusal when there are errors in it."""
        answer = await self.post(document, **variables)
        if "errors" in answer.json():
            raise Refusal(answer.status_code, answer.json())
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def do(self, mutation: str, selection: str = "success", **values: Any) -> Any:
        """One mutation with its input in a variable."""
        document = (
            f"mutation($input: {mutation}_input!) {{ {mutation}(input: $input) {{ {selection} }} }}"
        )
        return (await self.ask(document, input=values))[mutation]

    async def project(self, name: str = "Reports") -> str:
        made = await self.do(
            "create_project", "id", name=name, description=None, tenant_id=self.tenant_id
        )
        return str(made["id"])

    async def register(
        self, flow: Mapping[str, Any], project_id: str, *, schedule_on: bool = True, **more: Any
    ) -> str:
        """Register a whole flow in one string, as the command line does."""
        packed = base64.b64encode(gzip.compress(json.dumps(flow).encode())).decode()
        made = await self.do(
            "create_flow_from_compressed_string",
            "id",
            project_id=project_id,
            serialized_flow=packed,
            set_schedule_active=schedule_on,
            **more,
        )
        return str(made["id"])

    async def flow(self, **changes: Any) -> str:
        """A registered flow of its own project."""
        return await self.register(flow(**changes), await self.project(f"Project {next(_NUMBERS)}"))

    async def run(self, flow_id: str, **more: Any) -> str:
        made = await self.do("create_flow_run", "id", flow_id=flow_id, **more)
        return str(made["id"])

    async def set_flow_run(self, flow_run_id: str, state: Any, version: int | None = None) -> Any:
        """The plural mutation, which is all that the real client knows."""
        if isinstance(state, str):
            state = {"type": state}
        entry = {"flow_run_id": flow_run_id, "version": version, "state": state}
        done = await self.do("set_flow_run_states", STATES, states=[entry])
        return done["states"][0]

    async def set_task_run(self, task_run_id: str, state: Any, version: int | None = None) -> Any:
        if isinstance(state, str):
            state = {"type": state}
        entry = {"task_run_id": task_run_id, "version": version, "state": state}
        done = await self.do("set_task_run_states", STATES, states=[entry])
        return done["states"][0]

    async def flow_run(self, flow_run_id: str, selection: str = "state version") -> dict[str, Any]:
        asked = f'query {{ flow_run_by_pk(id: "{flow_run_id}") {{ {selection} }} }}'
        found: dict[str, Any] = (await self.ask(asked))["flow_run_by_pk"]
        return found

    async def task_runs(
        self, flow_run_id: str, selection: str = "id state version"
    ) -> list[dict[str, Any]]:
        found = await self.flow_run(flow_run_id, f"task_runs {{ {selection} task {{ slug }} }}")
        return sorted(found["task_runs"], key=lambda run: str(run["task"]["slug"]))

    async def queue(self, *labels: str, **more: Any) -> list[str]:
        found = await self.do(
            "get_runs_in_queue",
            "flow_run_ids",
            tenant_id=self.tenant_id,
            labels=list(labels),
            **more,
        )
        ids: list[str] = found["flow_run_ids"]
        return ids


_NUMBERS = itertools.count(1)

STATES = "states { id status message }"


def flow(name: str = "nightly", **changes: Any) -> dict[str, Any]:
    """A flow as Prefect serializes it: two tasks, one after the other."""
    document: dict[str, Any] = {
        "name": name,
        "type": "prefect.core.flow.Flow",
        "__version__": "1.4.1",
        "tasks": [
            {"slug": "extract-1", "name": "extract", "max_retries": 2, "retry_delay": 60},
            {"slug": "load-1", "name": "load", "trigger": {"fn": "all_successful", "kwargs": {}}},
        ],
        "edges": [
            {
                "upstream_task": {"slug": "extract-1"},
                "downstream_task": {"slug": "load-1"},
                "key": "rows",
                "mapped": False,
            }
        ],
        "parameters": [],
        "storage": {"type": "Local"},
        "run_config": {"type": "UniversalRun"},
        "schedule": None,
    }
    return {**document, **changes}


def parameter(name: str, default: Any = None, required: bool = False) -> dict[str, Any]:
    """A parameter's declaration."""
    return {"name": name, "slug": name, "required": required, "default": default}


def hourly(**changes: Any) -> dict[str, Any]:
    """A schedule of one clock."""
    clock = {"type": "IntervalClock", "interval": 3_600_000_000, "start_date": None}
    return {"type": "Schedule", "clocks": [{**clock, **changes}]}
