"""A backend in a temporary folder, with a clock of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flowtui.server.embedded import backend
from flowtui.server.settings import ServerSettings
from tests.server.installation import Client, SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def api(tmp_path: Path, clock: SetClock) -> AsyncIterator[Client]:
    """A backend on a file, and a client of it."""
    settings = ServerSettings(database=str(tmp_path / "server.db"))
    async with backend(settings, clock=clock) as ours:
        client = Client(ours, clock)
        try:
            yield client
        finally:
            await client.http.aclose()
