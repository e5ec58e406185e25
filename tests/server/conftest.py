"""A backend with a clock of its own, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from flowtui.server.embedded import backend
from flowtui.server.settings import ServerSettings
from tests.server.installation import Client, SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def api(database: str, clock: SetClock) -> AsyncIterator[Client]:
    """A backend, and a client of it.

    A commit does not wait for the disk: nothing here outlives the machine.
    """
    settings = ServerSettings(database=database)
    async with backend(settings, clock=clock, synchronous="OFF") as ours:
        client = Client(ours, clock)
        try:
            yield client
        finally:
            await client.http.aclose()
