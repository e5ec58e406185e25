"""The sample world: six projects, their flows, two weeks of history and a present.

It is made by the backend's own rules in one transaction, whose time is moved on from the first
registration to now. The same seed and the same now give the same world, ids included.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from functools import partial
from zlib import crc32

from flowtui.demo.crew import CREW
from flowtui.demo.declarations import Version
from flowtui.demo.flows import FLOWS, PROJECTS
from flowtui.demo.history import SPAN, History
from flowtui.demo.occasions import ENDED, RUNNING, WAITING
from flowtui.frozen import frozen
from flowtui.server.embedded import Backend, backend
from flowtui.server.services import agents, limits
from flowtui.server.services.projects import create_project
from flowtui.server.services.tenants import seed_default_tenant
from flowtui.server.storage import Clock, Storage, Transaction, system_clock

DEFAULT_SEED = 1

OFTEN = 60
"""Times an agent asks for work in four minutes, at least; at most twice as often."""

LIMITS = (
    (limits.BY_LABEL, "prod", 16),
    (limits.BY_LABEL, "gpu", 2),
    (limits.BY_TAG, "gpu", 5),
    (limits.BY_TAG, "geocoder", 3),
)
"""What may run at once; set when all else has happened."""

COUNTED = ("flow", "flow_run", "task_run", "log")


@frozen
class World:
    """What was made."""

    seed: int
    now: datetime
    tenant_id: str
    flow_ids: dict[str, str]
    """The newest version of each flow, by name."""

    flows: int
    """Versions of all flows together."""

    flow_runs: int
    task_runs: int
    logs: int


async def build_world(
    storage: Storage, seed: int = DEFAULT_SEED, now: datetime | None = None
) -> World:
    """Fill an empty database with the sample world as it is at `now`."""
    return await storage.write(partial(_build, seed=seed, now=now or storage.clock()))


@asynccontextmanager
async def sample_backend(
    seed: int = DEFAULT_SEED, now: datetime | None = None
) -> AsyncIterator[tuple[Backend, World]]:
    """A backend within this program that holds the sample world, for tests and pictures.

    With `now` its time stands still there; without, it is the time it is.
    """
    clock: Clock = system_clock if now is None else lambda: now
    async with backend(clock=clock) as ours:
        yield ours, await build_world(ours.storage, seed)


async def _build(tx: Transaction, seed: int, now: datetime) -> World:
    with _chance(seed):
        tx.now = min(now - flow.ago for flow in FLOWS) - timedelta(days=1)
        tenant_id = await seed_default_tenant(tx)
        history = History(seed, now, tenant_id)
        for name, description in PROJECTS.items():
            history.projects[name] = await create_project(
                tx, tenant_id=tenant_id, name=name, description=description
            )
        _plan(history, now)
        await history.timeline.pass_until(tx, now)
        await history.arrive(tx)
        for kind, name, most in LIMITS:
            await limits.set_limit(tx, kind, name, most, tenant_id)
    flows, flow_runs, task_runs, logs = [await tx.count(table) for table in COUNTED]
    newest = {name: registered.id for name, registered in history.latest.items()}
    return World(seed, now, tenant_id, newest, flows, flow_runs, task_runs, logs)


def _plan(history: History, now: datetime) -> None:
    """Everything that is known beforehand; the rest follows from it."""
    for agent in CREW:
        history.timeline.at(now - SPAN, partial(history.register_agent, agent=agent))
        seen = now - (agent.last_seen or timedelta(seconds=2))
        history.timeline.at(seen, partial(history.ask_for_work, agent=agent))
        for number in range(agents.SPANS):
            before = seen - number * timedelta(seconds=agents.SPAN)
            often = crc32(f"{agent.name} {number}".encode()) % OFTEN
            often += OFTEN if number else 0
            history.timeline.at(before, partial(history.be_heard, agent=agent, times=often))
    for flow in FLOWS:
        versions = flow.versions()
        times = [now - ago - _some_time(ago, version) for ago, version in versions]
        for (_, version), when, until in zip(versions, times, [*times[1:], now], strict=True):
            action = partial(history.register, flow=flow, version=version, until=until)
            history.timeline.at(when, action)
    for occasion in (*ENDED, *WAITING, *RUNNING):
        history.plan(occasion)


def _some_time(ago: timedelta, version: Version) -> timedelta:
    """What was days ago was not to the minute."""
    if ago < timedelta(days=2):
        return timedelta()
    return timedelta(seconds=crc32(f"{version.name} {ago}".encode()) % 18_000)


@contextmanager
def _chance(seed: int) -> Iterator[None]:
    """Let the backend's own choices, ids and names of runs, follow from the seed too."""
    before = random.getstate()
    random.seed(f"world {seed}")
    try:
        yield
    finally:
        random.setstate(before)
