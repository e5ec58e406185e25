"""`flowtui --watch RUN`: one run, live, on any terminal or none.

On a terminal the story of the run goes into the scrollback while a small block below it shows how
things stand; elsewhere it is plain lines. Nothing here needs Textual.
"""

from __future__ import annotations

import os
import sys

from flowtui.models.ids import FlowRunId
from flowtui.watch.follow import Pace, SteeredSource
from flowtui.watch.transcript import Transcript

__all__ = ["OPEN", "Pace", "watch"]

OPEN = 256
"""No exit code: whoever watches wants to see the run in the dashboard."""


async def watch(
    backend: SteeredSource, run_id: FlowRunId, *, plain: bool = False, pace: Pace | None = None
) -> int:
    """Follow a run until it ends; the exit code.

    0 after a success, or when the user detached; 1 when the run failed or was cancelled; 130 when
    Ctrl-C ended the watching; OPEN when the user wants the dashboard instead. Raises BackendError
    when there is no answer at the start.
    """
    if plain or not _is_on_terminal():
        return await Transcript(backend, run_id, pace or Pace(), sys.stdout).run()
    from flowtui.watch.session import Session  # where there are no terminals, it cannot be imported

    return await Session(backend, run_id, pace or Pace()).run()


def _is_on_terminal() -> bool:
    """Whether there is a screen to draw on, and it is ours: not in the background of a shell."""
    if not sys.stdout.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return False
    try:
        return os.tcgetpgrp(sys.stdout.fileno()) == os.getpgrp()
    except (AttributeError, OSError):
        return False
