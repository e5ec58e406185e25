"""A small world to ask about, and a way to ask."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from graphql import build_schema

from flowtui.server.query import Documents, read, sdl
from flowtui.server.storage import Storage, open_storage

NOW = datetime(2021, 5, 7, 15, 9, 16, 815228, tzinfo=timezone.utc)

BESIDE_THE_TABLES = """
type Query { hello: String, api: Api, broken: String }
type Api { backend: String, mode: String }
type Mutation { heartbeat(id: UUID!, note: String): Boolean }
"""


async def hello(context: Any, arguments: dict[str, Any]) -> str:
    return "👋"


async def api(context: Any, arguments: dict[str, Any]) -> dict[str, str]:
    return {"backend": "SERVER", "mode": context}


async def broken(context: Any, arguments: dict[str, Any]) -> str:
    raise RuntimeError("a secret of the house")


RESOLVERS = {"hello": hello, "api": api, "broken": broken}


class CountingStorage:
    """The storage behind it, and the statements that were sent there with their parameters."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.clock = storage.clock
        self.dialect = storage.dialect
        self.write = storage.write
        self.close = storage.close
        self.questions: list[tuple[str, Sequence[Any]]] = []

    async def read(self, sql: str, parameters: Sequence[Any] = (), *, quick: bool = False) -> bytes:
        self.questions.append((sql, parameters))
        return await self._storage.read(sql, parameters, quick=quick)


@dataclass
class World:
    """A database with a few rows, and the ids of those."""

    storage: CountingStorage
    documents: Documents
    ids: dict[str, str] = field(default_factory=dict)

    async def answer(
        self, text: str, variables: dict[str, Any] | None = None, operation: str | None = None
    ) -> dict[str, Any]:
        """The whole answer."""
        document = self.documents.get(text)
        body = await read(
            self.storage, document, document.operation(operation), variables, RESOLVERS, "normal"
        )
        found: dict[str, Any] = json.loads(body)
        return found

    async def ask(self, text: str, variables: dict[str, Any] | None = None) -> Any:
        """The data of an answer without errors; of a single root field, that field's."""
        answer = await self.answer(text, variables)
        assert "errors" not in answer, answer["errors"]
        data = answer["data"]
        return next(iter(data.values())) if len(data) == 1 else data

    async def names(
        self, table: str, where: str = "", variables: Any = None, more: str = ""
    ) -> Any:
        """The names of the rows that meet a condition, in alphabetical order."""
        rows = await self.ask(f"query {more} {{ {table}{where} {{ name }} }}", variables)
        return sorted(row["name"] for row in rows)


@pytest.fixture(scope="session")
def schema() -> Any:
    return build_schema(sdl() + BESIDE_THE_TABLES)


@pytest.fixture
async def world(schema: Any, database: str) -> AsyncIterator[World]:
    storage = CountingStorage(await open_storage(database, clock=lambda: NOW, synchronous="OFF"))
    made = World(storage, Documents(schema))
    await storage.write(lambda tx: fill(tx, made.ids))
    yield made
    await storage.close()


async def fill(tx: Any, ids: dict[str, str]) -> None:
    """Two projects, three flows, five runs, some with tasks."""
    tenant = await add(tx, ids, "tenant", "Acme", slug="acme")
    etl = await add(tx, ids, "project", "etl", tenant_id=tenant)
    ml = await add(tx, ids, "project", "ml", tenant_id=tenant, description="Models")
    quiet = {"heartbeat_enabled": False, "labels": {"zone": "eu"}}
    group = await add(tx, ids, "flow_group", "group", settings=quiet, labels=["gpu", "big"])
    other = await add(tx, ids, "flow_group", "other", tenant_id=tenant)
    flows = (("daily", etl, group, 2), ("Hourly", etl, group, 1), ("train", ml, other, None))
    for name, project, flow_group, version in flows:
        row = {"project_id": project, "flow_group_id": flow_group, "version": version}
        await add(tx, ids, "flow", name, **row, archived=name == "Hourly")
    hour = timedelta(hours=1)
    runs = (
        ("ant", "daily", "Success", NOW - hour, 3),
        ("bee", "daily", "Failed", NOW - 2 * hour, 2),
        ("cat", "daily", "Running", None, 1),
        ("dog", "train", "Success", NOW.replace(microsecond=800000), 5),
        ("eel", "train", None, NOW.replace(microsecond=0), 4),
    )
    for name, flow, state, start, version in runs:
        row = {"flow_id": ids[flow], "state": state, "start_time": start, "version": version}
        await add(tx, ids, "flow_run", name, **row, parameters={"n": version, "tags": ["x", name]})
    extract = await add(
        tx, ids, "task", "extract", flow_id=ids["daily"], slug="extract", retry_delay=timedelta(1.5)
    )
    load = await add(tx, ids, "task", "load", flow_id=ids["daily"], slug="load")
    report = await add(tx, ids, "task", "report", flow_id=ids["daily"], slug="report")
    edges = ((extract, load), (load, report), (extract, report))
    for upstream, downstream in edges:
        ends = {"upstream_task_id": upstream, "downstream_task_id": downstream}
        await tx.insert("edge", [{"flow_id": ids["daily"], **ends}])
    for run, task, state in (
        ("ant", extract, "Success"),
        ("ant", load, "Success"),
        ("bee", extract, "Failed"),
    ):
        row = {"flow_run_id": ids[run], "task_id": task, "state": state}
        await add(tx, ids, "task_run", f"{run}'s {state}", **row)


async def add(tx: Any, ids: dict[str, str], table: str, name: str, **values: Any) -> str:
    """Add a row, and keep its id under its name."""
    row = {"name": name, **values}
    await tx.insert(table, [row])
    ids[name] = row["id"]
    id: str = row["id"]
    return id
