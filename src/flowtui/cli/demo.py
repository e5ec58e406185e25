"""`flowtui demo`: the dashboard over a throw-away backend full of sample flows.

The backend, with its world and its simulated agents, is a child process; it ends with the
dashboard, however that ends.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import click

from flowtui.cli.options import Options

READY = re.compile(r"ready at (http://\S+)")

PATIENCE = 10.0
"""Seconds the child gets to end by itself."""


@click.command()
@click.option("--no-ui", is_flag=True, help="Serve the same world without the dashboard.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="0 takes any free port.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Which world.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when standard input ends.")
@click.pass_obj
def demo(options: Options, no_ui: bool, port: int, seed: int, with_parent: bool) -> int:
    """The dashboard over a throw-away backend with sample flows and a simulated agent."""
    if no_ui:
        from flowtui.demo.serving import serve

        serve(port, seed, with_parent=with_parent)
        return 0
    from flowtui.cli.dashboard import need_terminal, run_dashboard
    from flowtui.config import Profile

    need_terminal()
    click.echo("flowtui demo: making the sample world …", err=True)
    with _backend(port, seed) as url:
        profile = Profile(api_url=url, name="demo", read_only=options.flags.read_only)
        return run_dashboard(profile, options)


@contextmanager
def _backend(port: int, seed: int) -> Iterator[str]:
    """The child process while it is needed; its URL. Raises ServerProblem when it fails."""
    command = [sys.executable, "-m", "flowtui", "demo", "--no-ui", "--with-parent"]
    command += ["--port", str(port), "--seed", str(seed)]
    with tempfile.TemporaryFile("w+") as errors:
        # In a session of its own, Ctrl-C in the terminal reaches the dashboard only.
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
        try:
            assert child.stdout is not None
            url = next((found[1] for line in child.stdout if (found := READY.search(line))), "")
            if not url:
                child.wait(PATIENCE)
                errors.seek(0)
                raise _failed(errors.read())
            yield url
        finally:
            _end(child)


def _failed(errors: str) -> Exception:
    from flowtui.errors import ServerProblem

    lines = errors.strip().splitlines() or ["it said nothing."]
    return ServerProblem(f"The demo's backend did not start: {lines[-1].removeprefix('flowtui: ')}")


def _end(child: subprocess.Popen[str]) -> None:
    child.terminate()
    assert child.stdin is not None
    child.stdin.close()
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
