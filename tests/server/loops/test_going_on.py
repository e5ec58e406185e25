"""Loops go on, whatever happens to one pass."""

from __future__ import annotations

import asyncio
import logging

import pytest

from flowtui.server.loops import Loop, Passes, Tally, keep_going
from flowtui.server.storage import Storage
from tests.server.installation import Client


async def test_a_pass_that_fails_does_not_end_the_loop(
    api: Client, caplog: pytest.LogCaptureFixture
) -> None:
    passes = 0
    third = asyncio.Event()

    async def once(storage: Storage) -> Tally:
        nonlocal passes
        passes += 1
        if passes == 1:
            raise RuntimeError("a bad day")
        if passes == 3:
            third.set()
        return {"miles walked": 26}

    history = Passes()
    going = asyncio.create_task(keep_going(Loop("walker", 0.001, once), api.storage, history))
    await asyncio.wait_for(third.wait(), timeout=60)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert "A pass of the walker failed" in caplog.text
    assert "a bad day" in caplog.text
    assert (history.passes, history.failures) == (passes, 1)
    assert history.last > 0
    assert history.lag >= 0


async def test_what_a_pass_did_is_logged_when_it_did_something(
    api: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "flowtui.server.loops")
    days = iter([{"miles walked": 0, "rests": 0}, {"miles walked": 26, "rests": 1}])
    home = asyncio.Event()

    async def once(storage: Storage) -> Tally:
        walked = next(days, None)
        if walked is None:
            home.set()
        return walked or {"miles walked": 0, "rests": 0}

    going = asyncio.create_task(keep_going(Loop("walker", 0.001, once), api.storage))
    await asyncio.wait_for(home.wait(), timeout=60)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert caplog.messages == ["walker: miles walked 26, rests 1"]


async def test_the_first_pass_waits(api: Client) -> None:
    """Runs that went on while the server was away have to be heard before they are judged."""

    passes = []
    walked = asyncio.Event()

    async def judge(storage: Storage) -> Tally:
        passes.append("judge")
        return {}

    async def walk(storage: Storage) -> Tally:
        passes.append("walker")
        walked.set()
        return {}

    loops = (Loop("judge", 3600, judge, after=3600), Loop("walker", 3600, walk))
    going = [asyncio.create_task(keep_going(loop, api.storage)) for loop in loops]
    await asyncio.wait_for(walked.wait(), timeout=60)
    assert passes == ["walker"]
    for one in going:
        one.cancel()
    await asyncio.gather(*going, return_exceptions=True)
