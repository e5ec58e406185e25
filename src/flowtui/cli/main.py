"""`flowtui` itself: the dashboard, `--watch`, and the groups of sub-commands.

Sub-commands import what they need when they run: `flowtui --version` loads neither Textual nor
graphql-core.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, NoReturn

import click

from flowtui import __version__
from flowtui.cli.options import Options, backend_options
from flowtui.errors import FlowtuiError, UsageProblem

SUBCOMMANDS = {
    "demo": ("flowtui.cli.demo", "demo"),
    "server": ("flowtui.cli.server", "server"),
}
"""Name → module and attribute; imported when the command is wanted."""


class LateGroup(click.Group):
    """A group whose sub-commands are imported when they are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUBCOMMANDS:
            return None
        module, attribute = SUBCOMMANDS[cmd_name]
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=LateGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="flowtui")
@click.option("--watch", metavar="RUN", help="Follow one run; the exit code says how it ended.")
@click.option(
    "--open", "open_id", metavar="ID", help="Open the dashboard at that flow, run or task run."
)
@backend_options
@click.pass_context
def cli(ctx: click.Context, watch: str | None, open_id: str | None, options: Options) -> None:
    """The terminal for Prefect 0.x/1.x.

    Without a command: the dashboard over the backend in use.
    """
    ctx.obj = options
    if ctx.invoked_subcommand is not None:
        if watch or open_id:
            raise UsageProblem("--watch and --open do not go with a command.")
        return
    if watch:
        from flowtui.cli.watch import watch_run

        sys.exit(watch_run(options, watch))
    from flowtui.cli.dashboard import show_dashboard

    sys.exit(show_dashboard(options, open_id))


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line; every error of ours ends as one line and its exit code."""
    try:
        sys.exit(_guarded(lambda: cli.main(arguments, prog_name="flowtui", standalone_mode=False)))
    finally:
        if arguments is None:
            gc.freeze()  # the process ends: going through all that is left would take 0.2 s


def _guarded(run: Callable[[], Any]) -> int:
    try:
        code = run()
    except FlowtuiError as error:
        click.echo(f"flowtui: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    return code if isinstance(code, int) else 0
