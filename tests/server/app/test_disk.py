"""A disk that is full, refuses, or can only be read: clear words, reads go on, and no restart."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from flowtui.server.embedded import backend
from flowtui.server.settings import ServerSettings
from tests.server.app.test_process import PATIENCE, READY, environment
from tests.server.installation import Client, Refusal, SetClock


@pytest.fixture
async def file_api(tmp_path: Path, clock: SetClock) -> AsyncIterator[Client]:
    """A backend on a file."""
    settings = ServerSettings(database=str(tmp_path / "server.db"))
    async with backend(settings, clock=clock) as ours:
        client = Client(ours, clock)
        yield client
        await client.http.aclose()


def pragma(api: Client, statement: str) -> None:
    """Set something on the connection that writes, while nobody does."""
    api.storage._connection.execute(f"PRAGMA {statement}")  # type: ignore[attr-defined]


def no_room(api: Client) -> Callable[[], None]:
    """The disk takes a few pages more."""
    (pages,) = api.storage._connection.execute("PRAGMA page_count").fetchone()  # type: ignore[attr-defined]
    pragma(api, f"max_page_count = {pages + 20}")
    return lambda: pragma(api, "max_page_count = 1000000")


def reading_only(api: Client) -> Callable[[], None]:
    pragma(api, "query_only = ON")
    return lambda: pragma(api, "query_only = OFF")


@pytest.mark.parametrize(
    ("trouble", "words", "code"),
    [
        (no_room, "The disk of the database is full; nothing was written.", "API_ERROR"),
        (
            reading_only,
            "The database can no longer be written to.",
            "INTERNAL_SERVER_ERROR",
        ),
    ],
)
async def test_what_cannot_be_written_is_said_and_mended_without_a_restart(
    file_api: Client, trouble: Callable[[Client], Callable[[], None]], words: str, code: str
) -> None:
    api = file_api
    run = await api.run(await api.flow())
    mend = trouble(api)
    line = {"flow_run_id": run, "message": "x" * 500_000}
    with pytest.raises(Refusal) as refused:
        await api.do("write_run_logs", logs=[line])
    assert (refused.value.status, refused.value.message) == (200, words)
    assert refused.value.code == code
    # What can be read is answered all the while, and a refusal leaves nothing behind.
    assert (await api.flow_run(run, "state logs { id }")) == {"state": "Scheduled", "logs": []}
    assert (await api.http.get("/metrics")).status_code == 200
    mend()
    await api.do("write_run_logs", logs=[line])
    await api.set_flow_run(run, "Running")
    found = await api.flow_run(run, "state logs { message }")
    assert (found["state"], len(found["logs"])) == ("Running", 1)


SERVER = """
import os, resource, signal, sys
from flowtui.server.process import run
from flowtui.server.settings import ServerSettings

def limited(size, word):
    def set_limit(*_):
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard if size is None else size, hard))
        os.write(1, word)
    return set_limit

signal.signal(signal.SIGUSR1, limited(4096, b"tight\\n"))
signal.signal(signal.SIGUSR2, limited(None, b"loose\\n"))
run(ServerSettings(port=0, database=sys.argv[1], loops=()))
"""


def test_a_quota_that_is_used_up_and_raised_again(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(database)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    with process:
        assert process.stdout is not None
        try:
            ready = READY.match(process.stdout.readline().rstrip("\n"))
            assert ready
            url = ready[1]

            def tenant(slug: str) -> httpx.Response:
                create = (
                    f'mutation {{ create_tenant(input: {{name: "x", slug: "{slug}"}}) {{ id }} }}'
                )
                return httpx.post(url, json={"query": create}, timeout=PATIENCE)

            assert "errors" not in tenant("before").json()
            process.send_signal(signal.SIGUSR1)
            assert process.stdout.readline() == "tight\n"
            for number in range(3):
                refused = tenant(f"during-{number}")
                assert refused.status_code == 200
                (error,) = refused.json()["errors"]
                assert "nothing was written" in error["message"]
                assert error["extensions"]["code"] == "API_ERROR"
            asked = httpx.post(url, json={"query": "{ tenant { slug } }"}, timeout=PATIENCE)
            assert len(asked.json()["data"]["tenant"]) == 2
            process.send_signal(signal.SIGUSR2)
            assert process.stdout.readline() == "loose\n"
            assert "errors" not in tenant("after").json()
            process.terminate()
            assert process.wait(PATIENCE) == 0
        finally:
            if process.poll() is None:
                process.kill()
    with closing(sqlite3.connect(database)) as rows:
        assert rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        slugs = {slug for (slug,) in rows.execute("SELECT slug FROM tenant")}
    assert slugs == {"default", "before", "after"}
