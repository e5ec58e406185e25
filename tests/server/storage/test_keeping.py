"""Copies of a database: before its tables change, and whenever somebody wants one."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from flowtui.errors import ServerProblem
from flowtui.server.storage import open_storage
from flowtui.server.storage.backup import copy_database, kept_before
from flowtui.server.storage.schema import MIGRATIONS
from tests.server.storage.older import back_to


def tables(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as database:
        return dict(database.execute("SELECT name, sql FROM sqlite_master WHERE sql <> ''"))


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("PRAGMA user_version").fetchone()[0])


async def filled(path: Path) -> None:
    storage = await open_storage(str(path))

    async def add(tx):
        await tx.insert("tenant", [{"name": "Acme", "slug": "acme"}])

    await storage.write(add)
    await storage.close()


async def slugs(path: Path) -> list[str]:
    storage = await open_storage(str(path))

    async def ask(tx):
        return [row["slug"] for row in await tx.find("tenant")]

    try:
        return await storage.write(ask)
    finally:
        await storage.close()


async def test_an_older_file_is_kept_before_its_tables_change(path: Path) -> None:
    await filled(path)
    new = tables(path)
    with closing(sqlite3.connect(path)) as database:
        database.executescript(back_to(2))
    old = tables(path)

    assert await slugs(path) == ["acme"]

    assert tables(path) == new
    assert version(path) == len(MIGRATIONS)
    kept = kept_before(path, 2)
    assert (tables(kept), version(kept)) == (old, 2)
    assert kept.stat().st_mode & 0o777 == 0o600
    # A copy is a database like any other.
    assert await slugs(kept) == ["acme"]


async def test_a_new_file_and_one_of_today_are_not_copied(path: Path) -> None:
    await filled(path)
    assert await slugs(path) == ["acme"]
    assert not list(path.parent.glob("*.backup"))


async def test_without_room_for_the_copy_nothing_is_changed(path: Path) -> None:
    await filled(path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 2")
        database.commit()
    kept_before(path, 2).mkdir()
    with pytest.raises(ServerProblem, match="cannot be copied"):
        await open_storage(str(path))
    assert version(path) == 2
    assert not list(path.parent.glob("*.part"))


async def test_a_copy_is_whole_while_others_write(path: Path, tmp_path: Path) -> None:
    """Each operation adds two rows; no copy may have one of them only."""
    storage = await open_storage(str(path))

    def pair(number):
        async def add(tx):
            await tx.insert("tenant", [{"name": "a", "slug": f"a{number}"}])
            await tx.insert("tenant", [{"name": "b", "slug": f"b{number}"}])

        return add

    written = 0
    more = asyncio.Event()

    async def keep_writing():
        nonlocal written
        while True:
            await asyncio.gather(*(storage.write(pair(written + n)) for n in range(20)))
            written += 20
            more.set()

    writing = asyncio.create_task(keep_writing())
    try:
        for number in range(5):
            more.clear()
            await more.wait()
            before = written
            target = tmp_path / f"copy-{number}.db"
            await asyncio.to_thread(copy_database, path, target)
            with closing(sqlite3.connect(target)) as copy:
                counts = dict(copy.execute("SELECT name, count(*) FROM tenant GROUP BY name"))
            assert counts["a"] == counts["b"] >= before
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        await storage.close()


def test_there_must_be_something_to_copy(tmp_path: Path) -> None:
    with pytest.raises(ServerProblem, match="There is no database"):
        copy_database(tmp_path / "none.db", tmp_path / "copy.db")
    (tmp_path / "notes.db").write_text("Dear diary, " * 1000)
    with pytest.raises(ServerProblem, match="not a database"):
        copy_database(tmp_path / "notes.db", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
