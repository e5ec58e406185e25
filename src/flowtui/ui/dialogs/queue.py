"""Holding back all scheduled runs, which is asked about first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.errors import Refused
from flowtui.ui.dialogs.question import Question

if TYPE_CHECKING:
    from flowtui.ui.app import FlowtuiApp


async def ask_to_switch_queue(app: FlowtuiApp, pause: bool) -> None:
    """Ask, then pause or resume the work queue of the tenant that is looked at."""
    backend = await app.backend()
    mutation = "pause_tenant_work_queue" if pause else "resume_tenant_work_queue"
    if not (await backend.capabilities()).can(mutation):
        raise Refused("this backend has no work queue that can be paused.")
    tenant = await backend.tenant()
    if tenant.is_queue_paused == pause:
        app.say(f"The work queue of {tenant.name} is {'paused' if pause else 'open'} already.")
        return
    question = Question(
        "Pause the work queue" if pause else "Resume the work queue",
        tenant.name,
        facts=[
            ("now", "paused" if tenant.is_queue_paused else "open"),
            ("then", "no agent is given a run" if pause else "agents are given what is due"),
            ("sends", f"{mutation}, tenant_id {tenant.id}"),
        ],
        warning=["Nothing scheduled starts until it is resumed."] if pause else [],
        act="Pause it" if pause else "Resume it",
    )
    if await app.push_screen_wait(question):
        await (backend.pause_queue if pause else backend.resume_queue)(tenant.id)
        app.say(f"The work queue of {tenant.name} is {'paused' if pause else 'open'} now.")
