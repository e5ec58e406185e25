"""The contracts in pyproject.toml hold: imports point down, and there are no circles."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_imports_point_down() -> None:
    """Run as its own process: the linter wants the package's root on its path."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c([])"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_ruff_is_content(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "src", "tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_are_strict() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


LONGEST_MODULE, LONGEST_FUNCTION = 450, 60
"""In lines; what grows beyond wants a room drawn, or something declared."""


def test_nothing_grows_beyond_what_one_reads_at_a_time() -> None:
    too_long = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        text = path.read_text("utf-8")
        if text.count("\n") > LONGEST_MODULE:
            too_long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    too_long.append(f"{path.relative_to(ROOT)}: {node.name} has {lines} lines")
    assert not too_long, "\n".join(too_long)


def modules_after(statement: str) -> set[str]:
    """The modules a fresh interpreter has loaded after a statement."""
    without_proxies = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    code = f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**without_proxies, "PYTHONPATH": str(ROOT / "src")},
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "from flowtui.cli.main import main\ntry: main(['--version'])\nexcept SystemExit: pass",
        "from flowtui.cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass",
    ],
)
def test_the_command_line_answers_without_textual_or_graphql(statement: str) -> None:
    loaded = modules_after(statement)
    assert not loaded & {"textual", "graphql", "gql", "httpx", "starlette", "uvicorn"}


def test_the_first_frame_waits_for_no_library_of_the_client() -> None:
    """What carries questions is imported beside the first page."""
    loaded = modules_after("import flowtui.ui.app")
    assert not loaded & {"gql", "httpx", "h11", "graphql"}


HEAVY = {
    "_ssl",
    "anyio",
    "croniter",
    "dateutil",
    "email",
    "flowtui.models.calendar",
    "flowtui.ui.live_run",
    "graphql",
    "http.client",
    "httpcore",
    "httpx",
    "idna",
    "markdown_it",
    "multiprocessing",
    "pendulum",
    "pygments",
    "sqlite3",
    "statistics",
    "tomlkit",
    "urllib.request",
    "xml",
    "zipfile",
    "zoneinfo",
}
"""What a dashboard over a server without certificates has no use for; each is a part of a MB, or
more, that stays for as long as it runs."""


def test_what_the_dashboard_does_not_use_takes_no_memory() -> None:
    loaded = modules_after(
        "import flowtui.cli.dashboard, flowtui.ui.app, flowtui.ui.terminal.driver\n"
        "from flowtui.ui.screens import VIEWS\n"
        "shown = [VIEWS[name].screen for name in ('overview', 'flows', 'runs', 'agents')]\n"
        "from flowtui.client.backend import Backend\n"
        "from flowtui.config import Profile\n"
        "Backend(Profile(api_url='http://127.0.0.1:4200'))"
    )
    assert "flowtui.client.plain_wire" in loaded
    assert not loaded & HEAVY
