"""Copying out of a terminal, also one that is far away.

The terminal itself is asked to take the text (OSC 52), which works over SSH. tmux drops that with
its usual settings, but takes text from its own command and hands it on; `screen` lets it through
in a wrapping. No terminal says whether it took the text, so what is said is where it was sent.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress

from flowtui.models.text import thin_groups

MOST = 56_000
"""Bytes that are sent at most: in base64 this is what xterm and others still take."""

_PATIENCE = 3.0
"""Seconds that tmux may take."""
_CHUNK = 700
"""Bytes that `screen` lets through in one go."""


async def copy(text: str, environ: Mapping[str, str], write: Callable[[str], None]) -> str:
    """Send text to the clipboard; says how much was sent, and where to. `write` writes to the
    terminal as it is."""
    data = text.encode("utf-8", "replace")
    sent = data[:MOST].decode("utf-8", "ignore").encode("utf-8")
    much = f"{thin_groups(len(sent))} B"
    if len(sent) < len(data):
        much = f"only the first {much} of {thin_groups(len(data))}"
    if environ.get("TMUX"):
        if await _run(sent, environ, "tmux", "load-buffer", "-w", "-"):
            return f"sent {much} to tmux"
        if await _run(sent, environ, "tmux", "load-buffer", "-"):
            return f"sent {much} to tmux, which is too old to hand it on"
    sequence = f"\x1b]52;c;{b64encode(sent).decode()}\x07"
    if environ.get("STY"):
        chunks = (sequence[at : at + _CHUNK] for at in range(0, len(sequence), _CHUNK))
        write("".join(f"\x1bP{chunk}\x1b\\" for chunk in chunks))
        return f"sent {much} to the terminal, through screen"
    write(sequence)
    return f"sent {much} to the terminal"


async def _run(data: bytes, environ: Mapping[str, str], *command: str) -> bool:
    """Give data to a command; whether it took it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=dict(environ),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    try:
        await asyncio.wait_for(process.communicate(data), _PATIENCE)
    except asyncio.TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return process.returncode == 0
