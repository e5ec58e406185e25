"""What questions cost when the past is ten and a hundred times as long: seconds as ratios to those
with ten thousand runs, by turns in one process.

The past gets longer, not busier: there are always as many runs a day, and as many that are on or
to come. Each run has two task runs and a history; one run has ten log lines for every run there is.

FLOWTUI_BENCH_RUNS=1000000 pytest tests/benchmarks/test_growth.py -s

A million runs take 8 GB in pytest's folder for temporary files (--basetemp), and some minutes to
make.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from flowtui.server.query import Documents, read
from flowtui.server.schema import served_schema
from flowtui.server.services.runs import runs_in_queue
from flowtui.server.storage import Storage, open_storage
from tests.benchmarks.bigworld import Size, build
from tests.benchmarks.world import RUNS
from tests.server.query.asked import Asked, asked_by_client, asked_by_dashboard

SIZES = [runs for runs in (10_000, 100_000, 1_000_000) if runs <= RUNS]
LINES = 10
"""Log lines for each run there is."""
BETWEEN = timedelta(seconds=12)
ROUNDS = 21
NOW = datetime.now(timezone.utc)

ONE_RUN = """query ($id: uuid!) { flow_run_by_pk(id: $id) {
    id name state version start_time end_time parameters
    flow { id name project { name } } states(order_by: [{ timestamp: asc }]) { state timestamp }
    task_runs { id state start_time end_time task { name slug } }
} }"""

NEWEST = "the fifty newest runs"
COUNT = "how many runs are under way"
FAILED = "how many runs ever failed"
LINES_AFTER = "log lines behind a place"
QUEUE = "the queue of an agent"
RUN = "one run with its task runs"
QUOTED = (NEWEST, COUNT, FAILED, LINES_AFTER, QUEUE, RUN)

READ_WHAT_GROWS = {
    FAILED: "counts a tenth of all runs, in an index",
    "count_runs: all": "counts all runs, in an index",
    "flow_counts: ever": "counts all runs of a flow, in an index",
    "flow_group": "counts all runs of each version, in an index",
    "project_runs": "counts all runs of a project, in an index",
    "search_names": "a part of a name is found by reading names",
    "run_lists: by name": "a part of a name is found by reading names",
    "flow_errors: ever": "sorts the runs of a flow, in an index",
    "flow_runs: of a flow": "sorts the runs of a flow, in an index",
    "runs of a flow listed": "sorts the runs of a flow",
    "success_by_day: of all": "counts the runs of fourteen days, in an index",
    "success_by_day: of a project": "counts the runs of fourteen days, in an index",
    "task_history": "sorts the runs of a task",
}
"""What costs more when there is more of it."""


@dataclass
class Grown:
    """A database, and what is asked of it."""

    storage: Storage
    ids: dict[str, str]
    tenant: str

    def asked(self) -> Iterator[Asked]:
        chatty = {**self.ids, "run": "fffffffd-0000-7000-8000-000000000001"}
        own = {one.name: one for one in asked_by_dashboard(self.ids, NOW)}
        lines = {one.name: one for one in asked_by_dashboard(chatty, NOW)}
        count = own["count_runs: in a state"]
        failed = {"where": {"state": {"_eq": "Failed"}}}
        yield Asked(NEWEST, own["flow_runs: of all"].text, {"group": None, "limit": 50})
        yield count._replace(name=COUNT)
        yield Asked(FAILED, count.text, failed)
        yield lines["logs: behind a place"]._replace(name=LINES_AFTER)
        yield Asked(RUN, ONE_RUN, {"id": self.ids["run"]})
        yield from own.values()
        yield from asked_by_client(self.ids, NOW)

    async def queue(self) -> None:
        found = await self.storage.write(
            lambda tx: runs_in_queue(tx, tenant_id=self.tenant, labels=["prod"])
        )
        assert found


def ids_of(path: Path) -> dict[str, str]:
    """A run of yesterday, its flow and so on."""
    connection = sqlite3.connect(path)

    def one(sql: str, *given: Any) -> str:
        (found,) = connection.execute(sql, given).fetchone()
        return str(found)

    when = (NOW - timedelta(hours=20)).isoformat()
    run = one(
        "SELECT id FROM flow_run WHERE state = 'Success' AND scheduled_start_time < ?"
        " ORDER BY scheduled_start_time DESC LIMIT 1",
        when,
    )
    flow = one("SELECT flow_id FROM flow_run WHERE id = ?", run)
    found = {
        "run": run,
        "flow": flow,
        "tenant": one("SELECT id FROM tenant"),
        "agent": one("SELECT id FROM agent"),
        "project": one("SELECT project_id FROM flow WHERE id = ?", flow),
        "group": one("SELECT flow_group_id FROM flow WHERE id = ?", flow),
        "task": one("SELECT id FROM task WHERE flow_id = ? AND slug = 'task-1'", flow),
        "task run": one("SELECT id FROM task_run WHERE flow_run_id = ?", run),
    }
    connection.close()
    return found


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def grown(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[Grown]]:
    """The same installation after a day, after two weeks and after four months."""
    worlds = []
    for runs in SIZES:
        path = tmp_path_factory.mktemp(f"runs-{runs}") / "server.db"
        started = time.perf_counter()
        await _built(path, runs)
        size = path.stat().st_size / 1e6
        took = time.perf_counter() - started
        print(f"\n{runs} runs, {runs * LINES} lines: {size:.0f} MB in {took:.0f} s", end="")
        ids = ids_of(path)
        worlds.append(Grown(await open_storage(str(path)), ids, ids["tenant"]))
    yield worlds
    for world in worlds:
        await world.storage.close()


async def _built(path: Path, runs: int) -> None:
    size = Size(runs, lines=runs * LINES, parts=2, span=runs * BETWEEN)
    await asyncio.to_thread(build, path, size, NOW)


async def seconds(worlds: list[Grown]) -> dict[str, list[float]]:
    """What each question takes in each world: the least of some rounds, by turns; whatever else the
    machine does can only add to it."""
    documents = Documents(served_schema())
    took: dict[str, list[list[float]]] = {}
    asked = [list(world.asked()) for world in worlds]
    for turn in zip(*asked, strict=True):
        rounds = took.setdefault(turn[0].name, [[] for _ in worlds])
        for round in range(1 + ROUNDS):
            for world, one, times in zip(worlds, turn, rounds, strict=True):
                document = documents.get(one.text)
                started = time.perf_counter()
                answer = await read(
                    world.storage, document, document.operation(), one.variables, {}, None
                )
                assert not answer.startswith(b'{"errors"'), (one.name, answer[:300])
                # The first one may have to fetch it from the disk.
                if round > 0:
                    times.append(time.perf_counter() - started)
            if sum(rounds[-1]) > 3:
                break
    queue = took.setdefault(QUEUE, [[] for _ in worlds])
    for _ in range(ROUNDS):
        for world, times in zip(worlds, queue, strict=True):
            started = time.perf_counter()
            await world.queue()
            times.append(time.perf_counter() - started)
    return {name: [min(times) for times in rounds] for name, rounds in took.items()}


if len(SIZES) > 1:

    @pytest.mark.asyncio(loop_scope="module")
    async def test_a_long_past_makes_no_question_slow(grown: list[Grown]) -> None:
        took = await seconds(grown)
        ratios = {name: [one / times[0] for one in times] for name, times in took.items()}
        for name in QUOTED:
            said = ", ".join(f"{ratio:.2f}" for ratio in ratios[name])
            print(f"\n{name}: {took[name][0] * 1e3:.2f} ms; {said}", end="")
        others = sorted(ratios.keys() - set(QUOTED), key=lambda name: -ratios[name][-1])
        for name in others:
            said = ", ".join(f"{ratio:.2f}" for ratio in ratios[name])
            print(f"\n    {name}: {took[name][0] * 1e3:.2f} ms; {said}", end="")
        slower = {name for name, ratio in ratios.items() if ratio[-1] > 3}
        assert slower <= READ_WHAT_GROWS.keys()
