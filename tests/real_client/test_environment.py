"""The environment of the real client is made once, by one worker, on a Python it can run on."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from . import environment as making
from .environment import Environment, EnvironmentProblem, prefect_environment, supported_python


def test_the_real_prefect_of_the_pinned_version_is_in_it(environment: Environment):
    said = subprocess.run(
        [str(environment.prefect), "version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert said.stdout.strip() == "1.4.1"
    assert "prefect==1.4.1" in pins()


def test_a_second_request_for_it_finds_the_first_ones(environment: Environment):
    made = (environment.folder / "finished").stat().st_mtime_ns
    assert prefect_environment() == environment
    assert (environment.folder / "finished").stat().st_mtime_ns == made


def test_our_own_python_is_taken_when_prefect_runs_on_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(making, "PYTHONS", (this_version(),))
    assert supported_python() == (this_version(), sys.executable)


def test_a_newer_python_looks_for_an_older_one_that_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """A version manager's command that only complains is passed over."""
    for folder, answer in (("manager", "echo not found >&2; exit 127"), ("real", "echo 3.1")):
        command = tmp_path / folder / "python3.1"
        command.parent.mkdir()
        command.write_text(f"#!/bin/sh\n{answer}\n")
        command.chmod(0o755)
    monkeypatch.setattr(making, "PYTHONS", ("3.1",))
    monkeypatch.setenv("PATH", f"{tmp_path / 'manager'}:{tmp_path / 'real'}")
    assert supported_python() == ("3.1", str(tmp_path / "real" / "python3.1"))


def test_without_such_a_python_the_message_says_which_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(making, "PYTHONS", ("3.1", "3.0"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        EnvironmentProblem, match=r"needs Python 3\.1 or 3\.0.*no working python3\.1"
    ):
        supported_python()


def test_while_one_worker_makes_it_another_has_to_wait(tmp_path: Path):
    lock = tmp_path / "lock"
    with lock.open("a") as other_worker:
        with making.locked(lock), pytest.raises(BlockingIOError):
            fcntl.flock(other_worker, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(other_worker, fcntl.LOCK_EX | fcntl.LOCK_NB)


def this_version() -> str:
    """The version of the Python that runs the tests."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def pins() -> list[str]:
    """The packages asked for."""
    return making.PINS.read_text().splitlines()
