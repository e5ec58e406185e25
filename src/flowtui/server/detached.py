"""The backend in the background: a child process in a session of its own, with a log beside its
database.

It outlives whoever started it, and its terminal.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from flowtui.config import data_folder
from flowtui.errors import ServerProblem, UsageProblem
from flowtui.server.address import RunningServer, running_server
from flowtui.server.settings import SETTINGS, ServerSettings

PATIENCE: Final = 60.0
"""Seconds a new server gets to be ready: it may have to carry an older database over first."""

_READY: Final = re.compile(rb"flowtui server ready at (http://[^\s\"]+)")

_started_here: list[subprocess.Popen[bytes]] = []
"""Kept, because they are meant to outlive us: nobody waits for them."""


def log_path(settings: ServerSettings) -> Path:
    """Where a server writes its log when it is in the background: beside its file, if it has one.

    Raises UsageProblem for rows in memory, which nobody could find again.
    """
    if settings.on_postgres:
        return data_folder() / f"server-{settings.port}.log"
    if settings.database_path is None:
        raise UsageProblem("Rows in memory cannot be found again.", "Name a file with --db.")
    return settings.database_path.with_suffix(".log")


def start_detached(settings: ServerSettings) -> RunningServer:
    """Start a server, wait until it answers, and say where.

    Raises ServerProblem, with its own words for why, when it does not get ready.
    """
    log = log_path(settings)
    path = settings.database_path
    found = running_server(path) if path is not None else None
    if found is not None:
        raise ServerProblem(
            f"A flowtui server runs on {path} already (process {found.pid}).",
            "Use it, or stop it with `flowtui server stop`.",
        )
    try:
        if settings.on_postgres:
            log.parent.mkdir(parents=True, exist_ok=True)
        output = log.open("ab")
    except OSError as problem:
        raise ServerProblem(
            f"The log {log} cannot be written: {problem.strerror}.",
            "Choose another place for the database with --db.",
        ) from problem
    with output:
        begun = output.tell()
        process = subprocess.Popen(
            [sys.executable, "-m", "flowtui", "server", "start"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **_spelled_out(settings)},
            start_new_session=True,
        )
    _started_here.append(process)
    return RunningServer(process.pid, _ready(process, log, begun))


def _spelled_out(settings: ServerSettings) -> dict[str, str]:
    """The settings as variables, where no list of processes shows the key."""
    variables = {
        setting.variable: setting.kind.spell(getattr(settings, setting.attribute))
        for setting in SETTINGS.values()
    }
    if not settings.loops:
        variables["FLOWTUI_SERVER_NO_LOOPS"] = "1"
    # Where this process is, a relative path means something else; and a password is needed.
    variables["FLOWTUI_SERVER_DB"] = str(settings.database_path or settings.database)
    return variables


def _ready(process: subprocess.Popen[bytes], log: Path, begun: int) -> str:
    deadline = time.monotonic() + PATIENCE
    while True:
        ended = process.poll() is not None
        said = _since(log, begun)
        ready = _READY.search(said)
        if ready is not None and not ended:
            return ready[1].decode()
        if ended:
            lines = said.decode("utf-8", "replace").strip().splitlines() or ["it said nothing."]
            raise ServerProblem(lines[-1].removeprefix("flowtui: "), f"The log is {log}.")
        if time.monotonic() > deadline:
            process.terminate()
            raise ServerProblem("The server did not get ready and was ended.", f"See {log}.")
        time.sleep(0.02)


def _since(log: Path, begun: int) -> bytes:
    with log.open("rb") as written:
        written.seek(begun)
        return written.read()
