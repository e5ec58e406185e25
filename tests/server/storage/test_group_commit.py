"""The one writer: what waits together is committed together, and one failure harms nobody else."""

from __future__ import annotations

import asyncio
import sqlite3
import threading

import pytest

from flowtui.errors import ApiError, ForeignKeyViolation, ServerProblem, UniquenessViolation
from flowtui.server.storage import sqlite as storage_module
from flowtui.server.storage.writer import GROUP


def add_tenant(slug):
    async def operation(tx):
        row = {"name": slug, "slug": slug}
        await tx.insert("tenant", [row])
        return row["id"]

    return operation


async def hold_the_writer(storage):
    """Keep the writer busy, so that operations pile up; returns how to let it go."""
    busy, let_go = threading.Event(), threading.Event()

    async def operation(tx):
        busy.set()
        let_go.wait(10)

    task = asyncio.ensure_future(storage.write(operation))
    await asyncio.to_thread(busy.wait, 10)

    async def release():
        let_go.set()
        await task

    return release


async def test_what_waits_together_shares_a_commit(storage, committed):
    seen = []

    def add_and_look(number):
        async def operation(tx):
            seen.append(committed("tenant"))
            await add_tenant(f"t{number}")(tx)

        return operation

    release = await hold_the_writer(storage)
    waiting = [asyncio.ensure_future(storage.write(add_and_look(n))) for n in range(GROUP + 2)]
    await asyncio.sleep(0)
    assert storage.waiting == 1 + GROUP + 2
    await release()
    await asyncio.gather(*waiting)
    assert storage.waiting == 0

    assert seen == [0] * GROUP + [GROUP, GROUP]


async def test_nobody_is_answered_before_the_commit(storage, committed):
    for number in range(3):
        await storage.write(add_tenant(f"t{number}"))
        assert committed("tenant") == number + 1


async def test_an_operation_that_fails_takes_nothing_of_its_neighbours_with_it(storage, committed):
    async def half_done(tx):
        await add_tenant("half")(tx)
        raise ApiError("No.")

    release = await hold_the_writer(storage)
    waiting = [
        asyncio.ensure_future(storage.write(operation))
        for operation in (add_tenant("a"), half_done, add_tenant("a"), add_tenant("b"))
    ]
    await asyncio.sleep(0)
    await release()
    first, refused, double, last = await asyncio.gather(*waiting, return_exceptions=True)

    assert isinstance(first, str)
    assert isinstance(last, str)
    assert str(refused) == "No."
    assert isinstance(double, UniquenessViolation)
    assert double.message == "Uniqueness violation."
    assert committed("tenant") == 2


async def test_a_later_operation_sees_what_an_earlier_one_of_its_group_has_done(storage):
    async def count(tx):
        return await tx.count("tenant")

    release = await hold_the_writer(storage)
    waiting = [
        asyncio.ensure_future(storage.write(operation)) for operation in (add_tenant("a"), count)
    ]
    await asyncio.sleep(0)
    await release()

    assert (await asyncio.gather(*waiting))[1] == 1


async def test_an_operation_must_not_wait_for_anything_else(storage, committed):
    async def sleepy(tx):
        await add_tenant("a")(tx)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="other than its transaction"):
        await storage.write(sleepy)
    assert committed("tenant") == 0


async def test_an_operation_whose_caller_has_gone_is_done_all_the_same(storage, committed):
    release = await hold_the_writer(storage)
    abandoned = asyncio.ensure_future(storage.write(add_tenant("a")))
    await asyncio.sleep(0)
    abandoned.cancel()
    await release()
    await storage.write(add_tenant("b"))

    assert committed("tenant") == 2


async def test_a_full_disk_is_said_and_survived(storage, committed):
    await storage.write(add_tenant("before"))

    async def no_more_pages(tx):
        pages = tx._connection.execute("PRAGMA page_count").fetchone()[0]
        tx._connection.execute(f"PRAGMA max_page_count = {pages}")

    async def more_pages(tx):
        tx._connection.execute("PRAGMA max_page_count = 1000000")

    async def add_much(tx):
        await tx.insert("tenant", [{"name": "x" * 500_000, "slug": "much"}])

    await storage.write(no_more_pages)
    with pytest.raises(ApiError, match="disk of the database is full"):
        await storage.write(add_much)

    await storage.write(more_pages)
    await storage.write(add_much)
    assert committed("tenant") == 2


async def test_a_database_locked_by_another_program_is_said_and_survived(
    path, clock, monkeypatch, committed
):
    monkeypatch.setattr(storage_module, "BUSY", 0.05)
    storage = await storage_module.SqliteStorage.open(str(path), clock=clock)
    outsider = sqlite3.connect(path, isolation_level=None)
    outsider.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(ApiError, match="locked by another program") as refusal:
            await storage.write(add_tenant("a"))
        assert refusal.value.code == "API_ERROR", "Prefect's client tries again on this code"
    finally:
        outsider.execute("ROLLBACK")
        outsider.close()

    await storage.write(add_tenant("a"))
    assert committed("tenant") == 1
    await storage.close()


async def test_a_row_that_names_nobody_is_refused(storage):
    async def orphan(tx):
        await tx.insert(
            "project", [{"name": "p", "tenant_id": "00000000-0000-4000-8000-000000000000"}]
        )

    with pytest.raises(ForeignKeyViolation, match=r"Foreign key violation\."):
        await storage.write(orphan)


async def test_what_is_queued_when_the_database_is_closed_is_done(storage, committed):
    release = await hold_the_writer(storage)
    waiting = asyncio.ensure_future(storage.write(add_tenant("last")))
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(storage.close())
    await asyncio.sleep(0)
    await release()
    await closing

    assert isinstance(await waiting, str)
    assert committed("tenant") == 1
    with pytest.raises(ServerProblem, match="has been closed"):
        await storage.write(add_tenant("late"))
