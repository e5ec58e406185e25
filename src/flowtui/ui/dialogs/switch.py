"""Switching a safeguard of a flow on or off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.errors import Refused
from flowtui.frozen import frozen
from flowtui.ui.dialogs.question import Question

if TYPE_CHECKING:
    from flowtui.ui.screens.flow_page import FlowPage


@frozen
class Safeguard:
    """What a switch is called, and what follows from it."""

    name: str
    mutation: str
    on: str
    off: str
    warning: tuple[str, ...]
    """Shown before it is switched off; empty where nothing is lost."""


ALTERS = "Disabling a safeguard can alter fundamental assumptions about how flows run."

SAFEGUARDS = {
    "heartbeat": Safeguard(
        "Heartbeat",
        "flow_heartbeat",
        "runs report every 30 seconds; one that goes silent is failed, or scheduled again",
        "no heartbeats are sent, and the Zombie Killer leaves its runs alone",
        (ALTERS, "A run whose process died will stay Running until somebody ends it."),
    ),
    "lazarus": Safeguard(
        "Lazarus",
        "flow_lazarus_process",
        "runs that were lost on their way are scheduled again",
        "a run that is lost on its way is not scheduled again",
        (ALTERS, "A run whose agent or process died will not be tried again."),
    ),
    "version_lock": Safeguard(
        "Version lock",
        "flow_version_lock",
        "work runs once and only once: a process with an old version is refused",
        "two processes that hold the same run are not told apart",
        (ALTERS, "Work may run more than once."),
    ),
}
"""By the name of the setting in `Safeguards`."""


async def switch_safeguard(screen: FlowPage, name: str) -> None:
    """Show what a safeguard is now, ask, and switch it."""
    app, group = screen.flowtui, screen.group
    assert group is not None
    guard = SAFEGUARDS[name]
    backend = await app.backend()
    is_on = bool(getattr(group.safeguards, name))
    verb = "disable" if is_on else "enable"
    if not (await backend.capabilities()).can(f"{verb}_{guard.mutation}"):
        raise Refused(f"this backend has no {guard.name.lower()} to switch.")
    question = Question(
        f"{guard.name} {'off' if is_on else 'on'}",
        group.latest.name,
        facts=(
            ("now", f"{'on' if is_on else 'off'}: {guard.on if is_on else guard.off}"),
            ("then", f"{'off' if is_on else 'on'}: {guard.off if is_on else guard.on}"),
            ("for", "all versions of the flow"),
            ("sends", f"{verb}_{guard.mutation}"),
        ),
        act=f"Switch {guard.name.lower()} {'off' if is_on else 'on'}",
        warning=guard.warning if is_on else (),
    )
    if not await app.push_screen_wait(question):
        return
    await backend.switch(group.latest.id, name, not is_on)
    app.say(f"{guard.name} is {'off' if is_on else 'on'} for {group.latest.name}.")
    screen.refresh_now()
