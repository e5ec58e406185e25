"""Loops go on, whatever happens to one pass."""

from __future__ import annotations

import asyncio

import pytest

from flowtui.server.loops import Loop, keep_going
from flowtui.server.storage import Storage
from tests.server.installation import Client


async def test_a_pass_that_fails_does_not_end_the_loop(
    api: Client, caplog: pytest.LogCaptureFixture
) -> None:
    passes = 0
    third = asyncio.Event()

    async def once(storage: Storage) -> int:
        nonlocal passes
        passes += 1
        if passes == 1:
            raise RuntimeError("a bad day")
        if passes == 3:
            third.set()
        return 0

    going = asyncio.create_task(keep_going(Loop("walker", 0.001, once), api.storage))
    await asyncio.wait_for(third.wait(), timeout=10)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert "A pass of the walker failed" in caplog.text
    assert "a bad day" in caplog.text
