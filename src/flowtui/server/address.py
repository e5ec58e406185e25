"""Where the server of a database is: a file beside it, true as long as somebody holds its lock."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from flowtui import __version__
from flowtui.errors import ServerProblem
from flowtui.frozen import frozen
from flowtui.server.storage.lock import beside, lock_path

ENDING_TAKES = 20.0
"""Seconds that a server is given to finish what it is doing."""

ANSWERING_TAKES = 5.0
"""Seconds that a server is given to say that it is there."""


@frozen
class RunningServer:
    """A server that holds a database; `url` is empty while it does not answer yet."""

    pid: int
    url: str
    token: str = ""
    """Opens what the server does for whoever owns its database; empty for everybody else."""


def address_path(database: Path) -> Path:
    """Where the address of the server of a database is written."""
    return beside(database, ".address")


def token_path(database: Path) -> Path:
    """Where the token of the server of a database is written, for its owner's eyes only."""
    return beside(database, ".token")


@contextmanager
def address_known(database: Path | None, url: str, token: str = "") -> Generator[None, None, None]:
    """Tell other programs of this machine where the server is, while it is."""
    if database is None:
        yield
        return
    path = address_path(database)
    address = {"url": url, "pid": os.getpid(), "version": __version__}
    _write(token_path(database), token, 0o600)
    _write(path, json.dumps(address), 0o644)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        token_path(database).unlink(missing_ok=True)


def _write(path: Path, text: str, mode: int) -> None:
    written = path.with_name(f"{path.name}.{os.getpid()}")
    written.unlink(missing_ok=True)
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    # Replacing is atomic: nobody reads half of it.
    written.replace(path)


def running_server(database: Path) -> RunningServer | None:
    """The server of a database, if there is one.

    The lock decides: it ends with its process, where a file may outlive it.
    """
    pid = _lock_holder(database)
    if pid is None:
        return None
    try:
        address = json.loads(address_path(database).read_text())
    except (OSError, ValueError):
        return RunningServer(pid, "")
    if not isinstance(address, dict) or address.get("pid") != pid:
        return RunningServer(pid, "")
    return RunningServer(pid, str(address.get("url", "")), _token(database))


def version_at(url: str) -> str:
    """The version of the server that answers at an address. Raises ServerProblem."""
    import httpx

    try:
        answer = httpx.get(f"{url.rstrip('/')}/health", timeout=ANSWERING_TAKES)
        known = answer.raise_for_status().json()
        if not isinstance(known, dict) or known.get("status") != "ok" or "version" not in known:
            raise ValueError("what it says is not from us")
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise ServerProblem(f"No flowtui server answers at {url}: {problem}.") from problem
    except ValueError as problem:
        raise ServerProblem(f"What answers at {url} is no flowtui server.") from problem
    return str(known["version"])


def _token(database: Path) -> str:
    try:
        return token_path(database).read_text()
    except OSError:
        return ""


def _lock_holder(database: Path) -> int | None:
    try:
        with lock_path(database).open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return int(lock.read(32))
    except (OSError, ValueError):
        pass
    return None


def stop_server(database: Path) -> RunningServer:
    """Tell the server of a database to stop, and wait until it has let go.

    Raises ServerProblem when there is none, or when it does not.
    """
    server = running_server(database)
    if server is None:
        raise ServerProblem(f"No flowtui server runs on {database}.")
    try:
        os.kill(server.pid, signal.SIGTERM)
    except OSError as problem:
        raise ServerProblem(
            f"The server (process {server.pid}) cannot be told to stop: {problem.strerror}.",
            "Stop it as the user who started it.",
        ) from problem
    until = time.monotonic() + ENDING_TAKES
    while running_server(database) is not None:
        if time.monotonic() > until:
            raise ServerProblem(
                f"The server (process {server.pid}) has not stopped yet.",
                "It may be answering a long request; try again.",
            )
        time.sleep(0.05)
    return server
