"""`flowtui server start` as a process: it says where it is, keeps what it was told, and stops."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from flowtui.server.address import RunningServer, address_path, running_server, token_path

PATIENCE = 60
"""Seconds after which a process that says nothing is given up."""

READY = re.compile(r"^flowtui server ready at (http://\S+) \(database (.+)\)$")


def environment() -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if "FLOWTUI" not in name}
    return {**inherited, "PYTHONUNBUFFERED": "1"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flowtui", "server", "start", *arguments]


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server that is ready, and its address; ended by its own pid at the latest here."""
    process = subprocess.Popen(
        command("--port", "0", *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    with process:
        try:
            assert process.stdout is not None
            ready = READY.match(process.stdout.readline().rstrip("\n"))
            assert ready, process.stderr.read() if process.stderr else ""
            yield process, ready[1]
        finally:
            if process.poll() is None:
                process.kill()


def refused(*arguments: str) -> str:
    """The one line that a server which cannot start leaves on stderr."""
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=environment(),
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    return line


def ask(url: str, document: str) -> dict[str, object]:
    answer = httpx.post(url, json={"query": document}, timeout=PATIENCE)
    found: dict[str, object] = answer.json()["data"]
    return found


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_answers_and_stops(tmp_path: Path, how: signal.Signals) -> None:
    database = tmp_path / "server.db"
    address = tmp_path / "server.db.address"
    with started("--db", str(database)) as (process, url):
        assert json.loads(address.read_text())["url"] == url
        assert json.loads(address.read_text())["pid"] == process.pid
        assert ask(url, "{ tenant { slug } }") == {"tenant": [{"slug": "default"}]}
        document = 'mutation { create_tenant(input: {name: "x", slug: "x"}) { id } }'
        assert ask(url, document)
        process.send_signal(how)
        assert process.wait(PATIENCE) == 0
    assert not address.exists()
    with sqlite3.connect(database) as rows:
        assert rows.execute("SELECT count(*) FROM tenant").fetchone() == (2,)
    rows.close()


def test_a_server_is_found_and_stopped_by_its_database(tmp_path: Path) -> None:
    database = str(tmp_path / "server.db")

    def say(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "flowtui", "server", *words, "--db", database],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env=environment(),
            check=False,
        )

    nobody = f"flowtui: No flowtui server runs on {database}.\n"
    assert (say("status").returncode, say("stop").stderr) == (1, nobody)
    with started("--db", database) as (process, url):
        assert say("status").stdout == (
            f"flowtui server at {url} (process {process.pid}, database {database})\n"
        )
        assert say("stop").returncode == 0
        assert process.wait(PATIENCE) == 0
    assert say("status").stderr == nobody


def test_the_address_of_a_server_that_died_is_not_believed(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    with started("--db", str(database)) as (process, url):
        token = token_path(database).read_text()
        assert running_server(database) == RunningServer(process.pid, url, token)
        process.kill()
        process.wait(PATIENCE)
    assert address_path(database).exists()
    assert running_server(database) is None


def test_what_was_answered_outlives_a_kill(tmp_path: Path) -> None:
    database = str(tmp_path / "server.db")
    with started("--db", database) as (process, url):
        document = 'mutation { create_tenant(input: {name: "x", slug: "x"}) { id } }'
        made = ask(url, document)
        process.kill()
        process.wait(PATIENCE)
    with started("--db", database) as (process, url):
        assert len(ask(url, "{ tenant { id } }")["tenant"]) == 2  # type: ignore[arg-type]
        assert made["create_tenant"]
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_a_second_server_on_the_same_rows_is_refused(tmp_path: Path) -> None:
    database = str(tmp_path / "server.db")
    with started("--db", database) as (process, url):
        line = refused("--port", "0", "--db", database)
        assert database in line
        assert "in use by another flowtui server" in line
        assert ask(url, "{ hello }")
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_a_port_in_use(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = refused("--port", port, "--db", str(database))
    assert f"Port {port}" in line
    assert "--port" in line
    assert not database.exists()


def not_a_database(folder: Path) -> Path:
    path = folder / "notes.txt"
    path.write_text("Dear diary, " * 1000)
    return path


def a_folder_that_is_missing(folder: Path) -> Path:
    return folder / "missing" / "server.db"


def a_folder(folder: Path) -> Path:
    return folder


def somebody_elses(folder: Path) -> Path:
    path = folder / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (x)")
    other.close()
    return path


@pytest.mark.parametrize(
    "place", [not_a_database, a_folder_that_is_missing, a_folder, somebody_elses]
)
def test_a_database_that_cannot_be_used(tmp_path: Path, place: object) -> None:
    assert callable(place)
    path = place(tmp_path)
    before = path.read_bytes() if path.is_file() else None
    line = refused("--port", "0", "--db", str(path))
    assert line.startswith("flowtui: ")
    assert "--db" in line
    assert (path.read_bytes() if path.is_file() else None) == before


def test_without_a_place_for_the_database(tmp_path: Path) -> None:
    """A file stands where the user's data folder should be."""
    (tmp_path / "data").write_text("")
    done = subprocess.run(
        command("--port", "0"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**environment(), "XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 1
    assert "--db" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_nobody_listens_to_everybody_by_accident(tmp_path: Path, host: str) -> None:
    database = tmp_path / "server.db"
    line = refused("--port", "0", "--host", host, "--db", str(database))
    assert "--insecure" in line
    assert not database.exists()


@pytest.mark.parametrize("permission", [["--insecure"], ["--api-key", "k"]])
def test_listening_to_everybody_on_purpose(tmp_path: Path, permission: Sequence[str]) -> None:
    arguments = ("--host", "0.0.0.0", "--db", str(tmp_path / "server.db"), *permission)
    with started(*arguments) as (process, url):
        assert httpx.get(f"{url}/health", timeout=PATIENCE).json()["status"] == "ok"
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_rows_that_are_not_kept(tmp_path: Path) -> None:
    with started("--db", ":memory:", "--no-loops") as (process, url):
        assert ask(url, "{ hello }")
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert list(tmp_path.iterdir()) == []
