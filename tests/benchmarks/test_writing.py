"""What the rules of the backend cost on top of the bare database, as ratios measured in one run.

Where commits cost nothing (a file system in memory), the bare program is at its best; the bounds
leave room for that. The measure is a program that commits one row after another to SQLite with
synchronous=FULL, in the same directory. Group commit lets sixteen clients together do better than
that, though each of their operations is many statements.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from flowtui.server.services.flows import NewFlow, create_flow
from flowtui.server.services.logs import NewLog, write_logs
from flowtui.server.services.projects import create_project
from flowtui.server.services.runs import NewFlowRun, create_flow_run
from flowtui.server.services.states import FLOW_RUN, StateRequest, set_states
from flowtui.server.services.tenants import seed_default_tenant
from flowtui.server.storage import Storage, open_storage, system_clock

ROUNDS = 7
CLIENTS = 16
EACH = 8
TASKS = 3


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def installed(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Storage, str, Path]]:
    folder = tmp_path_factory.mktemp("writing")
    storage = await open_storage(str(folder / "prefect.db"))
    yield storage, await storage.write(_register), folder
    await storage.close()


async def _register(tx: Any) -> str:
    tenant = await seed_default_tenant(tx)
    project = await create_project(tx, tenant_id=tenant, name="etl", description=None)
    tasks = [{"slug": f"task-{n}", "name": f"task {n}"} for n in range(TASKS)]
    flow = {"name": "daily", "tasks": tasks, "edges": [], "parameters": []}
    return await create_flow(tx, NewFlow(project, flow))


def bare_commits(folder: Path) -> Callable[[], Awaitable[int]]:
    """One row to a commit, as fast as this disk takes them."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, text TEXT)")

    async def work() -> int:
        for _ in range(CLIENTS * EACH):
            connection.execute("INSERT INTO entry (text) VALUES ('a row of a few words')")
        return CLIENTS * EACH

    return work


def together(client: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[int]]:
    """Sixteen clients at once, each doing a thing several times."""

    async def one_after_another() -> None:
        for _ in range(EACH):
            await client()

    async def work() -> int:
        await asyncio.gather(*(one_after_another() for _ in range(CLIENTS)))
        return CLIENTS * EACH

    return work


async def compare(
    name: str, work: Callable[[], Awaitable[int]], bare: Callable[[], Awaitable[int]]
) -> float:
    """The rate of some work as a multiple of the rate of bare commits, measured by turns."""

    async def rate(of: Callable[[], Awaitable[int]]) -> float:
        started = time.perf_counter()
        return await of() / (time.perf_counter() - started)

    pairs = [(await rate(work), await rate(bare)) for _ in range(ROUNDS)]
    ratio = statistics.median(ours / commits for ours, commits in pairs)
    own = statistics.median(ours for ours, _ in pairs)
    print(f"\n{name}: {own:.0f}/s, {ratio:.2f} of bare commits")
    return ratio


@pytest.mark.asyncio(loop_scope="module")
async def test_creating_runs(installed: tuple[Storage, str, Path]) -> None:
    storage, flow, folder = installed

    async def create() -> None:
        await storage.write(lambda tx: create_flow_run(tx, NewFlowRun(flow_id=flow)))

    assert (
        await compare("create a run of three tasks", together(create), bare_commits(folder)) > 0.02
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_setting_states(installed: tuple[Storage, str, Path]) -> None:
    storage, flow, folder = installed
    run = await storage.write(lambda tx: create_flow_run(tx, NewFlowRun(flow_id=flow)))
    numbers = iter(range(1_000_000))

    async def change() -> None:
        state = {"type": "Running", "message": f"for the {next(numbers)}th time"}
        await storage.write(lambda tx: set_states(tx, FLOW_RUN, [StateRequest(run, state)]))

    assert await compare("set a state", together(change), bare_commits(folder)) > 0.05


@pytest.mark.asyncio(loop_scope="module")
async def test_writing_logs(installed: tuple[Storage, str, Path]) -> None:
    storage, flow, folder = installed
    run = await storage.write(lambda tx: create_flow_run(tx, NewFlowRun(flow_id=flow)))
    numbers = iter(range(1_000_000))

    async def write() -> None:
        start = system_clock() + timedelta(seconds=next(numbers))
        lines = [
            NewLog(run, None, start + timedelta(milliseconds=n), "prefect", "INFO", f"line {n}")
            for n in range(100)
        ]
        await storage.write(lambda tx: write_logs(tx, lines))

    assert await compare("a hundred log lines", together(write), bare_commits(folder)) > 0.003
