"""The sample world, made once: it is always the same, and nothing here changes it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import pytest

from flowtui.demo.world import World, build_world
from flowtui.server.storage import Row, Storage, Transaction, Where, open_storage

NOW = datetime(2026, 11, 20, 3, 14, 22, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Sample:
    """The world and the storage it is in."""

    world: World
    storage: Storage

    def rows(self, table: str, where: Where | None = None, *columns: str) -> list[Row]:
        """What the backend holds."""

        async def look(tx: Transaction) -> list[Row]:
            return await tx.find(table, where or {}, columns=columns)

        return asyncio.run(self.storage.write(look))

    def states(self, table: str) -> set[Any]:
        """Every state there is in a table."""
        return {row["state"] for row in self.rows(table, None, "state")}

    def run_named(self, name: str) -> Row:
        """The one run of that name."""
        (run,) = self.rows("flow_run", {"name": {"_eq": name}})
        return run


async def make(seed: int) -> Sample:
    """A world in a database of its own."""
    storage = await open_storage(":memory:", clock=lambda: NOW)
    return Sample(await build_world(storage, seed), storage)


@pytest.fixture(scope="session")
def sample() -> Iterator[Sample]:
    """The world that everybody looks at."""
    made = asyncio.run(make(seed=1))
    yield made
    asyncio.run(made.storage.close())
