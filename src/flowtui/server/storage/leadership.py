"""Who of several servers does what only one should do: the one that holds a lock in the database.

Such a lock ends with the connection that took it, however that ends, so a server that died, or
that its database no longer hears, leads nothing any more.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from flowtui.server.storage.postgres_problems import FOREIGN
from flowtui.server.storage.schema import APPLICATION

if TYPE_CHECKING:
    import asyncpg

PATIENCE: Final = 10.0
"""Seconds without a word from the database after which nothing is led."""

Connect = Callable[[], Awaitable["asyncpg.Connection[Any]"]]


class Leadership:
    """The tasks that this server leads, on a connection of their own."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._connection: asyncpg.Connection[Any] | None = None
        self._led: set[str] = set()
        self._one_at_a_time = asyncio.Lock()

    async def leads(self, task: str) -> bool:
        """Whether this server leads a task, which it does from now on if nobody else does."""
        async with self._one_at_a_time:
            try:
                return await asyncio.wait_for(self._leads(task), PATIENCE)
            except FOREIGN:
                await self._let_go()
                return False

    async def _leads(self, task: str) -> bool:
        if self._connection is None or self._connection.is_closed():
            self._led.clear()
            self._connection = await self._connect()
        if task in self._led:
            await self._connection.execute("SELECT 1")
            return True
        taken: bool = await self._connection.fetchval(
            "SELECT pg_try_advisory_lock($1::int, $2::int)", APPLICATION, _number(task)
        )
        if taken:
            self._led.add(task)
        return taken

    async def close(self) -> None:
        """Leave everything to others."""
        async with self._one_at_a_time:
            await self._let_go()

    async def _let_go(self) -> None:
        self._led.clear()
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*FOREIGN):
                await connection.close(timeout=1.0)


def _number(task: str) -> int:
    return zlib.crc32(task.encode()) & 0x7FFF_FFFF
