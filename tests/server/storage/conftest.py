"""A database in a file, and a clock that stands still until it is moved."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from flowtui.server.storage import Storage, open_storage


class SetClock:
    """A clock that shows what it was set to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "prefect.db"


@pytest.fixture
async def storage(path: Path, clock: SetClock) -> AsyncIterator[Storage]:
    opened = await open_storage(str(path), clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
def committed(path: Path) -> Callable[[str], int]:
    """Counts the rows of a table that another program would see."""

    def count(table: str) -> int:
        outsider = sqlite3.connect(path)
        try:
            number: int = outsider.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            return number
        finally:
            outsider.close()

    return count
