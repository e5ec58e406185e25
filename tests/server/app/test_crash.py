"""What was answered is on the disk: fifty servers are killed at random moments under load.

Each is a process of its own, forked from one that has everything imported, and killed by SIGKILL
once it has answered a random number of requests, with others still under way.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.server.app.test_process import PATIENCE, environment
from tests.server.installation import flow

SEED = 50
ROUNDS = 50
CLIENTS = 6

NURSERY = """
import os, sys
from flowtui.server.process import run
from flowtui.server.schema import served_schema
from flowtui.server.settings import ServerSettings

served_schema()
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        run(ServerSettings(port=0, database=sys.argv[1], loops=()))
        os._exit(0)
    print(f"process {child}", flush=True)
    os.waitpid(child, 0)
"""

READY = re.compile(r"ready at (http://\S+)")


class Nursery:
    """Brings up one server after another on the same database."""

    def __init__(self, database: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", NURSERY, str(database)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )

    def next(self) -> tuple[int, str]:
        """The pid and the address of a new server."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        pid, url = 0, ""
        while not (pid and url):
            line = self.process.stdout.readline()
            assert line, "no server came up"
            if line.startswith("process "):
                pid = int(line.split()[1])
            elif ready := READY.search(line):
                url = ready[1]
        return pid, url


@contextmanager
def nursery(database: Path) -> Iterator[Nursery]:
    ours = Nursery(database)
    with ours.process:
        try:
            yield ours
        finally:
            assert ours.process.stdin is not None
            ours.process.stdin.close()
            if ours.process.poll() is None:
                ours.process.kill()


@dataclass
class Ledger:
    """What servers have said they did."""

    runs: set[str] = field(default_factory=set)
    running: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, entries: set[str], *answered: str) -> None:
        """Keep what has been answered."""
        entries.update(answered)
        self.more.set()

    async def reaches(self, entries: int) -> None:
        """Wait until so much has been answered."""
        while self.entries < entries:
            self.more.clear()
            await self.more.wait()

    @property
    def entries(self) -> int:
        return len(self.runs) + len(self.running) + len(self.lines)


async def ask(http: httpx.AsyncClient, document: str, **variables: Any) -> dict[str, Any]:
    answer = await http.post("/", json={"query": document, "variables": variables})
    told = answer.json()
    assert "errors" not in told, told
    data: dict[str, Any] = told["data"]
    return data


CREATE = "mutation($id: UUID) { create_flow_run(input: {flow_id: $id}) { id } }"
RUN = """mutation($id: UUID!) { set_flow_run_states(input: {states: [
    {flow_run_id: $id, state: "{\\"type\\": \\"Running\\"}"}]}) { states { status } } }"""
LOG = """mutation($id: UUID!, $a: String, $b: String) { write_run_logs(input: {logs: [
    {flow_run_id: $id, message: $a}, {flow_run_id: $id, message: $b}]}) { success } }"""


async def work(http: httpx.AsyncClient, flow_id: str, name: str, ledger: Ledger) -> None:
    """Make runs, start them and log, and note what has been answered."""
    number = 0
    while True:
        number += 1
        made = await ask(http, CREATE, id=flow_id)
        run = made["create_flow_run"]["id"]
        ledger.note(ledger.runs, run)
        await ask(http, RUN, id=run)
        ledger.note(ledger.running, run)
        pair = [f"{name}-{number}-{half}" for half in "ab"]
        await ask(http, LOG, id=run, a=pair[0], b=pair[1])
        ledger.note(ledger.lines, *pair)


async def until_killed(
    pid: int, url: str, flow_id: str, ledger: Ledger, answers: int, round: int
) -> None:
    """Load on a server until it has answered so often; then it is gone in the middle of it all."""
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as http:
        clients = [
            asyncio.create_task(work(http, flow_id, f"{round}-{client}", ledger))
            for client in range(CLIENTS)
        ]

        reached = asyncio.create_task(ledger.reaches(ledger.entries + answers))
        await asyncio.wait({reached, *clients}, return_when=asyncio.FIRST_COMPLETED)
        os.kill(pid, signal.SIGKILL)
        reached.cancel()
        ends = await asyncio.gather(*clients, return_exceptions=True)
    # Nothing but the death of the server ended them.
    assert all(isinstance(end, httpx.TransportError) for end in ends), ends


def check(database: Path, ledger: Ledger) -> None:
    """Everything answered is there, and whatever is there is whole."""
    with closing(sqlite3.connect(database)) as rows:

        def column(question: str) -> set[str]:
            return {str(row[0]) for row in rows.execute(question)}

        assert column("PRAGMA integrity_check") == {"ok"}
        assert not rows.execute("PRAGMA foreign_key_check").fetchall()
        assert ledger.runs <= column("SELECT id FROM flow_run")
        assert ledger.running <= column("SELECT id FROM flow_run WHERE state = 'Running'")
        assert ledger.lines <= column("SELECT message FROM log")
        halves = rows.execute("SELECT count(*) FROM log GROUP BY flow_run_id").fetchall()
        assert {count for (count,) in halves} <= {2}
        for table, key in (("task_run", "flow_run_id"), ("flow_run_state", "flow_run_id")):
            per_run = f"SELECT count(*) FROM {table} WHERE {key} = run.id"
            wanted = "2" if table == "task_run" else "version"
            assert not column(f"SELECT id FROM flow_run AS run WHERE ({per_run}) <> {wanted}")


async def registered(url: str) -> str:
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as http:
        tenant = (await ask(http, "{ tenant { id } }"))["tenant"][0]["id"]
        create = 'mutation($t: UUID!) { create_project(input: {tenant_id: $t, name: "p"}) { id } }'
        project = (await ask(http, create, t=tenant))["create_project"]["id"]
        register = """mutation($p: UUID!, $f: JSON!) {
            create_flow(input: {project_id: $p, serialized_flow: $f}) { id } }"""
        made = await ask(http, register, p=project, f=flow())
        return str(made["create_flow"]["id"])


async def test_what_was_answered_outlives_fifty_kills(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    rng = random.Random(SEED)
    ledger = Ledger()
    flow_id = ""
    with nursery(database) as servers:
        for round in range(ROUNDS):
            pid, url = await asyncio.to_thread(servers.next)
            flow_id = flow_id or await registered(url)
            await until_killed(pid, url, flow_id, ledger, rng.randrange(1, 40), round)
            if round % 5 == 0:
                check(database, ledger)
        pid, url = await asyncio.to_thread(servers.next)
        check(database, ledger)
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as http:
            known = await ask(http, "{ flow_run { id } }")
        assert ledger.runs <= {run["id"] for run in known["flow_run"]}
        os.kill(pid, signal.SIGTERM)
    assert ledger.entries > 10 * ROUNDS
