"""Every loop there is, with the times that are set for it."""

from __future__ import annotations

from collections.abc import Mapping

from flowtui.server.loops import Loop
from flowtui.server.loops.lazarus import lazarus
from flowtui.server.loops.scheduler import scheduler
from flowtui.server.loops.zombie_killer import zombie_killer
from flowtui.server.settings import ServerSettings


def roster(settings: ServerSettings) -> Mapping[str, Loop]:
    """The loops by their names, also those that this server leaves to others."""
    loops = (
        scheduler(settings.scheduler_every),
        lazarus(
            settings.lazarus_every,
            silent_for=settings.lazarus_after,
            attempts=settings.lazarus_attempts,
            after=settings.zombie_after,
        ),
        zombie_killer(settings.zombie_killer_every, silent_for=settings.zombie_after),
    )
    return {loop.name: loop for loop in loops}
