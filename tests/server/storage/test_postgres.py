"""What PostgreSQL can do to us: refuse, be somebody else's, go away and come back."""

from __future__ import annotations

import asyncio
import gc
import re
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from flowtui.errors import ApiError, ServerProblem
from flowtui.server.embedded import backend
from flowtui.server.services.agents import note_contact, register_agent
from flowtui.server.settings import ServerSettings
from flowtui.server.storage import Operation, Storage, Transaction, open_storage
from flowtui.server.storage import postgres as storage_module
from flowtui.server.storage.locations import without_password
from flowtui.server.storage.schema import MIGRATIONS
from tests.postgres import Postgres, Tables, postgres
from tests.server.storage.older import UNDO


@pytest.fixture(scope="module")
def mortal() -> Iterator[Postgres]:
    """A server that may be stopped."""
    with postgres() as server:
        server.sql("CREATE DATABASE tests")
        yield server


@pytest.fixture
def fresh(postgres_server: Postgres) -> Iterator[str]:
    """The location of a database without any tables."""
    postgres_server.sql("CREATE DATABASE fresh TEMPLATE template0")
    yield postgres_server.url("fresh")
    postgres_server.sql("DROP DATABASE fresh WITH (FORCE)")


def add_tenant(slug: str) -> Operation[str]:
    async def operation(tx: Transaction) -> str:
        await tx.insert("tenant", [{"name": slug, "slug": slug}])
        return slug

    return operation


async def slugs(storage: Storage) -> set[str]:
    async def operation(tx: Transaction) -> set[str]:
        return {row["slug"] for row in await tx.find("tenant")}

    return await storage.write(operation)


async def test_servers_that_start_together_make_the_tables_once(fresh: str) -> None:
    opened = await asyncio.gather(*(open_storage(fresh) for _ in range(4)))
    await opened[0].write(add_tenant("acme"))
    assert [await slugs(storage) for storage in opened] == [{"acme"}] * 4
    for storage in opened:
        await storage.close()
        await storage.close()
    with pytest.raises(ServerProblem, match="has been closed"):
        await opened[0].write(add_tenant("late"))


async def test_tables_of_another_program_are_left_as_they_are(
    fresh: str, postgres_server: Postgres
) -> None:
    postgres_server.sql("CREATE TABLE flow_run (id text)", "fresh")
    with pytest.raises(ServerProblem, match=r"some other program \(flow_run\)"):
        await open_storage(fresh)
    assert postgres_server.sql("SELECT count(*) FROM pg_tables WHERE tablename = 'flow'", "fresh")


async def test_tables_of_a_newer_flowtui_are_refused(fresh: str, postgres_server: Postgres) -> None:
    await (await open_storage(fresh)).close()
    newer = len(MIGRATIONS) + 1
    postgres_server.sql(f"UPDATE flowtui_version SET version = {newer}", "fresh")
    with pytest.raises(ServerProblem, match=r"made by a newer flowtui.*Upgrade flowtui"):
        await open_storage(fresh)


async def test_tables_of_an_older_flowtui_are_brought_up_to_date(
    fresh: str, postgres_server: Postgres
) -> None:
    storage = await open_storage(fresh)
    await storage.write(add_tenant("acme"))
    await storage.close()
    for undone in UNDO[5]:
        postgres_server.sql(undone, "fresh")
    postgres_server.sql("UPDATE flowtui_version SET version = 4", "fresh")

    async def agent(tx: Transaction) -> object:
        (tenant,) = await tx.find("tenant")
        made = await register_agent(tx, tenant_id=tenant["id"], type="LocalAgent")
        await note_contact(tx, made, 3)
        (found,) = await tx.find("agent")
        return found["contacts"]["times"]

    opened = await asyncio.gather(*(open_storage(fresh) for _ in range(2)))
    assert await slugs(opened[1]) == {"acme"}
    assert await opened[0].write(agent) == [4]
    for storage in opened:
        await storage.close()


async def test_an_encoding_that_cannot_hold_everything_is_refused(
    postgres_server: Postgres,
) -> None:
    postgres_server.sql("CREATE DATABASE old TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(ServerProblem, match=r"as LATIN1.*--encoding=UTF8"):
        await open_storage(postgres_server.url("old"))


async def test_a_database_that_is_missing_is_named(postgres_server: Postgres) -> None:
    with pytest.raises(ServerProblem, match=r"no database postgresql://flowtui@/nowhere.*createdb"):
        await open_storage(postgres_server.url("nowhere"))


async def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(ServerProblem, match=r"does not answer at postgresql://me@127") as refusal:
        await open_storage("postgresql://me:secret@127.0.0.1:9/prefect")
    assert "secret" not in str(refusal.value)


def test_without_its_package_it_is_named() -> None:
    start = (
        "import sys; sys.modules['asyncpg'] = None; from flowtui.cli.main import main; "
        "main(['server', 'start', '--port', '0', '--db', 'postgresql://localhost/prefect'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", start], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "pip install 'flowtui[postgres]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        (
            "postgresql://me:secret@db.example:5433/prefect",
            "postgresql://me@db.example:5433/prefect",
        ),
        ("postgres://db/prefect?user=me&password=secret", "postgres://db/prefect"),
        ("/var/lib/flowtui/server.db", "/var/lib/flowtui/server.db"),
    ],
)
def test_passwords_are_not_shown(location: str, shown: str) -> None:
    assert without_password(location) == shown


async def test_a_user_without_rights_is_told_which(fresh: str, postgres_server: Postgres) -> None:
    postgres_server.sql("CREATE USER guest; REVOKE CREATE ON SCHEMA public FROM PUBLIC", "fresh")
    with pytest.raises(ServerProblem, match=r"permission denied for schema public.*own the data"):
        await open_storage(fresh.replace("//flowtui@", "//guest@"))


async def test_a_question_that_takes_too_long_is_stopped(
    postgres_tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried = {**storage_module._READING, "statement_timeout": "1000"}
    monkeypatch.setattr(storage_module, "_READING", hurried)
    storage = await open_storage(postgres_tables.location)
    with pytest.raises(ApiError, match="took too long"):
        await storage.read("SELECT pg_sleep(60)::text")
    assert await storage.read("SELECT '{}'") == b"{}"
    await storage.close()


async def test_too_few_connections_are_told_from_a_database_that_is_away(
    postgres_tables: Tables,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(storage_module, "WAITING", 0.2)
    storage = await open_storage(postgres_tables.location, connections=2)
    held, finish = asyncio.Event(), asyncio.Event()

    async def hold(tx: Transaction) -> None:
        await tx.count("tenant")
        held.set()
        await finish.wait()

    holding = asyncio.ensure_future(storage.write(hold))
    await held.wait()
    for _ in range(2):
        with pytest.raises(ApiError, match=r"All 1 connections.*busy.*--db-connections") as refusal:
            await storage.write(add_tenant("late"))
        assert refusal.value.code == "API_ERROR"
    assert await storage.read("SELECT '{}'") == b"{}"
    finish.set()
    await holding
    assert "late" not in await slugs(storage)
    said = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert [message.split()[0] for message in said] == ["All"]
    assert "lost" not in caplog.text
    await storage.close()


async def test_an_operation_goes_on_when_who_asked_for_it_has_gone(
    postgres_tables: Tables,
) -> None:
    postgres_tables.empty()
    storage = await open_storage(postgres_tables.location)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(tx: Transaction) -> None:
        await tx.insert("tenant", [{"name": "slow", "slug": "slow"}])
        begun.set()
        await go_on.wait()

    abandoned = asyncio.ensure_future(storage.write(slow))
    await begun.wait()
    abandoned.cancel()
    with pytest.raises(asyncio.CancelledError):
        await abandoned
    closing = asyncio.ensure_future(storage.close())
    go_on.set()
    await closing

    storage = await open_storage(postgres_tables.location)
    assert await slugs(storage) == {"slow"}
    await storage.close()


async def test_a_failure_that_nobody_waits_for_any_more_is_no_news(
    postgres_tables: Tables, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that stops while its database is away has asked for things it does not wait for."""
    storage = await open_storage(postgres_tables.location)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def failing(tx: Transaction) -> None:
        begun.set()
        await go_on.wait()
        raise ApiError("Nobody hears this.")

    abandoned = asyncio.ensure_future(storage.write(failing))
    await begun.wait()
    abandoned.cancel()
    with pytest.raises(asyncio.CancelledError):
        await abandoned
    go_on.set()
    await storage.close()
    # What asyncio has to say of a task, it says when the task goes.
    gc.collect()
    assert "never retrieved" not in caplog.text


async def test_a_failure_that_an_operation_does_not_mind_is_one_all_the_same(
    postgres_tables: Tables,
) -> None:
    postgres_tables.empty()

    async def careless(tx: Transaction) -> str:
        await tx.insert("tenant", [{"name": "a", "slug": "a"}])
        nobody = "00000000-0000-4000-8000-000000000000"
        with pytest.raises(ApiError, match="Foreign key"):
            await tx.insert("project", [{"name": "p", "tenant_id": nobody}])
        return "done"

    storage = await open_storage(postgres_tables.location)
    with pytest.raises(ApiError, match=r"Foreign key violation\."):
        await storage.write(careless)
    assert await slugs(storage) == set()
    await storage.close()


async def test_operations_that_block_each_other_are_both_done(postgres_tables: Tables) -> None:
    postgres_tables.empty()
    storage = await open_storage(postgres_tables.location)
    for slug in ("a", "b"):
        await storage.write(add_tenant(slug))
    halfway = {"a": asyncio.Event(), "b": asyncio.Event()}

    def crosswise(first: str, then: str) -> Operation[None]:
        async def operation(tx: Transaction) -> None:
            await tx.update("tenant", {"slug": {"_eq": first}}, {"name": first + then})
            halfway[first].set()
            await halfway[then].wait()
            await tx.update("tenant", {"slug": {"_eq": then}}, {"name": first + then})

        return operation

    await asyncio.gather(storage.write(crosswise("a", "b")), storage.write(crosswise("b", "a")))

    async def names(tx: Transaction) -> set[str]:
        return {row["name"] for row in await tx.find("tenant")}

    assert await storage.write(names) in ({"ab"}, {"ba"})
    await storage.close()


async def test_it_comes_back_when_postgresql_does(
    mortal: Postgres, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(storage_module, "RECOVERY", 0.05)
    async with backend(ServerSettings(database=mortal.url("tests"))) as ours:
        transport = httpx.ASGITransport(ours.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:

            async def ask(document: str) -> dict[str, object]:
                answer: dict[str, object] = (await http.post("/", json={"query": document})).json()
                return answer

            name = 'mutation { create_tenant(input: {name: "a", slug: "%s"}) { id } }'
            assert "errors" not in await ask("{ tenant { slug } }")
            mortal.stop()
            for document in ("{ tenant { slug } }", name % "a"):
                (error,) = (await ask(document))["errors"]
                assert error["message"] == "The database does not answer at present."
                assert error["extensions"]["code"] == "API_ERROR", "clients repeat on this code"
            assert not await ours.storage.leads("walking")
            watched = await http.get("/metrics")
            assert watched.status_code == 200, "whoever watches wants to know just now"
            assert "\nflowtui_database_up 0\n" in watched.text
            assert "\nflowtui_agents_live " not in watched.text
            monkeypatch.undo()
            mortal.start()
            assert "errors" not in await ask(name % "a")
            assert await ours.storage.leads("walking")
    said = [record for record in caplog.records if record.name == "flowtui.server.storage"]
    lost, found = (record.getMessage() for record in said)
    assert lost.startswith("The connection to the database is lost: ")
    assert found == "The database answers again"


async def test_nothing_that_was_answered_is_lost_when_it_restarts_under_load(
    mortal: Postgres,
) -> None:
    storage = await open_storage(mortal.url("tests"))
    answered: set[str] = set()
    problems: list[BaseException] = []
    is_over = False

    progress = asyncio.Condition()

    async def client(name: int) -> None:
        number = 0
        while not is_over:
            number += 1
            try:
                answered.add(await storage.write(add_tenant(f"c{name}-{number}")))
            except Exception as problem:
                problems.append(problem)
            async with progress:
                progress.notify_all()

    async def many(more: int) -> None:
        wanted = len(answered) + more
        async with progress:
            await asyncio.wait_for(progress.wait_for(lambda: len(answered) >= wanted), 60)

    clients = [asyncio.ensure_future(client(name)) for name in range(8)]
    for _ in range(2):
        await many(100)
        await asyncio.to_thread(mortal.stop)
        await asyncio.to_thread(mortal.start)
    await many(100)
    is_over = True
    await asyncio.gather(*clients)

    assert answered <= await slugs(storage)
    # Whose commit was under way cannot know whether it was done.
    known = "does not answer at present|went away while it was writing|Uniqueness"
    assert [problem for problem in problems if not re.search(known, str(problem))] == []
    await storage.close()


async def test_tables_that_are_brought_up_to_date_meanwhile_disturb_nobody(
    fresh: str, postgres_server: Postgres
) -> None:
    storage = await open_storage(fresh)
    await storage.write(add_tenant("before"))
    assert await slugs(storage) == {"before"}
    postgres_server.sql("ALTER TABLE tenant ALTER COLUMN slug TYPE varchar", "fresh")
    assert await slugs(storage) == {"before"}
    await storage.write(add_tenant("after"))
    await storage.close()
