"""Opening a database: one process to a file, and a clear word when it cannot be used."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from flowtui.errors import ServerProblem
from flowtui.server.address import address_known, running_server
from flowtui.server.catalogue import TABLES
from flowtui.server.storage import open_storage
from flowtui.server.storage.lock import lock_path
from flowtui.server.storage.schema import MIGRATIONS
from tests.server.storage.older import back_to

OPEN_AND_SAY = """
import asyncio, sys, time
from flowtui.errors import ServerProblem
from flowtui.server.storage import open_storage

async def main():
    try:
        await open_storage(sys.argv[1])
    except ServerProblem as problem:
        print(problem, flush=True)
    else:
        print("open", flush=True)
        time.sleep(30)

asyncio.run(main())
"""


def another_process(path, script=OPEN_AND_SAY):
    return subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
    )


async def test_a_second_process_is_refused_and_told_what_to_do(storage, path):
    other = another_process(path)
    said, _ = other.communicate(timeout=60)

    assert f"in use by another flowtui server (process {os.getpid()})" in said
    assert "flowtui server stop" in said
    assert "--db" in said


@pytest.mark.parametrize("where", ["file", "folder"])
async def test_a_link_leads_to_the_same_database(storage, path, where):
    link = path.with_name("link")
    link.symlink_to(path if where == "file" else path.parent)
    named = link if where == "file" else link / path.name
    with pytest.raises(ServerProblem, match="in use by another flowtui server"):
        await open_storage(str(named))

    with address_known(path, "http://127.0.0.1:4200"):
        assert running_server(named).url == "http://127.0.0.1:4200"


async def test_a_process_that_was_killed_holds_nothing(path):
    other = another_process(path)
    try:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(ServerProblem, match=f"process {other.pid}"):
            await open_storage(str(path))
    finally:
        other.send_signal(signal.SIGKILL)
        other.communicate(timeout=60)

    storage = await open_storage(str(path))
    await storage.close()


async def test_the_same_process_cannot_open_it_twice_either(storage, path):
    with pytest.raises(ServerProblem, match="in use"):
        await open_storage(str(path))


async def test_a_closed_database_can_be_opened_again_with_all_its_rows(path):
    async def add(tx):
        await tx.insert("tenant", [{"name": "Acme", "slug": "acme"}])

    async def names(tx):
        return [row["name"] for row in await tx.find("tenant")]

    storage = await open_storage(str(path))
    await storage.write(add)
    await storage.close()
    await storage.close()

    storage = await open_storage(f"sqlite://{path}")
    assert await storage.write(names) == ["Acme"]
    await storage.close()


async def test_a_database_in_memory_is_whole_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    storage = await open_storage(":memory:")
    assert await storage.read("SELECT count(*) || '' FROM tenant") == b"0"
    await storage.close()

    assert list(tmp_path.iterdir()) == []


async def test_a_new_database_holds_every_table_of_the_catalogue(storage, path):
    outsider = sqlite3.connect(path)
    found = {name for (name,) in outsider.execute("SELECT name FROM sqlite_master")}
    outsider.close()

    assert {table.name for table in TABLES.values() if table.stored} <= found


async def test_every_foreign_key_that_a_deletion_follows_has_an_index(storage, path):
    # Deleting a tenant may take its time: it happens once, and an index on each tenant_id costs
    # every write.
    outsider = sqlite3.connect(path)
    missing = []
    for table in TABLES.values():
        if not table.stored:
            continue
        leading = {
            outsider.execute(f'PRAGMA index_info("{name}")').fetchone()[2]
            for _, name, *_ in outsider.execute(f'PRAGMA index_list("{table.name}")').fetchall()
        }
        missing += [
            f"{table.name}.{column.name}"
            for column in table.columns
            if column.references and column.name not in {*leading, "tenant_id"}
        ]
    outsider.close()

    assert missing == []


async def test_a_directory_that_is_missing_is_named(tmp_path):
    with pytest.raises(ServerProblem, match=r"no directory .*nowhere.* Make it first"):
        await open_storage(str(tmp_path / "nowhere" / "prefect.db"))


async def test_a_directory_is_no_database(tmp_path):
    with pytest.raises(ServerProblem, match="is a directory, not a database"):
        await open_storage(str(tmp_path))


async def test_a_place_that_cannot_be_written_is_named(tmp_path):
    # /proc takes no new files, not even from root.
    with pytest.raises(ServerProblem, match=r"/proc.*--db"):
        await open_storage("/proc/prefect.db")


async def test_a_file_that_is_no_database_is_left_as_it_is(path):
    path.write_text("Dear diary,\n" * 1000)
    with pytest.raises(ServerProblem, match=r"not a database of flowtui.*--db"):
        await open_storage(str(path))

    assert path.read_text() == "Dear diary,\n" * 1000
    path.unlink()
    await (await open_storage(str(path))).close()


async def test_a_database_of_another_program_is_left_as_it_is(path):
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE songs (title)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(ServerProblem, match="of some other program"):
        await open_storage(str(path))

    assert path.read_bytes() == before


async def test_a_database_of_a_newer_flowtui_is_refused(path):
    await (await open_storage(str(path))).close()
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    other.close()
    with pytest.raises(ServerProblem, match=r"made by a newer flowtui.*Upgrade flowtui"):
        await open_storage(str(path))


async def test_a_database_locked_by_another_program_is_refused(path, monkeypatch):
    monkeypatch.setattr("flowtui.server.storage.sqlite.BUSY", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ServerProblem, match="locked by another program"):
        await open_storage(str(path))
    other.close()


async def test_a_lock_that_cannot_be_made_is_named(path):
    lock_path(path).mkdir()
    with pytest.raises(ServerProblem, match=r"lock .* cannot be opened"):
        await open_storage(str(path))


async def test_a_question_that_takes_too_long_is_stopped(storage, monkeypatch):
    monkeypatch.setattr("flowtui.server.storage.readers.PATIENCE", 0.0)
    with pytest.raises(Exception, match="took too long"):
        await storage.read(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000000)"
            " SELECT max(i) || '' FROM n"
        )
    monkeypatch.undo()
    assert await storage.read("SELECT '{}'") == b"{}"


async def test_rows_looked_up_by_their_ids_wait_for_nobody(storage, path):
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) || '' FROM n"
    )
    slow = [asyncio.ensure_future(storage.read(endless)) for _ in range(3)]
    await asyncio.sleep(0)
    assert await storage.read("SELECT count(*) || '' FROM tenant", quick=True) == b"0"
    assert not any(one.done() for one in slow)
    await storage.close()
    for one in slow:
        with pytest.raises(Exception, match="took too long"):
            await one


async def test_what_cannot_be_looked_up_at_once_is_read_with_patience(storage):
    with pytest.raises(Exception, match="no such table"):
        await storage.read("SELECT name FROM nowhere", quick=True)
    assert await storage.read("SELECT count(*) || '' FROM tenant", quick=True) == b"0"


async def test_the_planner_is_told_what_to_expect_of_every_index(storage, path):
    outsider = sqlite3.connect(path)
    told = {name for (name,) in outsider.execute("SELECT idx FROM sqlite_stat1")}
    indexes = {
        name for (name,) in outsider.execute("SELECT name FROM sqlite_master WHERE type = 'index'")
    }
    outsider.close()

    assert told == indexes


async def test_the_failed_tasks_of_a_run_are_looked_for_among_that_runs_tasks(storage, path):
    # By the state's index, which a planner that has to guess prefers, it takes a thousand times as
    # long.
    outsider = sqlite3.connect(path)
    plan = outsider.execute(
        "EXPLAIN QUERY PLAN SELECT (SELECT count(*) FROM task_run AS task"
        " WHERE task.flow_run_id = run.id AND task.state = 'Failed') FROM flow_run AS run"
    ).fetchall()
    outsider.close()

    assert any("flow_run_id=?" in step for *_, step in plan), plan


WRITE_AND_SAY = """
import asyncio, sys
from flowtui.server.storage import open_storage

async def main():
    storage = await open_storage(sys.argv[1])

    async def client(name):
        for number in range(100_000):
            slug = f"{name}-{number}"
            async def add(tx):
                await tx.insert("tenant", [{"name": slug, "slug": slug}])
            await storage.write(add)
            print(slug, flush=True)

    await asyncio.gather(*(client(f"c{n}") for n in range(8)))

asyncio.run(main())
"""


async def test_what_was_answered_outlives_a_process_that_is_killed(path):
    writing = another_process(path, WRITE_AND_SAY)
    answered = [writing.stdout.readline() for _ in range(300)]
    writing.kill()
    rest, _ = writing.communicate(timeout=60)
    answered += [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]

    async def slugs(tx):
        return {row["slug"] for row in await tx.find("tenant")}

    storage = await open_storage(str(path))
    assert {line.strip() for line in answered} <= await storage.write(slugs)
    await storage.close()


def everything(path):
    """What a database is made of, however it was written."""
    outsider = sqlite3.connect(path)
    made = {
        (kind, name, *outsider.execute(f"PRAGMA table_xinfo('{name}')").fetchall())
        for kind, name in outsider.execute("SELECT type, name FROM sqlite_master")
    }
    keys = {
        (name, *key)
        for _, name, *_ in made
        for key in outsider.execute(f"PRAGMA foreign_key_list('{name}')")
    }
    expected = set(outsider.execute("SELECT tbl, idx, stat FROM sqlite_stat1"))
    version = outsider.execute("PRAGMA user_version").fetchone()
    outsider.close()
    return made, keys, expected, version


async def test_a_database_from_before_there_were_limits_is_brought_up_to_date(path, tmp_path):
    async def add(tx):
        await tx.insert("tenant", [{"name": "Acme", "slug": "acme"}])

    async def limit(tx):
        (tenant,) = await tx.find("tenant")
        row = {"tenant_id": tenant["id"], "name": "gpu", "limit": 1}
        await tx.insert("task_concurrency_limit", [row])
        return [(row["tag"], row["limit"]) for row in await tx.find("task_tag_limit")]

    storage = await open_storage(str(path))
    await storage.write(add)
    await storage.close()
    older = sqlite3.connect(path)
    older.executescript(back_to(1))
    older.close()
    storage = await open_storage(str(path))
    assert await storage.write(limit) == [("gpu", 1)]
    await storage.close()

    await (await open_storage(str(tmp_path / "new.db"))).close()
    assert everything(path) == everything(tmp_path / "new.db")
