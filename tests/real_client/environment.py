"""A virtual environment of its own for the real Prefect, made once and kept in a cache folder.

Prefect 1.4.1 runs on Python 3.10 and 3.11 at most and needs old versions of packages that flowtui
uses in new ones, so the two can never share an environment.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PINS = Path(__file__).with_name("requirements.txt")
REPOSITORY = Path(__file__).parents[2]
PYTHONS = ("3.11", "3.10")
"""Those that Prefect 1.4.1 runs on, the better one first."""
MAKING_TAKES_AT_MOST = 900
"""Seconds; seen: 15 to 40. pendulum is compiled on the way."""


class EnvironmentProblem(Exception):
    """The environment cannot be made on this machine; the message says what is missing."""


@dataclass(frozen=True)
class Environment:
    """A finished virtual environment."""

    folder: Path

    @property
    def python(self) -> Path:
        """The interpreter that can import Prefect."""
        return self.folder / "bin" / "python"

    @property
    def prefect(self) -> Path:
        """Prefect's own command."""
        return self.folder / "bin" / "prefect"


def prefect_environment() -> Environment:
    """The environment for these pins, made now if this machine has none yet."""
    version, python = supported_python()
    key = hashlib.sha256(PINS.read_bytes() + version.encode()).hexdigest()[:12]
    folder = cache_folder() / f"prefect-1.4.1-python{version}-{key}"
    with locked(folder.with_name(f"{folder.name}.lock")):
        # Left by the last step, so what an interrupted one leaves is never taken for the whole.
        finished = folder / "finished"
        if not finished.exists():
            make(folder, python)
            finished.touch()
    return Environment(folder)


def cache_folder() -> Path:
    """Where environments are kept between test runs."""
    chosen = os.environ.get("FLOWTUI_TEST_CACHE")
    folder = Path(chosen).expanduser() if chosen else REPOSITORY / ".cache"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def supported_python() -> tuple[str, str]:
    """The version and the path of a Python that Prefect 1.4.1 runs on, our own if it is one."""
    ours = f"{sys.version_info.major}.{sys.version_info.minor}"
    if ours in PYTHONS:
        return ours, sys.executable
    for version in PYTHONS:
        for folder in os.get_exec_path():
            candidate = shutil.which(f"python{version}", path=folder)
            # A version manager leaves commands on PATH that only say which version to choose first.
            if candidate and answers(candidate, version):
                return version, candidate
    raise EnvironmentProblem(
        f"the real Prefect client needs Python {' or '.join(PYTHONS)}; the tests run on {ours} "
        f"and there is no working {' or '.join(f'python{version}' for version in PYTHONS)} on PATH"
    )


def answers(python: str, version: str) -> bool:
    """Whether that file is a Python of that version that runs and can make environments."""
    question = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [python, "-c", question], capture_output=True, text=True, timeout=60, check=False
        )
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == version


def make(folder: Path, python: str) -> None:
    """Make the environment in that folder from nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    run([python, "-m", "venv", str(folder)])
    interpreter = str(folder / "bin" / "python")
    run([interpreter, "-m", "pip", "install", "--no-input", "-r", str(PINS)])
    run([interpreter, "-c", "import prefect, prefect.schedules.clocks"])


def run(command: Sequence[str]) -> None:
    """Run one step; what it printed is part of the complaint when it fails."""
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PREFECT")) and name != "VIRTUAL_ENV"
    }
    step = subprocess.run(
        command,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=MAKING_TAKES_AT_MOST,
        check=False,
    )
    if step.returncode:
        ending = "\n".join(step.stdout.splitlines()[-20:])
        raise EnvironmentProblem(
            "cannot make the environment of the real Prefect client: "
            f"`{' '.join(command)}` ended with {step.returncode}:\n{ending}"
        )


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file: of two test workers one makes the environment and the other waits."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
