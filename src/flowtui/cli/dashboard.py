"""`flowtui`: the dashboard over the backend in use."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from flowtui.cli.options import Options
from flowtui.config import KeySettings, Profile, journal_path, load_keys, state_path
from flowtui.errors import UsageProblem


def show_dashboard(options: Options, open_id: str | None = None) -> int:
    """Show the dashboard until it is left; the exit code."""
    profile, keys = options.profile(), load_keys()
    need_terminal()
    if profile.is_default:
        from flowtui.cli.own_backend import own_backend_unless_answering

        profile = own_backend_unless_answering(profile)
    return run_dashboard(
        profile, options, open_id, journal=journal_path(), state=state_path(), keys=keys
    )


def run_dashboard(
    profile: Profile,
    options: Options,
    open_id: str | None = None,
    journal: Path | None = None,
    state: Path | None = None,
    keys: KeySettings | None = None,
) -> int:
    """Run the app on this terminal; the exit code."""
    gc.disable()  # what is imported stays: to go through it again and again is a tenth of the start
    from flowtui.ui.app import FlowtuiApp
    from flowtui.ui.kept import StateFile
    from flowtui.ui.terminal.driver import TerminalDriver

    gc.freeze()  # nor is it gone through while keys wait
    gc.enable()
    driver = None if options.plain_driver else TerminalDriver
    app = FlowtuiApp(
        profile,
        open_id=open_id,
        driver_class=driver,
        journal=journal,
        state=StateFile(state) if state is not None else None,
        keys=keys,
    )
    app.run(mouse=options.mouse)
    return app.return_code or 0


def need_terminal() -> None:
    """Refuse to draw where nobody can see it."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageProblem(
            "The dashboard needs a terminal.",
            "Use 'flowtui --watch RUN' in scripts; it writes plain lines.",
        )
