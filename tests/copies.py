"""Worlds that are made once and copied: making one takes longer than most tests of it."""

from __future__ import annotations

import random
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flowtui.server import embedded
from flowtui.server.settings import ServerSettings
from tests.world import SwitchableTransport, World, WorldClock, throw_the_same

Filling = Callable[[World], Awaitable[None]]
"""What puts something into an empty world, always the same."""


@dataclass(frozen=True)
class _Original:
    """A world as it was when it had been filled."""

    rows: bytes
    time: datetime
    dice: Any
    """Where chance stands: what is made next in a copy is what would be made in the original."""
    flows: dict[str, str]
    runs: dict[str, str]
    projects: dict[str, str]


_originals: dict[Filling, _Original] = {}


@asynccontextmanager
async def copied_world(filling: Filling, clock: WorldClock | None = None) -> AsyncIterator[World]:
    """A world of one's own, filled like that."""
    original = _originals.get(filling)
    if original is None:
        original = _originals[filling] = await _make(filling)
    clock = clock or WorldClock()
    clock.time = original.time
    random.setstate(original.dice)
    with tempfile.TemporaryDirectory(prefix="flowtui-world-") as folder:
        async with _opened(_laid_down(original.rows, folder), clock) as world:
            world.flows |= original.flows
            world.runs |= original.runs
            world.projects |= original.projects
            yield world


async def _make(filling: Filling) -> _Original:
    with tempfile.TemporaryDirectory(prefix="flowtui-world-") as folder:
        file = _laid_down(b"", folder)
        throw_the_same()
        async with _opened(file, WorldClock()) as world:
            await filling(world)
            dice = random.getstate()
        rows = _taken_up(file)
    return _Original(rows, world.clock.time, dice, world.flows, world.runs, world.projects)


def _laid_down(rows: bytes, folder: str) -> Path:
    """A database file that holds this."""
    file = Path(folder, "world.db")
    file.write_bytes(rows)
    return file


def _taken_up(file: Path) -> bytes:
    """What a database holds that has been closed."""
    assert not file.with_name(f"{file.name}-wal").exists(), "it is still open"
    return file.read_bytes()


@asynccontextmanager
async def _opened(file: Path, clock: WorldClock) -> AsyncIterator[World]:
    settings = ServerSettings(database=str(file), allowed_hosts=("*",))
    async with embedded.backend(settings, clock=clock, synchronous="OFF") as installed:
        yield World(installed, clock, SwitchableTransport(installed.app))
