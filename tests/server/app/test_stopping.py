"""A server that is told to stop answers what it has begun, loses nothing, and is found again."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx

from tests.server.app.test_crash import CREATE, Ledger, ask, check, registered, work
from tests.server.app.test_process import PATIENCE, started


def test_a_request_that_has_begun_is_answered(tmp_path: Path) -> None:
    create = 'mutation { create_tenant(input: {name: "x", slug: "late"}) { id } }'
    body = json.dumps({"query": create}).encode()
    head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    database = tmp_path / "server.db"
    with started("--db", str(database), "--no-loops") as (process, url):
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        with socket.create_connection(address, timeout=PATIENCE) as client:
            client.sendall(head + body[:10])
            # Another request shows that the server has taken the first one up.
            assert httpx.get(f"{url}/health").status_code == 200
            process.send_signal(signal.SIGTERM)
            until_refused(address)
            client.sendall(body[10:])
            answer = b""
            while part := client.recv(65536):
                answer += part
        assert answer.startswith(b"HTTP/1.1 200"), answer
        assert b'"create_tenant"' in answer
        assert process.wait(PATIENCE) == 0
    with closing(sqlite3.connect(database)) as rows:
        assert ("late",) in rows.execute("SELECT slug FROM tenant").fetchall()
    assert not database.with_name("server.db-wal").exists()
    assert not database.with_name("server.db.token").exists()


def until_refused(address: tuple[str, int]) -> None:
    """Wait until nobody listens any more."""
    while True:
        try:
            socket.create_connection(address, timeout=PATIENCE).close()
        except ConnectionError:
            return


async def test_nothing_that_was_answered_is_lost(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    ledger = Ledger()
    with started("--db", str(database), "--no-loops") as (process, url):
        flow_id = await registered(url)
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as http:
            clients = [
                asyncio.create_task(work(http, flow_id, str(client), ledger)) for client in range(6)
            ]
            await ledger.reaches(100)
            process.send_signal(signal.SIGTERM)
            ends = await asyncio.gather(*clients, return_exceptions=True)
        # They went on until nobody listened; not one was told of an error.
        assert all(isinstance(end, httpx.TransportError) for end in ends), ends
        assert await asyncio.to_thread(process.wait, PATIENCE) == 0
    check(database, ledger)


async def test_who_asks_again_finds_the_next_server(tmp_path: Path) -> None:
    """As Prefect's client does for a minute: the same request, until somebody answers."""
    database = str(tmp_path / "server.db")
    made: set[str] = set()
    begun = asyncio.Event()
    document = CREATE.replace("{flow_id: $id}", "{flow_id: $id, idempotency_key: $key}").replace(
        "($id: UUID)", "($id: UUID, $key: String)"
    )

    async def insist(http: httpx.AsyncClient, flow_id: str, key: str) -> None:
        while True:
            try:
                run = await ask(http, document, id=flow_id, key=key)
            except httpx.TransportError:
                await asyncio.sleep(0.01)
            else:
                made.add(run["create_flow_run"]["id"])
                begun.set()
                return

    async def agent(url: str, flow_id: str, name: str) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as http:
            for number in range(40):
                await insist(http, flow_id, f"{name}-{number}")

    with started("--db", database, "--no-loops") as (process, url):
        port = url.rpartition(":")[2]
        flow_id = await registered(url)
        agents = [asyncio.create_task(agent(url, flow_id, str(name))) for name in range(4)]
        await begun.wait()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(process.wait, PATIENCE) == 0
    with started("--db", database, "--no-loops", "--port", port) as (process, again):
        assert again == url
        await asyncio.wait_for(asyncio.gather(*agents), PATIENCE)
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
            runs = (await ask(http, "{ flow_run { id } }"))["flow_run"]
        process.terminate()
        assert await asyncio.to_thread(process.wait, PATIENCE) == 0
    assert {run["id"] for run in runs} == made
    assert len(made) == 160
