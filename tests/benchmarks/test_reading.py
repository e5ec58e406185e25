"""How much the compiled read path saves against plain resolvers, as a ratio of CPU seconds in one
run.

FLOWTUI_BENCH_RUNS=100000 pytest tests/benchmarks -s     prints the figures for a large installation
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from flowtui.server.query import Documents, read
from flowtui.server.storage import open_storage
from tests.benchmarks.resolvers import PlainResolvers
from tests.benchmarks.world import RUNS, build

ROUNDS = 15

ONE_RUN = (
    '{ flow_run_by_pk(id: "%s") { id name state flow { name project { name } }'
    " states(order_by: {timestamp: desc}) { state timestamp serialized_state } } }"
)

QUESTIONS = {
    "a hundred log lines": (
        '{ flow_run(where: {id: {_eq: "%(run)s"}}) { logs(order_by: {timestamp: asc},'
        ' where: {timestamp: {_gt: "2026-11-20T03:00:05Z"}}, limit: 100)'
        " { timestamp message level } } }",
        3,
    ),
    "a page of fifty runs": (
        "{ flow_run(order_by: {scheduled_start_time: desc}, limit: 50) { id name state start_time"
        " end_time flow { name project { name } }"
        " tasks: task_runs_aggregate { aggregate { count } }"
        ' failed: task_runs_aggregate(where: {state: {_eq: "Failed"}}) { aggregate { count } } } }',
        4,
    ),
}
"""Each question with its ids, and how many times cheaper than plain resolvers it has to be."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def large(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Any, Path, Any]]:
    path = tmp_path_factory.mktemp("large") / "prefect.db"
    started = time.perf_counter()
    storage = await open_storage(str(path), synchronous="OFF")
    named = await build(storage)
    print(f"\n{RUNS} runs made in {time.perf_counter() - started:.1f} s")
    yield storage, path, named
    await storage.close()


async def seconds(work: Callable[[], Awaitable[Any]], times: int = 5) -> float:
    """CPU seconds of this process for some work; neighbours on the machine do not count."""
    started = time.process_time()
    for _ in range(times):
        await work()
    return (time.process_time() - started) / times


async def compare(
    name: str, ours: Callable[[], Awaitable[Any]], theirs: Callable[[], Awaitable[Any]]
) -> float:
    """How many times the CPU of ours theirs takes; by turns, so that the machine treats both
    alike, and the least of each: whoever else is at work there can only make it more.
    """
    costs = [(await seconds(ours), await seconds(theirs)) for _ in range(ROUNDS)]
    own, other = (min(cost) for cost in zip(*costs, strict=True))
    print(f"\n{name}: {own * 1e6:.0f} µs of CPU; plain resolvers take {other / own:.1f} times that")
    return other / own


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", QUESTIONS)
async def test_compiling_is_cheaper_than_resolving(large: Any, name: str) -> None:
    storage, path, named = large
    text, bound = QUESTIONS[name]
    text = text % named
    plain = PlainResolvers(path)
    documents = Documents(plain.schema)
    known = plain.read(text)

    async def compiled() -> bytes:
        document = documents.get(text)
        return await read(storage, document, document.operation(), None, {}, None)

    async def resolved() -> bytes:
        return plain.answer(known)

    assert json.loads(await compiled()) == json.loads(await resolved())
    assert await compare(name, compiled, resolved) >= bound


@pytest.mark.asyncio(loop_scope="module")
async def test_a_document_with_another_id_in_it_is_not_read_again(large: Any) -> None:
    storage, path, named = large
    plain = PlainResolvers(path)
    documents = Documents(plain.schema)
    ids = itertools.cycle(named["runs"])

    async def compiled() -> bytes:
        document = documents.get(ONE_RUN % next(ids))
        return await read(storage, document, document.operation(), None, {}, None)

    async def resolved() -> bytes:
        return plain.answer(plain.read(ONE_RUN % next(ids)))

    assert await compare("one run, its id in the text", compiled, resolved) >= 4
