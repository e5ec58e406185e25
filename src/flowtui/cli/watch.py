"""`flowtui --watch RUN`: one run, live, without the alternate screen."""

from __future__ import annotations

import asyncio

from flowtui.cli.options import Options


def watch_run(options: Options, wanted: str) -> int:
    """Follow a run given by id or name; the exit code says how it ended."""
    from flowtui.client.backend import Backend
    from flowtui.watch import OPEN, watch

    profile = options.profile()

    async def follow() -> tuple[int, str]:
        backend = Backend(profile)
        try:
            run_id = await backend.run_named(wanted)
            return await watch(backend, run_id, plain=options.plain), run_id
        finally:
            await backend.close()

    code, run_id = asyncio.run(follow())
    if code != OPEN:
        return code
    from flowtui.cli.dashboard import show_dashboard

    return show_dashboard(options, run_id)
