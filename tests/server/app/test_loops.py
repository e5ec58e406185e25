"""Loops of a server: started with it, and made to go once when somebody asks."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest

from flowtui.server.address import token_path
from flowtui.server.embedded import backend
from flowtui.server.settings import LOOPS, ServerSettings
from tests.server.app.test_process import PATIENCE, ask, environment, started
from tests.server.app.test_requests import server
from tests.server.installation import Client, SetClock, hourly


async def left_behind(database: Path) -> tuple[str, str]:
    """A database whose server stopped an hour ago, with one run Submitted and one Cancelling."""
    clock = SetClock(datetime.now(timezone.utc) - timedelta(hours=1))
    async with backend(ServerSettings(database=str(database)), clock=clock) as ours:
        api = Client(ours, clock)
        flow_id = await api.flow(schedule=hourly())
        # A year apart: no run becomes due between two passes.
        group = (await api.ask("{ flow_group { id } }"))["flow_group"][0]["id"]
        clocks = [{"interval": 365 * 86_400}]
        await api.do("set_flow_group_schedule", flow_group_id=group, interval_clocks=clocks)
        submitted, cancelling = [await api.run(flow_id) for _ in range(2)]
        await api.set_flow_run(submitted, "Submitted")
        await api.set_flow_run(cancelling, "Running")
        await api.set_flow_run(cancelling, "Cancelling")
        await api.http.aclose()
    return submitted, cancelling


def run_once(loop: str, database: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "flowtui",
            "server",
            "run-once",
            loop,
            "--db",
            str(database),
            *words,
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=environment(),
        check=False,
    )


def state(url: str, run: str) -> str:
    found = ask(url, f'{{ flow_run_by_pk(id: "{run}") {{ state }} }}')["flow_run_by_pk"]
    assert isinstance(found, dict)
    return str(found["state"])


def test_one_pass_without_a_server(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    asyncio.run(left_behind(database))
    passes = [run_once(loop, database) for loop in LOOPS for _ in range(2)]
    assert {(one.returncode, one.stderr) for one in passes} == {(0, "")}
    assert [one.stdout for one in passes] == [
        "scheduler: runs made 10\n",
        "scheduler: runs made 0\n",
        "lazarus: runs rescheduled 1, runs failed 0\n",
        "lazarus: runs rescheduled 0, runs failed 0\n",
        "zombie-killer: task runs retried 0, task runs failed 0, flow runs failed 1\n",
        "zombie-killer: task runs retried 0, task runs failed 0, flow runs failed 0\n",
    ]


def test_one_pass_by_the_server_of_the_database(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    submitted, _ = asyncio.run(left_behind(database))
    with started("--db", str(database), "--no-loops") as (process, url):
        done = run_once("lazarus", database)
        assert (done.stdout, done.stderr) == ("lazarus: runs rescheduled 1, runs failed 0\n", "")
        assert state(url, submitted) == "Scheduled"
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_a_server_with_a_key_wants_it_or_its_token_for_a_pass(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    with started("--db", str(database), "--api-key", "k") as (process, _):
        token = token_path(database)
        assert token.stat().st_mode & 0o777 == 0o600
        assert run_once("scheduler", database).stdout == "scheduler: runs made 0\n"
        # Somebody else on this machine cannot read it.
        token.unlink()
        refused = run_once("scheduler", database)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "needs an API key" in refused.stderr
        assert "--api-key" in refused.stderr
        assert run_once("scheduler", database, "--api-key", "k").stdout == (
            "scheduler: runs made 0\n"
        )
        process.terminate()
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("place", ["missing.db", ":memory:"])
def test_without_a_database_there_is_nothing_to_do(tmp_path: Path, place: str) -> None:
    database = Path(place) if place == ":memory:" else tmp_path / place
    done = run_once("lazarus", database)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert "--db" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("janitor",), "'janitor' is not one of"),
        (("lazarus", "--lazarus-after", "soon"), "'soon' is no span of time"),
        (("lazarus", "--zombie-after", "0"), "'0' is no span of time"),
        (("lazarus", "--lazarus-attempts", "-1"), "'-1' is no whole number"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, words: tuple[str, ...], complaint: str
) -> None:
    loop, *more = words
    done = run_once(loop, tmp_path / "server.db", *more)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_times_are_settings(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    asyncio.run(left_behind(database))
    nothing = "lazarus: runs rescheduled 0, runs failed 0\n"
    assert run_once("lazarus", database, "--lazarus-after", "2h").stdout == nothing
    assert run_once("lazarus", database, "--lazarus-attempts", "0").stdout == (
        "lazarus: runs rescheduled 0, runs failed 1\n"
    )


def test_loops_start_with_the_server(tmp_path: Path) -> None:
    """What happens unasked, soon after the start: both safeguards, at times made short."""
    database = tmp_path / "server.db"
    submitted, cancelling = asyncio.run(left_behind(database))
    with started("--db", str(database), "--zombie-after", "1s") as (process, url):
        deadline = time.monotonic() + PATIENCE
        while (found := (state(url, submitted), state(url, cancelling))) != (
            "Scheduled",
            "Failed",
        ):
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        process.terminate()
        assert process.wait(PATIENCE) == 0


async def test_a_pass_over_http(api: Client) -> None:
    answer = await api.http.post("/operations/scheduler")
    assert answer.json() == {"done": {"runs made": 0}}
    missing = await api.http.post("/operations/janitor")
    assert missing.status_code == 404
    assert missing.json()["errors"][0]["message"] == "There is no operation of that name."


async def test_a_pass_is_for_those_who_may_ask() -> None:
    elsewhere = {"Origin": "https://example.com"}
    async with server() as http:
        assert (await http.post("/operations/scheduler", headers=elsewhere)).status_code == 403
    async with server(api_key="k") as http:
        refused = (await http.post("/operations/scheduler")).json()
        assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        key = {"Authorization": "Bearer k"}
        answer = await http.post("/operations/scheduler", headers=key)
        assert answer.json()["done"] == {"runs made": 0}


async def test_a_pass_that_breaks_is_told_without_its_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with (
        backend() as ours,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(ours.app), base_url="http://127.0.0.1:4200"
        ) as http,
    ):
        await ours.storage.close()
        answer = await http.post("/operations/scheduler")
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["message"].startswith("Unable to complete operation.")
    assert "An operation failed: scheduler" in caplog.text
