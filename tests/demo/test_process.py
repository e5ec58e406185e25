"""`flowtui demo` as a process: it says where it is, answers, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.pty.terminal import Terminal

PATIENCE = 60
"""Seconds after which a process that does nothing is given up."""

READY = re.compile(r"ready at (http://\S+)")

COUNT = "{ flow_aggregate(where: {archived: {_eq: false}}) { aggregate { count } } }"


def environment(scratch: Path) -> dict[str, str]:
    """Temporary folders are made where the test can see them."""
    inherited = {name: value for name, value in os.environ.items() if "FLOWTUI" not in name}
    return {**inherited, "TMPDIR": str(scratch), "PYTHONUNBUFFERED": "1"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flowtui", "demo", *arguments]


@contextmanager
def started(scratch: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The demo without its dashboard; ended by its own pid at the latest here."""
    process = subprocess.Popen(
        command("--no-ui", "--port", "0", *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment(scratch),
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def url_of(process: subprocess.Popen[str]) -> str:
    """Where it answers, once it says so."""
    assert "making the sample world" in line_of(process)
    found = READY.search(line_of(process))
    assert found
    return found[1]


def is_listening(url: str) -> bool:
    host, port = url.removeprefix("http://").split(":")
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_starts_answers_and_leaves_nothing(tmp_path: Path, how: signal.Signals) -> None:
    with started(tmp_path) as process:
        url = url_of(process)
        assert any(tmp_path.iterdir())
        answer = httpx.post(url, json={"query": COUNT}, timeout=PATIENCE)
        assert answer.json()["data"]["flow_aggregate"]["aggregate"]["count"] >= 20
        process.send_signal(how)
        assert process.wait(PATIENCE) == 0
    assert not is_listening(url)
    assert not any(tmp_path.iterdir())


def test_it_can_be_ended_while_the_world_is_being_made(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        assert "making the sample world" in line_of(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) in (0, 128 + signal.SIGTERM)
    assert not any(tmp_path.iterdir())


def test_it_ends_when_whoever_started_it_is_gone(tmp_path: Path) -> None:
    with started(tmp_path, "--with-parent") as process:
        url = url_of(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
    assert not is_listening(url)
    assert not any(tmp_path.iterdir())


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            command("--no-ui", "--port", str(port)),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env=environment(tmp_path),
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"flowtui: Port {port} on 127.0.0.1 is in use")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_the_dashboard_needs_a_terminal(tmp_path: Path) -> None:
    done = subprocess.run(
        command(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=environment(tmp_path),
        check=False,
    )
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr


def children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, timeout=60, check=True
    )
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_the_child_ends_with_the_dashboard(tmp_path: Path, how: signal.Signals) -> None:
    env = {"TMPDIR": str(tmp_path)}
    with Terminal(command(), columns=120, rows=40, env=env) as terminal:
        terminal.wait_for("orders-etl", limit=PATIENCE)
        assert "demo" in terminal.text
        (child,) = children(terminal.pid)
        terminal.signal(how)
        terminal.until(lambda: not is_alive(child), "the child to end")
        terminal.until(lambda: not any(tmp_path.iterdir()), "its folder to go")
