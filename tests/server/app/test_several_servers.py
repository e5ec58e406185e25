"""Several servers on one database of PostgreSQL: what happens once, happens once among all of
them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from flowtui.server import loops
from flowtui.server.embedded import backend
from flowtui.server.loops import Loop, Tally, keep_going
from flowtui.server.loops.scheduler import schedule
from flowtui.server.services import purging
from flowtui.server.settings import ServerSettings
from flowtui.server.storage import Storage
from tests.postgres import Tables
from tests.server.installation import Client, Refusal, SetClock, flow, hourly


@pytest.fixture
async def servers(postgres_tables: Tables) -> AsyncIterator[tuple[Client, Client]]:
    """Two servers that do not know of each other, and a client of each."""
    postgres_tables.empty()
    clock = SetClock(datetime.now(timezone.utc))
    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(2):
            ours = await stack.enter_async_context(
                backend(ServerSettings(database=postgres_tables.location), clock=clock)
            )
            client = Client(ours, clock)
            stack.push_async_callback(client.http.aclose)
            clients.append(client)
        first, second = clients
        yield first, second


async def test_they_share_tenant_and_rows(servers: tuple[Client, Client]) -> None:
    one, other = servers
    assert one.tenant_id == other.tenant_id
    run = await one.run(await one.flow())
    assert (await other.flow_run(run, "state"))["state"] == "Scheduled"


async def test_of_twenty_agents_one_gets_each_run(servers: tuple[Client, Client]) -> None:
    flow_id = await servers[0].flow()
    runs = [await servers[number % 2].run(flow_id) for number in range(12)]
    taken: Counter[str] = Counter()

    async def agent(number: int) -> None:
        server = servers[number % 2]
        while waiting := await server.queue():
            for run in waiting:
                try:
                    await server.set_flow_run(run, "Submitted")
                except Refusal as refusal:
                    assert "already been submitted" in refusal.message  # noqa: PT017
                else:
                    taken[run] += 1

    await asyncio.gather(*(agent(number) for number in range(20)))
    assert taken == Counter(runs)
    states = await servers[0].ask(
        '{ flow_run_state_aggregate(where: {state: {_eq: "Submitted"}}) { aggregate { count } } }'
    )
    assert states["flow_run_state_aggregate"]["aggregate"]["count"] == len(runs)


async def test_of_fifty_with_one_version_one_wins(servers: tuple[Client, Client]) -> None:
    run = await servers[0].run(await servers[0].flow())

    async def attempt(number: int) -> bool:
        values = {
            "flow_run_id": run,
            "version": 1,
            "state": {"type": "Running", "message": f"I am {number}"},
        }
        try:
            await servers[number % 2].do("set_flow_run_state", "id", **values)
        except Refusal as refusal:
            assert refusal.code == "VERSION_LOCKING_ERROR"  # noqa: PT017
            return False
        return True

    won = await asyncio.gather(*(attempt(number) for number in range(50)))
    assert won.count(True) == 1
    found = await servers[0].flow_run(run, "state version state_message states { version }")
    assert (found["state"], found["version"]) == ("Running", 2)
    assert found["state_message"] == f"I am {won.index(True)}"
    assert len(found["states"]) == 2


async def test_one_key_makes_one_run(servers: tuple[Client, Client]) -> None:
    flow_id = await servers[0].flow()
    made = await asyncio.gather(
        *(servers[number % 2].run(flow_id, idempotency_key="once") for number in range(20))
    )
    assert len(set(made)) == 1
    assert len(await servers[0].task_runs(made[0])) == 2


async def test_one_flow_has_each_version_once(servers: tuple[Client, Client]) -> None:
    one, other = servers
    project = await one.project()
    await asyncio.gather(
        *(
            server.register(flow(tasks=[{"slug": f"t{number}"}], edges=[]), project)
            for number in range(6)
            for server in (one, other)
        )
    )
    flows = (await one.ask("{ flow { version archived flow_group_id } flow_group { id } }"))["flow"]
    assert sorted(version["version"] for version in flows) == list(range(1, 13))
    assert [version["version"] for version in flows if not version["archived"]] == [12]
    assert len({version["flow_group_id"] for version in flows}) == 1


async def test_one_agent_is_one_agent(servers: tuple[Client, Client]) -> None:
    traits = {"type": "LocalAgent", "name": "one", "labels": ["b", "a"]}
    made = await asyncio.gather(
        *(
            server.do("register_agent", "id", tenant_id=server.tenant_id, **traits)
            for server in servers * 6
        )
    )
    assert len({agent["id"] for agent in made}) == 1


async def test_when_both_make_a_pass_every_run_is_made_once(
    servers: tuple[Client, Client],
) -> None:
    one, other = servers
    for name in ("a", "b", "c"):
        await one.register(flow(name, schedule=hourly()), await one.project(name))
    one.clock.advance(hours=5)
    made = await asyncio.gather(*(schedule(server.storage) for server in (one, other, one, other)))
    assert sum(made) == 3 * 5
    runs = (await one.ask("{ flow_run { flow_id scheduled_start_time } }"))["flow_run"]
    assert len(runs) == len({tuple(run.values()) for run in runs}) == 3 * 15


async def test_a_cancelled_run_has_no_task_that_goes_on(servers: tuple[Client, Client]) -> None:
    one, other = servers
    run = await one.run(await one.flow())
    await one.set_flow_run(run, "Running")
    tasks = [task["id"] for task in await one.task_runs(run)]

    async def begin(task: str) -> None:
        try:
            await other.set_task_run(task, "Running")
        except Refusal as refusal:
            assert "not in a running state" in refusal.message  # noqa: PT017

    await asyncio.gather(one.set_flow_run(run, "Cancelled"), *(begin(task) for task in tasks))
    assert {task["state"] for task in await one.task_runs(run)} == {"Cancelled"}


async def test_a_run_that_is_purged_is_not_taken_up_meanwhile(
    servers: tuple[Client, Client], postgres_tables: Tables
) -> None:
    """Whoever takes it up again is told that it is gone, and does not run without a record."""
    one, other = servers
    run = await one.run(await one.flow(tasks=[], edges=[]))
    await one.set_flow_run(run, "Success")
    one.clock.advance(days=2)
    before = one.clock() - timedelta(days=1)
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    taking_up: list[asyncio.Task[Any]] = []

    async def purge(tx: Any) -> Counter[str]:
        remove = tx.delete

        async def removed(*what: Any) -> int:
            taking_up.append(asyncio.create_task(other.set_flow_run(run, "Running")))
            while not postgres_tables.ask(waiting):
                if (await asyncio.wait(taking_up, timeout=0.01))[0]:
                    break
            return int(await remove(*what))

        tx.delete = removed
        return await purging.purge_step(tx, before, [run])

    assert (await one.storage.write(purge))["flow runs"] == 1
    with pytest.raises(Refusal, match="State update failed"):
        await taking_up[0]
    assert (await other.ask("{ flow_run { id } }"))["flow_run"] == []


async def test_a_leader_is_followed_when_it_goes(
    servers: tuple[Client, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "ASK_AGAIN", 0.01)
    passes: Counter[int] = Counter()
    made = asyncio.Condition()

    def walking(number: int) -> asyncio.Task[None]:
        async def once(storage: Storage) -> Tally:
            passes[number] += 1
            async with made:
                made.notify_all()
            return {}

        loop = Loop("walker", 0.01, once)
        return asyncio.create_task(keep_going(loop, servers[number].storage))

    async def walked(number: int, times: int) -> None:
        async with made:
            await asyncio.wait_for(made.wait_for(lambda: passes[number] >= times), 60)

    leading = walking(0)
    await walked(0, 3)
    following = walking(1)
    await walked(0, passes[0] + 5)
    assert passes[1] == 0
    await servers[0].storage.close()
    await walked(1, 3)
    led = passes[0]
    await walked(1, passes[1] + 3)
    assert passes[0] == led
    for one in (leading, following):
        one.cancel()
    await asyncio.gather(leading, following, return_exceptions=True)


async def leads_soon(storage: Storage, task: str) -> bool:
    """PostgreSQL takes a moment to clear away after a connection."""
    for _ in range(1000):
        if await storage.leads(task):
            return True
        await asyncio.sleep(0.01)
    return False


async def test_who_loses_its_connection_leads_no_longer(
    servers: tuple[Client, Client], postgres_tables: Tables
) -> None:
    one, other = (server.storage for server in servers)
    assert await one.leads("walking")
    assert await one.leads("walking")
    assert not await other.leads("walking")
    postgres_tables.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    )
    assert not await one.leads("walking")
    assert await leads_soon(other, "walking")
    assert not await one.leads("walking")
    assert await one.leads("singing"), "each task has a leader of its own"
